"""SQLite as `settings.py` asks for it, or not at all: looked at whenever a connection is opened."""

from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db.backends.base.base import BaseDatabaseWrapper

# By name, as SQLite tells them. WAL is the one that it may refuse, without a word.
PRAGMAS = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


def refuse_weak_sqlite(sender: object, connection: BaseDatabaseWrapper, **_: Any) -> None:
    """Raises ImproperlyConfigured where what is acknowledged might get lost, or writers would meet locks."""
    if connection.vendor != "sqlite" or _is_in_memory(connection):
        return
    with connection.cursor() as cursor:
        told = {name: cursor.execute(f"PRAGMA {name}").fetchone()[0] for name in PRAGMAS}
    if told != PRAGMAS:
        raise ImproperlyConfigured(
            f"SQLite runs with {told} and not with {PRAGMAS}. A write-ahead log needs a local disk: put "
            "ANNOTATOR_DATA on one, or use PostgreSQL (DATABASE_URL)."
        )


def _is_in_memory(connection: BaseDatabaseWrapper) -> bool:
    """A database that ends with its process has no log to ask for: checks and tests use one."""
    name = str(connection.settings_dict["NAME"])
    return name == ":memory:" or "mode=memory" in name
