"""Articles, the addresses they were seen at, and their text as browsers saw it."""

from typing import TYPE_CHECKING

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from annotator.models.libraries import Library
from annotator.models.users import User
from annotator.paragraphs import Paragraph
from annotator.uuid7 import uuid7

if TYPE_CHECKING:
    from collections.abc import Iterable


class DocumentQuerySet(models.QuerySet["Document"]):
    """Documents, always from a library on."""

    def in_libraries(self, libraries: "Iterable[Library] | models.QuerySet[Library]") -> "DocumentQuerySet":
        """Those of the given libraries: where every query of a caller starts."""
        return self.filter(library__in=libraries)

    def on_page(self, key: str) -> "DocumentQuerySet":
        """Those seen at the address with this `url_key`."""
        return self.filter(aliases__key=key)

    def whole(self) -> "DocumentQuerySet":
        """With addresses, and snapshots without their paragraphs, in a fixed number of queries."""
        snapshots = models.Prefetch("snapshots", queryset=Snapshot.objects.defer("paragraphs"))
        return self.prefetch_related("aliases", snapshots)


class Document(models.Model):
    """An article in a library."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    library = models.ForeignKey(
        Library, on_delete=models.CASCADE, related_name="documents", verbose_name=_("library")
    )
    version = models.BigIntegerField(editable=False)
    url = models.TextField(_("address"))
    site = models.CharField(_("site"), max_length=255, blank=True)
    title = models.TextField(_("title"), blank=True)
    # The title's words, folded, between blanks (`annotator.search.words`): what `title:` looks through.
    title_words = models.TextField(blank=True, default="", editable=False)
    language = models.CharField(_("language"), max_length=35, blank=True)
    site_name = models.CharField(_("site name"), max_length=300, blank=True)
    byline = models.CharField(_("byline"), max_length=500, blank=True)
    published = models.CharField(_("published"), max_length=64, blank=True)
    created = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    updated = models.DateTimeField(_("updated"), default=timezone.now, editable=False)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")
        constraints = [models.UniqueConstraint(fields=["library", "version"], name="document_version_once")]
        indexes = [
            models.Index(fields=["library", "site"], name="document_by_site"),
            models.Index(fields=["library", "updated", "id"], name="document_by_update"),
        ]

    def __str__(self) -> str:
        return self.title or self.url


class DocumentAlias(models.Model):
    """One address at which a document was seen. `key` is a local index, never sent to clients."""

    class Source(models.TextChoices):
        VISITED = "visited", _("visited")
        CANONICAL = "canonical", _("rel=canonical")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    library = models.ForeignKey(Library, on_delete=models.CASCADE, related_name="+")
    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="aliases")
    url = models.TextField(_("address"))
    key = models.CharField(max_length=64, editable=False)
    source = models.CharField(max_length=10, choices=Source.choices, default=Source.VISITED)
    created = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("address of an article")
        verbose_name_plural = _("addresses of articles")
        constraints = [models.UniqueConstraint(fields=["library", "key"], name="alias_once")]

    def __str__(self) -> str:
        return self.url


class Snapshot(models.Model):
    """The ordered paragraphs of a document as one browser saw them; immutable, named by its digest."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    library = models.ForeignKey(
        Library, on_delete=models.CASCADE, related_name="+", verbose_name=_("library")
    )
    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="snapshots")
    version = models.BigIntegerField(editable=False)
    digest = models.CharField(_("digest"), max_length=64, editable=False)
    url = models.TextField(_("address"))
    extractor = models.CharField(_("extractor"), max_length=40)
    # [{"kind": str, "text": str, "article": bool}, …] in reading order
    paragraphs = models.JSONField(_("paragraphs"))
    author = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    created = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("snapshot")
        verbose_name_plural = _("snapshots")
        constraints = [
            models.UniqueConstraint(fields=["library", "document", "digest"], name="snapshot_once"),
            models.UniqueConstraint(fields=["library", "version"], name="snapshot_version_once"),
        ]
        indexes = [
            models.Index(fields=["library", "digest"], name="snapshot_by_digest"),
            models.Index(fields=["library", "created", "id"], name="snapshot_by_age"),
        ]

    def __str__(self) -> str:
        return self.digest[:12]

    def read(self) -> list[Paragraph]:
        """The paragraphs as values."""
        return [Paragraph(p["kind"], p["text"], p.get("article", True)) for p in self.paragraphs]
