"""Libraries and who may do what in them."""

import uuid

from django.db import IntegrityError, transaction

from annotator.errors import NotAllowed, NotThere
from annotator.models.libraries import Library, Membership, Role
from annotator.models.users import User


def own_library(*, user: User) -> Library:
    """The user's own library, made at first use; two at once get the same one."""
    if found := Library.objects.filter(personal_of=user).first():
        return found
    try:
        with transaction.atomic():
            library = Library.objects.create(name=user.shown_name[:200], personal_of=user)
            Membership.objects.create(library=library, user=user, role=Role.OWNER)
            return library
    except IntegrityError:
        return Library.objects.get(personal_of=user)


def visible_library(*, user: User, library_id: uuid.UUID) -> Library:
    """The library if the user is a member; raises NotThere otherwise."""
    if found := Library.objects.visible_to(user).filter(pk=library_id).first():
        return found
    raise NotThere


def role_in(*, user: User, library_id: uuid.UUID) -> Role:
    """The user's role; raises NotThere for those who are no members."""
    role = Membership.objects.filter(library_id=library_id, user=user).values_list("role", flat=True).first()
    if role is None:
        raise NotThere
    return Role(role)


def require_role(*, user: User, library_id: uuid.UUID, role: Role) -> Role:
    """The user's role if it may do what `role` may.

    Raises NotThere for strangers, NotAllowed for lesser roles.
    """
    has = role_in(user=user, library_id=library_id)
    if has not in Role.at_least(role):
        raise NotAllowed(f"This needs the role {role.value} in this library; yours is {has.value}.")
    return has
