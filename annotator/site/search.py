"""Searching the own libraries: what was found, the hits marked, and where to read on."""

from dataclasses import dataclass
from functools import cached_property

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from annotator import search
from annotator.models import Annotation, Library, User

PAGE = 20
EXCERPT = 320  # characters of a quote or a note
# What the help shows: examples, and what they find.
HELP = (
    (("daech syrie",), _("both words, anywhere in the quote, the note or the tags")),
    (('"réunis à Bruxelles"',), _("these words side by side")),
    (("minist*",), _("words that begin so")),
    (("syrie -irak",), _("the first without the second")),
    (("syrie or irak",), _("one of the two")),
    (("quote:sommet", "note:why", 'tag:"to do"'), _("only in the quote, in the note, in a tag")),
    (("title:sommet", "site:euronews.com"), _("in the article’s title, at its address")),
    (("author:ada", "color:pink"), _("by somebody, in a colour")),
    (("is:orphaned", "is:flagged", "is:reply"), _("by state, by review, answers to others")),
    (("after:2026-01-15", "before:2026-02"), _("from that day on, and before that month")),
)


@dataclass(frozen=True)
class Result:
    """An annotation that was found, for the page."""

    row: Annotation
    query: str

    @cached_property
    def quote(self) -> list[search.Piece]:
        """The quote around its first hit."""
        return search.excerpt(self.row.quote_exact, self.query, "quote", most=EXCERPT)

    @cached_property
    def note(self) -> list[search.Piece]:
        """The note as it was typed, around its first hit."""
        return search.excerpt(self.row.note, self.query, "note", most=EXCERPT)

    @cached_property
    def tags(self) -> list[list[search.Piece]]:
        """Each tag."""
        return [search.marked(tag.name, self.query, "tag") for tag in self.row.tags.all()]

    @cached_property
    def title(self) -> list[search.Piece]:
        """The article's name."""
        return search.marked(str(self.row.document), self.query, "title")

    @property
    def on_page(self) -> str:
        """The id of its note on the article's page; an answer is shown below what it answers."""
        return f"n-{self.row.parent_id or self.row.pk}"


@require_safe
@login_required
def results(request: HttpRequest) -> HttpResponse:
    """`?q=` searches, `&from=` goes on behind a page. A query that cannot be read is explained, with 400."""
    assert isinstance(request.user, User)
    query = request.GET.get("q", "").strip()
    context: dict[str, object] = {"query": query, "help": HELP}
    if not query:
        return render(request, "site/search.html", context)
    place = search.Place.written(request.GET.get("from", ""))
    libraries = list(Library.objects.visible_to(request.user).values_list("pk", flat=True))
    rows = Annotation.objects.filter(library__in=libraries).alive().shown_to(request.user)
    rows = rows.select_related("document", "author", "library").prefetch_related("tags")
    try:
        found, following = search.page(rows, query, libraries, place, PAGE)
    except search.SearchError as wrong:
        return render(request, "site/search.html", {**context, "wrong": wrong.message}, status=400)
    context |= {"results": [Result(row, query) for row in found], "following": following, "place": place}
    return render(request, "site/search.html", context)
