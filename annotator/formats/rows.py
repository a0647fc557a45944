"""The annotations of a selection, streamed: a page of rows in memory at a time, whatever the size."""

from collections.abc import Iterator

from annotator.keyset import Place, page_of
from annotator.models.annotations import Annotation, AnnotationQuerySet

_PAGE = 500
_KEYS = ("-created", "-pk")


def streamed(rows: AnnotationQuerySet) -> Iterator[Annotation]:
    """The newest first, each with its document, author, tags and anchor."""
    whole = rows.whole().select_related("document", "library", "author", "anchor__snapshot")
    place = Place()
    while True:
        page = page_of(whole, place, keys=_KEYS, size=_PAGE)
        yield from page.rows
        if not page.older:
            return
        place = Place("after", (page.rows[-1].created, page.rows[-1].pk))
