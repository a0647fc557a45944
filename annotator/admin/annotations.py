"""Annotations: the list a reviewer works through, and each one in the paragraph it was made in."""

from typing import Any

from django.contrib.admin import RelatedOnlyFieldListFilter, display, register
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from annotator import reading
from annotator.admin import cells
from annotator.admin.filters import Site
from annotator.admin.scope import DetailPage
from annotator.limits import SEARCH_CHARACTERS
from annotator.marking import Marked, around
from annotator.models import Annotation, Event, Snapshot, User
from annotator.models.annotations import AnnotationQuerySet, Motivation
from annotator.search import having_words


@register(Annotation)
class Annotations(DetailPage[Annotation]):
    """Read-only: what the author wrote is the author's."""

    detail_template = "admin/annotation.html"
    list_display = ("quoted", "chip", "shown_tags", "site", "shown_state", "shown_review", "by", "created")
    list_display_links = None
    list_filter = (
        "state",
        "review",
        "color",
        "motivation",
        Site,
        ("tags", RelatedOnlyFieldListFilter),
        ("author", RelatedOnlyFieldListFilter),
        ("library", RelatedOnlyFieldListFilter),
        "created",
    )
    search_fields = ("words",)
    search_help_text = _("Words of the quote, the note or the tags")
    ordering = ("-created", "-pk")

    def visible(self, rows: QuerySet[Annotation], user: User) -> QuerySet[Annotation]:
        """Living ones of the user's libraries, without what was hidden from the user."""
        seen = super().visible(rows, user)
        assert isinstance(seen, AnnotationQuerySet)
        return seen.alive().shown_to(user).select_related("document", "author", "library")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Annotation]:
        """With tags, for the list's column."""
        return super().get_queryset(request).prefetch_related("tags")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Annotation], search_term: str
    ) -> tuple[QuerySet[Annotation], bool]:
        """The same search as everywhere else; without duplicates."""
        assert isinstance(queryset, AnnotationQuerySet)
        return having_words(queryset, search_term[:SEARCH_CHARACTERS]), False

    @display(description=_("quote and note"))
    def quoted(self, row: Annotation) -> SafeString:
        """The quote, or what kind of note it is without one, and under it the note; the whole is the link."""
        first = cells.isolated(row.quote_exact or f"({row.get_motivation_display()})", 160)
        note = format_html('<span class="excerpt">{}</span>', cells.isolated(row.note)) if row.note else ""
        return format_html(
            '<a class="quoted c-{}" href="{}/change/">{}</a>{}', row.color, row.pk, first, note
        )

    @display(description=_("colour"), ordering="color")
    def chip(self, row: Annotation) -> SafeString:
        """The colour."""
        return cells.chip(row)

    @display(description=_("tags"))
    def shown_tags(self, row: Annotation) -> SafeString:
        """The tags."""
        return cells.tags(row)

    @display(description=_("site"), ordering="document__site")
    def site(self, row: Annotation) -> SafeString:
        """The article's host name."""
        return cells.isolated(row.document.site, 40)

    @display(description=_("state"), ordering="state")
    def shown_state(self, row: Annotation) -> str:
        """Where the highlight stands."""
        return cells.state(row)

    @display(description=_("review"), ordering="review")
    def shown_review(self, row: Annotation) -> str:
        """What reviewers said."""
        return row.get_review_display()

    @display(description=_("author"), ordering="author__username")
    def by(self, row: Annotation) -> SafeString:
        """Who made it."""
        return cells.isolated(row.author.shown_name, 40)

    def detail(self, row: Annotation, user: User) -> dict[str, Any]:
        """The paragraph it was made in and the one where it stands now, its replies and its history."""
        made = Snapshot.objects.filter(
            library_id=row.library_id, document_id=row.document_id, digest=row.snapshot_digest
        ).first()
        anchor = row.anchor
        later = anchor.snapshot if anchor is not None and anchor.snapshot != made else None
        replies = Annotation.objects.in_libraries([row.library]).filter(parent=row).alive().shown_to(user)
        return {
            "title": row.get_motivation_display(),
            "made": made,
            "made_here": context(made, row),
            "anchor": anchor,
            "later": later,
            "stands_here": context(later, row),
            "by_key": {str(row.pk): row},
            "replies": replies.select_related("author").order_by("created", "pk"),
            "events": [(event, cells.deed(event)) for event in history(row)],
            "parent_link": row.parent_id is not None and row.motivation == Motivation.REPLYING,
        }


def history(row: Annotation) -> QuerySet[Event]:
    """What was done to it, the newest first."""
    events = Event.objects.filter(library_id=row.library_id, row=row.pk)
    return events.select_related("actor").order_by("-created", "-pk")[:50]


def context(snapshot: Snapshot | None, annotation: Annotation) -> list[Marked]:
    """The paragraphs that the highlight touches and their neighbours; none where it has no place."""
    if snapshot is None:
        return []
    return around(reading.marked_with(snapshot, [annotation]), frozenset({str(annotation.pk)}))
