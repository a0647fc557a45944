"""Whatever takes bytes from outside, given random and nearly right ones: never a 5xx, never an exception.

`FUZZ_EXAMPLES` sets how many for each door (`python3 dev.py bench hostile fuzz-…` has many).
"""

from __future__ import annotations

import gzip
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote_from_bytes

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rest_framework.exceptions import ParseError

from annotator import backups
from annotator.api.bodies import read_json
from annotator.paragraphs import digest
from annotator.services.restoring import write_backup
from annotator.url_key import is_web_address, normalise, url_key
from annotator.uuid7 import uuid7
from tests.server.people import PAGE, Person, address, highlight, page, said

fuzz = settings(
    max_examples=int(os.environ.get("FUZZ_EXAMPLES", "40")), deadline=None, database=None,
    derandomize="FUZZ_EXAMPLES" not in os.environ, suppress_health_check=list(HealthCheck),
)  # fmt: skip

SEEDS = [
    highlight(), page(), {"items": [{"method": "PUT", "id": str(uuid7()), "annotation": highlight()}]},
    {"engine": 1, "anchors": [{"annotation": str(uuid7()), "state": "orphaned"}]}, {},
]  # fmt: skip
JUNK = st.sampled_from([
    *(rb"\u0000", rb"\ud800", b'"', b"\\", b"{", b"[", b"}", b"]", b"1e999", b"-", b"NaN", b"null", b","),
    *(b"\x00", b"\xff", b"9" * 30, b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b" ", b"\r\n", b"%00", b":"),
])  # fmt: skip
DOORS = [
    "PUT annotations/{new}", "PUT annotations/{id}", "PATCH annotations/{id}", "DELETE annotations/{id}",
    "POST annotations", "POST annotations/batch", "POST annotations/{id}/restore",
    "PUT snapshots/{digest}", "PUT snapshots/{digest}/anchors",
]  # fmt: skip
QUERIES = [
    "annotations?cursor={}",
    "annotations?url={}",
    "annotations?q={}",
    "annotations?tag={}",
    "annotations?color={}",
    "annotations?document={}",
    "annotations?limit={}",
    "annotations?{}",
    "documents?cursor={}",
    "documents?url={}",
    "changes?since={}",
    "changes?limit={}",
    "changes?epoch={}",
    "changes?since=0&{}",
    "snapshots/{}",
    "documents/{}",
    "{}",
]
CURSORS = st.from_regex(rb"[0-9]{0,20}-[0-9a-f]{30,34}", fullmatch=True)


@st.composite
def nearly(draw: st.DrawFn, whole: bytes) -> bytes:
    """Right bytes with some cut out, doubled, or replaced by what is worst there."""
    found = whole
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(found)))
        to = min(len(found), at + draw(st.integers(0, 12)))
        found = (
            found[:at] + draw(st.one_of(JUNK, st.binary(max_size=4), st.just(found[at:to] * 2))) + found[to:]
        )
    return found


BODIES = st.one_of(
    st.binary(max_size=60), *(nearly(json.dumps(seed, ensure_ascii=False).encode()) for seed in SEEDS)
)
WORDS = st.one_of(
    st.binary(max_size=40), nearly(b"1763900000000000-0193f0a0b0c070008000000000000000"), CURSORS
)
# What a client may put into a header: no line breaks, which end it.
HEADERS = st.text(st.characters(codec="latin-1", exclude_characters="\r\n"), max_size=40)
PIECES_OF_TAGS = st.lists(st.sampled_from(['"', "W/", "1", ",", "*", " ", "\\"]), max_size=12)
TAGS = st.one_of(HEADERS, PIECES_OF_TAGS.map("".join))
CONDITIONS = st.sampled_from(["If-Match", "If-None-Match", "X-Request-Id"])
FORMS = st.sampled_from(["/oauth/token/", "/oauth/revoke/", "/oauth/authorize/", "/sign-in/"])


@contextmanager
def no_crash(*what: object) -> Iterator[None]:
    """Answers of 5xx are exceptions here: the test's client raises what a view lets through."""
    try:
        yield
    except Exception as crash:
        raise AssertionError(f"{what!r}: {type(crash).__name__}") from crash


def fine(response: Any, *what: object) -> None:
    assert response.status_code < 500, (what, response.content[:300])
    if response.status_code >= 400:
        assert said(response)["error"].keys() == {"code", "message", "fields"}, (what, response.content[:300])


