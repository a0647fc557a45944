"""SIGKILL at random moments under 8 writers: of the server, on PostgreSQL of server and database by turns.

This shows that processes may die. For power cuts there are the settings (`synchronous=FULL`, `fsync=on`).
"""

from __future__ import annotations

import random
import sqlite3
import threading
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from tests.e2e.server import Server
from tests.load.processes import DurablePostgres, new_server
from tests.load.writers import Failing, Writer, compare

WRITERS = 8
ROWS = "SELECT id, note, deleted, version FROM annotator_annotation"


def sqlite(folder: Path, kills: int, seed: int = 1) -> dict[str, Any]:
    """Kill the server so many times. The answer has acknowledged, rows, lost, duplicates, integrity."""
    server = new_server(folder)
    server.start()
    try:
        told = _kill_under_writers(server, None, kills, seed)
    finally:
        server.stop()
    with closing(sqlite3.connect(folder / "db.sqlite3")) as file:
        told["integrity"] = file.execute("PRAGMA integrity_check").fetchone()[0]
        told["foreign keys broken"] = len(file.execute("PRAGMA foreign_key_check").fetchall())
    return told


def postgres(folder: Path, kills: int, seed: int = 1) -> dict[str, Any]:
    """Kill server and database by turns, so many times in all."""
    with DurablePostgres() as database:
        server = new_server(folder, database.url)
        server.start()
        try:
            told = _kill_under_writers(server, database, kills, seed)
            told["integrity"] = _integrity(database.url)
        finally:
            server.stop()
    return told


def _kill_under_writers(
    server: Server, database: DurablePostgres | None, kills: int, seed: int
) -> dict[str, Any]:
    stop, dice = threading.Event(), random.Random(seed)
    token = server.manage("createtoken", "ada")
    writers = [Writer(server.api(token), stop, number) for number in range(WRITERS)]
    threads = [Failing(writer.run) for writer in writers]
    began = time.monotonic()
    for thread in threads:
        thread.start()
    for turn in range(kills):
        time.sleep(dice.uniform(0.05, 0.8))
        for thread in threads:
            if thread.error is not None:
                raise thread.error
        if database is not None and turn % 2:
            database.kill()
            time.sleep(dice.uniform(0, 0.3))
            database.start()
        else:
            server.kill()
            server.start()
    # A slow machine gets its writes too, so that there is something to compare.
    deadline = time.monotonic() + 30
    while sum(writer.writes for writer in writers) < 5 * WRITERS and time.monotonic() < deadline:
        time.sleep(0.1)
    stop.set()
    for thread in threads:
        thread.finish(120)
    head = server.query("SELECT version FROM annotator_library")[0]["version"]
    rows = server.query(ROWS)
    told = compare(writers, rows)
    told["seconds"] = round(time.monotonic() - began, 1)
    told["kills"] = kills
    told["beyond the head"] = sum(row["version"] > head for row in rows)
    return told


def _integrity(database_url: str) -> str:
    """`ok`, after reading every row and holding each index against its table (where there is amcheck)."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        for (table,) in tables:
            connection.execute(sql.SQL("SELECT * FROM {}").format(sql.Identifier(table))).fetchall()
        known = connection.execute("SELECT 1 FROM pg_available_extensions WHERE name = 'amcheck'").fetchall()
        if not known:
            return "ok (rows read; no amcheck here)"
        connection.execute("CREATE EXTENSION IF NOT EXISTS amcheck")
        connection.execute(
            "SELECT bt_index_check(c.oid, true) FROM pg_class c JOIN pg_am a ON a.oid = c.relam "
            "JOIN pg_namespace n ON n.oid = c.relnamespace "
            "WHERE a.amname = 'btree' AND n.nspname = 'public' AND c.relkind = 'i'"
        ).fetchall()
    return "ok"
