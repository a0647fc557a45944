"""Pages of real paragraphs, the same page changed, and fifty highlights on it, for every size."""

from __future__ import annotations

import gzip
import html
import json
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from annotator.paragraphs import Paragraph, Position

CASES = Path(__file__).resolve().parents[1] / "anchoring" / "cases" / "real.jsonl.gz"
HIGHLIGHTS = 50
LENGTH = 150
"""Characters of a highlight."""
_OFFSET = 20
_BEGINNING = 40
_WORDS_TO_A_LINK = 40
_PARAGRAPHS_TO_A_SECTION = 12


@dataclass(frozen=True)
class Highlight:
    """Counted in the page without its headline."""

    start: Position
    end: Position

    def after_headline(self) -> tuple[Position, Position]:
        """The same in `paragraphs_of(page)`."""
        return (
            Position(self.start.paragraph + 1, self.start.offset),
            Position(self.end.paragraph + 1, self.end.offset),
        )


def page_of(size: int) -> list[Paragraph]:
    """Real paragraphs, up to `size` characters, with a headline now and then.

    The stock holds several revisions of one article: where a paragraph begins or ends as an earlier one
    did, its words stand in another order, so that a page does not quote itself.
    """
    page: list[Paragraph] = []
    length = 0
    begun: set[str] = set()
    order = random.Random(size)
    for text in _stock():
        if length >= size:
            break
        if len(page) % _PARAGRAPHS_TO_A_SECTION == 0:
            page.append(Paragraph("h2", f"Section {len(page) // _PARAGRAPHS_TO_A_SECTION + 1}"))
        words = text.split()
        if text[:_BEGINNING] in begun or text[-_BEGINNING:] in begun:
            order.shuffle(words)
        begun |= {text[:_BEGINNING], text[-_BEGINNING:]}
        page.append(Paragraph("p", " ".join(words)))
        length += len(text)
    return page


def highlights_on(page: list[Paragraph]) -> list[Highlight]:
    """Fifty stretches, spread over the page, each inside one long paragraph."""
    long = [at for at, one in enumerate(page) if len(one.text) > 2 * LENGTH]
    chosen = [long[rank * len(long) // HIGHLIGHTS] for rank in range(HIGHLIGHTS)]
    return [Highlight(Position(at, _OFFSET), Position(at, _OFFSET + LENGTH)) for at in chosen]


def as_html(page: list[Paragraph]) -> str:
    """The page as a site would send it: sections, links and stressed words inside the paragraphs."""
    body = "\n".join(_element(one) for one in page)
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>A long page</title>'
        f"<style>body {{ font: 16px/1.5 sans-serif; max-width: 40em; margin: auto }}</style>"
        f"</head><body><header><h1>A long page</h1></header>"
        f"<article>\n{body}\n</article></body></html>"
    )


def paragraphs_of(page: list[Paragraph]) -> list[Paragraph]:
    """What the extension reads on the page's HTML."""
    return [Paragraph("h1", "A long page"), *page]


Change = Callable[[list[Paragraph], set[int]], list[Paragraph]]


def _unchanged(page: list[Paragraph], highlighted: set[int]) -> list[Paragraph]:
    return page


def _shifted(page: list[Paragraph], highlighted: set[int]) -> list[Paragraph]:
    return [Paragraph("p", "Advertisement"), *page]


def _edited(page: list[Paragraph], highlighted: set[int]) -> list[Paragraph]:
    """Every seventh word of a highlighted paragraph is another one."""

    def other(text: str) -> str:
        return " ".join(f"{word[::-1]}x" if at % 7 == 3 else word for at, word in enumerate(text.split()))

    return [Paragraph(one.kind, other(one.text)) if at in highlighted else one for at, one in enumerate(page)]


def _missing(page: list[Paragraph], highlighted: set[int]) -> list[Paragraph]:
    """All highlighted paragraphs but the last are gone: the one that is painted ends the measurement."""
    gone = sorted(highlighted)[:-1]
    return [one for at, one in enumerate(page) if at not in gone]


CHANGES: dict[str, Change] = {
    "unchanged": _unchanged,
    "shifted": _shifted,
    "edited": _edited,
    "missing": _missing,
}


@cache
def _stock() -> list[str]:
    return list(dict.fromkeys(_texts()))


def _texts() -> Iterator[str]:
    with gzip.open(CASES, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield from (" ".join(text.split()) for text in json.loads(line)["before_text"] if text.split())


def _element(one: Paragraph) -> str:
    words = [html.escape(word) for word in one.text.split()]
    for at in range(_WORDS_TO_A_LINK // 2, len(words), _WORDS_TO_A_LINK):
        words[at] = f'<a href="#{at}">{words[at]}</a>' if at % 3 else f"<em>{words[at]}</em>"
    return f"<{one.kind}>{' '.join(words)}</{one.kind}>"
