"""Paragraphs, positions in them, their digest, and the quotes cut out of them.

Pure: no Django, no database. Twin of `extension/paragraphs.ts`; both run `tests/vectors/paragraphs/`.
Every offset and length counts Unicode code points (W3C Web Annotation, TextPositionSelector: MUST).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

PARAGRAPH_KINDS: Final = ("h1", "h2", "h3", "h4", "h5", "h6", "p", "li", "quote", "pre", "caption", "cell")
PARAGRAPH_BREAK: Final = "\n\n"
"""How quotes, prefixes and suffixes write the border between two paragraphs."""
CONTEXT_LENGTH: Final = 32
"""Code points kept before and after a quote."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One block of visible text. `article` stands outside the digest: it is a guess about the page."""

    kind: str
    text: str
    article: bool = True


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """A place in a list of paragraphs; `offset` counts code points inside that paragraph's text."""

    paragraph: int
    offset: int


@dataclass(frozen=True, slots=True)
class Quote:
    """What was highlighted, with up to CONTEXT_LENGTH code points before and after it."""

    exact: str
    prefix: str = ""
    suffix: str = ""


class PositionOutside(ValueError):
    """A position outside the text; `field` is its path in a target, as "start.offset" or "end.paragraph"."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(f"{field}: {message}")
        self.field = field
        self.message = message


class IllFormedText(ValueError):
    """A paragraph holds half of a surrogate pair, so that it has no UTF-8 and no digest."""

    def __init__(self, paragraph: int) -> None:
        super().__init__(f"paragraph {paragraph} holds a lone surrogate")
        self.paragraph = paragraph


def digest(paragraphs: Iterable[Paragraph]) -> str:
    """The name of a snapshot: SHA-256, in hex, over UTF-8 of `kind TAB text LF` for each paragraph.

    Raises IllFormedText where a text cannot be written as UTF-8.
    """
    sha = hashlib.sha256()
    for index, paragraph in enumerate(paragraphs):
        try:
            sha.update(f"{paragraph.kind}\t{paragraph.text}\n".encode())
        except UnicodeEncodeError as error:
            raise IllFormedText(index) from error
    return sha.hexdigest()


def check_span(paragraphs: Sequence[Paragraph], start: Position, end: Position) -> None:
    """Raises PositionOutside, naming the field, unless `start <= end` and both lie in the text."""
    _check_position(paragraphs, start, "start")
    _check_position(paragraphs, end, "end")
    if end < start:
        raise PositionOutside("end", "lies before start")


def cut(paragraphs: Sequence[Paragraph], start: Position, end: Position) -> str:
    """The text of the half-open span, paragraphs joined by PARAGRAPH_BREAK; empty for an empty span.

    Raises PositionOutside.
    """
    check_span(paragraphs, start, end)
    if start.paragraph == end.paragraph:
        return paragraphs[start.paragraph].text[start.offset : end.offset]
    pieces = [paragraphs[start.paragraph].text[start.offset :]]
    pieces += [paragraph.text for paragraph in paragraphs[start.paragraph + 1 : end.paragraph]]
    pieces.append(paragraphs[end.paragraph].text[: end.offset])
    return PARAGRAPH_BREAK.join(pieces)


def quote_at(paragraphs: Sequence[Paragraph], start: Position, end: Position) -> Quote:
    """The quote of a span; prefix and suffix reach over the borders of paragraphs. Raises PositionOutside."""
    exact = cut(paragraphs, start, end)
    return Quote(exact=exact, prefix=_before(paragraphs, start), suffix=_after(paragraphs, end))


def _before(paragraphs: Sequence[Paragraph], position: Position) -> str:
    # A border counts two code points, so even empty paragraphs end the walk after a few steps.
    text = paragraphs[position.paragraph].text[: position.offset]
    index = position.paragraph
    while len(text) < CONTEXT_LENGTH and index > 0:
        index -= 1
        text = paragraphs[index].text[-CONTEXT_LENGTH:] + PARAGRAPH_BREAK + text
    return text[-CONTEXT_LENGTH:]


def _after(paragraphs: Sequence[Paragraph], position: Position) -> str:
    text = paragraphs[position.paragraph].text[position.offset :][:CONTEXT_LENGTH]
    index = position.paragraph
    while len(text) < CONTEXT_LENGTH and index + 1 < len(paragraphs):
        index += 1
        text = text + PARAGRAPH_BREAK + paragraphs[index].text[:CONTEXT_LENGTH]
    return text[:CONTEXT_LENGTH]


def _check_position(paragraphs: Sequence[Paragraph], position: Position, name: str) -> None:
    count = len(paragraphs)
    if not 0 <= position.paragraph < count:
        raise PositionOutside(f"{name}.paragraph", f"{position.paragraph} is outside the {count} paragraphs")
    length = len(paragraphs[position.paragraph].text)
    if not 0 <= position.offset <= length:
        raise PositionOutside(
            f"{name}.offset", f"{position.offset} is outside the paragraph's {length} code points"
        )
