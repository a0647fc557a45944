"""A model of one browser's mirror and outbox: the rules of `extension/store` and `extension/sync`.

Left out is what no server sees: pages, documents, snapshots, leases and waits. What the author writes is
a dict in the API's shape; notes, tags and colours are what devices differ about.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from tests.server.joining import Base, Row, Waiting, meet, written_in
from tests.server.people import Person, said

TRIED = 8


class Conflict(Exception):
    """412. The feed, which is read next, tells what the server has, and whether it was restored."""


class Lost(Exception):
    """No answer came; whether the request arrived is not known."""


@dataclass
class Device:
    """One browser. `fate` says of the next request: `arrives`, `request lost` or `answer lost`."""

    person: Person
    rows: dict[str, Row] = field(default_factory=dict)
    outbox: dict[str, Waiting] = field(default_factory=dict)
    epoch: str | None = None
    since: int = 0
    generation: int = 1
    reconciling: bool | None = None  # True: the server was restored
    fate: Callable[[], str] = lambda: "arrives"

    # --- what its reader does (store/deeds.ts) -----------------------------------------------------------

    def change(self, id: str, row: Row) -> None:
        """The row as its reader wants it from now on."""
        self.rows[id] = row
        if row.lacking or (id in self.outbox and self.outbox[id].tried):
            self._enqueue(id)
        else:
            self.outbox.pop(id, None)

    # --- sending (sync/push.ts, store/answers.ts) --------------------------------------------------------

    def push(self, id: str, meanwhile: Callable[[], None] = lambda: None) -> None:
        """Send a row that waits; `meanwhile` comes between request and answer. Raises Lost, Conflict."""
        waiting, row = self.outbox[id], self.rows.get(id)
        if row is None or not (row.lacking or waiting.tried):
            del self.outbox[id]
            return
        if not row.deleted or row.base is None:
            self._push_written(id, row, waiting, meanwhile)
        else:
            self._push_deletion(id, row.base, meanwhile)

    def _push_written(self, id: str, row: Row, waiting: Waiting, meanwhile: Callable[[], None]) -> None:
        tried = (*(one for one in waiting.tried if one != row.written), row.written)[-TRIED:]
        self.outbox[id] = waiting = replace(waiting, tried=tried)
        known = row.base.revision if row.base else None
        condition = {"If_None_Match": "*"} if known is None else {"If_Match": f'"{known}"'}
        status, body, _ = self._send("put", id, row.written, condition, meanwhile)
        if status == 412:
            raise Conflict
        assert status in (200, 201), body
        if id not in self.rows:
            self.outbox.pop(id, None)
            return None
        now, there = self.rows[id], written_in(body)
        edited = id not in self.outbox or self.outbox[id].edits != waiting.edits
        written = now.written if edited else there
        base = Base(body["revision"], there)
        return self._settle(id, replace(now, written=written, base=base, version=body["version"]))

    def _push_deletion(self, id: str, base: Base, meanwhile: Callable[[], None]) -> None:
        revision = base.revision
        if base.written is not None:
            condition = {} if revision is None else {"If_Match": f'"{revision}"'}
            status, body, revision = self._send("delete", id, None, condition, meanwhile)
            if status == 412:
                raise Conflict
            assert status in (204, 404), body
        if id in self.rows:
            self._settle(id, replace(self.rows[id], base=Base(revision, None)))
        return

    # --- following the feed (sync/pull.ts, store/mirror.ts, store/reconcile.ts) ---------------------------

    def pull(self, limit: int) -> bool:
        """Take one page; whether there is more to ask for. Raises Lost."""
        query: dict[str, Any] = {"since": self.since, "limit": limit}
        if self.epoch is not None:
            query["epoch"] = self.epoch
        status, page = self._ask("libraries/me/changes", query)
        if status == 410:
            assert self.epoch is not None, "from the beginning no place can be lost"
            _, beginning = self._ask("libraries/me/changes", {"since": 0})
            self._begin_reconciling(restored=beginning["epoch"] != self.epoch)
            return True
        assert status == 200, page
        for change in page["changes"]:
            if change["kind"] == "annotation":
                self._apply(change)
        self.epoch, self.since = page["epoch"], page["next"]
        if not page["more"]:
            self._finish_reconciling()
        return bool(page["more"])

    def _apply(self, change: dict[str, Any]) -> None:
        id, told = change["id"], change.get("row")
        local, waiting = self.rows.get(id), self.outbox.get(id)
        base = Base(change["revision"] if told is None else told["revision"], told and written_in(told))
        if local is None:
            if base.written is not None:
                self.rows[id] = Row(base.written, False, base, change["version"], self.generation)
            return None
        if told is not None and told["version"] < local.version:
            self.rows[id] = replace(local, seen=self.generation)
            return None
        met = meet(local, waiting, base, restored=self.reconciling is True)
        if met is None:
            return self._remove(id)
        met = replace(met, seen=self.generation, version=told["version"] if told else local.version)
        if told and waiting and met.lacking and local.base and local.base.revision == base.revision:
            self.rows[id] = met  # the same revision says nothing new of what was sent and not yet answered
            return None
        return self._settle(id, met)

    def _begin_reconciling(self, restored: bool) -> None:
        self.reconciling = restored or self.reconciling is True
        self.epoch, self.since, self.generation = None, 0, self.generation + 1
        if self.reconciling:
            self.rows = {id: replace(row, version=0) for id, row in self.rows.items()}

    def _finish_reconciling(self) -> None:
        if self.reconciling is None:
            return
        for id, row in list(self.rows.items()):
            if row.seen != self.generation and row.base is not None:
                if row.deleted or (not self.reconciling and id not in self.outbox):
                    self._remove(id)
                else:
                    self._settle(id, replace(row, base=None, version=0))
        self.reconciling = None

    # --- the outbox (store/outbox.ts) ---------------------------------------------------------------------

    def _settle(self, id: str, row: Row) -> None:
        self.rows[id] = row
        if id in self.outbox:
            self.outbox[id] = replace(self.outbox[id], tried=())
        if row.lacking:
            self._enqueue(id)
        else:
            self.outbox.pop(id, None)

    def _enqueue(self, id: str) -> None:
        there = self.outbox.get(id)
        self.outbox[id] = replace(there, edits=there.edits + 1) if there else Waiting()

    def _remove(self, id: str) -> None:
        del self.rows[id]
        self.outbox.pop(id, None)

    # --- the network --------------------------------------------------------------------------------------

    def _send(
        self, method: str, id: str, body: Any, headers: dict[str, str], meanwhile: Callable[[], None]
    ) -> tuple[int, Any, int | None]:
        fate, path = self.fate(), f"libraries/me/annotations/{id}"
        if fate != "request lost":
            if method == "put":
                answer = self.person.put(path, body, **headers)
            else:
                answer = self.person.delete(path, **headers) if method == "delete" else self.person.get(path)
        meanwhile()
        if fate != "arrives":
            raise Lost
        etag = answer.headers.get("ETag")
        told = None if answer.status_code == 204 else said(answer)
        return answer.status_code, told, int(etag.strip('"')) if etag else None

    def _ask(self, path: str, query: dict[str, Any]) -> tuple[int, Any]:
        if self.fate() != "arrives":
            raise Lost  # a question that arrived and one that did not leave the same nothing behind
        answer = self.person.get(path, **query)
        return answer.status_code, said(answer)
