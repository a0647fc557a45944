"""Places a quote in paragraphs, word for word; where it does not stand or cannot be decided, says `pending`.

Never guesses: text that was edited is found again in one place only, the extension's engine, where the page
is. White space and typography are folded by `annotator/shared/typography.json`; `docs/placing.md` tells the
rules. Pure; twin of `extension/anchoring/place.ts`; both run `tests/vectors/placing/`. Linear in the text.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from annotator.copies import TELLING, Copy, Page, Sought, copies_of, copies_with_context
from annotator.paragraphs import Paragraph, Position, Quote, cut

# Inserted paragraphs may have pushed one by so many that is still in its place.
_NEAR: Final = 10


@dataclass(frozen=True, slots=True)
class Anchor:
    """Where a quote stands. With `pending`, `start` and `end` are None and `text` is empty."""

    state: Literal["exact", "moved", "pending"]
    start: Position | None
    end: Position | None
    text: str


_PENDING: Final = Anchor("pending", None, None, "")


def place(paragraphs: Sequence[Paragraph], quote: Quote, hint: Position | None = None) -> Anchor:
    """Where the quote stands word for word. `hint` is where it stood in an earlier snapshot. Never raises.

    `exact`: in its place, with its context. `moved`: the same words, elsewhere or among other words.
    `pending`: not there, or several copies that context and hint cannot tell apart.
    """
    return place_all(paragraphs, [(quote, hint)])[0]


def place_all(
    paragraphs: Sequence[Paragraph], quotes: Iterable[tuple[Quote, Position | None]]
) -> list[Anchor]:
    """`place` for many quotes of one page: the page is folded once. The answers come in the same order."""
    page = Page(paragraphs)
    return [_place(page, Sought(quote), hint) for quote, hint in quotes]


def _place(page: Page, sought: Sought, hint: Position | None) -> Anchor:
    if not sought.words:
        return _PENDING
    copies = copies_with_context(page, sought) or copies_of(page, sought)
    chosen = _choose(copies, sought, hint)
    return _PENDING if chosen is None else _judge(page, sought, chosen, copies, hint)


def _choose(copies: list[Copy], sought: Sought, hint: Position | None) -> Copy | None:
    if not copies:
        return None
    if len(copies) == 1:
        return copies[0]
    if copies[0].complete:
        # All is as recorded around several copies. One at the very place is the one; else the only near one.
        at_hint = [copy for copy in copies if copy.position == hint]
        return at_hint[0] if at_hint else _only_near(copies, hint)
    best, second = sorted(copies, key=lambda copy: -copy.weight)[:2]
    if best.weight >= TELLING and best.weight >= 2 * second.weight:
        return best
    return None if sought.is_short else _only_near(copies, hint)


def _judge(page: Page, sought: Sought, chosen: Copy, copies: list[Copy], hint: Position | None) -> Anchor:
    start, end = page.start(chosen.start), page.end(chosen.end)
    text = cut(page.paragraphs, start, end)
    # A paragraph on its own stands in its place beside a neighbour it had, or near where it stood: what was
    # inserted between paragraphs does not move them.
    in_company = not sought.fills_paragraph or chosen.neighbour_agrees
    alone_there = not sought.is_short and _only_near(copies, hint) is chosen
    if chosen.agrees and (in_company or alone_there):
        return Anchor("exact", start, end, text)
    return _PENDING if sought.is_short else Anchor("moved", start, end, text)


def _only_near(copies: list[Copy], hint: Position | None) -> Copy | None:
    """The one copy near the hint whose context in its own paragraph agrees."""
    if hint is None:
        return None
    near = [copy for copy in copies if copy.agrees and abs(copy.position.paragraph - hint.paragraph) <= _NEAR]
    return near[0] if len(near) == 1 else None
