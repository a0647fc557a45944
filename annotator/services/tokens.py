"""Personal tokens: made, and recognised. Only their SHA-256 is kept; the token itself is shown once."""

import hashlib
import secrets
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import timezone

from annotator.models.users import PersonalToken, User

PREFIX = "ann_"
# How often `last_used` is written: reading should not cost a write each time.
USE_NOTED_EVERY = timedelta(minutes=1)


def create_personal_token(
    *,
    user: User,
    name: str,
    scope: PersonalToken.Scope = PersonalToken.Scope.WRITE,
    expires: datetime | None = None,
) -> str:
    """Make a token and return it; it cannot be read again later. It carries 256 random bits."""
    token = PREFIX + secrets.token_urlsafe(32)
    PersonalToken.objects.create(
        user=user, name=name, digest=token_digest(token), scope=scope, expires=expires
    )
    return token


def personal_token(*, token: str) -> PersonalToken | None:
    """The row of a token that still opens doors, with its user; None for any other string."""
    if not token.startswith(PREFIX):
        return None
    row = PersonalToken.objects.usable().select_related("user").filter(digest=token_digest(token)).first()
    if row is not None:
        note_use(token=row)
    return row


def note_use(*, token: PersonalToken) -> None:
    """Write down that a token was used, at most once a minute."""
    now = timezone.now()
    if token.last_used and now - token.last_used < USE_NOTED_EVERY:
        return
    long_ago = Q(last_used=None) | Q(last_used__lt=now - USE_NOTED_EVERY)
    PersonalToken.objects.filter(long_ago, pk=token.pk).update(last_used=now)


def token_digest(token: str) -> str:
    """SHA-256, in hex. The token is random, so that a slow hash would protect nothing more."""
    return hashlib.sha256(token.encode()).hexdigest()
