"""Highlights and notes, where they were made, and where their text stands now."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from annotator.models.documents import Document, Snapshot
from annotator.models.libraries import Library, Role
from annotator.models.users import User
from annotator.uuid7 import uuid7

if TYPE_CHECKING:
    from collections.abc import Iterable


class Motivation(models.TextChoices):
    """W3C Web Annotation Vocabulary, section 3.3."""

    HIGHLIGHTING = "highlighting", _("highlight")
    COMMENTING = "commenting", _("note on a highlight")
    DESCRIBING = "describing", _("page note")
    REPLYING = "replying", _("reply")


class Color(models.TextChoices):
    YELLOW = "yellow", _("yellow")
    GREEN = "green", _("green")
    BLUE = "blue", _("blue")
    PINK = "pink", _("pink")
    PURPLE = "purple", _("purple")
    ORANGE = "orange", _("orange")


class Review(models.TextChoices):
    NONE = "none", _("not reviewed")
    APPROVED = "approved", _("approved")
    FLAGGED = "flagged", _("flagged")
    HIDDEN = "hidden", _("hidden")


class Flag(models.TextChoices):
    """Who has the word about a flagged annotation."""

    AWAITING = "awaiting", _("awaiting the author")
    ANSWERED = "answered", _("answered by the author")


class State(models.TextChoices):
    """Where the highlighted text stands in the latest snapshot."""

    EXACT = "exact", _("in its place")
    MOVED = "moved", _("moved")
    EDITED = "edited", _("edited")
    AMBIGUOUS = "ambiguous", _("ambiguous")
    ORPHANED = "orphaned", _("orphaned")
    PENDING = "pending", _("not yet looked at")


class Tag(models.Model):
    """A word that a library's members put on annotations."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    library = models.ForeignKey(
        Library, on_delete=models.CASCADE, related_name="tags", verbose_name=_("library")
    )
    name = models.CharField(_("name"), max_length=100)

    class Meta:
        verbose_name = _("tag")
        verbose_name_plural = _("tags")
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["library", "name"], name="tag_once")]

    def __str__(self) -> str:
        return self.name


# The states that ask for somebody to look: other words, several places, or none.
BROKEN = (State.EDITED, State.AMBIGUOUS, State.ORPHANED)


class AnnotationQuerySet(models.QuerySet["Annotation"]):
    """A ladder of queries; each step narrows the one before."""

    def in_libraries(self, libraries: "Iterable[Library] | models.QuerySet[Library]") -> "AnnotationQuerySet":
        """Those of the given libraries: where every query of a caller starts."""
        return self.filter(library__in=libraries)

    def alive(self) -> "AnnotationQuerySet":
        """Not deleted."""
        return self.filter(deleted=None)

    def on_page(self, key: str) -> "AnnotationQuerySet":
        """On the document seen at the address with this `url_key`."""
        return self.filter(document__aliases__key=key)

    def whole(self) -> "AnnotationQuerySet":
        """With all that one row's representation needs, in a fixed number of queries."""
        return (
            self.select_related("author", "anchor__snapshot")
            .defer("anchor__snapshot__paragraphs")
            .prefetch_related("tags")
        )

    def shown_to(self, user: User) -> "AnnotationQuerySet":
        """Without what was hidden from this user; it stays visible to its author and to reviewers."""
        reviewing = Library.objects.with_role(user, Role.REVIEWER)
        return self.filter(~Q(review=Review.HIDDEN) | Q(author=user) | Q(library__in=reviewing))


