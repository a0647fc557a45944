"""Articles, and their text as browsers saw it."""

from typing import Any

from django.contrib.admin import RelatedOnlyFieldListFilter, display, register
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from annotator import reading
from annotator.admin import cells
from annotator.admin.filters import Site
from annotator.admin.scope import DetailPage, signed_in
from annotator.models import Annotation, Document, Snapshot, User


@register(Document)
class Documents(DetailPage[Document]):
    """Articles with how much was highlighted on them."""

    detail_template = "admin/article.html"
    list_display = ("shown_title", "site", "library_name", "highlights", "updated")
    list_display_links = None
    list_filter = (Site, ("library", RelatedOnlyFieldListFilter), "language", "updated")
    search_fields = ("title", "url", "site")
    search_help_text = _("Title or address")
    ordering = ("-updated", "-pk")

    def visible(self, rows: QuerySet[Document], user: User) -> QuerySet[Document]:
        """Those of the user's libraries, with the number of annotations that the user sees."""
        shown = Annotation.objects.alive().shown_to(user).filter(parent=None)
        counted = Count("annotations", filter=Q(annotations__in=shown), distinct=True)
        return super().visible(rows, user).select_related("library").annotate(highlights=counted)

    @display(description=_("title"), ordering="title")
    def shown_title(self, row: Document) -> SafeString:
        """The title, or the address of an article without one."""
        return format_html('<a href="{}/change/">{}</a>', row.pk, cells.isolated(str(row)))

    @display(description=_("library"), ordering="library__name")
    def library_name(self, row: Document) -> SafeString:
        """The library."""
        return cells.isolated(row.library.name, 40)

    @display(description=_("highlights and notes"), ordering="highlights")
    def highlights(self, row: Document) -> int:
        """How many."""
        return int(row.highlights)  # type: ignore[attr-defined]  # annotated in `visible`

    def detail(self, row: Document, request: HttpRequest) -> dict[str, Any]:
        """The latest text with its highlights, the addresses, and the other snapshots."""
        return {
            "title": _("Article"),
            "document": row,
            "article": reading.article_of(row, signed_in(request)),
            "aliases": row.aliases.order_by("created"),
            "snapshots": row.snapshots.defer("paragraphs")
            .select_related("author")
            .order_by("-version")[:100],
        }


@register(Snapshot)
class Snapshots(DetailPage[Snapshot]):
    """One text of an article, paragraph by paragraph."""

    detail_template = "admin/snapshot.html"
    list_display = ("digest_link", "article", "extractor", "by", "created")
    list_display_links = None
    list_filter = (("library", RelatedOnlyFieldListFilter), "extractor", "created")
    search_fields = ("digest", "document__title", "url")
    ordering = ("-created", "-pk")

    def visible(self, rows: QuerySet[Snapshot], user: User) -> QuerySet[Snapshot]:
        """Those of the user's libraries."""
        return super().visible(rows, user).select_related("document", "author")

    @display(description=_("digest"), ordering="digest")
    def digest_link(self, row: Snapshot) -> SafeString:
        """The beginning of the digest."""
        return format_html('<a href="{}/change/"><code>{}</code></a>', row.pk, str(row))

    @display(description=_("article"), ordering="document__title")
    def article(self, row: Snapshot) -> SafeString:
        """Of which article."""
        return cells.isolated(str(row.document))

    @display(description=_("seen by"))
    def by(self, row: Snapshot) -> SafeString:
        """Whose browser saw it."""
        return cells.isolated(row.author.shown_name if row.author else "—", 40)

    def detail(self, row: Snapshot, request: HttpRequest) -> dict[str, Any]:
        """All paragraphs, numbered, with the highlights that were made on this very text."""
        made_on = Annotation.objects.in_libraries([row.library]).filter(
            document_id=row.document_id, snapshot_digest=row.digest
        )
        highlights = list(made_on.alive().shown_to(signed_in(request)).select_related("anchor"))
        return {
            "paragraphs": reading.marked_with(row, highlights),
            "by_key": {str(one.pk): one for one in highlights},
        }
