"""Two devices and the real API: whatever happens on the way, they end with the same rows and every text.

Hypothesis tells the story: deeds, lost requests and answers, edits while a request is under way, pages of the
feed of any length, and servers that are restored from a backup.
`STORIES` sets how many; `python3 dev.py bench hostile sync-…` has many.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from annotator.models.annotations import Annotation
from annotator.models.libraries import Library
from annotator.services.accounts import erase_library
from annotator.services.restoring import restore_backup, write_backup
from annotator.uuid7 import uuid7
from tests.server.device import Conflict, Device, Lost
from tests.server.joining import Row, motivation_for
from tests.server.people import person

STORIES = int(os.environ.get("STORIES", "6"))
FATES = st.sampled_from(["arrives", "arrives", "arrives", "request lost", "answer lost"])
WHICH = st.integers(0, 1)
ROW = st.integers(0, 1)
NAMES: Iterator[int] = count()


class TwoDevices(RuleBasedStateMachine):
    """Devices 0 and 1 of one user."""

    def __init__(self) -> None:
        super().__init__()
        self.ada = person(f"ada-{next(NAMES)}")
        self.devices = [Device(self.ada), Device(self.ada)]
        self.ids: list[str] = []
        self.deleted: set[str] = set()  # by anybody, ever
        self.typed: dict[str, set[str]] = {}
        self.tagged: dict[str, set[str]] = {}
        self.words = count()
        self.folder = tempfile.TemporaryDirectory(prefix="model-")
        self.backup: Path | None = None

    @initialize(which=WHICH)
    def begin(self, which: int) -> None:
        self.add(which)

    # --- what readers do ----------------------------------------------------------------------------------

    @precondition(lambda self: len(self.ids) < 2)
    @rule(which=WHICH)
    def add(self, which: int) -> None:
        id = str(uuid7())
        self.ids.append(id)
        target = {
            "snapshot": None, "start": None, "end": None, "quote": {"exact": "x", "prefix": "", "suffix": ""},
        }  # fmt: skip
        written: dict[str, Any] = {
            "motivation": "highlighting", "url": "https://example.org/", "color": "yellow", "note": "",
            "tags": [], "parent": None, "target": target,
        }  # fmt: skip
        self.devices[which].change(id, Row(written))

    @rule(which=WHICH, number=ROW)
    def type_more(self, which: int, number: int) -> None:
        """Typing adds to what stands there, so that no text is taken away by the user."""
        device, id = self.devices[which], self._id(number)
        row = device.rows.get(id)
        if row is not None and not row.deleted:
            word = f"<{which}.{next(self.words)}>"
            self.typed.setdefault(id, set()).add(word)
            note = row.written["note"] + word
            changed = {"note": note, "motivation": motivation_for(row.written["motivation"], note)}
            device.change(id, replace(row, written=row.written | changed))

    @rule(which=WHICH, number=ROW)
    def tag(self, which: int, number: int) -> None:
        device, id = self.devices[which], self._id(number)
        row = device.rows.get(id)
        if row is not None and not row.deleted:
            tag = f"t{next(self.words)}"
            self.tagged.setdefault(id, set()).add(tag)
            device.change(
                id, replace(row, written=row.written | {"tags": sorted([*row.written["tags"], tag])})
            )

    @rule(which=WHICH, number=ROW, color=st.sampled_from(["green", "blue"]))
    def colour(self, which: int, number: int, color: str) -> None:
        device, id = self.devices[which], self._id(number)
        row = device.rows.get(id)
        if row is not None and not row.deleted:
            device.change(id, replace(row, written=row.written | {"color": color}))

    @rule(which=WHICH, number=ROW)
    def delete(self, which: int, number: int) -> None:
        device, id = self.devices[which], self._id(number)
        if id in device.rows and not device.rows[id].deleted:
            self.deleted.add(id)
            device.change(id, replace(device.rows[id], deleted=True))

    @rule(which=WHICH, number=ROW)
    def bring_back(self, which: int, number: int) -> None:
        device, id = self.devices[which], self._id(number)
        if id in device.rows and device.rows[id].deleted:
            device.change(id, replace(device.rows[id], deleted=False))

    # --- what the network does ----------------------------------------------------------------------------

    @rule(
        which=WHICH,
        number=ROW,
        fate=FATES,
        fate_after=FATES,
        meanwhile=st.sampled_from(["", "type", "delete"]),
    )
    def push(self, which: int, number: int, fate: str, fate_after: str, meanwhile: str) -> None:
        device, id = self.devices[which], self._id(number)
        if id not in device.outbox:
            return
        fates = iter([fate, fate_after])
        device.fate = lambda: next(fates)
        deeds = {"type": self.type_more, "delete": self.delete}
        self._despite_losses(
            lambda: device.push(id, lambda: deeds[meanwhile](which, number) if meanwhile else None)
        )

    @rule(which=WHICH, limit=st.integers(1, 5), pages=st.integers(1, 4), fate=FATES)
    def pull(self, which: int, limit: int, pages: int, fate: str) -> None:
        device = self.devices[which]
        device.fate = lambda: fate
        self._despite_losses(lambda: any(not device.pull(limit) for _ in range(pages)))

    @rule(which=WHICH)
    def exchange(self, which: int) -> None:
        """A whole pass, as the extension does it."""
        device = self.devices[which]
        device.fate = lambda: "arrives"
        for _ in range(3):
            self._push_all(device)
            while device.pull(2):
                pass

    # --- what its operator does ---------------------------------------------------------------------------

    @precondition(lambda self: self.backup is None)
    @rule()
    def back_up(self) -> None:
        self.backup = Path(self.folder.name) / "backup.gz"
        write_backup(file=self.backup)

    @precondition(lambda self: self.backup is not None)
    @rule()
    def restore(self) -> None:
        assert self.backup is not None
        restore_backup(file=self.backup, replace=True)

    # --- what has to hold ---------------------------------------------------------------------------------

    @invariant()
    def no_row_is_there_twice_and_none_is_a_strangers(self) -> None:
        stored = [
            str(id) for id in Annotation.objects.filter(author=self.ada.user).values_list("pk", flat=True)
        ]
        assert len(stored) == len(set(stored))
        assert set(stored) <= set(self.ids)

    def teardown(self) -> None:
        try:
            self._end_alike()
        finally:
            erase_library(library=self.ada.library)
            self.ada.user.delete()
            self.folder.cleanup()

    def _end_alike(self) -> None:
        for _ in range(4):
            for which in (0, 1):
                self.exchange(which)
        answer = self.ada.get("libraries/me/annotations", limit=200).json()["annotations"]
        alive = {row["id"]: row for row in answer}
        for device in self.devices:
            assert device.outbox == {}
            mirror = {id: row for id, row in device.rows.items() if not row.deleted}
            assert mirror.keys() == alive.keys()
            for id, row in mirror.items():
                assert row.written == {part: alive[id][part] for part in row.written}
        for id in set(self.ids) - self.deleted:
            assert id in alive, "a row that nobody deleted"
            for word in self.typed.get(id, ()):
                assert word in alive[id]["note"]
            assert self.tagged.get(id, set()) <= set(alive[id]["tags"])

    def _id(self, number: int) -> str:
        return self.ids[number % len(self.ids)]

    def _push_all(self, device: Device) -> None:
        for id in list(device.outbox):
            self._despite_losses(lambda id=id: device.push(id))

    @staticmethod
    def _despite_losses(deed: Any) -> None:
        try:
            deed()
        except (Conflict, Lost):
            return


@pytest.mark.django_db(transaction=True)
def test_two_devices_and_a_server_end_alike_and_lose_nothing() -> None:
    assert Library.objects.count() == 0
    run_state_machine_as_test(
        TwoDevices,
        settings=settings(
            max_examples=STORIES, stateful_step_count=30, derandomize="STORIES" not in os.environ,
            deadline=None, database=None, suppress_health_check=list(HealthCheck), print_blob=False,
        ),
    )  # fmt: skip
    assert connection.in_atomic_block is False


@pytest.mark.django_db(transaction=True)
def test_what_one_device_wrote_after_a_restore_outlives_the_other_devices_newer_revision() -> None:
    story = TwoDevices()
    story.begin(0)
    story.exchange(0)
    story.exchange(1)
    story.back_up()
    for _ in range(2):  # device 0 gets to revision 3, which the restore takes back to 1
        story.type_more(0, 0)
        story.exchange(0)
    story.restore()
    story.type_more(1, 0)
    story.exchange(1)  # revision 2 of the new epoch: lower than what device 0 knows, and not older
    story.teardown()
