"""Annotations: the list a reviewer works through, and each one in the paragraph it was made in."""

from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.contrib.admin import display, register
from django.contrib.admin.views.main import ERROR_FLAG, ORDER_VAR, PAGE_VAR, SEARCH_VAR, ChangeList
from django.db.models import Prefetch, Q, QuerySet, prefetch_related_objects
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from annotator import reading, search
from annotator.admin import cells, filters
from annotator.admin.deeds import Deeds
from annotator.admin.lists import OURS, SelectionList, is_ranked, visible_libraries
from annotator.admin.row_deeds import RowDeeds
from annotator.admin.scope import DetailPage, signed_in
from annotator.admin.standing import standings
from annotator.difference import difference
from annotator.errors import Refused
from annotator.keyset import Place, page_of
from annotator.models import Annotation, Decision, Event, Snapshot, User
from annotator.models.annotations import AnnotationQuerySet, Motivation, State
from annotator.selection import Selection

LIST = "_changelist_filters"  # as Django names it: the question of the list that a row was opened from


@register(Annotation)
class Annotations(Deeds, RowDeeds, DetailPage[Annotation]):
    """Read-only but for deeds: what the author wrote is the author's, and every change of it an Event."""

    detail_template = "admin/annotation.html"
    list_display = ("quoted", "chip", "shown_tags", "site", "shown_state", "shown_review", "by")
    list_filter = (
        filters.QUEUE, filters.REVIEW, filters.STATE, filters.CHANGED, filters.COLOR, filters.KIND,
        filters.SITE, filters.TAG, filters.AUTHOR, filters.LANGUAGE, filters.LIBRARY, filters.MADE,
    )  # fmt: skip
    search_fields = ("pk",)  # only that there is a box: what is found, the list's Selection says
    search_help_text = _(
        'Words, "phrases", -not, or, begin*, tag: site: author: color: state: title: before: after: is:'
    )
    ordering = ("-created", "-pk")

    def get_list_display(self, request: HttpRequest) -> tuple[str, ...]:
        """The library too, for those who have several."""
        several = len(visible_libraries(signed_in(request))) > 1
        return (*self.list_display, "shown_library") if several else self.list_display

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        """What is asked for is a Selection."""
        return SelectionList

    def visible(self, rows: QuerySet[Annotation], user: User) -> QuerySet[Annotation]:
        """Of the user's libraries, without what was hidden from the user; one's own deleted ones too."""
        seen = super().visible(rows, user)
        assert isinstance(seen, AnnotationQuerySet)
        own_trash = Q(deleted__isnull=False, author=user)
        living = seen.shown_to(user).filter(Q(deleted=None) | own_trash).exclude(url="")
        return living.select_related("document", "author", "library", "parent")

    def furnish(self, rows: list[Annotation], request: HttpRequest) -> None:
        """What a page of the list shows of other tables, in a fixed number of queries."""
        said = Decision.objects.select_related("reviewer").order_by("created")
        prefetch_related_objects(rows, "tags", Prefetch("decisions", queryset=said))
        asked = {
            name: str(value) for name, value in request.GET.items() if name not in (PAGE_VAR, ERROR_FLAG)
        }
        query = str(request.GET.get(SEARCH_VAR, "")).strip()
        from_list = f"?{urlencode({LIST: urlencode(asked)})}"
        for row in rows:
            row.from_list = from_list  # type: ignore[attr-defined]  # for the link in `quoted`
            row.query = query  # type: ignore[attr-defined]  # for the hits

    @display(description=_("quote and note"))
    def quoted(self, row: Annotation) -> SafeString:
        """The quote, or what kind of note it is without one, and under it the note; the whole is the link."""
        query = getattr(row, "query", "")
        kind = cells.isolated(f"({row.get_motivation_display()})")
        first = cells.found(row.quote_exact, query, "quote", 160) if row.quote_exact else kind
        typed = cells.found(row.note, query, "note")
        note = format_html('<span class="excerpt">{}</span>', typed) if row.note else ""
        return format_html(
            '<a class="quoted c-{}" href="{}/change/{}">{}</a>{}',
            row.color,
            row.pk,
            getattr(row, "from_list", ""),
            first,
            note,
        )

    @display(description=_("colour"))
    def chip(self, row: Annotation) -> SafeString:
        """The colour."""
        return cells.chip(row)

    @display(description=_("tags"))
    def shown_tags(self, row: Annotation) -> SafeString:
        """The tags."""
        return cells.tags(row, getattr(row, "query", ""))

    @display(description=_("site"))
    def site(self, row: Annotation) -> SafeString:
        """The article's host name."""
        return cells.isolated(row.document.site, 40)

    @display(description=_("state"))
    def shown_state(self, row: Annotation) -> str:
        """Where the highlight stands."""
        return cells.state(row)

    @display(description=_("review"))
    def shown_review(self, row: Annotation) -> SafeString:
        """What each reviewer said; where they differ, all of it."""
        return cells.review(row)

    @display(description=_("library"))
    def shown_library(self, row: Annotation) -> SafeString:
        """Whose it is."""
        return cells.isolated(row.library.name, 30)

    @display(description=_("author and age"))
    def by(self, row: Annotation) -> SafeString:
        """Who made it, and how long ago."""
        return format_html("{}<br>{}", cells.isolated(row.author.shown_name, 30), cells.age(row.created))

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
            "decisions": row.decisions.select_related("reviewer").order_by("created"),
            **self.offered(row, request),
            **neighbours(row, request),
            "replies": replies.shown_to(signed_in(request))
            .select_related("author")
            .order_by("created", "pk"),
            "events": [(event, cells.deed(event)) for event in history(row)],
            "parent_link": row.parent_id is not None and row.motivation == Motivation.REPLYING,
        }


def neighbours(row: Annotation, request: HttpRequest) -> dict[str, str]:
    """The rows before and after it in the list that it was opened from, as links; nothing without a list."""
    written = request.GET.get(LIST)
    if written is None:
        return {}
    asked = dict(parse_qsl(written))
    question = {name: value for name, value in asked.items() if name not in OURS}
    try:
        beside = rows_beside(row, Selection.asked(question), asked.get(ORDER_VAR, ""), signed_in(request))
    except Refused:
        return {}
    found = {}
    for name, one in beside.items():
        address = reverse("admin:annotator_annotation_change", args=[one.pk])
        found[name] = f"{address}?{urlencode({LIST: written})}"
    changelist = reverse("admin:annotator_annotation_changelist")
    return {**found, "to_list": f"{changelist}?{urlencode(asked)}"}


def rows_beside(row: Annotation, selection: Selection, order: str, user: User) -> dict[str, Annotation]:
    """The ones before (`newer`) and after (`older`) it, in the list's order. Raises what the search does."""
    pages = {}
    if is_ranked(selection, order):
        here = search.place_of(row, selection.q)
        pages["newer"] = selection.ranked(user, here, 1, backward=True).rows
        pages["older"] = selection.ranked(user, here, 1).rows
    else:
        rows, keys, key = selection.rows(user), Annotations.ordering, (row.created, row.pk)
        for name, direction in (("newer", "before"), ("older", "after")):
            pages[name] = page_of(rows, Place(direction, key), keys=keys, size=1).rows
    return {name: found[0] for name, found in pages.items() if found}


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
