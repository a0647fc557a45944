"""Annotations: the list a reviewer works through, and each one in the paragraph it was made in."""

from typing import Any

from django.contrib import messages
from django.contrib.admin import RelatedOnlyFieldListFilter, display, register
from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from annotator import reading, search
from annotator.admin import cells
from annotator.admin.filters import Site
from annotator.admin.scope import DetailPage, signed_in
from annotator.admin.standing import standings
from annotator.difference import difference
from annotator.models import Annotation, Event, Library, Snapshot, User
from annotator.models.annotations import AnnotationQuerySet, Motivation, State


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
    search_fields = ("pk",)  # only that there is a box: what is found, `get_search_results` says
    search_help_text = _(
        'Words, "phrases", -not, or, begin*, tag: site: author: color: state: title: before: after: is:'
    )
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
        libraries = Library.objects.visible_to(signed_in(request)).values_list("pk", flat=True)
        try:
            return search.annotations(queryset, search_term, list(libraries)), False
        except search.SearchError as wrong:
            messages.error(request, wrong.message)
            return queryset.none(), False

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

    def detail(self, row: Annotation, request: HttpRequest) -> dict[str, Any]:
        """The paragraph it was made in and the one where it stands, what changed, its replies, its history.

        `?snapshot=` names, by its digest, the text in which to draw it; without it, the latest is meant.
        """
        texts = Snapshot.objects.filter(library_id=row.library_id, document_id=row.document_id)
        made = texts.filter(digest=row.snapshot_digest).first()
        chosen = request.GET.get("snapshot")
        drawn = named(texts, chosen) if chosen else latest(row, made)
        history_of_place = standings(row, drawn) if row.quote_exact else []
        here = next((one for one in history_of_place if one.shown), None)
        anchor = row.anchor
        replies = Annotation.objects.in_libraries([row.library]).filter(parent=row).alive()
        return {
            "title": row.get_motivation_display(),
            "made": made,
            "made_here": reading.in_its_place(made, row) if made else [],
            "explained": cells.EXPLAINED[State(row.state)],
            "compared": difference(row.quote_exact, anchor.text) if anchor and anchor.text else [],
            "standings": history_of_place,
            "drawn": drawn,
            "stands_here": reading.in_its_place(drawn, row, here.anchor if here else None) if drawn else [],
            "by_key": {str(row.pk): row},
            "replies": replies.shown_to(signed_in(request))
            .select_related("author")
            .order_by("created", "pk"),
            "events": [(event, cells.deed(event)) for event in history(row)],
            "parent_link": row.parent_id is not None and row.motivation == Motivation.REPLYING,
        }


def named(texts: QuerySet[Snapshot], digest: str) -> Snapshot:
    """The text with this digest, or Http404 for anything else: PostgreSQL cannot even be asked for a NUL."""
    if not digest.isalnum():
        raise Http404
    return get_object_or_404(texts, digest=digest)


def latest(row: Annotation, made: Snapshot | None) -> Snapshot | None:
    """The text that the current state is about, where that is another one than it was made on."""
    return row.anchor.snapshot if row.anchor is not None and row.anchor.snapshot != made else None


def history(row: Annotation) -> QuerySet[Event]:
    """What was done to it, the newest first."""
    events = Event.objects.filter(library_id=row.library_id, row=row.pk)
    return events.select_related("actor").order_by("-created", "-pk")[:50]
