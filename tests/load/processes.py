"""A real server and a real PostgreSQL as processes that may be killed at any moment and started again."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from urllib.parse import quote

from tests.databases import find_binaries
from tests.e2e.server import Server
from tests.made_once import made_once


class DurablePostgres:
    """PostgreSQL as an operator has it: `fsync=on`. In a folder of its own, reached by a socket in it.

    It begins with a migrated database and the accounts of the tests; `empty` with neither.
    """

    def __init__(self, *, empty: bool = False) -> None:
        self._empty = empty
        self._binaries = find_binaries()
        self._owner = "nobody" if os.geteuid() == 0 else None
        self.folder = Path(tempfile.mkdtemp(prefix="pgd-", dir="/tmp"))
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"postgresql://annotator@{quote(str(self.folder), safe='')}/postgres"

    def __enter__(self) -> DurablePostgres:
        if self._owner is not None:
            entry = pwd.getpwnam(self._owner)
            os.chown(self.folder, entry.pw_uid, entry.pw_gid)
        if self._empty:
            self._run(
                "initdb", "-D", str(self.data), "-U", "annotator", "-E", "UTF8", "--locale=C", "-A", "trust"
            )  # fmt: skip
        else:
            # With its owner, who alone may start it.
            made = made_once("postgres-cluster", _fill_cluster) / "data"
            subprocess.run(["cp", "-a", made, self.data], check=True)
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def start(self) -> None:
        """Returns when it takes connections; after a kill it first replays its log."""
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [self._binaries / "postgres", "-D", self.data, "-c", "listen_addresses=",
                 "-c", f"unix_socket_directories={self.folder}", "-c", "fsync=on",
                 "-c", "synchronous_commit=on", "-c", "max_connections=100"],
                user=self._owner, env=self._environment, cwd=self.folder, stdin=subprocess.DEVNULL,
                stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip
        deadline = time.monotonic() + 60
        while self._ready() != 0:
            assert self._process.poll() is None, (self.folder / "log").read_text()[-2000:]
            assert time.monotonic() < deadline, "PostgreSQL did not start"
            time.sleep(0.05)

    def stop(self) -> None:
        """As an operator would, not waiting for clients (SIGINT: fast shutdown)."""
        self._end(signal.SIGINT)

    def kill(self) -> None:
        """SIGKILL to every one of its processes."""
        self._end(signal.SIGKILL)

    def _end(self, number: signal.Signals) -> None:
        if self._process is None:
            return
        self._process.send_signal(number)
        self._process.wait(30)
        self._process = None
        if number == signal.SIGKILL:
            self._kill_children()

    def _kill_children(self) -> None:
        """Until none is left: while one lives, PostgreSQL refuses to start on the memory that it shares."""
        deadline = time.monotonic() + 30
        while children := self._children():
            assert time.monotonic() < deadline, f"PostgreSQL's {children} do not end"
            for child in children:  # each backend leads a session of its own
                _kill(child)
            time.sleep(0.01)

    def _children(self) -> list[int]:
        """Processes that have this folder's data as their working directory."""
        found = []
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit():
                try:
                    if Path(os.readlink(entry / "cwd")) == self.data:
                        found.append(int(entry.name))
                except OSError:
                    continue
        return found

    def _ready(self) -> int:
        return subprocess.run(
            [self._binaries / "pg_isready", "-q", "-h", self.folder], env=self._environment, check=False
        ).returncode

    def _run(self, program: str, *words: str) -> None:
        subprocess.run(
            [self._binaries / program, *words], user=self._owner, env=self._environment, cwd=self.folder,
            capture_output=True, check=True,
        )  # fmt: skip

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def _environment(self) -> dict[str, str]:
        return {"PATH": f"{self._binaries}:/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}


def _kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def new_server(folder: Path, database_url: str | None = None) -> Server:
    """A server, not started yet, on this database or a new SQLite file, with the tests' accounts in it."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "db.sqlite3"
    if database_url is None:
        shutil.copy(made_once("sqlite-file", _fill_file) / file.name, file)
    server = Server(folder, database_url or f"sqlite:///{file}")
    server.environment["ANNOTATOR_DEMO"] = "0"
    return server


@contextmanager
def running_server(folder: Path) -> Iterator[Server]:
    """The same on a new SQLite file, and started."""
    server = new_server(folder)
    server.start()
    try:
        yield server
    finally:
        server.stop()


def _fill_file(folder: Path) -> None:
    Server(folder, f"sqlite:///{folder / 'db.sqlite3'}").fill()


def _fill_cluster(folder: Path) -> None:
    with DurablePostgres(empty=True) as database:
        Server(folder, database.url).fill()
        database.stop()
        subprocess.run(["cp", "-a", database.data, folder / "data"], check=True)
