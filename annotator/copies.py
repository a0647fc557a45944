"""Finds the copies of a quote in a page, word for word, and compares what stands around them.

Pure; twin of `extension/anchoring/copies.ts`. `annotator/anchoring.py` decides between the copies.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from annotator.folding import Folded, count_words, is_blank, is_space, word_after, word_before
from annotator.paragraphs import CONTEXT_LENGTH, PARAGRAPH_BREAK, Paragraph, Position, Quote

# More copies than this are not told apart: somebody's ornament, or somebody's attack.
_MOST_COPIES: Final = 10_000
# Folded characters of context, of the 64 recorded, that decide between copies; half of one side.
TELLING: Final = CONTEXT_LENGTH // 2
# With less context inside its own paragraph than this (a full stop, a dash), a quote fills its paragraph.
_OWN_CONTEXT: Final = 8
# Quotes of fewer words are found anywhere, so that context has to agree.
_SHORT: Final = 3


class Page:
    """The paragraphs as one folded text."""

    def __init__(self, paragraphs: Sequence[Paragraph]) -> None:
        self.paragraphs = paragraphs
        self.folded = Folded(PARAGRAPH_BREAK.join(paragraph.text for paragraph in paragraphs))
        self.text = self.folded.text
        self.starts = [0]
        for paragraph in paragraphs:
            self.starts.append(self.starts[-1] + len(paragraph.text) + len(PARAGRAPH_BREAK))

    def paragraph(self, index: int) -> int:
        """The paragraph of a folded character."""
        return self._paragraph_of_raw(self.folded.raw_at(index))

    def begins_paragraph(self, index: int) -> bool:
        """Whether no other character of the same paragraph stands before this folded one."""
        before = index - 2 if self.text[index - 1 : index] == " " else index - 1
        return before < 0 or self.paragraph(before) != self.paragraph(index)

    def ends_paragraph(self, index: int) -> bool:
        """Whether no other character of the same paragraph stands after this folded one."""
        after = index + 2 if self.text[index + 1 : index + 2] == " " else index + 1
        return after >= len(self.text) or self.paragraph(after) != self.paragraph(index)

    def start(self, raw: int) -> Position:
        """The position of a raw offset at which a span begins."""
        paragraph = self._paragraph_of_raw(raw)
        return Position(paragraph, min(raw - self.starts[paragraph], len(self.paragraphs[paragraph].text)))

    def end(self, raw: int) -> Position:
        """The position of a raw offset at which a span ends."""
        paragraph = self._paragraph_of_raw(raw - 1)
        offset = raw - self.starts[paragraph]
        if offset <= len(self.paragraphs[paragraph].text):
            return Position(paragraph, offset)
        return self.start(raw)

    def _paragraph_of_raw(self, raw: int) -> int:
        return bisect_right(self.starts, raw, hi=len(self.paragraphs)) - 1


class Sought:
    """A quote with its context, folded together as they stood."""

    def __init__(self, quote: Quote) -> None:
        self.quote = quote
        self.folded = Folded(quote.prefix + quote.exact + quote.suffix)
        text, first = self.folded.text, len(quote.prefix)
        start, end = self.folded.index_of(first), self.folded.index_of(first + len(quote.exact))
        words = text[start:end]
        self.start = start + len(words) - len(words.lstrip(" "))
        self.words = words.strip(" ")
        self.end = self.start + len(self.words)
        self.before, self.after = text[: self.start].lstrip(" "), text[self.end :].rstrip(" ")
        # A quote may begin or end with the border of a paragraph: then its words begin or end one.
        self.lead, self.trail = _blank_edges(quote.exact)
        head, tail = quote.prefix + self.lead, self.trail + quote.suffix
        own_from = len(head) - len(head.rpartition(PARAGRAPH_BREAK)[2])
        own_until = len(self.folded.raw) - len(tail) + len(tail.partition(PARAGRAPH_BREAK)[0])
        self.own_before = min(len(self.before), self.start - self.folded.index_of(own_from))
        self.own_after = min(len(self.after), self.folded.index_of(own_until) - self.end)
        # An empty prefix is written where nothing stood before: the paragraph began there.
        self.began_paragraph = not quote.prefix or PARAGRAPH_BREAK in head
        self.ended_paragraph = not quote.suffix or PARAGRAPH_BREAK in tail
        self.is_short = count_words(self.words) < _SHORT
        self.fills_paragraph = self.own_before + self.own_after < _OWN_CONTEXT
        self.cut_before, self.cut_after = word_before(text, self.start), word_after(text, self.end)
        # Where the recorded context ends inside a word, the rest of the word is not known.
        self.knows_before = not self.cut_before or len(self.cut_before) < self.start
        self.knows_after = not self.cut_after or self.end + len(self.cut_after) < len(text)


def _blank_edges(exact: str) -> tuple[str, str]:
    lead, trail = 0, len(exact)
    while lead < trail and is_blank(exact[lead]):
        lead += 1
    while trail > lead and is_blank(exact[trail - 1]):
        trail -= 1
    return exact[:lead], exact[trail:]


@dataclass(frozen=True, slots=True)
class _Side:
    """How the context on one side of a copy compares with the recorded one."""

    agrees: bool  # what belongs to the same paragraph is the same
    neighbour_agrees: bool  # and so is the recorded part of the next paragraph, or the end of the page
    complete: bool  # all that was recorded is the same
    weight: int  # folded characters that are the same, counted from the quote outward


@dataclass(frozen=True, slots=True)
class Copy:
    """A place where the words stand; `start` and `end` are raw offsets."""

    start: int
    end: int
    position: Position
    before: _Side
    after: _Side

    @property
    def agrees(self) -> bool:
        return self.before.agrees and self.after.agrees

    @property
    def neighbour_agrees(self) -> bool:
        return self.before.neighbour_agrees or self.after.neighbour_agrees

    @property
    def weight(self) -> int:
        return self.before.weight + self.after.weight

    @property
    def complete(self) -> bool:
        return self.before.complete and self.after.complete and self.weight >= TELLING


def copies_with_context(page: Page, sought: Sought) -> list[Copy]:
    """The copies with all of the recorded context around them; none where they are more than _MOST_COPIES."""
    whole = sought.before + sought.words + sought.after
    found = _compare(page, sought, [at + len(sought.before) for at in _occurrences(page.text, whole)])
    return [copy for copy in found if copy.complete]


def copies_of(page: Page, sought: Sought) -> list[Copy]:
    """Every copy; none where there are more than _MOST_COPIES."""
    return _compare(page, sought, _occurrences(page.text, sought.words))


def _occurrences(text: str, words: str) -> list[int]:
    """Where the words begin, overlaps included; none where there are more than _MOST_COPIES."""
    found: list[int] = []
    at = text.find(words)
    while at >= 0:
        found.append(at)
        if len(found) > _MOST_COPIES:
            return []
        at = text.find(words, at + 1)
    return found


def _compare(page: Page, sought: Sought, starts: list[int]) -> list[Copy]:
    compared = (_copy_at(page, sought, start) for start in starts)
    return [copy for copy in compared if copy is not None]


def _copy_at(page: Page, sought: Sought, first: int) -> Copy | None:
    """The copy whose folded words begin at `first`; None where words at its edges are not the quoted ones."""
    last = first + len(sought.words)
    start, end = page.folded.raw_start(first), page.folded.raw_end(last)
    if start is None or end is None or not _same_edges(page, sought, first, last):
        return None
    start, end = _with_blanks(page, sought, start, end)
    return Copy(
        start, end, page.start(start), _side_before(page, sought, first), _side_after(page, sought, last)
    )


def _same_edges(page: Page, sought: Sought, first: int, last: int) -> bool:
    """Whether the words at both edges are the ones that were quoted: "21" is not found in "210" or "21.5"."""
    before, after = word_before(page.text, first), word_after(page.text, last)
    if not (before == sought.cut_before if sought.knows_before else before.endswith(sought.cut_before)):
        return False
    return after == sought.cut_after if sought.knows_after else after.startswith(sought.cut_after)


def _with_blanks(page: Page, sought: Sought, start: int, end: int) -> tuple[int, int]:
    """The raw span grown over white space and unseen characters that the quote had at its edges."""
    raw = page.folded.raw
    for character in reversed(sought.lead):
        if start == 0 or not _same_blank(character, raw[start - 1]):
            break
        start -= 1
    for character in sought.trail:
        if end == len(raw) or not _same_blank(character, raw[end]):
            break
        end += 1
    return start, end


def _same_blank(wanted: str, found: str) -> bool:
    return wanted == found or (is_space(wanted) and is_space(found))


def _side_before(page: Page, sought: Sought, first: int) -> _Side:
    context, own, text = sought.before, sought.own_before, page.text
    weight = 0
    while weight < min(len(context), first) and text[first - weight - 1] == context[-weight - 1]:
        weight += 1
    own_start = first - own
    agrees = weight >= own and (own == 0 or page.paragraph(own_start) == page.paragraph(first))
    if agrees and sought.began_paragraph:
        agrees = page.begins_paragraph(own_start)
    at_edge = not context and first <= 1 and not text[:first].strip(" ")
    return _side(sought.quote.prefix, context[: len(context) - own], len(context), weight, agrees, at_edge)


def _side_after(page: Page, sought: Sought, last: int) -> _Side:
    context, own, text = sought.after, sought.own_after, page.text
    weight = 0
    while weight < min(len(context), len(text) - last) and text[last + weight] == context[weight]:
        weight += 1
    own_last = last + own - 1
    agrees = weight >= own and (own == 0 or page.paragraph(own_last) == page.paragraph(last - 1))
    if agrees and sought.ended_paragraph:
        agrees = page.ends_paragraph(own_last)
    at_edge = not context and last >= len(text) - 1 and not text[last:].strip(" ")
    return _side(sought.quote.suffix, context[own:], len(context), weight, agrees, at_edge)


def _side(recorded: str, beyond: str, length: int, weight: int, agrees: bool, at_edge: bool) -> _Side:
    if not recorded and at_edge:
        # The page ended here and still does.
        return _Side(agrees=agrees, neighbour_agrees=True, complete=True, weight=CONTEXT_LENGTH)
    complete = agrees and weight == length
    return _Side(agrees, complete and beyond.strip(" ") != "", complete, weight)
