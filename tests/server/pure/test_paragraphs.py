"""Digests, cuts and quotes, in code points. The extension runs the same files of vectors."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.paragraphs import (
    CONTEXT_LENGTH,
    PARAGRAPH_BREAK,
    IllFormedText,
    Paragraph,
    Position,
    PositionOutside,
    Quote,
    cut,
    digest,
    quote_at,
)

VECTORS = Path(__file__).parents[2] / "vectors" / "paragraphs"


def cases(name: str) -> list[Any]:
    found = json.loads((VECTORS / f"{name}.json").read_text("utf-8"))
    return [pytest.param(case, id=case["name"]) for case in found]


def plain(texts: list[str]) -> list[Paragraph]:
    return [Paragraph("p", text) for text in texts]


@pytest.mark.parametrize(("name", "least"), [("digests", 9), ("quotes", 15), ("outside", 12)])
def test_the_vectors_are_there(name: str, least: int) -> None:
    assert len(cases(name)) >= least


@pytest.mark.parametrize("case", cases("digests"))
def test_the_digest_names_kinds_and_texts_in_their_order(case: dict[str, Any]) -> None:
    paragraphs = [Paragraph(**paragraph) for paragraph in case["paragraphs"]]
    assert digest(paragraphs) == case["digest"]


def test_what_belongs_to_the_article_does_not_change_the_digest() -> None:
    assert digest([Paragraph("p", "a", article=True)]) == digest([Paragraph("p", "a", article=False)])


def test_half_a_surrogate_pair_has_no_digest() -> None:
    with pytest.raises(IllFormedText) as refused:
        digest(plain(["fine", "a\ud800b"]))
    assert refused.value.paragraph == 1


@pytest.mark.parametrize("case", cases("quotes"))
def test_a_quote_is_cut_with_its_context(case: dict[str, Any]) -> None:
    paragraphs, start, end = plain(case["paragraphs"]), Position(*case["start"]), Position(*case["end"])
    assert cut(paragraphs, start, end) == case["exact"]
    assert quote_at(paragraphs, start, end) == Quote(case["exact"], case["prefix"], case["suffix"])


@pytest.mark.parametrize("case", cases("outside"))
def test_a_position_outside_the_text_is_refused_by_name(case: dict[str, Any]) -> None:
    paragraphs, start, end = plain(case["paragraphs"]), Position(*case["start"]), Position(*case["end"])
    for deed in (cut, quote_at):
        with pytest.raises(PositionOutside) as refused:
            deed(paragraphs, start, end)
        assert refused.value.field == case["field"]
        assert refused.value.message


@given(st.data())
def test_prefix_exact_and_suffix_are_one_piece_of_the_page(data: st.DataObject) -> None:
    texts = data.draw(st.lists(st.text("ab😀é\n", max_size=20), min_size=1, max_size=6))
    positions = st.integers(0, len(texts) - 1).flatmap(
        lambda index: st.integers(0, len(texts[index])).map(lambda offset: Position(index, offset))
    )
    start, end = sorted([data.draw(positions), data.draw(positions)])
    quote = quote_at(plain(texts), start, end)
    whole = PARAGRAPH_BREAK.join(texts)
    at = sum(len(text) + len(PARAGRAPH_BREAK) for text in texts[: start.paragraph]) + start.offset
    assert whole[at:].startswith(quote.exact)
    assert quote.prefix == whole[max(0, at - CONTEXT_LENGTH) : at]
    after = at + len(quote.exact)
    assert quote.suffix == whole[after : after + CONTEXT_LENGTH]
