"""Writers that know what was acknowledged to them, and the comparison with what is stored."""

from __future__ import annotations

import http.client
import json
import random
import threading
import time
import urllib.error
from dataclasses import dataclass, field
from typing import Any

from annotator.uuid7 import uuid7
from tests.e2e.api import Answer, Api

Json = dict[str, Any]
NO_ANSWER = (urllib.error.URLError, http.client.HTTPException, OSError, json.JSONDecodeError)


@dataclass
class Writer:
    """One client: makes, edits, deletes, and repeats each write until it is acknowledged, as clients do."""

    api: Api
    stop: threading.Event
    number: int
    pause: float = 0.0
    # id -> (note, etag) as acknowledged last; None: its deletion was acknowledged.
    acknowledged: dict[str, tuple[str, str] | None] = field(default_factory=dict)
    writes: int = 0
    statuses: dict[int, int] = field(default_factory=dict)
    slowest: float = 0.0

    def run(self) -> None:
        dice = random.Random(self.number)
        while not self.stop.is_set():
            alive = [id for id, kept in self.acknowledged.items() if kept is not None]
            deed = dice.random()
            if deed < 0.6 or not alive:
                self._put(str(uuid7()), None)
            elif deed < 0.9:
                self._put(dice.choice(alive), "edit")
            else:
                self._delete(dice.choice(alive))
            time.sleep(self.pause)

    def _put(self, id: str, edit: str | None) -> None:
        note = f"writer {self.number}, write {self.writes}"
        body = {
            "motivation": "describing", "url": f"https://example.org/{self.number}/{id[-1]}", "note": note,
            "tags": [f"tag {self.number}"],
        }  # fmt: skip
        kept = self.acknowledged.get(id)
        condition = {"If_Match": kept[1]} if edit and kept else {"If_None_Match": "*"}
        answer = self._until_acknowledged("PUT", id, body, condition)
        if answer is not None:
            assert answer.status in (200, 201), (answer.status, answer.json)
            self.acknowledged[id] = (note, answer.headers["etag"])

    def _delete(self, id: str) -> None:
        kept = self.acknowledged[id]
        assert kept is not None
        answer = self._until_acknowledged("DELETE", id, None, {"If_Match": kept[1]})
        if answer is not None:
            assert answer.status == 204, (answer.status, answer.json)
            self.acknowledged[id] = None

    def _until_acknowledged(self, method: str, id: str, body: object, headers: Json) -> Answer | None:
        """Repeated over lost answers and 503, also beyond `stop`: what is in doubt is not left in doubt."""
        deadline = None
        while True:
            began = time.monotonic()
            try:
                answer = self.api.send(method, f"libraries/me/annotations/{id}", body, headers)
            except NO_ANSWER:
                answer = None
            self.slowest = max(self.slowest, time.monotonic() - began)
            if answer is not None:
                self.statuses[answer.status] = self.statuses.get(answer.status, 0) + 1
                if answer.status < 500:
                    self.writes += 1
                    return answer
                assert answer.status == 503, (answer.status, answer.json)
                assert int(answer.headers["retry-after"]) > 0
            if self.stop.is_set():
                deadline = deadline or time.monotonic() + 60
                assert time.monotonic() < deadline, "not acknowledged a minute after the end of the faults"
            time.sleep(0.05)


class Failing(threading.Thread):
    """A thread whose exception is raised again where it is joined."""

    def __init__(self, deed: Any) -> None:
        super().__init__(daemon=True)
        self._deed = deed
        self.error: BaseException | None = None

    def run(self) -> None:
        try:
            self._deed()
        except BaseException as error:
            self.error = error

    def finish(self, timeout: float) -> None:
        self.join(timeout)
        assert not self.is_alive(), "a thread did not end"
        if self.error is not None:
            raise self.error


def compare(writers: list[Writer], stored: list[Json]) -> Json:
    """Lost: acknowledged and not stored so. Duplicates: stored and of no writer, or one note twice."""
    rows = {str(row["id"]).replace("-", ""): row for row in stored}
    lost = []
    for writer in writers:
        for id, kept in writer.acknowledged.items():
            row = rows.get(id.replace("-", ""))
            if kept is None:
                if row is not None and row["deleted"] is None:
                    lost.append(id)
            elif row is None or row["deleted"] is not None or row["note"] != kept[0]:
                lost.append(id)
    known = {id.replace("-", "") for writer in writers for id in writer.acknowledged}
    strangers = [id for id in rows if id not in known]
    versions = [row["version"] for row in stored]
    return {
        "acknowledged": sum(writer.writes for writer in writers),
        "rows": len(stored),
        "lost": len(lost),
        "duplicates": len(strangers) + len(versions) - len(set(versions)),
    }
