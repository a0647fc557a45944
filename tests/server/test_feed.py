"""GET …/changes: in version order, nothing missed, nothing twice, also while others write."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from annotator.models.annotations import Annotation, Review
from annotator.models.documents import Document, Snapshot
from annotator.models.events import Tombstone
from annotator.models.libraries import Library
from annotator.paragraphs import Paragraph
from annotator.uuid7 import uuid7
from tests.server.people import EDITED, PAGE, Person, highlight, person, refused, said
from tests.server.threads import at_once

WRITERS, DEEDS = 8, 6


def read(who: Person, since: int = 0, limit: int = 200, library: object = "me") -> dict[str, Any]:
    told: dict[str, Any] = said(who.get(f"libraries/{library}/changes", since=since, limit=limit))
    return told


@pytest.mark.django_db
class TestReading:
    """What one reader sees."""

    def test_it_tells_what_happened_in_version_order(self, ada: Person) -> None:
        ada.saves_page()
        made = ada.highlights()
        ada.saves_page(EDITED)
        told = read(ada)
        assert [(one["kind"], one["version"]) for one in told["changes"]] == [
            ("document", 1), ("snapshot", 2), ("snapshot", 4), ("annotation", 5),
        ]  # fmt: skip
        assert told["next"] == told["version"] == 5
        assert told["epoch"] == str(ada.library.epoch)
        assert told["more"] is False
        assert told["changes"][3]["row"] == said(ada.get(f"libraries/me/annotations/{made['id']}"))
        assert "paragraphs" not in told["changes"][1]["row"]

    def test_pages_fit_together(self, ada: Person) -> None:
        for _ in range(6):
            ada.highlights()
        seen, since, more = [], 0, True
        while more:
            told = read(ada, since, limit=2)
            seen += [one["version"] for one in told["changes"]]
            since, more = told["next"], told["more"]
        assert seen == list(range(1, 8))
        assert since == ada.library.version
        assert read(ada, since)["changes"] == []

    def test_the_deleted_is_a_tombstone_without_content(self, ada: Person) -> None:
        made = ada.highlights(note="private")
        ada.delete(f"libraries/me/annotations/{made['id']}")
        [_, gone] = read(ada)["changes"]
        assert gone == {"kind": "annotation", "version": 3, "id": made["id"], "deleted": True, "revision": 2}

    def test_what_was_purged_is_a_tombstone_too(self, ada: Person) -> None:
        row = uuid7()
        Tombstone.objects.create(library=ada.library, version=1, kind="snapshot", row=row)
        Library.objects.update(version=1)
        [gone] = read(ada)["changes"]
        assert gone == {"kind": "snapshot", "version": 1, "id": str(row), "deleted": True, "revision": None}

    def test_what_is_hidden_looks_deleted_to_other_readers(
        self, editor: Person, reader: Person, reviewer: Person, group: Library
    ) -> None:
        editor.highlights(group.pk, note="hidden words")
        Annotation.objects.update(review=Review.HIDDEN)
        for who, deleted in ((reader, True), (editor, False), (reviewer, False)):
            [_, change] = read(who, library=group.pk)["changes"]
            assert change["deleted"] is deleted
            assert ("row" not in change) is deleted

    def test_a_place_that_is_lost_is_410(self, ada: Person) -> None:
        ada.highlights()
        assert refused(ada.get("libraries/me/changes", since=3), 410)["code"] == "feed_lost"
        refused(ada.get("libraries/me/changes", since=2, epoch=str(uuid7())), 410)
        assert ada.get("libraries/me/changes", since=2, epoch=str(ada.library.epoch)).status_code == 200
        Library.objects.update(feed_floor=2)
        refused(ada.get("libraries/me/changes", since=1), 410)
        assert ada.get("libraries/me/changes", since=0).status_code == 200
        assert ada.get("libraries/me/changes", since=2).status_code == 200

    @pytest.mark.parametrize(
        "query",
        [{"since": "abc"}, {"since": "-1"}, {"since": "1e3"}, {"since": "9" * 30}, {"since": ""},
         {"limit": "0"}, {"limit": "1001"}, {"epoch": "x"}, {"since": "\0"}],
    )  # fmt: skip
    def test_questions_that_mean_nothing_are_refused(self, ada: Person, query: dict[str, str]) -> None:
        refused(ada.get("libraries/me/changes", **query), 400, *query)

    def test_others_libraries_have_no_feed_here(self, ada: Person, stranger: Person) -> None:
        refused(stranger.get(f"libraries/{ada.library.pk}/changes"), 404)


def writes(who: Person, number: int) -> None:
    """Makes, edits, deletes, brings back, and saves pages."""
    for turn in range(DEEDS):
        made = who.highlights()
        path = f"libraries/me/annotations/{made['id']}"
        if turn % 3 == 1:
            assert who.put(path, highlight(note=f"{number} {turn}")).status_code == 200
        if turn % 4 == 2:
            assert who.delete(path).status_code == 204
        if turn % 5 == 3:
            assert who.saves_page([*PAGE, Paragraph("p", f"{number} {turn}")]).status_code == 201


@pytest.mark.django_db(transaction=True)
def test_while_eight_write_a_reader_misses_none_and_sees_none_twice() -> None:
    ada = person("ada")
    library = ada.library
    done = threading.Event()
    seen: list[tuple[int, str]] = []

    def reader() -> None:
        since = 0
        while True:
            finished = done.is_set()  # asked before reading: what is written later is not waited for
            told = read(ada, since, limit=7)
            seen.extend((one["version"], one["id"]) for one in told["changes"])
            since = told["next"]
            if finished and not told["more"]:
                return
            done.wait(0 if told["more"] else 0.01)

    def writer(number: int) -> None:
        try:
            writes(ada, number)
        finally:
            ended.release()

    ended = threading.Semaphore(0)

    def stop() -> None:
        for _ in range(WRITERS):
            ended.acquire()
        done.set()

    deeds: list[Callable[[], None]] = [partial(writer, number) for number in range(WRITERS)]
    at_once([*deeds, stop, reader])

    versions = [version for version, _ in seen]
    assert versions == sorted(set(versions)), "seen twice, or out of order"
    latest = {id: version for version, id in seen}
    stored = {
        str(id): version
        for table in (Annotation, Document, Snapshot)
        for id, version in table.objects.values_list("pk", "version")
    }
    assert len(stored) > WRITERS * DEEDS
    assert latest == stored, "missed"
    library.refresh_from_db()
    assert max(versions) == library.version
