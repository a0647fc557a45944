"""Text as the words that are searched: folded, and cut the same way for the index and for a query.

The rules are written down in `docs/search.md`. Pure; offsets count code points of the raw text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from enum import Enum
from functools import lru_cache
from itertools import pairwise
from typing import Final, NamedTuple

LONGEST: Final = 64  # characters; what is longer is cut into words of this length
BARRIER: Final = "¶"  # stands between two tags, so that no phrase reaches from one into the next


class Kind(Enum):
    """What a word is made of."""

    WORD = "letters and digits"
    SYMBOL = "one emoji or the like"
    PAIR = "two neighbours of a script that sets no spaces"
    LAST = "the last character of such a run"


class Word(NamedTuple):
    """A word of a text, and where it stands there."""

    text: str
    start: int
    end: int
    kind: Kind


# Scripts without spaces, and Korean, whose endings hang on the word: Thai, Lao, Tibetan; Burmese; Khmer and
# its neighbours; Han, kana, bopomofo; Hangul; half-width kana; rare Han.
_RUNS: Final = re.compile(
    "[\u0e00-\u0fff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u1950-\u19df\u1a20-\u1aaf\u2e80-\u2fdf\u3005-\u3007"
    "\u3021-\u302f\u3031-\u303c\u3040-\u31bf\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97f\ua9e0-\ua9ff"
    "\uaa60-\uaa7f\uac00-\ud7ff\uf900-\ufaff\uff66-\uffdc\U0001aff0-\U0001b16f\U00020000-\U000323af]"
)
# Accents by their canonical combining class (Unicode 4.3): overlays, nukta, points of Hebrew and Arabic, tone
# marks of Thai and Lao, everything above and below. Viramas, vowels and voiced kana stay.
_ACCENTS: Final = frozenset({1, 7, 107, 122, *range(10, 37), *range(200, 241)})
# Letters that no decomposition opens; and letters of Arabic that are written one for the other.
_SPELLED: Final = {
    "œ": "oe", "æ": "ae", "ø": "o", "đ": "d", "ð": "d", "ł": "l", "ħ": "h", "þ": "th", "ı": "i", "ŋ": "n",
    "ى": "ي", "ی": "ي", "ک": "ك", "ة": "ه",
}  # fmt: skip
_LEFT_OUT: Final = frozenset("\u034f\u0640\u180b\u180c\u180d\u180f")  # joiner, tatweel, variation selectors
_APART: Final = frozenset("⁰¹²³⁴⁵⁶⁷⁸⁹™℠")  # footnotes and marks are no part of the word before them
# "The", and "and", "with", "as", "so", "for" before it, which Arabic writes as one with the word behind them.
_ARTICLE: Final = re.compile("(?:[وبكف]?ال|لل)(?=..)")
_ARTICLE_OF_A_BEGINNING: Final = re.compile("(?:[وبكف]?ال|لل)(?=.)")
_CHUNK: Final = re.compile(r"\S+")
_PLAIN: Final = re.compile("[0-9A-Za-z]+")


def words(text: str) -> list[Word]:
    """The text's words in reading order."""
    found: list[Word] = []
    for chunk in _CHUNK.finditer(text):
        written, offset = chunk[0], chunk.start()
        if written.isascii():
            for plain in _PLAIN.finditer(written):
                found += _cut(plain[0].lower(), offset + plain.start(), offset + plain.end())
        elif len(written) > LONGEST:
            found += _shifted(_words_of_chunk(written), offset)
        else:
            found += _shifted(_remembered(written), offset)
    return found


def spaced(text: str) -> str:
    """The words alone, with one blank between."""
    return " ".join(word.text for word in words(text))


def spaced_tags(tags: Iterable[str]) -> str:
    """The words of all tags, with a barrier between two tags."""
    return f" {BARRIER} ".join(filter(None, (spaced(tag) for tag in sorted(tags))))


def fold(text: str) -> str:
    """The text without case and accents, ligatures and full-width forms opened, white space as single blanks.

    Done in Python, because each database has its own idea of case.
    """
    return " ".join("".join(folded(cluster) for _, cluster in _clusters(text)).split())


