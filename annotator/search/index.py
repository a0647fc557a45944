"""The index: written by services in the transaction that writes the annotation; no triggers.

PostgreSQL makes its `tsvector` out of the row by itself. SQLite's FTS5 table has to be told, also what was
there before; what Django deletes, cascades included, it is told by a signal.
"""

import logging
import uuid
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import DatabaseError, connection, transaction
from django.db.models.signals import pre_delete

from annotator.models.search import Searched
from annotator.search.words import spaced, spaced_tags

log = logging.getLogger(__name__)
_COLUMNS = "rowid, library_id, quote, note, tags"


@dataclass(frozen=True, slots=True)
class Entry:
    """The words of one annotation, by field."""

    quote: str
    note: str
    tags: str


def entry_of(*, quote: str, note: str, tags: Iterable[str]) -> Entry:
    """What the index holds of these texts."""
    return Entry(spaced(quote), spaced(note), spaced_tags(tags))


def put(entries: Mapping[uuid.UUID, Entry], library: uuid.UUID) -> int:
    """Make these the entries of annotations of one library; how many that changed. In its transaction."""
    stored = {row.annotation_id: row for row in Searched.objects.filter(annotation__in=entries)}
    new = [
        Searched(library_id=library, annotation_id=id, quote=entry.quote, note=entry.note, tags=entry.tags)
        for id, entry in entries.items()
        if id not in stored
    ]
    changed = [
        row
        for id, row in stored.items()
        if (row.library_id, Entry(row.quote, row.note, row.tags)) != (library, entries[id])
    ]
    for row in changed:
        _take_out(row)
        entry = entries[row.annotation_id]
        row.library_id, row.quote, row.note, row.tags = library, entry.quote, entry.note, entry.tags
        row.save()
    _put_in([*Searched.objects.bulk_create(new), *changed])
    return len(new) + len(changed)


def drop(annotations: Collection[uuid.UUID]) -> int:
    """Leave nothing of these annotations in the index; how many were in it."""
    rows = Searched.objects.filter(annotation__in=annotations)
    return rows.delete()[1].get(Searched._meta.label, 0)


def clear() -> None:
    """Leave nothing in the index at all."""
    Searched.objects.all()._raw_delete(Searched.objects.db)  # without a signal for each
    forget_rows()


def forget_rows() -> None:
    """Empty what Django does not know of, after all rows were deleted behind its back."""
    if connection.vendor == "sqlite":
        _tell("delete-all")


def merge() -> None:
    """Have SQLite write its index anew: it keeps the words of deleted rows until it does."""
    if connection.vendor == "sqlite":
        _tell("optimize")


def rebuild() -> None:
    """Make SQLite's index again from the rows. PostgreSQL's is a part of them."""
    if connection.vendor == "sqlite":
        _tell("rebuild")


def agrees_with_rows() -> bool:
    """Whether SQLite's index holds what the rows hold. PostgreSQL's always does."""
    if connection.vendor != "sqlite":
        return True
    with connection.cursor() as cursor:
        try:
            cursor.execute(
                "INSERT INTO annotator_searched_words(annotator_searched_words, rank)"
                " VALUES('integrity-check', 1)"
            )
        except DatabaseError:
            return False
    return True


def _put_in(rows: Iterable[Searched]) -> None:
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.executemany(
                f"INSERT INTO annotator_searched_words({_COLUMNS}) VALUES(%s, %s, %s, %s, %s)",
                [_values(row) for row in rows],
            )


def _take_out(row: Searched) -> None:
    """Has to be told what the index holds of the row: its values before they change."""
    if connection.vendor != "sqlite":
        return
    try:
        with transaction.atomic():
            _tell_deletion(row)
    except DatabaseError as damage:
        if type(damage) is not DatabaseError:  # a full disk, a lock: not the index's own trouble
            raise
        # SQLite calls it malformed where it does not hold what it should. Nobody's write may fail for that.
        log.error("the index of words was damaged, and is made anew")
        rebuild()
        _tell_deletion(row)


def _tell_deletion(row: Searched) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO annotator_searched_words(annotator_searched_words, {_COLUMNS})"
            " VALUES('delete', %s, %s, %s, %s, %s)",
            _values(row),
        )


def _values(row: Searched) -> tuple[int, str, str, str, str]:
    return row.pk, row.library_id.hex, row.quote, row.note, row.tags


def _tell(command: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO annotator_searched_words(annotator_searched_words) VALUES(%s)", [command])


def _before_delete(instance: Searched, **others: Any) -> None:
    _take_out(instance)


def follow_deletes() -> None:
    """From now on, what Django deletes leaves the index too."""
    pre_delete.connect(_before_delete, sender=Searched, dispatch_uid="annotator.search.take_out")
