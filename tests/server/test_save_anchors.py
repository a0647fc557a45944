"""PUT …/snapshots/{digest}/anchors."""

from __future__ import annotations

from typing import Any

import pytest

from annotator.models.annotations import Annotation
from annotator.paragraphs import digest
from annotator.uuid7 import uuid7
from tests.server.people import EDITED, PAGE, Person, refused, said

pytestmark = pytest.mark.django_db
PLACE = {"start": {"paragraph": 3, "offset": 0}, "end": {"paragraph": 3, "offset": 13}}


def send(who: Person, *anchors: dict[str, Any], engine: int = 1, on: list[Any] = EDITED) -> Any:
    return who.put(f"libraries/me/snapshots/{digest(on)}/anchors", {"engine": engine, "anchors": anchors})


@pytest.fixture
def made(ada: Person) -> dict[str, Any]:
    ada.saves_page()
    made = ada.highlights()
    ada.saves_page(EDITED)
    return made


def edited(made: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {"annotation": made["id"], "state": "edited", **PLACE} | changes


def test_it_overrides_the_servers_own_placing(ada: Person, made: dict[str, Any]) -> None:
    before = said(ada.get(f"libraries/me/annotations/{made['id']}"))
    assert said(send(ada, edited(made))) == {"saved": [made["id"]], "kept": [], "missing": []}
    now = said(ada.get(f"libraries/me/annotations/{made['id']}"))
    assert now["anchor"] == {"state": "edited", "snapshot": digest(EDITED), "text": "Les ministres", **PLACE}
    assert now["version"] > before["version"]
    assert now["revision"] == before["revision"]


def test_a_repeated_anchor_moves_no_version(ada: Person, made: dict[str, Any]) -> None:
    send(ada, edited(made))
    version = Annotation.objects.get().version
    assert said(send(ada, edited(made)))["saved"] == [made["id"]]
    assert Annotation.objects.get().version == version


def test_an_older_engine_never_overwrites_a_newer_one(ada: Person, made: dict[str, Any]) -> None:
    send(ada, edited(made), engine=3)
    answer = said(send(ada, {"annotation": made["id"], "state": "orphaned"}, engine=2))
    assert answer["kept"] == [made["id"]]
    assert Annotation.objects.get().state == "edited"


def test_an_anchor_in_an_older_snapshot_moves_no_state(ada: Person, made: dict[str, Any]) -> None:
    send(ada, edited(made))
    version = Annotation.objects.get().version
    assert said(send(ada, {"annotation": made["id"], "state": "orphaned"}, on=PAGE))["saved"] == [made["id"]]
    row = Annotation.objects.get()
    assert (row.state, row.version) == ("edited", version)


def test_undo_and_edits_keep_what_the_engine_found(ada: Person, made: dict[str, Any]) -> None:
    send(ada, edited(made))
    path = f"libraries/me/annotations/{made['id']}"
    ada.patch(path, {"note": "x"})
    ada.delete(path)
    assert said(ada.post(f"{path}/restore"))["anchor"]["state"] == "edited"


def test_annotations_that_are_gone_are_told_and_the_rest_is_stored(
    ada: Person, stranger: Person, made: dict[str, Any]
) -> None:
    foreign, deleted, unknown = stranger.highlights(), ada.highlights(), str(uuid7())
    ada.delete(f"libraries/me/annotations/{deleted['id']}")
    gone = [foreign["id"], deleted["id"], unknown]
    answer = said(send(ada, *(edited({"id": id}) for id in gone), edited(made)))
    assert answer == {"saved": [made["id"]], "kept": [], "missing": gone}
    assert Annotation.objects.get(pk=foreign["id"]).state == "pending"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"state": "pending"}, "anchors.0.state"),
        ({"state": "lost"}, "anchors.0.state"),
        ({"state": "orphaned"}, "anchors.0.start"),
        ({"start": None}, "anchors.0.start"),
        ({"end": PLACE["start"]}, "anchors.0.end"),
        ({"end": {"paragraph": 9, "offset": 0}}, "anchors.0.end.paragraph"),
        ({"end": {"paragraph": 3, "offset": 900}}, "anchors.0.end.offset"),
        ({"start": {"paragraph": -1, "offset": 0}}, "anchors.0.start.paragraph"),
        ({"start": {"paragraph": 1.0, "offset": 0}}, "anchors.0.start.paragraph"),
        ({"annotation": "x"}, "anchors.0.annotation"),
    ],
)
def test_it_names_what_is_wrong_and_stores_nothing(
    ada: Person, made: dict[str, Any], changes: dict[str, Any], field: str
) -> None:
    version = Annotation.objects.get().version
    refused(send(ada, edited(made, **changes)), 400, field)
    assert Annotation.objects.get().version == version


def test_engine_0_is_the_servers_own(ada: Person, made: dict[str, Any]) -> None:
    refused(send(ada, edited(made), engine=0), 400, "engine")


def test_an_unknown_snapshot_is_not_there(ada: Person) -> None:
    refused(send(ada, on=[PAGE[0]]), 404)
