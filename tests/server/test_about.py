"""`/api/v1/`, `/healthz`, `/readyz`, the OpenAPI document, and what every answer of the API promises."""

from __future__ import annotations

import io
import json
import logging
import re
from typing import Any

import pytest
from django.core.management import call_command
from django.db import DatabaseError, OperationalError, connection
from django.test import Client
from drf_spectacular.drainage import GENERATOR_STATS

import annotator
from annotator.api import health, represent, shapes
from annotator.models.annotations import Annotation
from annotator.models.documents import Document, Snapshot
from tests.server.people import PAGE, Person, client, highlight, refused, said

pytestmark = pytest.mark.django_db


@pytest.fixture
def anyone() -> Client:
    return client()


def test_it_tells_what_this_server_is_without_signing_in(anyone: Client) -> None:
    assert said(anyone.get("/api/v1/")) == {
        "product": "annotator",
        "version": annotator.__version__,
        "api_version": "1.0",
        "oldest_extension": "0.1.0",
        "oauth": {
            "client_id": "annotator-extension",
            "authorize": "/oauth/authorize/",
            "token": "/oauth/token/",
            "revoke": "/oauth/revoke/",
            "scopes": ["read", "write"],
        },
    }


def test_a_wrong_token_does_not_close_what_is_open(anyone: Client) -> None:
    assert anyone.get("/api/v1/", headers={"Authorization": "Bearer wrong"}).status_code == 200


def test_the_process_is_up_and_ready(anyone: Client) -> None:
    assert said(anyone.get("/healthz")) == {"status": "ok"}
    ready = said(anyone.get("/readyz"))
    assert ready == {"status": "ok", "checks": {"database": "ok", "migrations": "ok", "disk": "ok"}}


def test_it_is_not_ready_without_database_room_or_migrations(
    anyone: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "FREE_BYTES", 2**80)
    response = anyone.get("/readyz")
    assert (response.status_code, said(response)["checks"]["disk"]) == (503, "failed")
    monkeypatch.setattr(health, "_migrated", lambda: False)
    assert said(anyone.get("/readyz"))["checks"]["migrations"] == "failed"

    def down() -> None:
        raise DatabaseError

    monkeypatch.setattr(connection, "cursor", down)
    response = anyone.get("/readyz")
    assert (response.status_code, said(response)["checks"]["database"]) == (503, "failed")
    assert anyone.get("/healthz").status_code == 200


@pytest.mark.parametrize(
    "path",
    ["/api/", "/api/v1", "/api/v2/", "/api/v1/nope", "/api/v1/me/", "/api/v1/libraries",
     "/api/v1/libraries/me/", "/api/v1/libraries/me/annotations/x",
     "/api/v1/libraries/me/annotations/" + "0" * 36,
     "/api/v1/libraries/me/snapshots/abc", "/api/v1/libraries/me/snapshots/" + "A" * 64,
     "/api/v1/libraries/%00/annotations", "/api/v1/libraries/%ff/annotations", "/api/v1/libraries/ME/changes",
     "/api/v1/libraries/" + "g" * 36 + "/changes", "/api/v1/libraries/" + "x" * 5000 + "/changes"],
)  # fmt: skip
def test_addresses_that_are_none_are_404_in_the_one_shape(ada: Person, path: str) -> None:
    for method in ("get", "put", "post", "delete"):
        response = getattr(ada.http, method)(path)
        if (
            response.status_code == 405
        ):  # a route that knows no such method says so before it looks at the library
            continue
        assert refused(response, 404)["code"] == "not_found"


def test_a_method_that_is_not_known_is_405(ada: Person) -> None:
    response = ada.http.post("/api/v1/me", {}, content_type="application/json")
    assert refused(response, 405)["code"] == "method_not_allowed"
    assert "GET" in response["Allow"]


def test_only_json_is_answered(ada: Person) -> None:
    assert (
        refused(ada.http.get("/api/v1/me", headers={"Accept": "application/xml"}), 406)["code"]
        == "not_acceptable"
    )
    assert ada.http.get("/api/v1/me?format=xml").status_code == 200


def test_nobody_elses_page_may_read_the_answers(ada: Person) -> None:
    response = ada.http.get("/api/v1/me", headers={"Origin": "https://evil.example"})
    assert not [name for name in response.headers if name.lower().startswith("access-control")]
    asked = ada.http.options("/api/v1/me", headers={"Access-Control-Request-Method": "GET"})
    assert not [name for name in asked.headers if name.lower().startswith("access-control")]