@lru_cache(maxsize=8192)
def folded(cluster: str) -> str:
    """A character with its marks, folded; "" for what is left out."""
    opened = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", cluster).casefold())
    kept = "".join(_letter(character) for character in opened)
    return unicodedata.normalize("NFC", kept)  # Hangul and voiced kana are whole again


def without_article(word: str, *, beginning: bool = False) -> str:
    """An Arabic word without its article; of a `beginning`, one letter behind the article is enough."""
    article = (_ARTICLE_OF_A_BEGINNING if beginning else _ARTICLE).match(word)
    return word[article.end() :] if article else word


def _letter(character: str) -> str:
    if character in _SPELLED:
        return _SPELLED[character]
    category = unicodedata.category(character)
    if category == "Nd":
        return str(unicodedata.decimal(character))
    accent = unicodedata.combining(character) in _ACCENTS
    if accent or category in ("Cf", "Me") or character in _LEFT_OUT or "\ufe00" <= character <= "\ufe0f":
        return ""
    return character


def _clusters(text: str) -> Iterator[tuple[int, str]]:
    """Each character together with the marks and the Hangul vowels and finals behind it; where it begins."""
    start = 0
    for at, character in enumerate(text):
        if at > start and not _hangs_on(character):
            yield start, text[start:at]
            start = at
    if text:
        yield start, text[start:]


def _hangs_on(character: str) -> bool:
    if character < "\u0300":
        return False
    return unicodedata.category(character)[0] == "M" or "\u1160" <= character <= "\u11ff"


def _words_of_chunk(chunk: str) -> list[Word]:
    return list(_joined(_units(chunk)))


_remembered = lru_cache(maxsize=8192)(_words_of_chunk)


def _shifted(found: Iterable[Word], offset: int) -> Iterator[Word]:
    return (Word(text, start + offset, end + offset, kind) for text, start, end, kind in found)


class _Unit(NamedTuple):
    """A folded character with its marks; `kind` None for what ends a word."""

    text: str
    start: int
    end: int
    kind: Kind | None


def _units(chunk: str) -> Iterator[_Unit]:
    for start, cluster in _clusters(chunk):
        end = start + len(cluster)
        if cluster[0] in _APART:
            yield _Unit("", start, start, None)
        unit = ""
        for character in folded(cluster):
            if unit and unicodedata.category(character)[0] != "M":
                yield _Unit(unit, start, end, _kind(unit))
                unit = ""
            unit += character
        if unit:
            yield _Unit(unit, start, end, _kind(unit))
        if cluster[0] in _APART:
            yield _Unit("", end, end, None)


def _kind(unit: str) -> Kind | None:
    category = unicodedata.category(unit[0])
    if _RUNS.match(unit) and category[0] in "LNM":
        return Kind.PAIR
    if category == "So" and unit[0] >= "\u2100":
        return Kind.SYMBOL
    return Kind.WORD if category[0] in "LNM" else None


def _joined(units: Iterable[_Unit]) -> Iterator[Word]:
    """Units of one kind that stand side by side, as words."""
    run: list[_Unit] = []
    for unit in units:
        if run and run[-1].kind is not unit.kind:
            yield from _finished(run)
            run = []
        if unit.kind is Kind.SYMBOL:
            yield Word(unit.text, unit.start, unit.end, Kind.SYMBOL)
        elif unit.kind is not None:
            run.append(unit)
    if run:
        yield from _finished(run)


def _finished(run: list[_Unit]) -> Iterator[Word]:
    if run[0].kind is Kind.PAIR:
        for one, two in pairwise(run):
            yield Word(one.text + two.text, one.start, two.end, Kind.PAIR)
        last = run[-1]
        yield Word(last.text, last.start, last.end, Kind.LAST)
        return
    for at in range(0, len(run), LONGEST):
        piece = run[at : at + LONGEST]
        text = "".join(unit.text for unit in piece)
        yield Word(without_article(text), piece[0].start, piece[-1].end, Kind.WORD)


def _cut(plain: str, start: int, end: int) -> list[Word]:
    if end - start <= LONGEST:
        return [Word(plain, start, end, Kind.WORD)]
    return [
        Word(plain[at : at + LONGEST], start + at, min(start + at + LONGEST, end), Kind.WORD)
        for at in range(0, len(plain), LONGEST)
    ]
