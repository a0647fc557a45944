"""A list of annotations as the API tells them, with their articles' titles. UTF-8, one annotation a line."""

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any, Final

from annotator.models.annotations import Annotation
from annotator.services.written import for_history, written_of

MEDIA_TYPE: Final = "application/json"
SUFFIX: Final = "json"


def write(rows: Iterable[Annotation]) -> Iterator[bytes]:
    """A JSON array, piece by piece."""
    before = b"[\n"
    for row in rows:
        yield before + json.dumps(_told(row), ensure_ascii=False).encode()
        before = b",\n"
    yield b"\n]\n" if before == b",\n" else b"[]\n"


def _told(row: Annotation) -> dict[str, Any]:
    written = for_history(written_of(row))
    anchor = row.anchor
    return {
        "id": str(row.pk),
        "library": {"id": str(row.library_id), "name": row.library.name},
        "document": {"id": str(row.document_id), "title": row.document.title, "url": row.document.url},
        "revision": row.revision,
        "created": _moment(row.created),
        "updated": _moment(row.updated),
        "author": {"id": str(row.author_id), "name": row.author.shown_name},
        **written,
        "review": row.review,
        "state": row.state,
        "now": anchor.text if anchor else "",
    }


def _moment(when: datetime) -> str:
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
