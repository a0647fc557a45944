"""`POST …/review` and `/api/v1/jobs/{id}`."""

from __future__ import annotations

import uuid

import pytest

from annotator.models import Decision, Event, Library
from annotator.selection import Selection
from annotator.services.jobs import start_deed
from tests.server.people import Json, Person, refused, said

pytestmark = pytest.mark.django_db


@pytest.fixture
def made(group: Library, editor: Person) -> Json:
    editor.saves_page(library=group.pk)
    return editor.highlights(group.pk, tags=["sommet"])


def address(made: Json) -> str:
    return f"libraries/{made['library']}/annotations/{made['id']}/review"


def test_decision_and_tags_come_in_one_request_and_one_deed(made: Json, reviewer: Person) -> None:
    body = {"review": "flagged", "reason": "Source?", "add_tags": ["à vérifier"], "remove_tags": ["sommet"]}
    answer = said(reviewer.post(address(made), body))
    assert (answer["review"], answer["tags"]) == ("flagged", ["à vérifier"])
    assert answer["revision"] == made["revision"] + 1
    deeds = Event.objects.filter(verb__in=["flag", "tag"]).values_list("deed", flat=True)
    assert len(set(deeds)) == 1


def test_it_may_be_repeated(made: Json, reviewer: Person) -> None:
    first, again = (reviewer.post(address(made), {"review": "approved"}) for _ in range(2))
    assert said(first) == said(again)
    assert first["ETag"] == again["ETag"]
    assert Decision.objects.count() == 1


def test_a_decision_is_withdrawn_with_none(made: Json, reviewer: Person) -> None:
    reviewer.post(address(made), {"review": "hidden"})
    assert said(reviewer.post(address(made), {"review": "none"}))["review"] == "none"
    assert not Decision.objects.exists()


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "body"),
        ({"review": "deleted"}, "review"),
        ({"review": 1}, "review"),
        ({"review": "flagged"}, "reason"),
        ({"review": "flagged", "reason": " "}, "reason"),
        ({"review": "flagged", "reason": "x" * 70_000}, "reason"),
        ({"review": "approved", "reason": "fine"}, "reason"),
        ({"add_tags": ["x" * 101]}, "tags"),
        ({"add_tags": ["  "]}, "tags"),
        ({"add_tags": "x"}, "add_tags"),
        ({"add_tags": [1]}, "add_tags.0"),
        ({"add_tags": [str(n) for n in range(101)]}, "add_tags"),
        ({"tags": ["x"]}, "tags"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_done(
    made: Json, reviewer: Person, body: Json, field: str
) -> None:
    refused(reviewer.post(address(made), body), 400, field)
    assert not Decision.objects.exists()


def test_a_wrong_reason_keeps_the_tags_from_being_written(made: Json, reviewer: Person) -> None:
    refused(reviewer.post(address(made), {"review": "flagged", "add_tags": ["x"]}), 400, "reason")
    assert not Event.objects.filter(verb="tag").exists()


def test_a_job_is_driven_by_asking_again(made: Json, group: Library, reviewer: Person) -> None:
    job = start_deed(library=group, actor=reviewer.user, name="approve", arguments={}, selection=Selection())
    assert said(reviewer.get(f"jobs/{job.pk}"))["status"] == "waiting"
    told = said(reviewer.post(f"jobs/{job.pk}"))
    assert (told["status"], told["done"], told["total"], told["work"]) == ("done", 1, 1, "approve")
    assert said(reviewer.delete(f"jobs/{job.pk}"))["status"] == "done"


def test_a_job_that_there_is_not_is_not_found(reviewer: Person) -> None:
    refused(reviewer.get(f"jobs/{uuid.uuid4()}"), 404)
    refused(reviewer.post(f"jobs/{uuid.uuid4()}"), 404)
