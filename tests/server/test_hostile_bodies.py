"""Bodies that no client of ours sends: a 4xx in the one shape, on every door that writes, and no row."""

from __future__ import annotations

import gzip
import json
from typing import Any

import pytest

from annotator import limits
from annotator.api.bodies import read_json
from annotator.models.annotations import Annotation
from annotator.models.documents import Document, Snapshot
from annotator.models.events import Event
from annotator.paragraphs import Paragraph, digest
from annotator.uuid7 import uuid7
from tests.server.people import PAGE, Person, address, highlight, page, refused, said, target

pytestmark = pytest.mark.django_db

DOORS = ("put annotation", "patch annotation", "post annotation", "post batch", "put snapshot", "put anchors")
DEEP = b"[" * 100_000


def text(value: object) -> bytes:
    return json.dumps(value).encode()


BODIES: dict[str, tuple[bytes, str, int]] = {
    "nothing": (b"", "application/json", 400),
    "no JSON": (b"{'a': 1}", "application/json", 400),
    "half of it": (b'{"note": "', "application/json", 400),
    "a list": (b"[]", "application/json", 400),
    "a number": (b"7", "application/json", 400),
    "null": (b"null", "application/json", 400),
    "a text": (b'"x"', "application/json", 400),
    "NUL as it is": (b'{"note": "\x00"}', "application/json", 400),
    "NUL escaped": (rb'{"note": "a\u0000b"}', "application/json", 400),
    "NUL in a key": (rb'{"a\u0000b": 1}', "application/json", 400),
    "half a surrogate pair": (rb'{"note": "\ud83d"}', "application/json", 400),
    "the other half": (rb'{"note": "\udf88 x"}', "application/json", 400),
    "the halves in the wrong order": (rb'{"note": "\udf88\ud83d"}', "application/json", 400),
    "half a pair in a deep list": (rb'{"tags": [["x", {"y": "\ud800"}]]}', "application/json", 400),
    "no UTF-8": (b'{"note": "\xff\xfe"}', "application/json", 400),
    "a surrogate in UTF-8": (b'{"note": "\xed\xa0\x80"}', "application/json", 400),
    "overlong UTF-8": (b'{"note": "\xc0\xaf"}', "application/json", 400),
    "UTF-16": ('{"note": "x"}'.encode("utf-16"), "application/json", 400),
    "a byte order mark": (b'\xef\xbb\xbf{"note": "x"}', "application/json", 400),
    "NaN": (b'{"note": NaN}', "application/json", 400),
    "infinity": (b'{"note": -Infinity}', "application/json", 400),
    "a number beyond floats": (b'{"note": 1e999}', "application/json", 400),
    "a huge number": (b'{"note": ' + b"9" * 100_000 + b"}", "application/json", 400),
    "2 to the 53rd": (b'{"note": 9007199254740992}', "application/json", 400),
    "a key twice": (b'{"note": "a", "note": "b"}', "application/json", 400),
    "a key twice, deep": (b'{"target": {"quote": {"exact": "a", "exact": "b"}}}', "application/json", 400),
    "100,000 brackets": (DEEP, "application/json", 400),
    "100,000 brackets and their ends": (DEEP + b"]" * 100_000, "application/json", 400),
    "100,000 braces": (b'{"a":' * 100_000 + b"1" + b"}" * 100_000, "application/json", 400),
    "33 levels": (b"[" * 33 + b"]" * 33, "application/json", 400),
    "100,000 quotation marks": (b'"\\' * 100_000, "application/json", 400),
    "another charset": (b"{}", "application/json; charset=latin-1", 415),
    "a form": (b"a=1", "application/x-www-form-urlencoded", 415),
    "a multipart form": (b"--x--", "multipart/form-data; boundary=x", 415),
    "XML": (b"<a/>", "application/xml", 415),
    "plain text": (b"{}", "text/plain", 415),
    "a type that is none": (b"{}", "json", 415),
    "an unknown key": (b'{"colour": "red"}', "application/json", 400),
}


def send(who: Person, door: str, made: str, body: bytes, kind: str, **headers: str) -> Any:
    method, what = door.split()
    paths = {
        "annotation": f"libraries/me/annotations/{uuid7() if method == 'put' else made}",
        "snapshot": f"libraries/me/snapshots/{digest(PAGE)}",
        "anchors": f"libraries/me/snapshots/{digest(PAGE)}/anchors",
    }
    posts = {"annotation": "libraries/me/annotations", "batch": "libraries/me/annotations/batch"}
    path = (posts if method == "post" else paths)[what]
    return who.http.generic(method.upper(), address(path), body, content_type=kind, headers=headers)


