"""Text folded for comparison: white space and typography aside, word for word the same.

The table is `annotator/shared/typography.json`. Pure; twin of `extension/anchoring/fold.ts`.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

_TABLE = json.loads((Path(__file__).parent / "shared" / "typography.json").read_text("utf-8"))


def _points(ranges: Iterable[str]) -> Iterator[int]:
    for written in ranges:
        first, _, last = written.partition("-")
        yield from range(int(first, 16), int(last or first, 16) + 1)


def _character_class(points: Iterable[int]) -> str:
    return "".join(f"\\U{point:08x}" for point in points)


def _ranges(ranges: Iterable[str]) -> str:
    pairs = (written.partition("-") for written in ranges)
    return "".join(f"\\U{int(first, 16):08x}-\\U{int(last or first, 16):08x}" for first, _, last in pairs)


def _one_for_one() -> dict[int, str]:
    table = dict.fromkeys(_points(_TABLE["space"]["points"]), " ")
    for folded, ranges in _TABLE["same"].items():
        if folded != "about":
            table |= dict.fromkeys(_points(ranges), folded)
    return table


def _spelled_out() -> dict[str, str]:
    written = {points: text for points, text in _TABLE["spelled_out"].items() if points != "about"}
    return {chr(int(point, 16)): text for point, text in written.items()}


_ONE_FOR_ONE: Final = _one_for_one()
_SPELLED_OUT: Final = _spelled_out()
_SPACE: Final = frozenset(_points(_TABLE["space"]["points"]))
_NOTHING: Final = frozenset(_points(_TABLE["nothing"]["points"]))
_BESIDE: Final = frozenset(_TABLE["spaceless"]["beside"])
_BEFORE: Final = _BESIDE | frozenset(_TABLE["spaceless"]["before"])
# What changes the length of a text, once _ONE_FOR_ONE is done. No alternative can give back what it took.
_PIECE: Final = re.compile(
    "[ {n}]{{2,}}|[{n}]| (?=[{after}])|(?<=[{before}]) |(?P<spelled>[{spelled}])(?P=spelled)*".format(
        n=_character_class(_NOTHING),
        after=_character_class(map(ord, _BEFORE)),
        before=_character_class(map(ord, _BESIDE)),
        spelled=_character_class(map(ord, _SPELLED_OUT)),
    )
)
_ALONE: Final = re.compile(f"[{_ranges(_TABLE['words']['alone'])}]")
_LETTERS: Final = re.compile(f"[^{_ranges(_TABLE['words']['alone'] + _TABLE['words']['punctuation'])}]+")
_DIGIT: Final = frozenset(map(chr, _points(_TABLE["words"]["digits"])))
_JOINERS: Final = frozenset("'-.,")


class Folded:
    """A folded text that knows where in the raw text each of its characters came from. All in code points."""

    __slots__ = ("_at", "_letters", "_raw", "raw", "text")

    def __init__(self, raw: str) -> None:
        self.raw = raw
        # Segment n of the folded text begins at _at[n] and comes from _raw[n] on; in it each raw character
        # became _letters[n] folded ones: one, or more where it was spelled out.
        self._at, self._raw, self._letters = [0], [0], [1]
        self.text = self._fold(raw.translate(_ONE_FOR_ONE))

    def _fold(self, text: str) -> str:
        kept: list[str] = []
        done = length = 0
        for piece in _PIECE.finditer(text):
            start, end = piece.span()
            kept.append(text[done:start])
            length += start - done
            spelled = piece["spelled"]
            written = _SPELLED_OUT[spelled] * (end - start) if spelled else _gap(text, start, end)
            if written:
                self._segment(length, start, len(written) // (end - start) if spelled else 1)
                kept.append(written)
                length += len(written)
            self._segment(length, end, 1)
            done = end
        kept.append(text[done:])
        return "".join(kept)

    def _segment(self, at: int, raw: int, letters: int) -> None:
        if self._at[-1] == at:
            self._raw[-1], self._letters[-1] = raw, letters
        else:
            self._at.append(at)
            self._raw.append(raw)
            self._letters.append(letters)

    def raw_start(self, index: int) -> int | None:
        """Where the folded character begins in the raw text; None inside a character that was spelled out."""
        segment = bisect_right(self._at, index) - 1
        into, inside = divmod(index - self._at[segment], self._letters[segment])
        return None if inside else self._raw[segment] + into

    def raw_end(self, index: int) -> int | None:
        """Where the folded character before `index` ends in the raw text; None inside a spelled out one."""
        segment = bisect_right(self._at, index - 1) - 1
        into, inside = divmod(index - self._at[segment], self._letters[segment])
        return None if inside else self._raw[segment] + into

    def raw_at(self, index: int) -> int:
        """Where the raw character begins that the folded one came from, also inside a spelled out one."""
        segment = bisect_right(self._at, index) - 1
        return self._raw[segment] + (index - self._at[segment]) // self._letters[segment]

    def index_of(self, raw: int) -> int:
        """How many folded characters come from before the raw offset."""
        segment = bisect_left(self._raw, raw) - 1
        if segment < 0:
            return 0
        end = self._at[segment + 1] if segment + 1 < len(self._at) else len(self.text)
        return min(end, self._at[segment] + (raw - self._raw[segment]) * self._letters[segment])


def _gap(text: str, start: int, end: int) -> str:
    """A run of white space and of what is left out: one space, or none beside marks that French sets off."""
    if " " not in text[start:end]:
        return ""
    if text[start - 1 : start] in _BESIDE or text[end : end + 1] in _BEFORE:
        return ""
    return " "


def is_blank(character: str) -> bool:
    """Whether a raw character is white space or left out."""
    return ord(character) in _SPACE or ord(character) in _NOTHING


def is_space(character: str) -> bool:
    """Whether a raw character is white space."""
    return ord(character) in _SPACE


# How far from its edge a cut word is followed, in folded characters; longer ones are no words.
_LONGEST_WORD: Final = 64


def word_before(text: str, edge: int) -> str:
    """The part of a folded word or number that stands before the edge, where the edge cuts one; else ""."""
    start = edge
    while start > edge - _LONGEST_WORD and _joined(text, start):
        start -= 1
    return text[start:edge]


def word_after(text: str, edge: int) -> str:
    """The part of a folded word or number that stands after the edge, where the edge cuts one; else ""."""
    end = edge
    while end < edge + _LONGEST_WORD and _joined(text, end):
        end += 1
    return text[edge:end]


def count_words(text: str) -> int:
    """Words of a folded text; in scripts that set no spaces, two characters count as one word."""
    return len(_LETTERS.findall(text)) + len(_ALONE.findall(text)) // 2


def _joined(text: str, edge: int) -> bool:
    """Whether the edge cuts a word or a number: "wo|rd", "can|'t", "non|-violent", "2|.5", "-|5"."""
    if not 0 < edge < len(text):
        return False
    before, after = text[edge - 1], text[edge]
    if _is_letter(before) and _is_letter(after):
        return True
    if after in _JOINERS and edge + 1 < len(text):
        return _both_fit(after, before, text[edge + 1])
    if before in _JOINERS and edge > 1:
        return _both_fit(before, text[edge - 2], after) or (before == "-" and after in _DIGIT)
    return before == "-" and after in _DIGIT


def _both_fit(joiner: str, before: str, after: str) -> bool:
    if joiner in ".,":
        return before in _DIGIT and after in _DIGIT
    return _is_letter(before) and _is_letter(after)


def _is_letter(character: str) -> bool:
    return _LETTERS.match(character) is not None
