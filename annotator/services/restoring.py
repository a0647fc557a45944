"""All rows into a backup, as they were at one moment, and back."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import groupby
from pathlib import Path
from typing import Any

from django.core.management.color import no_style
from django.db import connection, models, transaction
from django.utils import timezone

import annotator
from annotator import backups
from annotator.errors import Refused
from annotator.models.libraries import Library
from annotator.models.users import User
from annotator.search import index
from annotator.services.flags import settle_flags
from annotator.services.indexing import reindex_library
from annotator.services.versions import new_epoch

ROWS = 500


def write_backup(*, file: Path) -> dict[str, int]:
    """Every row as it was when this began; writers go on meanwhile. Rows by table."""
    with (
        _one_moment(),
        backups.Writer(file, version=annotator.__version__, created=timezone.now().isoformat()) as backup,
    ):
        for name, model in sorted(backups.tables().items()):
            names = backups.columns(model)
            rows = model._base_manager.order_by("pk").values_list(*names).iterator(chunk_size=ROWS)
            backup.table(name, names, rows)
        return backup.counts


def restore_backup(*, file: Path, replace: bool = False) -> dict[str, int]:
    """Put a backup's rows in place of all that is here, or change nothing. Rows by table.

    Every library gets a new epoch, so that its clients compare what they have and send again what is missing
    here. Raises NotABackup before anything is touched, and Refused for a database in use without `replace`.
    """
    backups.check(file)
    known = backups.tables()
    if User.objects.exists() and not replace:
        raise Refused("There are users in this database; --replace puts the backup in their place.")
    counts: dict[str, int] = {}
    with transaction.atomic():
        index.clear()
        _empty([*known.values()])
        for (name, names), rows in groupby(backups.read(file), key=lambda one: (one[0], tuple(one[1]))):
            if name not in known:
                raise backups.NotABackup(f"The table {name} is not known here: update the server.")
            counts[name] = _insert(known[name], list(names), (row for _, _, row in rows))
        for library in Library.objects.only("pk").iterator():
            Library.objects.filter(pk=library.pk).update(epoch=new_epoch())
        with connection.cursor() as cursor:
            for statement in connection.ops.sequence_reset_sql(no_style(), [*known.values()]):
                cursor.execute(statement)
            cursor.execute("DELETE FROM django_session")
        for library_id in Library.objects.values_list("pk", flat=True):
            settle_flags(library_id=library_id)
            reindex_library(library_id=library_id)
    return counts


@contextmanager
def _one_moment() -> Iterator[None]:
    """A transaction in which every query sees the same moment, and that keeps no writer waiting."""
    if connection.vendor == "sqlite":
        # `atomic` would take the write lock (transaction_mode IMMEDIATE); this takes none in WAL mode.
        with connection.cursor() as cursor:
            cursor.execute("BEGIN DEFERRED")
            try:
                yield
            finally:
                cursor.execute("ROLLBACK")
    else:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield


def _empty(known: list[type[models.Model]]) -> None:
    with connection.cursor() as cursor:
        for model in known:  # foreign keys are looked at when the transaction ends
            cursor.execute(f"DELETE FROM {connection.ops.quote_name(model._meta.db_table)}")  # noqa: S608


def _insert(model: type[models.Model], names: list[str], rows: Iterator[list[Any]]) -> int:
    by_name = {field.attname: field for field in model._meta.concrete_fields}
    if unknown := set(names) - by_name.keys():
        raise backups.NotABackup(
            f"{model._meta.db_table}.{min(unknown)} is not known here: update the server."
        )
    fields = [by_name[name] for name in names]
    made = 0
    for chunk in _chunks(rows, connection.ops.bulk_batch_size(list(by_name.values()), [None] * ROWS)):
        objects = [
            model(**{field.attname: _value(field, value) for field, value in zip(fields, row, strict=True)})
            for row in chunk
        ]
        # raw: `auto_now` columns keep what they were.
        model._base_manager._insert(objects, fields=list(by_name.values()), raw=True)  # type: ignore[attr-defined]  # Django's own loaddata does so too
        made += len(objects)
    return made


def _value(field: "models.Field[Any, Any]", value: Any) -> Any:
    return value if isinstance(field, models.JSONField) else field.to_python(value)


def _chunks(rows: Iterator[list[Any]], size: int) -> Iterator[list[list[Any]]]:
    chunk: list[list[Any]] = []
    weight = 0
    for row in rows:
        chunk.append(row)
        weight += sum(len(value) for value in row if isinstance(value, str | list))
        if len(chunk) >= size or weight > 1_000_000:
            yield chunk
            chunk, weight = [], 0
    if chunk:
        yield chunk
