"""What differs between two texts: the vectors that both languages run, and what holds for any two."""

import json
import re
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.difference import difference

VECTORS: list[dict[str, Any]] = json.loads(
    (Path(__file__).parents[2] / "vectors" / "difference" / "cases.json").read_text("utf-8")
)
WORDS = st.lists(
    st.sampled_from(
        ["a", "b", "not", "21", "%", "我们", "x我y", "😀", ",", "  ", "é", "e\u0301", "ไทย", "\ufeff"]
    )
)


def told(before: str, after: str) -> list[dict[str, str]]:
    return [{"kind": part.kind, "text": part.text} for part in difference(before, after)]


def test_there_are_vectors() -> None:
    assert len(VECTORS) > 10


@pytest.mark.parametrize("vector", VECTORS, ids=[vector["name"] for vector in VECTORS])
def test_it_follows_the_vectors(vector: dict[str, Any]) -> None:
    assert told(vector["before"], vector["after"]) == vector["parts"]


@given(WORDS.map(" ".join), WORDS.map("".join))
def test_both_texts_can_be_read_from_it(before: str, after: str) -> None:
    parts = difference(before, after)
    new = "".join(part.text for part in parts if part.kind != "removed")
    old = "".join(part.text for part in parts if part.kind != "added")
    assert new == after
    assert re.sub(r"[\s\ufeff]+", " ", old) == re.sub(r"[\s\ufeff]+", " ", before)


def test_two_long_texts_with_nothing_in_common_are_one_change_at_once() -> None:
    before = "x " + " ".join(f"a{number}" for number in range(4_000))
    after = "x " + " ".join(f"b{number}" for number in range(4_000))
    started = time.process_time()
    assert [part.kind for part in difference(before, after)] == ["same", "removed", "added"]
    assert time.process_time() - started < 2
