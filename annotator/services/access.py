"""Who gets into what: a superuser into somebody's library, and programs no longer."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Max, Min
from django.utils import timezone
from oauth2_provider.models import get_access_token_model, get_refresh_token_model

from annotator.errors import NotAllowed, NotThere
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


@dataclass(frozen=True, slots=True)
class ConnectedBrowser:
    """One sign-in of the extension: all refresh tokens that came from it are a family."""

    family: uuid.UUID
    name: str
    user: str
    first: datetime
    last: datetime


def connected_browsers(*, user: User) -> list[ConnectedBrowser]:
    """The user's, the last heard of first; for a superuser everybody's. At most 200.

    A browser that works asks for a new token every hour, which is how it is heard of.
    """
    rows = get_refresh_token_model().objects.filter(token_family__isnull=False)
    if not user.is_superuser:
        rows = rows.filter(user=user)
    living = rows.filter(revoked=None).values("token_family")
    families = (
        rows.filter(token_family__in=living)
        .values("token_family", "application__name", "user__username")
        .annotate(first=Min("created"), last=Max("created"))
        .order_by("-last")[:200]
    )
    return [
        ConnectedBrowser(
            one["token_family"], one["application__name"], one["user__username"], one["first"], one["last"]
        )
        for one in families
    ]


@transaction.atomic
def disconnect_browser(*, family: uuid.UUID, actor: User) -> None:
    """End a sign-in of the extension: no token of its family opens anything any more. May be repeated.

    The Event stands in its user's own library. Raises NotThere for the browsers of others, except for
    superusers.
    """
    rows = get_refresh_token_model().objects.filter(token_family=family)
    if not actor.is_superuser:
        rows = rows.filter(user=actor)
    one = rows.select_related("user").first()
    if one is None:
        raise NotThere
    access = get_access_token_model().objects.filter(refresh_token__in=rows)
    access.delete()
    if rows.filter(revoked=None).update(revoked=timezone.now()):
        Event.objects.create(
            library=own_library(user=one.user), actor=actor, verb="revoke", kind=Kind.TOKEN, row=family
        )
