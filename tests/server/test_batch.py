"""POST …/annotations/batch: a result for each item, in order, and no item in another's way."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext

from annotator import limits
from annotator.api import batch, one_annotation
from annotator.models.annotations import Annotation
from annotator.models.events import Event
from annotator.models.libraries import Library
from annotator.uuid7 import uuid7
from tests.server.people import Json, Person, highlight, refused, said

pytestmark = pytest.mark.django_db


def put(id: object | None = None, **changes: Any) -> Json:
    return {"method": "PUT", "id": str(id or uuid7()), "annotation": highlight(**changes)}


def sends(who: Person, *items: Any, library: object = "me") -> list[Json]:
    response = who.post(f"libraries/{library}/annotations/batch", {"items": list(items)})
    assert response.status_code == 200, response.content
    results: list[Json] = said(response)["results"]
    assert all(one.keys() == {"status", "etag", "annotation", "error"} for one in results)
    return results


def statuses(results: list[Json]) -> list[int]:
    return [one["status"] for one in results]


def test_a_hundred_are_written_in_order(ada: Person) -> None:
    items = [put(note=str(number)) for number in range(limits.BATCH_ITEMS)]
    results = sends(ada, *items)
    assert statuses(results) == [201] * limits.BATCH_ITEMS
    assert [one["annotation"]["id"] for one in results] == [item["id"] for item in items]
    stored = Annotation.objects.order_by("version").values_list("note", flat=True)
    assert list(stored) == [str(number) for number in range(limits.BATCH_ITEMS)]


def test_a_result_is_what_a_request_of_its_own_is_answered(ada: Person) -> None:
    item = put(note="same")
    [result] = sends(ada, item)
    alone = ada.get(f"libraries/me/annotations/{item['id']}")
    assert result == {"status": 201, "etag": alone["ETag"], "annotation": said(alone), "error": None}


def test_a_batch_sent_again_changes_nothing(ada: Person) -> None:
    gone = ada.highlights()["id"]
    items = [
        put() | {"if_none_match": "*"},
        put() | {"if_none_match": "*"},
        {"method": "DELETE", "id": gone, "if_match": '"1"'},
    ]
    assert statuses(sends(ada, *items)) == [201, 201, 204]
    events = Event.objects.count()
    again = sends(ada, *items)
    assert statuses(again) == [200, 200, 204]
    assert [one["etag"] for one in again] == ['"1"', '"1"', '"2"']
    assert Event.objects.count() == events


def test_one_row_may_be_written_twice_in_one_batch(ada: Person) -> None:
    id = uuid7()
    results = sends(
        ada,
        put(id, note="first"),
        {"method": "PATCH", "id": str(id), "if_match": '"1"', "annotation": {"note": "second"}},
        {"method": "DELETE", "id": str(id), "if_match": '"2"'},
    )
    assert statuses(results) == [201, 200, 204]
    assert results[2]["etag"] == '"3"'
    assert [one["annotation"] and one["annotation"]["note"] for one in results] == ["first", "second", None]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("together", "commits"), [(60.0, 1), (0.0, 5)])
def test_items_share_a_commit_for_as_long_as_others_may_wait(
    ada: Person, monkeypatch: pytest.MonkeyPatch, together: float, commits: int
) -> None:
    monkeypatch.setattr(batch, "TOGETHER", together)
    ada.get("me")
    with CaptureQueriesContext(connection) as asked:
        assert statuses(sends(ada, *[put() for _ in range(5)])) == [201] * 5
    assert [one["sql"] for one in asked].count("COMMIT") == commits


BAD: dict[str, tuple[Any, int, str]] = {
    "a number": (7, 400, "body"),
    "null": (None, 400, "body"),
    "nothing": ({}, 400, "method"),
    "a method of others": (put() | {"method": "POST"}, 400, "method"),
    "an id that is none": (put("x"), 400, "id"),
    "an id of version 4": (put(uuid.uuid4()), 400, "id"),
    "an id that differs inside": (put() | {
        "annotation": highlight(id=str(uuid7()))}, 400, "id"),
    "a precondition that is none": (put() | {"if_match": "3"}, 400, "If-Match"),
    "a precondition as number": (put() | {"if_match": 3}, 400, "if_match"),
    "an unknown key": (put() | {"body": {}}, 400, "body"),
    "no annotation": ({"method": "PUT", "id": str(uuid7())}, 400, "annotation"),
    "an annotation as list": (put() | {"annotation": []}, 400, "annotation"),
    "a delete with a body": (put() | {"method": "DELETE"}, 400, "annotation"),
    "a wrong field": (put(color="red"), 400, "color"),
    "a place outside": (put(target={}), 400, "target.quote.exact"),
    "a change of the absent": (put() | {"method": "PATCH"}, 404, ""),
    "a delete of the absent": ({"method": "DELETE", "id": str(uuid7())}, 404, ""),
    "a row that should be there": (put() | {"if_match": '"1"'}, 412, ""),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_a_bad_item_never_blocks_the_rest(ada: Person, name: str) -> None:
    bad, status, field = BAD[name]
    results = sends(ada, put(), bad, put())
    assert statuses(results) == [201, status, 201]
    assert results[1]["annotation"] is None
    error = results[1]["error"]
    assert error.keys() == {"code", "message", "fields"}
    assert not field or field in error["fields"]
    assert Annotation.objects.count() == 2


def test_a_stale_item_tells_the_current_etag(ada: Person) -> None:
    made = ada.highlights()["id"]
    assert statuses(sends(ada, put(made, note="two"))) == [200]
    [stale] = sends(ada, put(made, note="three") | {"if_match": '"1"'})
    assert (stale["status"], stale["etag"], stale["error"]["code"]) == (412, '"2"', "stale")


def test_an_item_that_breaks_is_a_500_of_its_own(ada: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    delete = one_annotation.delete

    def broken(*args: Any) -> Any:
        delete(*args)
        raise ZeroDivisionError

    monkeypatch.setattr(one_annotation, "delete", broken)
    made = ada.highlights()["id"]
    results = sends(ada, put(), {"method": "DELETE", "id": made}, put())
    assert statuses(results) == [201, 500, 201]
    assert Annotation.objects.get(pk=made).deleted is None
    assert "ZeroDivision" not in str(results)


def test_a_database_that_goes_away_refuses_the_whole(ada: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*args: Any) -> Any:
        raise OperationalError("gone")

    monkeypatch.setattr(one_annotation, "delete", away)
    item = {"method": "DELETE", "id": str(uuid7())}
    response = ada.post("libraries/me/annotations/batch", {"items": [put(), item]})
    assert refused(response, 503)["code"] == "unavailable"
    assert response["Retry-After"]
    assert not Annotation.objects.exists()


@pytest.mark.parametrize(
    "body", [{}, {"items": []}, {"items": {}}, {"items": "x"}, {"items": None}, {"items": [{}], "more": 1}]
)
def test_a_batch_that_is_none_is_refused(ada: Person, body: Json) -> None:
    refused(ada.post("libraries/me/annotations/batch", body), 400)


def test_a_hundred_and_one_are_too_many(ada: Person) -> None:
    items = [{"method": "DELETE", "id": str(uuid7())}] * (limits.BATCH_ITEMS + 1)
    refused(ada.post("libraries/me/annotations/batch", {"items": items}), 400, "items")


def test_each_item_asks_what_its_caller_may_do(editor: Person, reader: Person, group: Library) -> None:
    made = editor.highlights(group.pk)["id"]
    reply = {"motivation": "replying", "parent": made, "note": "?"}
    results = sends(
        reader,
        put(),
        put(made, note="mine now"),
        {"method": "DELETE", "id": made},
        {"method": "PUT", "id": str(uuid7()), "annotation": reply},
        library=group.pk,
    )
    assert statuses(results) == [403, 403, 403, 201]


def test_an_id_of_another_library_is_taken(ada: Person, stranger: Person) -> None:
    made = ada.highlights()["id"]
    assert statuses(sends(stranger, put(made), put())) == [409, 201]
