"""Finding annotations by words. What the doors call:

- `annotations(rows, text, libraries)`: those of `rows` that the query finds, in no order of its own. `rows`
  is what the caller may see; `libraries`, the ids of those they come from, only makes it quicker.
- `page(rows, text, libraries, place, size)`: the same page by page, in the order of `search.paging`; `leaf`
  goes backward too, and `place_of` tells where a row stands.
- `articles(rows, text)`: the articles that a query finds, by their titles, sites, addresses and age.
- `marked(text, query, field)`, `excerpt(…, most=…)`: a text cut into pieces, with the query's hits marked.

A query that cannot be read raises SearchError (an Invalid that names `q`, with a message for people).
`docs/search.md` tells the query language and the rules by which texts are cut into words.
"""

import uuid
from collections.abc import Collection, Sequence

from annotator.models.annotations import Annotation, AnnotationQuerySet
from annotator.search import paging
from annotator.search.articles import articles
from annotator.search.asking import condition
from annotator.search.hits import Piece, excerpt, marked
from annotator.search.paging import Leaf, Place
from annotator.search.question import SearchError
from annotator.search.reading import read

__all__ = [
    "Leaf", "Piece", "Place", "SearchError", "annotations", "articles", "excerpt", "leaf", "marked", "page",
    "place_of",
]  # fmt: skip


def annotations(
    rows: AnnotationQuerySet, text: str, libraries: Collection[uuid.UUID] | None = None
) -> AnnotationQuerySet:
    """Those of the rows that the query finds; all of them for an empty query. Raises SearchError."""
    return rows.filter(condition(read(text).asks, libraries))


def page(
    rows: AnnotationQuerySet, text: str, libraries: Sequence[uuid.UUID], place: Place | None, size: int
) -> tuple[list[Annotation], Place | None]:
    """At most `size` of what the query finds, the best first, behind `place`; and the next place, if any.

    Raises SearchError.
    """
    found = leaf(rows, text, libraries, place, size)
    return found.rows, found.behind


def leaf(
    rows: AnnotationQuerySet,
    text: str,
    libraries: Sequence[uuid.UUID],
    place: Place | None,
    size: int,
    *,
    backward: bool = False,
) -> Leaf:
    """The same with the way back; `backward` from the place, or from the end. Raises SearchError."""
    return paging.leaf(rows, read(text), libraries, place, size, backward=backward)


def place_of(row: Annotation, text: str) -> Place:
    """Where a row that the query finds stands in `page`. Raises SearchError."""
    return paging.place_of(row, read(text))
