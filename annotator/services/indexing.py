"""The words of annotations, kept in step with their texts (`annotator.search.index`).

Whoever changes a quote, a note, tags, the library or the deletion of annotations calls `index_annotation` for
one, or `index_annotations` for many, in the same transaction. Rows that Django deletes leave by themselves.
"""

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Exists, OuterRef

from annotator.models.annotations import Annotation, AnnotationQuerySet
from annotator.models.documents import Document
from annotator.models.search import Searched
from annotator.search import index
from annotator.services.documents import title_words
from annotator.services.versions import writing

CHUNK: Final = 200


@dataclass(frozen=True, slots=True)
class Progress:
    """Of a chunk: annotations looked at, how many of them the index was wrong about, the last one's id."""

    looked_at: int
    wrong: int
    last: uuid.UUID


def index_annotation(row: Annotation) -> None:
    """The row's words as they are now, none where it is deleted. In the library's transaction."""
    _index([row], row.library_id)


def index_annotations(*, library_id: uuid.UUID, ids: Sequence[uuid.UUID]) -> int:
    """The same for many; how many entries were wrong. In the library's transaction."""
    rows = Annotation.objects.filter(library=library_id, pk__in=ids).prefetch_related("tags")
    return _index(list(rows), library_id)


def reindex_library(*, library_id: uuid.UUID, after: uuid.UUID | None = None) -> None:
    """Every article and annotation of the library, from scratch."""
    for _ in reindexing(library_id=library_id, after=after):
        pass


def reindexing(*, library_id: uuid.UUID, after: uuid.UUID | None = None) -> Iterator[Progress]:
    """The same in chunks, each its own transaction, in the order of ids; `after` names the last one done."""
    if after is None:
        _index_titles(library_id)
    while True:
        with writing(library_id):
            rows = _chunk(Annotation.objects.filter(library=library_id), after)
            if not rows:
                return
            wrong = _index(rows, library_id)
        after = rows[-1].pk
        yield Progress(len(rows), wrong, after)


def wrong_entries(*, library_id: uuid.UUID) -> Iterator[Progress]:
    """How many annotations the index is wrong about, in chunks; nothing is written."""
    after = None
    while rows := _chunk(Annotation.objects.filter(library=library_id), after):
        after = rows[-1].pk
        stored = {row.annotation_id: row for row in Searched.objects.filter(annotation__in=rows)}
        wrong = 0
        for row in rows:
            entry, found = _entry(row), stored.get(row.pk)
            wrong += entry != (found and index.Entry(found.quote, found.note, found.tags))
        yield Progress(len(rows), wrong, after)


def index_what_is_missing(**signal: Any) -> None:
    """After `migrate`: what is not in the index goes there, and what no row stands for leaves it."""
    if not Searched.objects.exists():
        index.forget_rows()
    entry = Searched.objects.filter(annotation=OuterRef("pk"))
    missing = Annotation.objects.alive().filter(~Exists(entry))
    for library_id in missing.order_by().values_list("library", flat=True).distinct():
        _index_titles(library_id)
        while ids := list(missing.filter(library=library_id).values_list("pk", flat=True)[:CHUNK]):
            with writing(library_id):
                index_annotations(library_id=library_id, ids=ids)


def _chunk(rows: AnnotationQuerySet, after: uuid.UUID | None) -> list[Annotation]:
    if after is not None:
        rows = rows.filter(pk__gt=after)
    return list(rows.prefetch_related("tags").order_by("pk")[:CHUNK])


def _index(rows: Sequence[Annotation], library_id: uuid.UUID) -> int:
    entries = {row.pk: _entry(row) for row in rows}
    wrong = index.put({id: entry for id, entry in entries.items() if entry is not None}, library_id)
    return wrong + index.drop([id for id, entry in entries.items() if entry is None])


def _entry(row: Annotation) -> index.Entry | None:
    """What the index has to hold of it: nothing of a deleted one."""
    if row.deleted is not None:
        return None
    return index.entry_of(quote=row.quote_exact, note=row.note, tags=(tag.name for tag in row.tags.all()))


def _index_titles(library_id: uuid.UUID) -> None:
    after = None
    while True:
        articles = Document.objects.filter(library=library_id)
        if after is not None:
            articles = articles.filter(pk__gt=after)
        with writing(library_id):
            rows = list(articles.only("title", "title_words").order_by("pk")[:CHUNK])
            for row in rows:
                if row.title_words != (words := title_words(row.title)):
                    Document.objects.filter(pk=row.pk).update(title_words=words)
        if not rows:
            return
        after = rows[-1].pk
