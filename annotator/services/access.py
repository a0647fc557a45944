"""Who gets into what: a superuser into somebody's library, and programs no longer."""

from django.db import transaction
from django.utils import timezone

from annotator.errors import NotAllowed
from annotator.models.events import Event, Kind
from annotator.models.libraries import Library, Membership, Role
from annotator.models.users import PersonalToken, User
from annotator.services.libraries import own_library

REASON_CHARACTERS = 500


@transaction.atomic
def open_library(*, library: Library, superuser: User, reason: str = "") -> Membership:
    """Let a superuser read a library, openly: an Event tells its owner who, when and why. May be repeated.

    Raises NotAllowed for everybody else.
    """
    if not superuser.is_superuser:
        raise NotAllowed("Only a superuser may open the library of somebody else.")
    membership, made = Membership.objects.get_or_create(
        library=library, user=superuser, defaults={"role": Role.READER}
    )
    if made:
        Event.objects.create(
            library=library,
            actor=superuser,
            verb="open",
            kind=Kind.LIBRARY,
            row=library.pk,
            after={"role": membership.role, "reason": reason.replace("\x00", "")[:REASON_CHARACTERS]},
        )
    return membership


@transaction.atomic
def revoke_personal_token(*, token: PersonalToken, actor: User) -> bool:
    """End a token for good; whether it was still in use. The Event stands in its user's own library.

    Raises NotAllowed for anybody but its user and superusers.
    """
    if token.user_id != actor.pk and not actor.is_superuser:
        raise NotAllowed("This is the token of somebody else.")
    library = own_library(user=token.user)
    ended = PersonalToken.objects.filter(pk=token.pk, revoked=None).update(revoked=timezone.now()) > 0
    if ended:
        Event.objects.create(
            library=library,
            actor=actor,
            verb="revoke",
            kind=Kind.TOKEN,
            row=token.pk,
            after={"name": token.name},
        )
    return ended