@pytest.fixture
def made(ada: Person) -> str:
    ada.saves_page()
    return str(ada.highlights()["id"])


@pytest.mark.django_db
def test_no_body_breaks_a_door(ada: Person, made: str) -> None:
    @fuzz
    @given(
        st.sampled_from(DOORS), BODIES, st.sampled_from(["If-Match", "If-None-Match", "X-Request-Id"]), TAGS
    )
    def send(door: str, body: bytes, header: str, value: str) -> None:
        method, path = door.format(new=uuid7(), id=made, digest=digest(PAGE)).split()
        url = address(f"libraries/me/{path}")
        with no_crash(door, body, header, value):
            fine(
                ada.http.generic(method, url, body, content_type="application/json", headers={header: value}),
                door, body, header, value,
            )  # fmt: skip

    send()


@pytest.mark.django_db
def test_no_query_breaks_a_question(ada: Person, made: str) -> None:
    @fuzz
    @given(st.sampled_from(QUERIES), WORDS)
    def ask(question: str, word: bytes) -> None:
        url = address("libraries/me/" + question.format(quote_from_bytes(word)))
        with no_crash(question, word):
            fine(ada.http.generic("GET", url), question, word)

    ask()


@pytest.mark.django_db
def test_no_token_and_no_type_breaks_the_entrance(ada: Person) -> None:
    @fuzz
    @given(HEADERS, HEADERS, st.sampled_from(["Bearer ", "bearer", "Bearer ann_", ""]))
    def enter(token: str, kind: str, scheme: str) -> None:
        headers = {"Authorization": scheme + token}
        with no_crash(scheme, token, kind):
            answer = ada.http.generic(
                "POST", address("libraries/me/annotations"), b"{}", content_type=kind, headers=headers
            )
            fine(answer, scheme, token, kind)

    enter()


@pytest.mark.django_db
def test_no_form_breaks_the_doors_of_oauth(ada: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    # 429 after a while would keep the rest from being looked at.
    monkeypatch.setattr("annotator.services.attempts.MOST", dict.fromkeys(
        [("sign-in", "account"), ("sign-in", "address"), ("token", "account"), ("token", "address")], 10**9
    ))  # fmt: skip
    right = b"grant_type=refresh_token&refresh_token=abc&client_id=annotator-extension&code=x&redirect_uri=http://a"

    @fuzz
    @given(FORMS, nearly(right))
    def ask(url: str, form: bytes) -> None:
        with no_crash(url, form):
            sent = ada.http.generic("POST", url, form, content_type="application/x-www-form-urlencoded")
            asked = ada.http.generic("GET", f"{url}?{quote_from_bytes(form, safe='=&')}")
            assert max(sent.status_code, asked.status_code) < 500, (url, form)

    ask()


@fuzz
@given(st.one_of(st.binary(max_size=200), BODIES))
def test_no_bytes_break_the_reader_of_json(body: bytes) -> None:
    with suppress(ParseError):
        read_json(body)


def _text(raw: bytes) -> str:
    """Bytes as a text that may hold half surrogate pairs, as one from JavaScript may."""
    try:
        return raw.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return raw.decode("latin-1")


ADDRESS = b"https://user@www.ex%41mple.org:80/a/../b?utm_source=1&b=%C3%A9#!/x"


@fuzz
@given(st.one_of(st.text(), nearly(ADDRESS).map(_text)))
def test_no_text_breaks_a_url_key(text: str) -> None:
    assert len(url_key(text)) == 64
    assert normalise(normalise(text)) == normalise(text)
    assert is_web_address(text) in (True, False)


@pytest.mark.django_db(transaction=True)
def test_no_damage_breaks_the_reader_of_backups(ada: Person, tmp_path: Path) -> None:
    ada.highlights()
    write_backup(file=tmp_path / "whole")
    whole = (tmp_path / "whole").read_bytes()
    plain = gzip.decompress(whole)

    @fuzz
    @given(st.one_of(nearly(whole), nearly(plain).map(gzip.compress), st.binary(max_size=100)))
    def look(damaged: bytes) -> None:
        if damaged in (whole, b"") or (damaged[:2] == b"\x1f\x8b" and _opened(damaged) == plain):
            return
        (tmp_path / "damaged").write_bytes(damaged)
        with pytest.raises(backups.NotABackup):
            backups.check(tmp_path / "damaged")

    look()


def _opened(damaged: bytes) -> bytes | None:
    try:
        return gzip.decompress(damaged)
    except Exception:
        return None
