"""A browser whose reader signed in some time ago, made once by hand and copied for each test."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from tests.e2e.browsers.interface import Browser
from tests.e2e.databases import SqliteTemplate
from tests.e2e.reader import Reader
from tests.e2e.server import Server


@dataclass(frozen=True)
class Connected:
    """A profile with ada's tokens in it, the database that knows them, and the port that the server had."""

    profile: Path
    database: Path
    port: int

    def copy_database(self, folder: Path) -> str:
        """Make a copy inside `folder` and return its DATABASE_URL."""
        shutil.copy(self.database, folder / "db.sqlite3")
        return f"sqlite:///{folder / 'db.sqlite3'}"


def connect_once(
    template: SqliteTemplate, make_browser: Callable[[Path], Browser], folder: Path
) -> Connected:
    """Go through the first minute in an empty `folder`, and keep what is there when both have ended."""
    server = Server(folder, template.copy(folder))
    server.start()
    browser = make_browser(folder)
    try:
        browser.start()
        reader = Reader(browser, server)
        reader.connect()
        reader.wait_until_sent()
        browser.close()
    finally:
        browser.abandon()
        server.stop()
    # In one file, without the log that the database writes beside it.
    kept = folder / "connected.sqlite3"
    with closing(sqlite3.connect(folder / "db.sqlite3")) as file:
        file.execute("VACUUM INTO ?", [str(kept)])
    return Connected(browser.profile, kept, server.port)
