"""Many at once without faults: readers and writers on SQLite, a hot library and its feed on PostgreSQL."""

from __future__ import annotations

import threading
import time
from itertools import pairwise
from pathlib import Path
from typing import Any

import psycopg

from tests.e2e.server import Server
from tests.load.processes import DurablePostgres, new_server
from tests.load.writers import Failing, Writer, compare

ROWS = "SELECT id, note, deleted, version FROM annotator_annotation"


def sqlite_for(folder: Path, seconds: float, writers: int = 16, readers: int = 16) -> dict[str, Any]:
    """Writers and readers for so long. The answer counts 5xx and "database is locked" in the server's log."""
    server = new_server(folder)
    server.start()
    try:
        stop = threading.Event()
        token = server.manage("createtoken", "ada")
        writing = [Writer(server.api(token), stop, number) for number in range(writers)]
        reads, bad = [0] * readers, [0] * readers

        def read(number: int) -> None:
            api, since = server.api(token), 0
            while not stop.is_set():
                feed = api.get("libraries/me/changes", since=since)
                found = api.get("libraries/me/annotations", limit=20)
                bad[number] += (feed.status != 200) + (found.status != 200)
                since = feed.json["next"] if feed.status == 200 and not number % 2 else 0
                reads[number] += 2

        threads = [Failing(one.run) for one in writing]
        threads += [Failing(lambda number=number: read(number)) for number in range(readers)]
        for thread in threads:
            thread.start()
        time.sleep(seconds)
        stop.set()
        for thread in threads:
            thread.finish(90)
        told = compare(writing, server.query(ROWS))
        statuses = [status for one in writing for status in one.statuses]
        told["reads"] = sum(reads)
        told["5xx"] = sum(bad) + sum(status >= 500 for status in statuses)
        told["locked"] = server.log().count("database is locked") + server.log().count("not available")
        told["slowest write, s"] = round(max(one.slowest for one in writing), 2)
        return told
    finally:
        server.stop()


def hot_library(folder: Path, changes: int, writers: int = 32) -> dict[str, Any]:
    """One library on PostgreSQL: so many changes, while every commit of some is held back, and one reader.

    The answer has the gaps in the versions and what the reader missed, of rows as they are at the end.
    """
    with DurablePostgres() as database:
        server = new_server(folder, database.url)
        _slow_some_down(database.url)
        server.start()
        try:
            return _hot(server, changes, writers)
        finally:
            server.stop()


def _hot(server: Server, changes: int, writers: int) -> dict[str, Any]:
    token = server.manage("createtoken", "ada")
    assert server.api(token).get("me").status == 200
    stop, seen, order = threading.Event(), dict[str, int](), list[int]()

    def read() -> None:
        api, since = server.api(token), 0
        while True:
            last = stop.is_set()
            answer = api.get("libraries/me/changes", since=since, limit=100)
            assert answer.status == 200, answer
            for change in answer.json["changes"]:
                seen[change["id"]] = change["version"]
                order.append(change["version"])
            since = answer.json["next"]
            if last and not answer.json["more"]:
                return
            time.sleep(0.01)

    writing_done = threading.Event()
    writing = [Writer(server.api(token), writing_done, number) for number in range(writers)]
    threads, reader = [Failing(one.run) for one in writing], Failing(read)
    began = time.monotonic()
    for thread in (reader, *threads):
        thread.start()
    while sum(one.writes for one in writing) < changes:
        time.sleep(0.2)
        for thread in (reader, *threads):
            if thread.error is not None:
                raise thread.error
    writing_done.set()
    for thread in threads:
        thread.finish(90)
    seconds = time.monotonic() - began
    stop.set()
    reader.finish(120)
    rows = server.query("SELECT id, version FROM annotator_annotation")
    rows += server.query("SELECT id, version FROM annotator_document")
    head = server.query("SELECT version FROM annotator_library")[0]["version"]
    told = compare(writing, server.query(ROWS))
    told["seconds"] = round(seconds, 1)
    told["missed"] = sum(seen.get(str(row["id"])) != row["version"] for row in rows)
    told["read out of order or twice"] = sum(a >= b for a, b in pairwise(order))
    told["handed out"] = head
    # Every version is a change of some row: 1 for each acknowledged write, 1 for each document.
    documents = len(server.query("SELECT id FROM annotator_document"))
    told["versions without a change"] = head - told["acknowledged"] - documents
    return told


def _slow_some_down(url: str) -> None:
    """Every 20th writing transaction sleeps for 50 ms before it commits: long after it took its version."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            "CREATE FUNCTION linger() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            "IF random() < 0.05 THEN PERFORM pg_sleep(0.05); END IF; RETURN NULL; END $$"
        )
        connection.execute(
            "CREATE CONSTRAINT TRIGGER linger AFTER INSERT OR UPDATE ON annotator_annotation "
            "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION linger()"
        )
