"""GET …/annotations and …/documents: finding, paging, and what it costs."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from annotator.models.annotations import Annotation
from annotator.models.libraries import Library
from annotator.uuid7 import uuid7
from tests.server.people import EDITED, URL, Person, refused, said, target

pytestmark = pytest.mark.django_db


def found(who: Person, **query: object) -> list[str]:
    return [row["id"] for row in said(who.get("libraries/me/annotations", **query))["annotations"]]


def test_by_any_spelling_of_the_page(ada: Person) -> None:
    here = ada.highlights()
    ada.highlights(url="https://fr.example.org/other")
    assert found(ada, url="https://fr.example.org/story?utm_source=x#y") == [here["id"]]
    assert found(ada, url="https://nowhere.example/") == []
    assert found(ada, url="nonsense") == []


def test_by_tag_color_state_review_and_document(ada: Person) -> None:
    ada.saves_page()
    green = ada.highlights(color="green", tags=["a", "b"])
    note = ada.highlights(
        motivation="describing", target=None, url="https://fr.example.org/other", tags=["B"]
    )
    Annotation.objects.filter(pk=note["id"]).update(state="orphaned", review="flagged")
    assert found(ada, tag="b") == [green["id"]]
    assert found(ada, color="green") == [green["id"]]
    assert found(ada, state="orphaned") == [note["id"]]
    assert found(ada, review="flagged", state="orphaned") == [note["id"]]
    assert found(ada, document=note["document"]) == [note["id"]]
    assert found(ada, tag="b", color="yellow") == []


def test_pages_are_newest_first_without_gap_or_repeat(ada: Person) -> None:
    made = [ada.highlights()["id"] for _ in range(7)]
    # All in one moment: the id decides.
    Annotation.objects.update(created=Annotation.objects.latest("created").created)
    got: list[str] = []
    cursor: dict[str, str] = {}
    for _ in range(4):
        page = said(ada.get("libraries/me/annotations", limit=2, **cursor))
        got += [row["id"] for row in page["annotations"]]
        cursor = {"cursor": page["cursor"]}
    assert page["cursor"] is None
    assert got == sorted(made, reverse=True)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("cursor", "x"),
        ("cursor", "999999999999999999-" + "0" * 32),
        ("cursor", "٣-" + "0" * 32),
        ("cursor", "1-" + "g" * 32),
        ("limit", "0"),
        ("limit", "201"),
        ("limit", "-1"),
        ("limit", "1.0"),
        ("limit", "١"),
        ("q", "a\0b"),
        ("q", "x" * 201),
        ("tag", "\0"),
        ("url", "https://a.example/\0"),
        ("color", "red"),
        ("state", ""),
        ("review", "maybe"),
        ("document", "x"),
        ("document", "{" + "0" * 34 + "}"),
    ],
)
def test_questions_that_mean_nothing_are_refused(ada: Person, name: str, value: str) -> None:
    refused(ada.get("libraries/me/annotations", **{name: value}), 400, name)


def test_invalid_utf8_in_a_question_finds_nothing(ada: Person) -> None:
    ada.highlights()
    assert said(ada.get("libraries/me/annotations?q=%ff%fe"))["annotations"] == []


def test_a_question_asked_twice_is_refused(ada: Person) -> None:
    refused(ada.get("libraries/me/annotations?color=green&color=blue"), 400, "color")


def test_a_page_of_fifty_costs_a_fixed_number_of_queries(ada: Person) -> None:
    ada.saves_page()
    ada.saves_page(EDITED)

    def cost(path: str) -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert ada.get(path).status_code == 200
        return len(queries)

    paths = (
        "libraries/me/annotations",
        f"libraries/me/annotations?url={URL}",
        "libraries/me/documents",
        "libraries/me/changes",
    )
    ada.highlights(tags=["a"])
    few = [cost(path) for path in paths]
    for number in range(20):
        ada.highlights(
            tags=["a", f"t{number}"], url=f"https://fr.example.org/{number}", target=target((3, 2), (3, 9))
        )
    many = [cost(path) for path in paths]
    assert many == few
    assert max(many) <= 10


def test_documents_tell_their_addresses_and_snapshots(ada: Person, stranger: Person) -> None:
    ada.saves_page()
    ada.saves_page(EDITED, url="https://fr.example.org/story?page=1")
    ada.saves_page(EDITED, url="https://fr.example.org/other")
    [document] = said(ada.get("libraries/me/documents", url=URL))["documents"]
    assert document["title"] == "Le sommet"
    assert document["site"] == "fr.example.org"
    read = ada.get(f"libraries/me/documents/{document['id']}")
    assert said(read) == document
    assert [one["document"] for one in document["snapshots"]] == [document["id"]] * len(document["snapshots"])
    refused(stranger.get(f"libraries/me/documents/{document['id']}"), 404)
    refused(ada.get(f"libraries/me/documents/{uuid7()}"), 404)
    first = said(ada.get("libraries/me/documents", limit=1))
    second = said(ada.get("libraries/me/documents", limit=1, cursor=first["cursor"]))
    assert first["documents"] != second["documents"]


def test_others_libraries_are_not_searched(ada: Person, editor: Person, group: Library) -> None:
    editor.highlights(group.pk)
    assert found(ada) == []
    assert len(said(ada.get(f"libraries/{group.pk}/annotations"))["annotations"]) == 1
