"""A file system with no room left, really: a small one of its own in memory. Needs the right to mount.

SQLite's file and log lie on it, or PostgreSQL's tables (a tablespace). While it is full: 503 with
`Retry-After`, and nothing half written; on by itself when there is room again.
"""

from __future__ import annotations

import os
import pwd
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from tests.load.outages import under_writers
from tests.load.processes import DurablePostgres, new_server

MEBIBYTE = 1024 * 1024
# Above what the health check wants free, below which `/readyz` would say 503 before the disk is full.
SMALL = 12 * MEBIBYTE
MOUNTS = Path("/proc/self/mounts")
# What a mount of ours is called; the process that it belongs to follows.
_OURS = "annotator-test-"


def can_mount() -> bool:
    """Whether this machine lets us make a file system. What killed tests have left is taken away first."""
    unmount_what_is_left()
    with mounted_at(Path("/tmp") / f"mount-{os.getpid()}", MEBIBYTE) as there:
        return there


@contextmanager
def mounted_at(folder: Path, size: int) -> Iterator[bool]:
    """A file system of so many bytes, in memory; False where that is not allowed."""
    folder.mkdir(parents=True)
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size}", f"{_OURS}{os.getpid()}", folder],
        capture_output=True, check=False,
    )  # fmt: skip
    try:
        yield done.returncode == 0
    finally:
        if done.returncode == 0:
            subprocess.run(["umount", "--lazy", folder], check=True)
        folder.rmdir()


def unmount_what_is_left() -> None:
    """Take away the file systems of processes that were killed before they could."""
    for line in MOUNTS.read_text("utf-8").splitlines() if MOUNTS.exists() else ():
        source, folder = line.split(" ")[:2]
        owner = source.removeprefix(_OURS)
        if owner != source and not Path("/proc", owner).exists():
            where = Path(folder.encode("latin-1").decode("unicode_escape"))
            subprocess.run(["umount", "--lazy", where], capture_output=True, check=False)
            with suppress(OSError):
                where.rmdir()


def sqlite(folder: Path, seconds: float) -> dict[str, Any]:
    """The disk under SQLite is full for so long, under writers."""
    with mounted_at(folder / "small", SMALL) as there:
        assert there, "no right to mount"
        server = new_server(folder / "small")
        told = under_writers(server, _full(folder / "small"), seconds)
        told["integrity"] = server.query("PRAGMA integrity_check")[0]["integrity_check"]
        return told


def postgres(folder: Path, seconds: float) -> dict[str, Any]:
    """The disk under PostgreSQL's tables is full for so long, under writers."""
    with mounted_at(folder / "small", 2 * SMALL) as there, DurablePostgres() as database:
        assert there, "no right to mount"
        for path in (folder, *folder.parents[:-2], folder / "small"):
            path.chmod(0o755)  # down to it for PostgreSQL's own user
        tables = folder / "small" / "tables"
        tables.mkdir()
        if os.geteuid() == 0:
            os.chown(tables, pwd.getpwnam("nobody").pw_uid, -1)
        with psycopg.connect(database.url, autocommit=True) as connection:
            connection.execute(
                sql.SQL("CREATE TABLESPACE small LOCATION {}").format(sql.Literal(str(tables)))
            )
            connection.execute("CREATE DATABASE small TEMPLATE postgres TABLESPACE small")
        url = database.url.removesuffix("/postgres") + "/small"
        return under_writers(new_server(folder / "data", url), _full(folder / "small"), seconds)


def _full(folder: Path) -> Callable[[], Any]:
    @contextmanager
    def full() -> Iterator[None]:
        ballast = folder / "ballast"
        with ballast.open("wb", buffering=0) as file, suppress(OSError):
            while file.write(b"x" * 4096):
                pass
        try:
            yield
        finally:
            ballast.unlink()
            time.sleep(0.1)

    return full
