"""Where a query's words stand in a text, to be marked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from annotator.search.question import All, Any, Node, Title, Words
from annotator.search.reading import read
from annotator.search.words import Kind, Word, words

_BEFORE: Final = 3  # one part in so many of an excerpt stands before its first hit


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text that is a hit throughout, or not at all."""

    text: str
    hit: bool


def marked(text: str, query: str, field: str | None = None) -> list[Piece]:
    """The text in pieces; joined, they are the text. Raises SearchError.

    `field` (quote, note, tag, title) says what it is, so that what is asked of another field is not marked.
    """
    return list(_pieces(text, _spans(text, query, field)))


def excerpt(text: str, query: str, field: str | None = None, *, most: int) -> list[Piece]:
    """As `marked`, of a long text the part around its first hit: `most` characters and the dots at a cut."""
    spans = _spans(text, query, field)
    if len(text) <= most:
        return list(_pieces(text, spans))
    start = max(0, min(spans[0][0] - most // _BEFORE, len(text) - most)) if spans else 0
    end = start + most
    inside = [(max(a, start) - start, min(b, end) - start) for a, b in spans if a < end and b > start]
    dots = Piece("…", hit=False)
    cut = list(_pieces(text[start:end], inside))
    return [*([dots] if start else []), *cut, *([dots] if end < len(text) else [])]


def _spans(text: str, query: str, field: str | None) -> list[tuple[int, int]]:
    """Where hits stand: half-open, in order, none touching another."""
    found = words(text)
    spans = sorted(
        span for leaf in _leaves(read(query).asks) if _is_about(leaf, field) for span in _hits(leaf, found)
    )
    apart: list[tuple[int, int]] = []
    for start, end in spans:
        if apart and start <= apart[-1][1]:
            apart[-1] = (apart[-1][0], max(end, apart[-1][1]))
        else:
            apart.append((start, end))
    return apart


def _leaves(node: Node) -> Iterator[Words | Title]:
    """What is asked to be there; what is asked not to be there cannot be marked."""
    if isinstance(node, Words | Title):
        yield node
    elif isinstance(node, All | Any):
        for part in node.parts:
            yield from _leaves(part)


def _is_about(leaf: Words | Title, field: str | None) -> bool:
    if field is None:
        return True
    if isinstance(leaf, Title) or field == "title":
        return isinstance(leaf, Title) and field == "title"
    return leaf.field is None or leaf.field.value == field


def _hits(leaf: Words | Title, found: list[Word]) -> Iterable[tuple[int, int]]:
    length = len(leaf.words)
    for at in range(len(found) - length + 1):
        here = found[at : at + length]
        *before, last = (word.text for word in here)
        if tuple(before) != leaf.words[:-1]:
            continue
        if last == leaf.words[-1]:
            yield here[0].start, here[-1].end
        elif leaf.beginning and last.startswith(leaf.words[-1]):
            # The next pair begins with the second character of this one, where it ends.
            end = found[at + length].start if here[-1].kind is Kind.PAIR else here[-1].end
            yield here[0].start, end


def _pieces(text: str, spans: Iterable[tuple[int, int]]) -> Iterator[Piece]:
    at = 0
    for start, end in spans:
        if at < start:
            yield Piece(text[at:start], hit=False)
        yield Piece(text[start:end], hit=True)
        at = end
    if at < len(text):
        yield Piece(text[at:], hit=False)
