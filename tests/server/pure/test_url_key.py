"""Which addresses count as the same page: `docs/same-page.md` as cases. The extension runs the same files."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.url_key import MAX_ADDRESS_LENGTH, is_web_address, normalise, url_key

VECTORS = Path(__file__).parents[2] / "vectors" / "url_key"
SAME: list[dict[str, Any]] = json.loads((VECTORS / "same.json").read_text("utf-8"))
DIFFERENT: list[dict[str, Any]] = json.loads((VECTORS / "different.json").read_text("utf-8"))
KEYS: list[dict[str, str]] = json.loads((VECTORS / "keys.json").read_text("utf-8"))
WEB_ADDRESSES: dict[str, Any] = json.loads((VECTORS / "web-addresses.json").read_text("utf-8"))

SPELLINGS = [
    pytest.param(spelling, case["normalised"], id=f"{case['name']} {index}")
    for case in SAME
    for index, spelling in enumerate(case["spellings"])
]
PIECES = ["http://", "https:", "www.", "/", "//", "amp", ".amp", ".html", "?", "&", "=", "#", "#!", "#/", "%"]
PIECES += [
    "2",
    "%2e",
    "%2E%2e",
    "%C3%A9",
    "é",
    "日本",
    "😀",
    "\ud800",
    "@",
    ":",
    ":80",
    "utm_source=x",
    "amp=1",
]
PIECES += [
    "example.com",
    "xn--",
    "[::1]",
    "1.2.3.4",
    "..",
    "\\",
    " ",
    "\t",
    "\x00",
    ":~:",
    "|",
    "^",
    "file://",
]
addresses = st.one_of(
    st.text(st.characters()),
    st.lists(st.sampled_from(PIECES)).map("".join),
    st.lists(st.sampled_from(PIECES)).map(lambda pieces: "http://www.example.com/" + "".join(pieces)),
)


def test_the_vectors_are_there() -> None:
    assert len(SPELLINGS) >= 60
    assert len(DIFFERENT) >= 10
    assert len(KEYS) >= 4
    assert len(WEB_ADDRESSES["accepted"]) >= 10
    assert len(WEB_ADDRESSES["refused"]) >= 30


@pytest.mark.parametrize(("spelling", "normalised"), SPELLINGS)
def test_it_finds_the_one_spelling_of_a_page(spelling: str, normalised: str) -> None:
    assert normalise(spelling) == normalised


@pytest.mark.parametrize("case", DIFFERENT, ids=lambda case: case["name"])
def test_it_keeps_different_pages_apart(case: dict[str, Any]) -> None:
    assert len({url_key(address) for address in case["addresses"]}) == len(case["addresses"])


@pytest.mark.parametrize("case", KEYS, ids=lambda case: case["address"])
def test_the_key_is_the_digest_of_the_one_spelling(case: dict[str, str]) -> None:
    assert url_key(case["address"]) == case["key"]


@given(addresses)
def test_normalising_never_raises_and_is_idempotent(address: str) -> None:
    once = normalise(address)
    assert normalise(once) == once
    assert url_key(address) == url_key(once)


def test_an_address_longer_than_any_document_may_have_stays_as_it_is() -> None:
    longest = "http://www.example.com/".ljust(MAX_ADDRESS_LENGTH, "a")
    assert normalise(longest).startswith("https://example.com/")
    assert normalise(longest + "a") == longest + "a"
    assert len(url_key("www." * 1_000_000)) == 64


@pytest.mark.parametrize("address", WEB_ADDRESSES["accepted"])
def test_it_accepts_a_web_address(address: str) -> None:
    assert is_web_address(address)


@pytest.mark.parametrize("case", WEB_ADDRESSES["refused"], ids=lambda case: case["name"])
def test_it_refuses_what_is_no_web_address(case: dict[str, str]) -> None:
    assert not is_web_address(case["address"])


def test_it_counts_the_length_of_an_address_in_code_points() -> None:
    longest = "https://example.com/".ljust(MAX_ADDRESS_LENGTH, "😀")
    assert is_web_address(longest)
    assert not is_web_address(longest + "a")


@given(addresses)
def test_judging_an_address_never_raises(address: str) -> None:
    assert is_web_address(address) in (True, False)