def test_a_database_that_does_not_answer_is_503_and_says_when_to_come_back(
    ada: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    def down(**kwargs: object) -> None:
        raise OperationalError("database is locked")

    monkeypatch.setattr("annotator.api.annotations.save_annotation", down)
    response = ada.post("libraries/me/annotations", highlight())
    assert refused(response, 503)["code"] == "unavailable"
    assert int(response["Retry-After"]) > 0


def test_a_fault_of_ours_is_a_500_in_the_one_shape_and_tells_nothing(
    ada: Person, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(**kwargs: object) -> None:
        raise RuntimeError("with a detail")

    monkeypatch.setattr("annotator.api.annotations.save_annotation", broken)
    response = ada.post("libraries/me/annotations", highlight())
    assert refused(response, 500)["code"] == "server_error"
    assert b"detail" not in response.content
    assert "unexpected RuntimeError" in caplog.text


def test_logs_hold_no_tokens_no_questions_and_no_notes(ada: Person, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    logging.getLogger("django.db.backends").setLevel(logging.INFO)  # logs statements for developers alone
    ada.highlights(note="a private thought", url="https://private.example/page")
    ada.get("libraries/me/annotations", q="private words", url="https://private.example/page")
    ada.get("libraries/me/annotations", cursor="private")
    ada.put("libraries/me/annotations/x", highlight(note="a private thought"))
    ada.post("libraries/me/annotations", highlight(note="a private thought", color="red"))
    assert "POST /api/v1/libraries/me/annotations 400" in caplog.text
    for secret in ("private", ada.token, ada.token[4:]):
        assert secret not in caplog.text


def test_a_request_has_an_id_that_its_log_line_names(ada: Person, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    assert ada.get("me")["X-Request-Id"] in caplog.text
    given = ada.http.get("/api/v1/me", headers={"X-Request-Id": "from-the-proxy-1"})
    assert given["X-Request-Id"] == "from-the-proxy-1"
    forged = ada.http.get("/api/v1/a%0a%1b[31mb", headers={"X-Request-Id": "a b"})
    assert forged["X-Request-Id"] != "a b"
    assert "/api/v1/a??[31mb 404" in caplog.text


def test_outside_of_the_api_the_log_names_the_route_alone(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    client().get("/articles/0193e5a0-0000-7000-8000-000000000000/")
    client().get("/what/ever")
    assert "0193e5a0" not in caplog.text
    assert "ever" not in caplog.text
    assert "/articles/<uuid:pk>/" in caplog.text


def _document() -> dict[str, Any]:
    GENERATOR_STATS.reset()
    out = io.StringIO()
    call_command("spectacular", "--validate", "--fail-on-warn", "--format", "openapi-json", stdout=out)
    document: dict[str, Any] = json.loads(out.getvalue())
    return document


def test_the_openapi_document_is_made_without_a_warning(anyone: Client) -> None:
    document = _document()
    assert document["openapi"].startswith("3.1")
    operations = [(path, method) for path, item in document["paths"].items() for method in item]
    assert len(operations) == 20
    for path, method in operations:
        answers = document["paths"][path][method]["responses"]
        if path != "/api/v1/":
            assert answers["401"]["content"]["application/json"]["schema"]["$ref"].endswith("/ErrorShape")


def test_the_document_admits_the_cursors_that_are_given_out(ada: Person) -> None:
    for note in ("word one", "word two"):
        ada.highlights(note=note)
    path = "libraries/me/annotations"
    listed = {
        "plain": said(ada.get(path, limit=1))["cursor"],
        "searched": said(ada.get(path, limit=1, q="word"))["cursor"],
    }
    item = _document()["paths"]["/api/v1/libraries/{library}/annotations"]
    [cursor] = [one for one in item["get"]["parameters"] if one["name"] == "cursor"]
    for written in listed.values():
        assert re.search(cursor["schema"]["pattern"], written), (cursor, listed)
    assert not re.search(cursor["schema"]["pattern"], "2-" + listed["plain"])


def test_the_document_says_of_a_reviewers_tags_what_it_says_of_an_authors() -> None:
    shapes = _document()["components"]["schemas"]
    added, written = (
        shapes[name]["properties"][of]
        for name, of in (("ReviewBody", "add_tags"), ("AnnotationBody", "tags"))
    )
    assert added["items"] == written["items"]
    assert "pattern" in added["items"]


def test_the_docs_page_loads_from_here_alone(anyone: Client) -> None:
    response = anyone.get("/api/v1/docs")
    assert response.status_code == 200
    assert b"//cdn" not in response.content
    assert b"/static/drf_spectacular_sidecar/" in response.content


def keys(serializer: Any) -> set[str]:
    return set(serializer().fields)


def test_what_is_told_is_what_is_answered(ada: Person) -> None:
    ada.saves_page()
    ada.highlights()
    annotation = represent.annotation(Annotation.objects.whole().get())
    assert annotation.keys() == keys(shapes.AnnotationShape)
    assert annotation["anchor"].keys() == keys(shapes.AnchorShape)
    assert annotation["target"].keys() == keys(shapes.StoredTargetShape)
    document = Document.objects.whole().get()
    assert represent.document(document).keys() == keys(shapes.DocumentShape)
    assert represent.document_with_snapshots(document).keys() == keys(shapes.DocumentWithSnapshots)
    snapshot = Snapshot.objects.get()
    assert represent.snapshot(snapshot).keys() == keys(shapes.SnapshotShape)
    assert represent.snapshot_with_paragraphs(snapshot).keys() == keys(shapes.SnapshotWithParagraphs)
    assert len(represent.snapshot_with_paragraphs(snapshot)["paragraphs"]) == len(PAGE)


def test_times_have_microseconds_and_a_z(ada: Person) -> None:
    made = ada.highlights()
    Annotation.objects.update(created=Annotation.objects.get().created.replace(microsecond=0))
    read = said(ada.get(f"libraries/me/annotations/{made['id']}"))
    assert read["created"].endswith(".000000Z")
