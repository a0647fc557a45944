"""What changed from one text of an article to another: paragraphs aligned, then words inside them. Pure.

The words come from `difference`. Which paragraphs belong together is told by what is the same around them;
inside a run that changed, the most alike ones are paired.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final, Literal

from annotator.difference import Part, difference
from annotator.paragraphs import Paragraph

MOST: Final = 2_000  # paragraphs of a text; the rest is not compared
ALIKE: Final = 0.5  # of their words two paragraphs share, to be the same one with other words
_PAIRS: Final = 400  # comparisons inside one run; above that, paragraphs are paired in order

Fate = Literal["same", "changed", "removed", "added"]


@dataclass(frozen=True, slots=True)
class Compared:
    """A paragraph and what became of it; `parts` are both texts' words in one."""

    fate: Fate
    kind: str
    parts: tuple[Part, ...]


def compare(old: Sequence[Paragraph], new: Sequence[Paragraph]) -> list[Compared]:
    """The article's paragraphs of both texts, in order; what lies around the article is left out."""
    before = [one for one in old if one.article][:MOST]
    after = [one for one in new if one.article][:MOST]
    matcher = SequenceMatcher(None, [p.text for p in before], [p.text for p in after], autojunk=False)
    told: list[Compared] = []
    for tag, i, j, k, m in matcher.get_opcodes():
        if tag == "equal":
            told += [_whole("same", one) for one in after[k:m]]
        else:
            told += _changed(before[i:j], after[k:m])
    return told


def _changed(old: Sequence[Paragraph], new: Sequence[Paragraph]) -> Iterator[Compared]:
    pairs = _paired(old, new)
    done = 0
    for index, one in enumerate(new):
        mate = pairs.get(index)
        if mate is None:
            yield _whole("added", one)
            continue
        yield from (_whole("removed", gone) for gone in old[done:mate])
        done = mate + 1
        yield Compared("changed", one.kind, tuple(difference(old[mate].text, one.text)))
    yield from (_whole("removed", gone) for gone in old[done:])


def _paired(old: Sequence[Paragraph], new: Sequence[Paragraph]) -> dict[int, int]:
    """For new ones the old one that each was, in the order of both."""
    if len(old) * len(new) > _PAIRS:
        return {index: index for index in range(min(len(old), len(new)))}
    pairs: dict[int, int] = {}
    begin = 0
    for index, one in enumerate(new):
        likeness = [(_likeness(gone.text, one.text), -mate) for mate, gone in enumerate(old) if mate >= begin]
        best, mate = max(likeness, default=(0.0, 0))
        if best >= ALIKE:
            pairs[index] = -mate
            begin = -mate + 1
    return pairs


def _likeness(one: str, other: str) -> float:
    """The part of the words of both that they share, 0 to 1."""
    here, there = one.casefold().split(), other.casefold().split()
    if not here or not there:
        return 0.0
    return SequenceMatcher(None, here, there, autojunk=False).ratio()


def _whole(fate: Fate, paragraph: Paragraph) -> Compared:
    kind: Literal["same", "removed", "added"] = "same" if fate == "changed" else fate
    return Compared(fate, paragraph.kind, (Part(kind, paragraph.text),))
