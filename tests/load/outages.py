"""PostgreSQL away for a while: stopped, or read-only. 503 with `Retry-After`, then on as if nothing had been.

Full disks are in `full_disks.py`; SQLite's read-only file is in `tests/server/test_outages.py`.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from tests.e2e.server import Server
from tests.load.processes import DurablePostgres, new_server
from tests.load.writers import Failing, Writer, compare

ROWS = "SELECT id, note, deleted, version FROM annotator_annotation"


def stopped_postgres(folder: Path, seconds: float) -> dict[str, Any]:
    """PostgreSQL is stopped under writers for so long, and started again."""
    with DurablePostgres() as database:
        server = new_server(folder, database.url)

        @contextmanager
        def away() -> Iterator[None]:
            database.stop()
            yield
            database.start()

        return under_writers(server, away, seconds)


def read_only_postgres(folder: Path, seconds: float) -> dict[str, Any]:
    """Every new transaction is read-only for so long, as on a standby."""
    with DurablePostgres() as database:
        server = new_server(folder, database.url)

        def set_read_only(value: str) -> None:
            with psycopg.connect(database.url, autocommit=True) as connection:
                connection.execute(f"ALTER SYSTEM SET default_transaction_read_only = {value}".encode())
                connection.execute("SELECT pg_reload_conf()")

        @contextmanager
        def away() -> Iterator[None]:
            set_read_only("on")
            yield
            set_read_only("off")

        return under_writers(server, away, seconds)


def under_writers(
    server: Server, away: Callable[[], Any], seconds: float, writers: int = 4
) -> dict[str, Any]:
    """Writers before, while and after the database is away (a context) for so long."""
    server.start()
    try:
        stop = threading.Event()
        token = server.manage("createtoken", "ada")
        writing = [Writer(server.api(token), stop, number, pause=0.02) for number in range(writers)]
        threads = [Failing(one.run) for one in writing]
        for thread in threads:
            thread.start()
        time.sleep(1)
        with away():
            time.sleep(seconds)
        before = sum(one.writes for one in writing)
        deadline = time.monotonic() + 30
        while sum(one.writes for one in writing) < before + 20 and time.monotonic() < deadline:
            time.sleep(0.1)
        recovered = time.monotonic() < deadline
        stop.set()
        for thread in threads:
            thread.finish(90)
        told = compare(writing, server.query(ROWS))
        told["recovered"] = recovered
        told["503"] = sum(one.statuses.get(503, 0) for one in writing)
        return told
    finally:
        server.stop()
