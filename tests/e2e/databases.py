"""A fresh, migrated database for each test: made once, then copied."""

from __future__ import annotations

import secrets
import shutil
from pathlib import Path
from urllib.parse import urlsplit

import psycopg


class SqliteTemplate:
    """A database file; a copy of it is a database of one's own."""

    def __init__(self, folder: Path) -> None:
        self.url = f"sqlite:///{folder / 'template.sqlite3'}"
        self._file = folder / "template.sqlite3"

    def copy(self, folder: Path) -> str:
        """Make a copy inside `folder` and return its DATABASE_URL."""
        shutil.copy(self._file, folder / "db.sqlite3")
        return f"sqlite:///{folder / 'db.sqlite3'}"

    def drop(self, url: str) -> None:
        """Nothing to do: the file goes with its folder."""


class PostgresTemplate:
    """A database in a running PostgreSQL, used as the TEMPLATE of others."""

    def __init__(self, url: str) -> None:
        """`url` names any database of the server; its user may create databases."""
        self._server = url
        self._name = f"annotator_e2e_{secrets.token_hex(4)}"
        self.url = self._url_of(self._name)
        self._run(f"CREATE DATABASE {self._name}")

    def copy(self, folder: Path) -> str:
        name = f"{self._name}_{secrets.token_hex(4)}"
        self._run(f"CREATE DATABASE {name} TEMPLATE {self._name}")
        return self._url_of(name)

    def drop(self, url: str) -> None:
        self._run(f"DROP DATABASE IF EXISTS {urlsplit(url).path[1:]} WITH (FORCE)")

    def close(self) -> None:
        self.drop(self.url)

    def _url_of(self, name: str) -> str:
        return urlsplit(self._server)._replace(path=f"/{name}").geturl()

    def _run(self, statement: str) -> None:
        with psycopg.connect(self._server, autocommit=True) as connection:
            connection.execute(statement.encode())


Template = SqliteTemplate | PostgresTemplate
