"""Rows as the API's JSON; `api/shapes.py` says the same to the OpenAPI document."""

from datetime import UTC, datetime
from typing import Any

from annotator.models.annotations import Anchor, Annotation
from annotator.models.documents import Document, Snapshot
from annotator.paragraphs import Position, Quote
from annotator.services.written import written_of

Json = dict[str, Any]


def moment(when: datetime) -> str:
    """RFC 3339 with microseconds, always, and Z."""
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def annotation(row: Annotation) -> Json:
    """An annotation; wants author, anchor and tags loaded (`AnnotationQuerySet.whole`)."""
    written = written_of(row)
    target = written.target
    return {
        "id": str(row.pk),
        "library": str(row.library_id),
        "document": str(row.document_id),
        "url": row.url,
        "version": row.version,
        "revision": row.revision,
        "created": moment(row.created),
        "updated": moment(row.updated),
        "author": {"id": str(row.author_id), "name": row.author.shown_name},
        "motivation": row.motivation,
        "color": row.color,
        "note": row.note,
        "tags": list(written.tags),
        "parent": str(row.parent_id) if row.parent_id else None,
        "review": row.review,
        "target": {
            "snapshot": target.snapshot or None,
            "start": _position(target.start),
            "end": _position(target.end),
            "quote": _quote(target.quote),
        },
        "anchor": _anchor(row.state, row.anchor),
    }


def document(row: Document) -> Json:
    """A document with the addresses it was seen at."""
    return {
        "id": str(row.pk),
        "library": str(row.library_id),
        "version": row.version,
        "url": row.url,
        "site": row.site,
        "title": row.title,
        "language": row.language,
        "site_name": row.site_name,
        "byline": row.byline,
        "published": row.published,
        "aliases": [alias.url for alias in sorted(row.aliases.all(), key=lambda alias: alias.pk)],
        "created": moment(row.created),
        "updated": moment(row.updated),
    }


def document_with_snapshots(row: Document) -> Json:
    """The same, with its snapshots; wants them without paragraphs (`DocumentQuerySet.whole`)."""
    snapshots = sorted(row.snapshots.all(), key=lambda one: one.version)
    return document(row) | {"snapshots": [snapshot(one) for one in snapshots]}


def snapshot(row: Snapshot) -> Json:
    """A snapshot without its paragraphs."""
    return {
        "digest": row.digest,
        "library": str(row.library_id),
        "document": str(row.document_id),
        "version": row.version,
        "url": row.url,
        "extractor": row.extractor,
        "created": moment(row.created),
    }


def snapshot_with_paragraphs(row: Snapshot) -> Json:
    """A snapshot whole."""
    return snapshot(row) | {"paragraphs": row.paragraphs}


def _anchor(state: str, anchor: Anchor | None) -> Json:
    if anchor is None:
        return {"state": state, "snapshot": None, "start": None, "end": None, "text": ""}
    return {
        "state": state,
        "snapshot": anchor.snapshot.digest,
        "start": _place(anchor.start_paragraph, anchor.start_offset),
        "end": _place(anchor.end_paragraph, anchor.end_offset),
        "text": anchor.text,
    }


def _position(position: Position | None) -> Json | None:
    return _place(position.paragraph, position.offset) if position else None


def _place(paragraph: int | None, offset: int | None) -> Json | None:
    return None if paragraph is None else {"paragraph": paragraph, "offset": offset}


def _quote(quote: Quote) -> Json | None:
    if not quote.exact:
        return None
    return {"exact": quote.exact, "prefix": quote.prefix, "suffix": quote.suffix}
