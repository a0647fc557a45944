"""SQLite as `settings.py` asks for it, or not at all: looked at whenever a connection is opened."""

from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db.backends.base.base import BaseDatabaseWrapper

# By name, as SQLite tells them. WAL is the one that it may refuse, without a word.
PRAGMAS = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


def refuse_weak_sqlite(sender: object, connection: BaseDatabaseWrapper, **_: Any) -> None:
    """Raises ImproperlyConfigured where what is acknowledged might get lost, or writers would meet locks."""
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        told = {name: cursor.execute(f"PRAGMA {name}").fetchone()[0] for name in PRAGMAS}
    if told != PRAGMAS:
        raise ImproperlyConfigured(
            f"SQLite runs with {told} and not with {PRAGMAS}. A write-ahead log needs a local disk: put "
            "ANNOTATOR_DATA on one, or use PostgreSQL (DATABASE_URL)."
        )
