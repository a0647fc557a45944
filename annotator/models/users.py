"""People, and the personal tokens with which their programs speak for them."""

from collections.abc import Collection
from typing import Any, Self

from django.contrib.auth.models import AbstractUser, Group
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from annotator.uuid7 import uuid7

REVIEWERS = "Reviewers"  # The group that a migration makes: what staff may open on the review desk.


class User(AbstractUser):
    """Somebody who can sign in."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    time_zone = models.CharField(_("time zone"), max_length=64, default="UTC")
    language = models.CharField(_("language"), max_length=16, blank=True)

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")

    # As the database has it: who was on the staff already keeps the groups that they were given.
    _was_staff = False

    @classmethod
    def from_db(
        cls, db: str | None, field_names: Collection[str], values: Collection[Any], **options: Any
    ) -> Self:
        """A row as it is read."""
        user = super().from_db(db, field_names, values, **options)
        user._was_staff = "is_staff" not in field_names or user.is_staff
        return user

    def save(self, *args: Any, **options: Any) -> None:
        """Whoever joins the staff joins the group *Reviewers*; they may be taken out of it again."""
        super().save(*args, **options)
        if self.is_staff and not self._was_staff:
            self.join_reviewers()
        self._was_staff = self.is_staff

    def join_reviewers(self) -> None:
        """Open the review desk to this member of staff; a superuser needs no group."""
        if not self.is_superuser:
            self.groups.add(*Group.objects.filter(name=REVIEWERS))

    @property
    def shown_name(self) -> str:
        """The name others see beside this user's notes."""
        return self.get_full_name() or self.username


class PersonalTokenQuerySet(models.QuerySet["PersonalToken"]):
    """Tokens by whether they still open a door."""

    def usable(self) -> "PersonalTokenQuerySet":
        """Neither revoked nor expired, of a user who may still sign in."""
        unexpired = models.Q(expires=None) | models.Q(expires__gt=timezone.now())
        return self.filter(unexpired, revoked=None, user__is_active=True)


class PersonalToken(models.Model):
    """A long-lived `ann_…` token; only its SHA-256 is kept, the token itself is shown once."""

    class Scope(models.TextChoices):
        READ = "read", _("read")
        WRITE = "read write", _("read and write")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(
        User, on_delete=models.CASCADE, related_name="personal_tokens", verbose_name=_("user")
    )
    name = models.CharField(_("name"), max_length=100)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    scope = models.CharField(_("scope"), max_length=20, choices=Scope.choices, default=Scope.WRITE)
    created = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    expires = models.DateTimeField(_("expires"), null=True, blank=True)
    last_used = models.DateTimeField(_("last used"), null=True, editable=False)
    revoked = models.DateTimeField(_("revoked"), null=True, blank=True)

    objects = PersonalTokenQuerySet.as_manager()

    class Meta:
        verbose_name = _("personal token")
        verbose_name_plural = _("personal tokens")

    def __str__(self) -> str:
        return self.name
