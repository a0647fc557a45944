"""Quotes placed word for word, with an honest state. The extension runs the same files of vectors."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.anchoring import Anchor, place, place_all
from annotator.paragraphs import Paragraph, Position, Quote, cut, quote_at

VECTORS = Path(__file__).parents[2] / "vectors" / "placing"
CASES: list[Any] = [
    pytest.param(case, id=f"{file.stem}: {case['name']}")
    for file in sorted(VECTORS.glob("*.json"))
    for case in json.loads(file.read_text("utf-8"))
]


def unmarked(texts: list[str]) -> tuple[list[Paragraph], Position | None, Position | None]:
    """The paragraphs without ⟦ and ⟧, and where these stood."""
    found: dict[str, Position] = {}
    paragraphs = []
    for index, text in enumerate(texts):
        for mark in "⟦⟧":
            if mark in text:
                found[mark] = Position(index, text.index(mark))
                text = text.replace(mark, "")
        paragraphs.append(Paragraph("p", text))
    return paragraphs, found.get("⟦"), found.get("⟧")


def quote_and_hint(case: dict[str, Any]) -> tuple[Quote, Position | None]:
    if "quote" in case:
        hint = case["hint"]
        return Quote(**case["quote"]), hint and Position(**hint)
    before, start, end = unmarked(case["before"])
    assert start is not None
    assert end is not None
    return quote_at(before, start, end), start if case.get("hint", True) else None


def test_the_vectors_are_there() -> None:
    assert len(CASES) >= 100


@pytest.mark.parametrize("case", CASES)
def test_it_places_a_quote_or_says_that_it_cannot(case: dict[str, Any]) -> None:
    quote, hint = quote_and_hint(case)
    after, start, end = unmarked(case["after"])
    anchor = place(after, quote, hint)
    assert (anchor.state, anchor.start, anchor.end) == (case["state"], start, end)
    if start is None or end is None:
        assert anchor.text == ""
    else:
        assert anchor.text == cut(after, start, end)


texts = st.lists(st.text("ab «»’'…ﬁ-.5\u00a0\u00ad😀日é\n", max_size=12), min_size=1, max_size=5)


@st.composite
def pages_with_spans(draw: st.DrawFn) -> tuple[list[Paragraph], Position, Position]:
    paragraphs = [Paragraph("p", text) for text in draw(texts)]
    positions = st.integers(0, len(paragraphs) - 1).flatmap(
        lambda index: st.integers(0, len(paragraphs[index].text)).map(lambda offset: Position(index, offset))
    )
    start, end = sorted([draw(positions), draw(positions)])
    return paragraphs, start, end


@given(pages_with_spans())
def test_on_the_same_page_it_finds_the_same_characters_or_nothing(
    page: tuple[list[Paragraph], Position, Position],
) -> None:
    paragraphs, start, end = page
    anchor = place(paragraphs, quote_at(paragraphs, start, end), start)
    if anchor.state != "pending":
        assert anchor.start is not None
        assert anchor.end is not None
        assert cut(paragraphs, anchor.start, anchor.end) == anchor.text
    if anchor.state == "exact":
        assert anchor.start == start
        assert anchor.text.strip() == cut(paragraphs, start, end).strip()


@given(texts, st.builds(Quote, st.text(max_size=9), st.text(max_size=9), st.text(max_size=9)))
def test_whatever_is_asked_the_answer_lies_in_the_text(page: list[str], quote: Quote) -> None:
    paragraphs = [Paragraph("p", text) for text in page]
    first, second = place_all(paragraphs, [(quote, None), (quote, Position(0, 0))])
    for anchor in (first, second):
        if anchor.start is not None and anchor.end is not None:
            assert cut(paragraphs, anchor.start, anchor.end) == anchor.text
    assert place(paragraphs, quote) == first


SENTENCE = "La même phrase se répète ici. "
HOSTILE = [
    pytest.param([SENTENCE * 5_000], Quote(SENTENCE.strip(), "ici. ", " La même"), id="5,000 copies"),
    pytest.param([SENTENCE.strip()] * 5_000, Quote(SENTENCE.strip(), "", ""), id="5,000 paragraphs alike"),
    pytest.param(["le chat dort. " * 140_000], Quote("le chat mange", "a", "b"), id="2 MB in one paragraph"),
    pytest.param(["a" * 2_000_000], Quote("a" * 16_000 + "b", "a", "a"), id="a quote that almost stands"),
    pytest.param(["a " * 1_000_000], Quote("a " * 8_000 + "b", "a", "a"), id="words that almost stand"),
    pytest.param(["a \u200b" * 500_000], Quote("a b", "a", "a"), id="nothing but gaps"),
    pytest.param(["…" * 700_000], Quote("...x", "", ""), id="nothing but ellipses"),
    pytest.param(["a"] * 100_000, Quote("a", "a\n\n", "\n\na"), id="100,000 paragraphs of one letter"),
]


@pytest.mark.parametrize(("page", "quote"), HOSTILE)
def test_a_hostile_page_gets_its_honest_answer(page: list[str], quote: Quote) -> None:
    # A quadratic walk over these would take hours; `bench` measures, this only has to end.
    assert place([Paragraph("p", text) for text in page], quote) == Anchor("pending", None, None, "")
