"""A table for spreadsheets: RFC 4180, UTF-8 with a byte order mark, which Excel needs to see accents.

A cell that a spreadsheet would take for a formula (it begins with = + - @, tab or carriage return) gets an
apostrophe in front: what readers copied from a page must not run in somebody's spreadsheet (OWASP, "CSV
Injection").
"""

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Final

from annotator.models.annotations import Annotation

MEDIA_TYPE: Final = "text/csv; charset=utf-8"
SUFFIX: Final = "csv"
COLUMNS: Final = (
    "id", "kind", "quote", "note", "tags", "colour", "state", "review", "author", "created", "updated",
    "title", "address", "library", "answers",
)  # fmt: skip
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def write(rows: Iterable[Annotation]) -> Iterator[bytes]:
    """The table, line by line."""
    yield "\ufeff".encode()
    yield _line(COLUMNS)
    for row in rows:
        yield _line(_cells(row))


def _cells(row: Annotation) -> list[str]:
    tags = ", ".join(tag.name for tag in row.tags.all())
    return [
        str(row.pk), row.motivation, row.quote_exact, row.note, tags, row.color,
        row.state if row.quote_exact else "", row.review, row.author.shown_name, row.created.isoformat(),
        row.updated.isoformat(), row.document.title, row.url, row.library.name,
        str(row.parent_id) if row.parent_id else "",
    ]  # fmt: skip


def _line(cells: Iterable[str]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerow(f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in cells)
    return text.getvalue().encode()