def counts() -> tuple[int, ...]:
    return tuple(model.objects.count() for model in (Annotation, Document, Snapshot, Event))


@pytest.mark.parametrize("door", DOORS)
def test_every_door_refuses_every_one(ada: Person, door: str) -> None:
    made = ada.highlights()["id"]
    before = counts()
    for name, (body, kind, status) in BODIES.items():
        response = send(ada, door, made, body, kind)
        assert response.status_code == status, (name, response.content[:300])
        refused(response, status)
        assert counts() == before, name


@pytest.mark.parametrize("door", DOORS)
def test_every_door_has_its_size(ada: Person, door: str) -> None:
    made = ada.highlights()["id"]
    large = {"put snapshot": limits.SNAPSHOT_BODY_BYTES, "post batch": limits.BATCH_BODY_BYTES}
    most = large.get(door, limits.BODY_BYTES)
    refused(send(ada, door, made, b" " * (most + 1), "application/json"), 413)
    refused(send(ada, door, made, b" " * most, "application/json"), 400)


@pytest.mark.parametrize("door", DOORS)
def test_compressed_bodies_are_refused_unopened(ada: Person, door: str) -> None:
    made = ada.highlights()["id"]
    bomb = gzip.compress(b" " * 50_000_000)
    refused(send(ada, door, made, bomb, "application/json", **{"Content-Encoding": "gzip"}), 415)


@pytest.mark.parametrize("door", DOORS)
def test_a_body_without_a_length_is_refused_and_not_lost(ada: Person, door: str) -> None:
    made = ada.highlights()["id"]
    response = send(ada, door, made, b"", "application/json", **{"Transfer-Encoding": "chunked"})
    assert refused(response, 411)["code"] == "length_required"


def test_a_note_of_two_megabytes_is_too_large(ada: Person) -> None:
    refused(ada.post("libraries/me/annotations", highlight(note="x" * 2_000_000)), 413)


WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "no motivation": ({"motivation": None}, "motivation"),
    "a motivation of others": ({"motivation": "tagging"}, "motivation"),
    "motivation as a list": ({"motivation": ["highlighting"]}, "motivation"),
    "an unknown color": ({"color": "red"}, "color"),
    "a color as number": ({"color": 1}, "color"),
    "a script as address": ({"url": "javascript:alert(1)"}, "url"),
    "data as address": ({"url": "data:text/html,x"}, "url"),
    "no address": ({"url": ""}, "url"),
    "null as address": ({"url": None}, "url"),
    "a relative address": ({"url": "/story"}, "url"),
    "an address with a password": ({"url": "https://a:b@example.org/"}, "url"),
    "an endless address": ({"url": "https://example.org/" + "a" * 9000}, "url"),
    "a note as number": ({"note": 5}, "note"),
    "a note as truth": ({"note": True}, "note"),
    "null as note": ({"note": None}, "note"),
    "a note as object": ({"note": {}}, "note"),
    "a note above 64 KiB": ({"note": "é" * (32 * 1024 + 1)}, "note"),
    "tags as text": ({"tags": "a,b"}, "tags"),
    "tags as object": ({"tags": {"a": 1}}, "tags"),
    "a tag as number": ({"tags": ["a", 1]}, "tags.1"),
    "an empty tag": ({"tags": ["a", " "]}, "tags.1"),
    "a tag of 101 characters": ({"tags": ["x" * 101]}, "tags"),
    "101 tags": ({"tags": [str(number) for number in range(101)]}, "tags"),
    "a parent that is no id": ({"parent": "x"}, "parent"),
    "a parent as number": ({"parent": 1}, "parent"),
    "no target": ({"target": None}, "target.quote.exact"),
    "a target as list": ({"target": []}, "target"),
    "a target as text": ({"target": "x"}, "target"),
    "id as number": ({"id": 7}, "id"),
}
WRONG_TARGETS: dict[str, tuple[dict[str, Any], str]] = {
    "a short digest": ({"snapshot": "abc"}, "target.snapshot"),
    "a digest in capitals": ({"snapshot": "A" * 64}, "target.snapshot"),
    "a digest with a line end": ({"snapshot": "a" * 64 + "\n"}, "target.snapshot"),
    "a digest as number": ({"snapshot": 5}, "target.snapshot"),
    "an offset below zero": ({"start": {"paragraph": 1, "offset": -1}}, "target.start.offset"),
    "an offset as text": ({"start": {"paragraph": 1, "offset": "0"}}, "target.start.offset"),
    "an offset as fraction": ({"start": {"paragraph": 1, "offset": 0.5}}, "target.start.offset"),
    "an offset as a whole fraction": ({"start": {"paragraph": 1, "offset": 0.0}}, "target.start.offset"),
    "an offset as truth": ({"start": {"paragraph": 1, "offset": False}}, "target.start.offset"),
    "null as offset": ({"start": {"paragraph": 1, "offset": None}}, "target.start.offset"),
    "an offset beyond 32 bits": ({"end": {"paragraph": 1, "offset": 2**31}}, "target.end.offset"),
    "no offset": ({"end": {"paragraph": 1}}, "target.end.offset"),
    "a place as number": ({"end": 7}, "target.end"),
    "the end before the start": ({"end": {"paragraph": 0, "offset": 1}}, "target.end"),
    "nothing between": ({"end": {"paragraph": 1, "offset": 0}}, "target.end"),
    "only a start": ({"end": None}, "target.end"),
    "only an end": ({"start": None}, "target.start"),
    "no snapshot": ({"snapshot": None}, "target.snapshot"),
    "no quote": ({"quote": None}, "target.quote.exact"),
    "an empty quote": ({"quote": {"exact": " \u00a0"}}, "target.quote.exact"),
    "a quote as number": ({"quote": {"exact": 7}}, "target.quote.exact"),
    "a quote above 32 KiB": ({"quote": {"exact": "x" * (32 * 1024 + 1)}}, "target.quote.exact"),
    "an endless prefix": ({"quote": {"exact": "x", "prefix": "x" * 201}}, "target.quote.prefix"),
    "an unknown key": ({"selector": []}, "target.selector"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_field_is_named(ada: Person, name: str) -> None:
    change, field = WRONG[name]
    refused(ada.put(f"libraries/me/annotations/{uuid7()}", highlight(**change)), 400, field)
    assert counts() == (0, 0, 0, 0)


@pytest.mark.parametrize("name", WRONG_TARGETS)
def test_a_wrong_target_is_named(ada: Person, name: str) -> None:
    change, field = WRONG_TARGETS[name]
    body = highlight(target=target() | change)
    refused(ada.put(f"libraries/me/annotations/{uuid7()}", body), 400, field)
    assert counts() == (0, 0, 0, 0)


def test_a_page_note_with_a_place_is_refused(ada: Person) -> None:
    refused(ada.post("libraries/me/annotations", highlight(motivation="describing")), 400, "target")


def test_strange_characters_are_kept_exactly(ada: Person) -> None:
    note = "\u0001\u0008\u001f\u007f\u0085\u2028\u2029\u202e\u2066\ufeff\ufffe\uffff e\u0301 é 🎈 \r\n\t"
    made = ada.highlights(note=note, tags=["\u202etag\u0001"])
    read = said(ada.get(f"libraries/me/annotations/{made['id']}"))
    assert read["note"] == note
    assert read["tags"] == ["\u202etag\u0001"]
    odd = [Paragraph("p", "a\u0001\u202e\u2028b")]
    assert ada.put(f"libraries/me/snapshots/{digest(odd)}", page(odd)).status_code == 201
    assert said(ada.get(f"libraries/me/snapshots/{digest(odd)}"))["paragraphs"][0]["text"] == odd[0].text


def test_what_is_just_within_the_limits_is_kept(ada: Person) -> None:
    made = ada.highlights(
        note="é" * (32 * 1024),
        tags=[f"{number:0100}" for number in range(100)],
    )
    assert len(made["note"]) == 32 * 1024
    assert len(made["tags"]) == 100


def test_thirty_two_levels_are_read() -> None:
    body = b"[" * 32 + b'"]]]]]"' + b"]" * 32
    assert read_json(body)


def test_an_escaped_pair_is_one_character(ada: Person) -> None:
    assert read_json(rb'"\ud83c\udf88"') == "🎈"


def test_a_large_snapshot_is_taken(ada: Person) -> None:
    long = [Paragraph("p", f"{number} " + "mot " * 40) for number in range(20_000)]
    response = ada.saves_page(long)
    assert response.status_code == 201
    refused(ada.put(f"libraries/me/snapshots/{'0' * 64}", page([*long, long[0]])), 400, "paragraphs")
