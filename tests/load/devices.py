"""Two devices of one reader that were apart: they end with the same rows, and every text is kept."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import ExitStack
from itertools import pairwise
from pathlib import Path
from typing import Any

from tests.e2e.device import Device
from tests.e2e.server import Server
from tests.load.browsers import Told, running
from tests.load.libraries import fill_library
from tests.load.processes import running_server

Row = dict[str, Any]
# Which of every ten rows are deleted, by the last digit of their place: here, there, on both devices.
_DELETED_HERE, _DELETED_THERE, _DELETED_ON_BOTH = 3, 4, 5
_TURNS = 6


def apart_and_restored(
    server: Server, here: Device, there: Device, token: str, folder: Path, size: int
) -> Told:
    """Both change all of `size` rows while there is no server; later it is set back to before.

    `token` is a personal one of the user whose library it is. Lost counts texts and deletes that the server
    or a device does not have in the end; `differing` rows that are not alike everywhere.
    """
    began = time.monotonic()
    for device in (here, there):
        device.connect(token)
        device.pull(60 + size / 2)
    server.manage("backup", str(folder / "yesterday.gz"))
    ids = sorted(here.ids())
    assert len(ids) == size
    server.stop()
    _change(here, ids, "here", _DELETED_HERE)
    _change(there, ids, "there", _DELETED_THERE)
    changed, asked = time.monotonic(), len(server.access_log())
    server.start()
    _exchange(here, there, size)
    told = _compare(server, ids, here, there)
    converged, answered = time.monotonic(), len(server.access_log())
    server.stop()
    server.manage("restore", "--replace", str(folder / "yesterday.gz"))
    server.start()
    _exchange(here, there, size)
    after = _compare(server, ids, here, there)
    return {
        "acknowledged": 2 * size,
        **told,
        "lost by the restore": after["lost"],
        "differing after the restore": after["differing"],
        "seconds to change": round(changed - began, 1),
        "seconds to converge": round(converged - changed, 1),
        "requests to converge": answered - asked,
        "seconds to converge after the restore": round(time.monotonic() - converged, 1),
        "requests to converge after the restore": len(server.access_log()) - answered,
    }


def in_two_browsers(clocks: tuple[int, int] = (0, 0)) -> Callable[[Path, int], Told]:
    """The same as the bench calls it: one device is a Chromium, the other a Firefox.

    `clocks` is by how many seconds theirs are ahead.
    """

    def run(folder: Path, size: int) -> Told:
        with ExitStack() as stack:
            server = stack.enter_context(running_server(folder / "server"))
            token = fill_library(server, "ada", size)
            here, there = (
                Device(stack.enter_context(running(name, folder / name, clock)), server, server.address)
                for name, clock in zip(("chromium", "firefox"), clocks, strict=True)
            )
            return apart_and_restored(server, here, there, token, folder, size)

    return run


def first_sync(name: str) -> Callable[[Path, int], Told]:
    """A new browser gets a library of `size` annotations, while its worker is stopped now and then."""

    def run(folder: Path, size: int) -> Told:
        with ExitStack() as stack:
            server = stack.enter_context(running_server(folder / "server"))
            token = fill_library(server, "ada", size)
            device = Device(stack.enter_context(running(name, folder)), server, server.address)
            return receive(device, token, size)

    return run


def receive(device: Device, token: str, size: int, stops: int = 5) -> Told:
    """Connect, and stop the worker each time that a part of the library has come."""
    began = time.monotonic()
    device.connect(token)
    device.ask("sync.now")
    shares: list[float] = []
    stopped = 0
    while not (states := device.rows("meta")) or states[0]["since"] == 0 or states[0]["catchingUp"]:
        receiving = device.ask("connection.get")["connection"].get("receiving")
        if receiving is not None:
            shares.append(receiving["share"])
            if receiving["rows"] > (stopped + 1) * size / (stops + 1):
                device.browser.stop_background()
                stopped += 1
                device.ask("sync.now")
        assert time.monotonic() - began < 1200, f"not read to the end: {states}"
        time.sleep(0.02)
    seconds = time.monotonic() - began
    rows = device.rows("annotations")
    notes = {row["written"]["note"] for row in rows}
    wanted = {f"What was thought of number {number}" for number in range(size)}
    return {
        "rows": len(rows),
        "lost": len(wanted - notes),
        "duplicates": len(rows) - len(wanted),
        "stopped": stopped,
        "progress shown": len(shares),
        "progress went back": sum(b < a for a, b in pairwise(shares)),
        "seconds": round(seconds, 1),
    }


def _change(device: Device, ids: list[str], where: str, deleted: int) -> None:
    rows = {str(row["id"]): row["written"] for row in device.rows("annotations")}
    edits, deletes = [], []
    for place, id in enumerate(ids):
        if place % 10 in (deleted, _DELETED_ON_BOTH):
            deletes.append({"id": id})
        else:
            note = f"{rows[id]['note']} · {where} {place}"
            edits.append({"id": id, "note": note, "tags": [*rows[id]["tags"], where]})
    device.ask_all("annotation.write", edits)
    device.ask_all("annotation.delete", deletes)


def _exchange(here: Device, there: Device, size: int) -> None:
    """By turns, until neither has anything to send or to get."""
    for _ in range(_TURNS):
        for device in (here, there):
            device.synchronise(60 + size / 2)
            device.pull(60 + size / 2)
        if all(device.is_quiet() for device in (here, there)):
            return
    raise AssertionError(f"not quiet after {_TURNS} turns: {here.rows('outbox')}, {there.rows('outbox')}")


def _compare(server: Server, ids: list[str], *devices: Device) -> Told:
    """Against what has to be there, and the devices against the server."""
    rows = server.query("SELECT id, note, deleted FROM annotator_annotation")
    tags: dict[str, set[str]] = {}
    for link in server.query(
        "SELECT annotation_id, name FROM annotator_annotationtag "
        "JOIN annotator_tag ON annotator_tag.id = annotator_annotationtag.tag_id"
    ):
        tags.setdefault(_plain(link["annotation_id"]), set()).add(link["name"])
    alive = {_plain(row["id"]): row["note"] for row in rows if row["deleted"] is None}
    lost = 0
    for place, id in enumerate(ids):
        note, words = alive.get(_plain(id)), tags.get(_plain(id), set())
        kind = place % 10
        if kind == _DELETED_ON_BOTH:
            lost += note is not None
            continue
        for where, deletion in (("here", _DELETED_HERE), ("there", _DELETED_THERE)):
            if kind != deletion:
                lost += note is None or f"· {where} {place}" not in note or where not in words
    differing = 0
    for device in devices:
        mirror = {
            _plain(row["id"]): (row["written"]["note"], set(row["written"]["tags"]))
            for row in device.rows("annotations")
            if row["deleted"] is None
        }
        server_side = {id: (note, tags.get(id, set())) for id, note in alive.items()}
        differing += sum(mirror.get(id) != server_side.get(id) for id in mirror.keys() | server_side.keys())
    return {"rows": len(rows), "lost": lost, "duplicates": len(rows) - len(ids), "differing": differing}


def _plain(id: object) -> str:
    return str(id).replace("-", "")