class Annotation(models.Model):
    """A highlight, a note on a highlight, a page note, or a reply.

    The target (snapshot digest, positions in code points, quote) is changed by the user alone; `state` and
    `anchor` say where its text stands now and can always be computed again. `version` is its place in the
    library's feed, `revision` counts what its author wrote and is its ETag.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    library = models.ForeignKey(
        Library, on_delete=models.CASCADE, related_name="annotations", verbose_name=_("library")
    )
    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="annotations")
    version = models.BigIntegerField(editable=False)
    revision = models.PositiveIntegerField(_("revision"), default=1, editable=False)
    author = models.ForeignKey(
        User, on_delete=models.CASCADE, related_name="annotations", verbose_name=_("author")
    )
    motivation = models.CharField(_("kind"), max_length=20, choices=Motivation.choices)
    color = models.CharField(_("colour"), max_length=10, choices=Color.choices, default=Color.YELLOW)
    note = models.TextField(_("note"), blank=True)
    tags: "models.ManyToManyField[Tag, AnnotationTag]" = models.ManyToManyField(
        Tag, through="AnnotationTag", related_name="annotations", blank=True, verbose_name=_("tags")
    )
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.CASCADE, related_name="replies"
    )
    review = models.CharField(_("review"), max_length=10, choices=Review.choices, default=Review.NONE)
    # Where it shows as flagged: whether its author has replied since the latest flag. None for all others.
    flag = models.CharField(  # noqa: DJ001  # null keeps them out of the index, whatever the database
        max_length=10, choices=Flag.choices, null=True, editable=False
    )
    # When its reviewers came to decide differently; None while they agree.
    differs_since = models.DateTimeField(null=True, editable=False)
    created = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    updated = models.DateTimeField(_("updated"), default=timezone.now, editable=False)
    deleted = models.DateTimeField(_("deleted"), null=True, blank=True, editable=False)

    url = models.TextField(_("address"))
    snapshot_digest = models.CharField(_("snapshot"), max_length=64, blank=True)
    start_paragraph = models.PositiveIntegerField(null=True)
    start_offset = models.PositiveIntegerField(null=True)
    end_paragraph = models.PositiveIntegerField(null=True)
    end_offset = models.PositiveIntegerField(null=True)
    quote_exact = models.TextField(_("quote"), blank=True)
    quote_prefix = models.TextField(blank=True)
    quote_suffix = models.TextField(blank=True)

    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.PENDING)
    anchor = models.ForeignKey(
        "Anchor", null=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )
    # When the state became what it is; None until it has changed for the first time.
    state_since = models.DateTimeField(_("state since"), null=True, editable=False)

    objects = AnnotationQuerySet.as_manager()

    class Meta:
        verbose_name = _("annotation")
        verbose_name_plural = _("annotations")
        constraints = [
            models.UniqueConstraint(fields=["library", "version"], name="annotation_version_once"),
            models.CheckConstraint(
                condition=Q(motivation__in=Motivation.values), name="annotation_motivation"
            ),
            models.CheckConstraint(condition=Q(color__in=Color.values), name="annotation_color"),
            models.CheckConstraint(condition=Q(review__in=Review.values), name="annotation_review"),
            models.CheckConstraint(condition=Q(flag=None) | Q(flag__in=Flag.values), name="annotation_flag"),
            models.CheckConstraint(condition=Q(state__in=State.values), name="annotation_state"),
            models.CheckConstraint(condition=Q(revision__gte=1), name="annotation_revision"),
            models.CheckConstraint(
                condition=Q(start_paragraph=None, start_offset=None, end_paragraph=None, end_offset=None)
                | Q(
                    start_paragraph__isnull=False,
                    start_offset__isnull=False,
                    end_paragraph__isnull=False,
                    end_offset__isnull=False,
                ),
                name="annotation_whole_target",
            ),
        ]
        indexes = [
            models.Index(fields=["library", "created", "id"], name="annotation_by_age"),
            models.Index(fields=["library", "document"], name="annotation_by_document"),
            models.Index(fields=["library", "state", "created"], name="annotation_by_state"),
            models.Index(fields=["library", "review", "created"], name="annotation_by_review"),
            models.Index(fields=["library", "color", "created"], name="annotation_by_color"),
            models.Index(fields=["library", "motivation", "created"], name="annotation_by_motivation"),
            models.Index(fields=["library", "author", "created"], name="annotation_by_author"),
            # What broke lately: small, like the trash below.
            models.Index(
                fields=["library", "state_since"],
                condition=Q(state__in=["edited", "ambiguous", "orphaned"]),
                name="annotation_broken",
            ),
            # Flags, few of all: that a column is not null, both databases conclude from what it equals.
            models.Index(
                fields=["library", "flag", "created"],
                condition=Q(flag__isnull=False),
                name="annotation_by_flag",
            ),
            models.Index(
                fields=["library", "created"],
                condition=Q(differs_since__isnull=False),
                name="annotation_differing",
            ),
            # The trash, for purging: small, so that writing others costs nothing.
            models.Index(
                fields=["library", "deleted"],
                condition=Q(deleted__isnull=False),
                name="annotation_by_deletion",
            ),
        ]

    def __str__(self) -> str:
        return (self.quote_exact or self.note)[:80]


class AnnotationTag(models.Model):
    """A tag on an annotation; a model of its own so that it carries the library."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    library = models.ForeignKey(Library, on_delete=models.CASCADE, related_name="+")
    annotation = models.ForeignKey(Annotation, on_delete=models.CASCADE, related_name="annotation_tags")
    tag = models.ForeignKey(Tag, on_delete=models.CASCADE, related_name="annotation_tags")

    class Meta:
        verbose_name = _("tag on an annotation")
        verbose_name_plural = _("tags on annotations")
        constraints = [
            models.UniqueConstraint(fields=["library", "annotation", "tag"], name="annotation_tag_once")
        ]

    def __str__(self) -> str:
        return self.tag.name


class Anchor(models.Model):
    """Where an annotation's text stands in one snapshot, as found by one version of the engine. A cache."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    library = models.ForeignKey(Library, on_delete=models.CASCADE, related_name="+")
    annotation = models.ForeignKey(Annotation, on_delete=models.CASCADE, related_name="anchors")
    snapshot = models.ForeignKey(Snapshot, on_delete=models.CASCADE, related_name="anchors")
    # The engine's version; 0 is the server's own word-for-word placing.
    engine = models.PositiveIntegerField(_("engine"), default=0)
    state = models.CharField(_("state"), max_length=10, choices=State.choices)
    start_paragraph = models.PositiveIntegerField(null=True)
    start_offset = models.PositiveIntegerField(null=True)
    end_paragraph = models.PositiveIntegerField(null=True)
    end_offset = models.PositiveIntegerField(null=True)
    text = models.TextField(_("what stands there now"), blank=True)
    created = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("anchor")
        verbose_name_plural = _("anchors")
        constraints = [
            models.UniqueConstraint(fields=["library", "annotation", "snapshot"], name="anchor_once"),
            models.CheckConstraint(condition=Q(state__in=State.values), name="anchor_state"),
        ]

    def __str__(self) -> str:
        return self.state
