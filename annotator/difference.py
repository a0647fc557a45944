"""What differs between an old and a new text, word by word, for a reader to see.

Pure; twin of `extension/anchoring/difference.ts`. Both run `tests/vectors/difference/`.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal

Kind = Literal["same", "removed", "added"]

MOST_COMPARISONS: Final = 400_000
"""Above so many (about 600 words against 600 others), only the common beginning and end are found: a tenth of
a second. The extension, which compares one sentence at a time, affords ten times as many."""

# Han, kana, Thai, Lao, Khmer and Myanmar (Unicode's property Script) have no spaces between words.
_ALONE: Final = (
    (0x0E01, 0x0E3A),
    (0x0E40, 0x0E5B),
    (0x0E81, 0x0EA3),
    (0x0EA5, 0x0EBD),
    (0x0EC0, 0x0EFF),
    (0x1000, 0x109F),
    (0x1780, 0x17F9),
    (0x19E0, 0x19FF),
    (0x2E80, 0x2FD5),
    (0x3005, 0x3005),
    (0x3007, 0x3007),
    (0x3021, 0x3029),
    (0x3038, 0x303B),
    (0x3041, 0x3096),
    (0x309D, 0x309F),
    (0x30A1, 0x30FA),
    (0x30FD, 0x30FF),
    (0x31F0, 0x31FF),
    (0x32D0, 0x32FE),
    (0x3300, 0x3357),
    (0x3400, 0x4DBF),
    (0x4E00, 0x9FFF),
    (0xA9E0, 0xA9FE),
    (0xAA60, 0xAA7F),
    (0xF900, 0xFAD9),
    (0xFF66, 0xFF6F),
    (0xFF71, 0xFF9D),
    (0x16FE2, 0x16FF6),
    (0x1AFF0, 0x1B167),
    (0x1F200, 0x1F200),
    (0x20000, 0x3FFFF),
)
# ECMAScript's white space: Python's differs in a few control characters and the byte order mark.
_SPACE: Final = frozenset(
    "\t\n\v\f\r \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000\ufeff"
)
# What a common piece is worth: a word more than a mark, a mark more than a space.
_WORD, _MARK, _BLANK = 4, 2, 1


@dataclass(frozen=True, slots=True)
class Part:
    """A run of text. `same` and `added` in order are the new text; `same` and `removed` the old one, but for
    the kind of white space.
    """

    kind: Kind
    text: str


def difference(before: str, after: str) -> list[Part]:
    """The difference as runs in reading order, what was removed before what was added in its stead.

    White space of any kind is the same; apart from it, `same` runs stand in both, as the new one writes them.
    """
    old, new = _pieces(before), _pieces(after)
    head = 0
    while head < min(len(old), len(new)) and _key(old[head]) == _key(new[head]):
        head += 1
    most = min(len(old), len(new)) - head
    tail = 0
    while tail < most and _key(old[-1 - tail]) == _key(new[-1 - tail]):
        tail += 1
    parts = _Parts()
    for piece in new[:head]:
        parts.add("same", piece)
    for kind, piece in _inner(old[head : len(old) - tail], new[head : len(new) - tail]):
        parts.add(kind, piece)
    for piece in new[len(new) - tail :]:
        parts.add("same", piece)
    return parts.done()


def _is_word(character: str) -> bool:
    return unicodedata.category(character)[0] in "LMN"


@cache
def _expression() -> re.Pattern[str]:
    """A word, a run of white space, or one other character; scripts without spaces go letter by letter.

    A word goes on through such letters, but never begins with one.
    """
    alone = "".join(f"{chr(first)}-{chr(last)}" for first, last in _ALONE)
    # `\w` without the underscore is every letter and number; `re` has no name for marks.
    marks = "".join(
        chr(point) for point in range(sys.maxunicode) if unicodedata.category(chr(point))[0] == "M"
    )
    space = "".join(_SPACE)
    return re.compile(rf"[{alone}]|(?:[^\W_]|[{marks}])+|[{space}]+|.", re.DOTALL)


def _pieces(text: str) -> list[str]:
    return _expression().findall(text)


def _key(piece: str) -> str:
    return " " if piece[0] in _SPACE else piece


def _worth(piece: str) -> int:
    if piece[0] in _SPACE:
        return _BLANK
    return _WORD if _is_word(piece[0]) else _MARK


def _inner(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[Kind, str]]:
    """The heaviest common subsequence, written out; what is removed comes before what is added."""
    if not old or not new or (len(old) + 1) * (len(new) + 1) > MOST_COMPARISONS:
        yield from (("removed", piece) for piece in old)
        yield from (("added", piece) for piece in new)
        return
    left, right = [_key(piece) for piece in old], [_key(piece) for piece in new]
    best = _table(left, right)
    row = column = 0
    while row < len(old) or column < len(new):
        here = best[row][column]
        both = row < len(old) and column < len(new)
        taken = both and left[row] == right[column]
        if taken and here > best[row + 1][column] and here > best[row][column + 1]:
            yield "same", new[column]
            row, column = row + 1, column + 1
        elif row < len(old) and (column == len(new) or best[row + 1][column] == here):
            yield "removed", old[row]
            row += 1
        else:
            yield "added", new[column]
            column += 1


def _table(old: Sequence[str], new: Sequence[str]) -> list[list[int]]:
    """For every pair of rests, the worth of what they have in common."""
    worth = [_worth(piece) for piece in new]
    below = [0] * (len(new) + 1)
    best = [below]
    for piece in reversed(old):
        row = [0] * (len(new) + 1)
        for column in range(len(new) - 1, -1, -1):
            most = max(below[column], row[column + 1])
            if piece == new[column]:
                most = max(most, below[column + 1] + worth[column])
            row[column] = most
        best.append(row)
        below = row
    best.reverse()
    return best


class _Parts:
    """Collects runs. All that was removed between two `same` runs comes first, then all that was added; white
    space alone between two changes belongs to both, so that a changed phrase reads as one.
    """

    def __init__(self) -> None:
        self.parts: list[Part] = []
        self.text: dict[Kind, str] = {"same": "", "removed": "", "added": ""}
        self.blank = ""

    def add(self, kind: Kind, piece: str) -> None:
        if kind != "same":
            self._end("same")
            for changed in ("removed", "added"):
                self.text[changed] += self.blank
            self.blank = ""
            self.text[kind] += piece
        elif not self.text["same"] and (self.text["removed"] or self.text["added"]) and piece[0] in _SPACE:
            self.blank += piece
        else:
            self._end("removed", "added")
            self.text["same"] += self.blank + piece
            self.blank = ""

    def done(self) -> list[Part]:
        self._end("removed", "added")
        self.text["same"] += self.blank
        self._end("same")
        return self.parts

    def _end(self, *kinds: Kind) -> None:
        for kind in kinds:
            if self.text[kind]:
                self.parts.append(Part(kind, self.text[kind]))
            self.text[kind] = ""
