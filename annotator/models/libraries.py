"""Libraries: what every other row belongs to, and who may do what in them."""

import uuid

from django.db import models, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from annotator.models.users import User
from annotator.uuid7 import uuid7


class Role(models.TextChoices):
    """What a member may do; each role may do all that the ones before it may."""

    READER = "reader", _("reader")
    EDITOR = "editor", _("editor")
    REVIEWER = "reviewer", _("reviewer")
    OWNER = "owner", _("owner")

    @classmethod
    def at_least(cls, role: "Role") -> list["Role"]:
        """The given role and those that may do more."""
        ladder = list(cls)
        return ladder[ladder.index(role) :]


class LibraryQuerySet(models.QuerySet["Library"]):
    """Libraries by who may see them."""

    def visible_to(self, user: User) -> "LibraryQuerySet":
        """Those in which the user has a membership, whatever the role."""
        return self.filter(memberships__user=user)

    def with_role(self, user: User, role: Role) -> "LibraryQuerySet":
        """Those in which the user may do what `role` may."""
        return self.filter(memberships__user=user, memberships__role__in=Role.at_least(role))

    def reserve_versions(self, library_id: uuid.UUID, count: int) -> tuple[int, uuid.UUID]:
        """Take `count` versions of the library's change feed; the first of them, and the library's epoch.

        Has to be the first statement of a writing transaction: the row's lock, held until commit, is what
        makes the feed free of gaps and puts it in the order of commits.
        """
        assert transaction.get_connection(self.db).in_atomic_block
        self.filter(pk=library_id).update(version=F("version") + count)
        version, epoch = self.values_list("version", "epoch").get(pk=library_id)
        return version - count + 1, epoch

    def hand_out(self, library_id: uuid.UUID, count: int) -> None:
        """The same at the end of a transaction that holds the lock already and knows where it began."""
        self.filter(pk=library_id).update(version=F("version") + count)


class Library(models.Model):
    """One user's own store, or a group's: the scope of access and of sync."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(_("name"), max_length=200)
    personal_of = models.OneToOneField(
        User, null=True, blank=True, on_delete=models.CASCADE, related_name="own_library", editable=False
    )
    version = models.BigIntegerField(_("version"), default=0, editable=False)
    epoch = models.UUIDField(_("epoch"), default=uuid.uuid4, editable=False)
    # Versions up to this one may be missing from the feed, because their tombstones were purged.
    feed_floor = models.BigIntegerField(default=0, editable=False)
    created = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    objects = LibraryQuerySet.as_manager()

    class Meta:
        verbose_name = _("library")
        verbose_name_plural = _("libraries")

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """A user in a library, with a role."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    library = models.ForeignKey(Library, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(_("role"), max_length=10, choices=Role.choices)
    created = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [
            models.UniqueConstraint(fields=["library", "user"], name="membership_once"),
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="membership_role"),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.library}"
