"""The real server as its own process, with a database and a data folder of its own."""

from __future__ import annotations

import json
import os
import secrets
import shlex
import signal
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from psycopg.rows import dict_row

from tests.e2e.api import Api
from tests.e2e.browsers.interface import wait_until
from tests.processes import end_with_parent

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "correct horse battery staple"  # of every account that the template database has
# Their personal tokens, which the template database has too: making one takes a process each time.
TOKENS = {"ada": "ann_" + "of-ada-" * 6, "bob": "ann_" + "of-bob-" * 6}
_ACCESS = "ACCESS "
_STARTED = "Started worker-1"
_ANSWERED = " annotator.request_log "
_MARK = "/healthz?log-until-here="


@dataclass(frozen=True)
class Request:
    """One request as it arrived; header names in lower case with underscores."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: str


class Server:
    """Started once by its fixture; a test may stop, kill and start it again: the address stays the same.

    Accounts: `ada` (superuser) and `bob`, both with PASSWORD and one of TOKENS.
    """

    def __init__(self, folder: Path, database_url: str, port: int | None = None) -> None:
        self.folder = folder
        self.database_url = database_url
        self.port = port or _free_port()
        self.address = self.url("")
        self.environment = {
            **os.environ,
            "ANNOTATOR_DATA": str(folder),
            "ANNOTATOR_SECRET_KEY": "only-for-end-to-end-tests-" * 3,
            "ANNOTATOR_DEMO": "1",
            "ANNOTATOR_HOSTS": "site.test",
            "DATABASE_URL": database_url,
            "ANNOTATOR_TEST_RECORDING": str(folder / "requests.jsonl"),
        }
        self._process: subprocess.Popen[bytes] | None = None
        self._recording = False

    def url(self, path: str, *, host: str = "127.0.0.1") -> str:
        """The address of a path on this server; `site.test` is the same one, outside of a secure context."""
        return f"http://{host}:{self.port}{path}"

    # --- its life ----------------------------------------------------------------------------------------

    def start(self) -> None:
        assert self._process is None, "the server is running already"
        already = self.log().count(_STARTED)
        application = "tests.e2e.recording" if self._recording else "annotator.wsgi"
        with self._log_file.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1",
                 "--port", str(self.port), "--blocking-threads", "4", "--access-log",
                 "--access-log-fmt", f"{_ACCESS}%(method)s %(path)s?%(query_string)s %(status)d",
                 f"{application}:application"],
                cwd=ROOT, env=self.environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                start_new_session=True, preexec_fn=end_with_parent(signal.SIGTERM),
            )  # fmt: skip
        # Its own word, and not a request, which would stand in the log that tests look at.
        wait_until(
            lambda: self.log().count(_STARTED) > already or self._process_ended(),
            timeout=30,
            what=lambda: f"the server to start:\n{self.log()[-3000:]}",
        )
        assert not self._process_ended(), f"the server ended at once:\n{self.log()[-3000:]}"

    def stop(self) -> None:
        """End as an operator would (SIGTERM): requests in flight are answered."""
        self._end(signal.SIGTERM)

    def move(self) -> None:
        """Start again with the same data at another address."""
        self.port = _free_port()
        self.address = self.url("")
        self.start()

    def kill(self) -> None:
        """SIGKILL to every process of the server."""
        self._end(signal.SIGKILL)

    def record(self) -> None:
        """Start again, writing down whole requests from now on: see `requests`."""
        self.stop()
        self._recording = True
        self.start()

    def fill(self) -> None:
        """Migrate its empty database and make the accounts."""
        self.manage("migrate", "--verbosity=0")
        accounts = (
            "from annotator.models.users import PersonalToken, User\n"
            "from annotator.services.tokens import token_digest\n"
            f"User.objects.create_superuser('ada', 'ada@example.org', {PASSWORD!r})\n"
            f"User.objects.create_user('bob', 'bob@example.org', {PASSWORD!r})\n"
            f"for name, token in {TOKENS!r}.items():\n"
            "    user = User.objects.get(username=name)\n"
            "    PersonalToken.objects.create(user=user, name='tests', digest=token_digest(token))\n"
        )
        self.manage("shell", "--no-imports", "--command", accounts)

    # --- what it saw -------------------------------------------------------------------------------------

    def log(self) -> str:
        """Everything that it has printed since the test began."""
        return self._log_file.read_text("utf-8", "replace") if self._log_file.exists() else ""

    def access_log(self) -> list[str]:
        """`METHOD PATH?QUERY STATUS` of every request so far, oldest first; ours for this is left out.

        The server writes this log a moment after it has answered, and not always in order. Waited for are a
        last request of our own, and a line for each in the application's own log, written before the answer.
        """
        if not self._process_ended():
            mark = f"{_MARK}{secrets.token_hex(4)}"
            self.api().get(mark)
            wait_until(lambda: self._is_told(mark), what=lambda: "the server's log to be written")
        lines = [line.removeprefix(_ACCESS) for line in self.log().splitlines() if line.startswith(_ACCESS)]
        return [line for line in lines if _MARK not in line]

    def _is_told(self, mark: str) -> bool:
        since_start = self.log().rsplit(_STARTED, 1)[-1]
        told = sum(line.startswith(_ACCESS) for line in since_start.splitlines())
        return mark in since_start and told >= since_start.count(_ANSWERED)

    def requests(self) -> list[Request]:
        """Every request since `record`, with its headers and body."""
        file = Path(self.environment["ANNOTATOR_TEST_RECORDING"])
        lines = file.read_text("utf-8").splitlines() if file.exists() else []
        requests = [Request(**json.loads(line)) for line in lines]
        return [request for request in requests if _MARK not in f"{request.path}?{request.query}"]

    # --- what it holds -----------------------------------------------------------------------------------

    def manage(self, *words: str) -> str:
        """Run `manage.py` with these words and return what it printed, without the last line break."""
        done = subprocess.run(
            [sys.executable, "manage.py", *words], cwd=ROOT, env=self.environment,
            stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, f"manage.py {shlex.join(words)}:\n{done.stdout}\n{done.stderr}"
        return done.stdout.removesuffix("\n")

    def api(self, token: str | None = None) -> Api:
        """A client with this token; without one, a caller who is not signed in."""
        return Api(self.address, token)

    def api_of(self, user: str) -> Api:
        """A client for one of the accounts, with its personal token."""
        return self.api(TOKENS[user])

    def query(self, sql: str, *values: object) -> list[dict[str, Any]]:
        """Rows straight from the database, past all of our own code. Placeholders are `?`."""
        if self.database_url.startswith("sqlite:///"):
            with closing(sqlite3.connect(self.database_url.removeprefix("sqlite:///"), timeout=20)) as file:
                file.row_factory = sqlite3.Row
                return [dict(row) for row in file.execute(sql, values)]
        with psycopg.connect(self.database_url, row_factory=dict_row) as connection:
            return connection.execute(sql.replace("?", "%s").encode(), values).fetchall()

    @property
    def _log_file(self) -> Path:
        return self.folder / "server.log"

    def _process_ended(self) -> bool:
        return self._process is None or self._process.poll() is not None

    def _listens(self) -> bool:
        with socket.socket() as probe:
            probe.settimeout(1)
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def _end(self, number: signal.Signals) -> None:
        if self._process is None:
            return
        os.killpg(self._process.pid, number)
        try:
            self._process.wait(15)
        finally:
            if self._process.poll() is None:
                os.killpg(self._process.pid, signal.SIGKILL)
                self._process.wait()
            self._process = None
        # A killed worker may outlive its parent by a moment, and would take requests meant for the next.
        wait_until(lambda: not self._listens(), what=lambda: "the server's port to be free")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
