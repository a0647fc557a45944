"""Articles, and their text as browsers saw it."""

from collections import defaultdict
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.admin import display, register
from django.contrib.messages import error
from django.db.models import Count, Max, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as said
from django.utils.translation import gettext_lazy as _

from annotator import reading, search
from annotator.admin import cells, filters
from annotator.admin.document_deeds import DocumentDeeds, moves, reviews
from annotator.admin.scope import DetailPage, signed_in
from annotator.models import Annotation, Document, Library, Snapshot, User
from annotator.models.annotations import Motivation
from annotator.models.documents import DocumentQuerySet

SEARCH_HELP = _('Words of the title, "phrases", -not, or, begin*, site: before: after:, or a whole address')
FEW = 1_000  # so many articles are named one by one, which leads the database to their texts


def sought(request: HttpRequest, rows: QuerySet[Document], text: str) -> DocumentQuerySet:
    """The articles that a search finds; what cannot be read is told, and finds nothing."""
    assert isinstance(rows, DocumentQuerySet)
    try:
        return search.articles(rows, text)
    except search.SearchError as wrong:
        error(request, said("The search was not understood. %s") % wrong.message)
        return rows.none()


@register(Document)
class Documents(DocumentDeeds, DetailPage[Document]):
    """Articles with how much was highlighted on them, and how it stands."""

    detail_template = "admin/article.html"
    list_display = ("shown_title", "shown_site", "library_name", "standing", "shown_language", "activity")
    list_filter = (filters.OF_SITE, filters.OF_LANGUAGE, filters.OF_LIBRARY)
    search_fields = ("title",)  # only that there is a box: `get_search_results` says what is found
    search_help_text = SEARCH_HELP
    ordering = ("-updated", "-pk")

    def visible(self, rows: QuerySet[Document], user: User) -> QuerySet[Document]:
        """Those of the user's libraries."""
        return super().visible(rows, user).select_related("library")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Document], search_term: str
    ) -> tuple[QuerySet[Document], bool]:
        """By the language of all searches, the part of it that is about articles."""
        return sought(request, queryset, search_term), False

    def furnish(self, rows: list[Document], request: HttpRequest) -> None:
        """Counts by state and the last activity, of this page's articles alone."""
        of_page = (
            Annotation.objects.alive()
            .shown_to(signed_in(request))
            .filter(document__in=rows, library__in={row.library_id for row in rows})
            .exclude(motivation=Motivation.REPLYING)
        )
        told = of_page.values("document", "state").annotate(times=Count("pk"), last=Max("updated")).order_by()
        states: dict[UUID, dict[str, int]] = defaultdict(dict)
        last: dict[UUID, datetime] = {}
        for one in told:
            states[one["document"]][one["state"]] = one["times"]
            last[one["document"]] = max(one["last"], last.get(one["document"], one["last"]))
        for row in rows:
            row.states = states[row.pk]  # type: ignore[attr-defined]  # for `standing`
            row.last = max(row.updated, last.get(row.pk, row.updated))  # type: ignore[attr-defined]  # for `activity`

    @display(description=_("title"))
    def shown_title(self, row: Document) -> SafeString:
        """The title, or the address of an article without one."""
        return format_html('<a href="{}/change/">{}</a>', row.pk, cells.isolated(str(row)))

    @display(description=_("site"))
    def shown_site(self, row: Document) -> SafeString:
        """The host name."""
        return cells.isolated(row.site, 40)

    @display(description=_("language"))
    def shown_language(self, row: Document) -> SafeString:
        """As the page says."""
        return cells.isolated(row.language, 20)

    @display(description=_("library"))
    def library_name(self, row: Document) -> SafeString:
        """The library."""
        return cells.isolated(row.library.name, 40)

    @display(description=_("highlights and notes"))
    def standing(self, row: Document) -> SafeString:
        """How many in each state, as links to them."""
        return cells.standing(row.pk, getattr(row, "states", {}))

    @display(description=_("last activity"))
    def activity(self, row: Document) -> SafeString:
        """How long ago anything of it changed."""
        return cells.age(getattr(row, "last", row.updated))

    def detail(self, row: Document, request: HttpRequest) -> dict[str, Any]:
        """The latest text with its highlights, the addresses, and the other snapshots."""
        return {
            "title": _("Article"),
            "on_desk": True,
            "document": row,
            "article": reading.article_of(
                row,
                signed_in(request),
                request.GET.get("snapshot", ""),
                request.GET.get("against", ""),
            ),
            "aliases": row.aliases.order_by("created"),
            "reviews": reviews(request, row),
            "moves": moves(request, row),
            "snapshots": row.snapshots.defer("paragraphs")
            .select_related("author")
            .order_by("-version")[:100],
        }


@register(Snapshot)
class Snapshots(DetailPage[Snapshot]):
    """One text of an article, paragraph by paragraph."""

    detail_template = "admin/snapshot.html"
    list_display = ("digest_link", "article", "extractor", "by", "created")
    list_filter = (filters.OF_LIBRARY,)
    search_fields = ("document",)  # as above
    search_help_text = SEARCH_HELP
    ordering = ("-created", "-pk")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Snapshot], search_term: str
    ) -> tuple[QuerySet[Snapshot], bool]:
        """Those of the articles that are found."""
        if not search_term.strip():
            return queryset, False
        mine = Document.objects.in_libraries(Library.objects.visible_to(signed_in(request)))
        wanted = sought(request, mine, search_term).values_list("pk", flat=True)
        few = list(wanted[: FEW + 1])
        return queryset.filter(document__in=few if len(few) <= FEW else wanted), False

    def visible(self, rows: QuerySet[Snapshot], user: User) -> QuerySet[Snapshot]:
        """Those of the user's libraries."""
        return super().visible(rows, user).select_related("document", "author").defer("paragraphs")

    @display(description=_("digest"))
    def digest_link(self, row: Snapshot) -> SafeString:
        """The beginning of the digest."""
        return format_html('<a href="{}/change/"><code>{}</code></a>', row.pk, str(row))

    @display(description=_("article"))
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
