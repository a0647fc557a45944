"""Processor time, which other work on the machine does not lengthen as it does the clock's."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Final

from django.db import connection

_TICK: Final = 1000 / os.sysconf("SC_CLK_TCK")  # milliseconds


def database_server() -> int | None:
    """The process that all of PostgreSQL's are children of; None for SQLite, which works in this one."""
    if connection.vendor != "postgresql":
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        own = cursor.fetchone()[0]
    return int(Path(f"/proc/{own}/stat").read_text().rpartition(")")[2].split()[1])


def milliseconds(server: int | None) -> float:
    """Of this process, and of a database server with all its own."""
    own = time.process_time() * 1000
    return own if server is None else own + _of_server(server) * _TICK


def _of_server(server: int) -> int:
    """Ticks: of the server, its children that ended, and those that live."""
    total = 0
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue  # it ended meanwhile
        if int(folder.name) == server:
            total += sum(map(int, fields[11:15]))
        elif int(fields[1]) == server:
            total += sum(map(int, fields[11:13]))
    return total
