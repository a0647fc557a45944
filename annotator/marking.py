"""Cuts paragraphs at the borders of highlights, so that each piece can be drawn with all that lie over it.

Pure: no Django, no HTML. Offsets count Unicode code points.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from annotator.paragraphs import Paragraph, Position


@dataclass(frozen=True, slots=True)
class Span:
    """A highlight's half-open place; `key` is the caller's name for it."""

    key: str
    start: Position
    end: Position


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of text under the same highlights throughout.

    `keys`: the highlights over it, the one that starts first first; a later one is drawn inside it.
    `opens` and `closes`: those that begin with this piece and those that end with it.
    """

    text: str
    keys: tuple[str, ...] = ()
    opens: tuple[str, ...] = ()
    closes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Marked:
    """A paragraph, by its index in the snapshot, as segments; joined, their texts are its text."""

    index: int
    kind: str
    article: bool
    segments: tuple[Segment, ...]


def mark(paragraphs: Sequence[Paragraph], spans: Sequence[Span]) -> list[Marked]:
    """Every paragraph with the spans drawn in; a span that leaves the text is drawn as far as it goes."""
    ordered = sorted(spans, key=lambda span: (span.start, (-span.end.paragraph, -span.end.offset), span.key))
    return [
        Marked(index, paragraph.kind, paragraph.article, tuple(_segments(paragraph.text, index, ordered)))
        for index, paragraph in enumerate(paragraphs)
    ]


def around(marked: Sequence[Marked], keys: frozenset[str], neighbours: int = 1) -> list[Marked]:
    """The paragraphs that these highlights touch, with so many neighbours on either side."""
    touched = [one.index for one in marked if any(keys & set(segment.keys) for segment in one.segments)]
    if not touched:
        return []
    first, last = max(0, touched[0] - neighbours), touched[-1] + neighbours
    return [one for one in marked if first <= one.index <= last]


def _segments(text: str, index: int, spans: Sequence[Span]) -> list[Segment]:
    """The pieces of one paragraph, cut at every border of a span in it."""
    here = []
    for span in spans:
        begin, finish = _part(span, index, len(text))
        if begin < finish:
            here.append((begin, finish, span))
    borders = sorted({0, len(text), *(begin for begin, _, _ in here), *(finish for _, finish, _ in here)})
    pieces = []
    for begin, finish in pairwise(borders):
        over = [(b, f, span) for b, f, span in here if b <= begin and finish <= f]
        pieces.append(
            Segment(
                text=text[begin:finish],
                keys=tuple(span.key for _, _, span in over),
                opens=tuple(span.key for b, _, span in over if b == begin and span.start.paragraph == index),
                closes=tuple(span.key for _, f, span in over if f == finish and _ends_here(span, index)),
            )
        )
    return pieces


def _part(span: Span, index: int, length: int) -> tuple[int, int]:
    """Where in this paragraph the span begins and ends; both are the same where it does not touch it."""
    if not span.start.paragraph <= index <= span.end.paragraph:
        return 0, 0
    begin = span.start.offset if index == span.start.paragraph else 0
    finish = span.end.offset if index == span.end.paragraph else length
    return min(begin, length), min(finish, length)


def _ends_here(span: Span, index: int) -> bool:
    """Whether no later paragraph holds more of the span: it may end at the very start of the next one."""
    return span.end.paragraph == index or (span.end.paragraph == index + 1 and span.end.offset == 0)
