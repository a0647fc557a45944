"""Annotations to be searched, as rows: those of the vectors, and others made up."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from annotator.models.annotations import Annotation, AnnotationTag, Motivation, Tag
from annotator.models.documents import Document
from annotator.models.libraries import Library, Role
from annotator.models.users import User
from annotator.services.documents import site_of, title_words
from annotator.services.indexing import index_annotations
from annotator.services.versions import writing
from tests.server.people import Person, joins, person

VECTORS = Path(__file__).parents[1] / "vectors" / "search"


def vectors(name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((VECTORS / f"{name}.json").read_text("utf-8"))
    return found


@dataclass
class Corpus:
    """A library of annotations by their keys, and its owner."""

    owner: Person
    library: Library
    rows: dict[str, Annotation] = field(default_factory=dict)

    def keys(self, rows: Iterable[Annotation]) -> list[str]:
        by_id = {row.pk: key for key, row in self.rows.items()}
        return [by_id[row.pk] for row in rows]


def installed(entries: Iterable[dict[str, Any]]) -> Corpus:
    """A library with these entries, written as imports write them: rows first, then the index."""
    owner, zoe = person("ada"), person("zoe")
    User.objects.filter(username="zoe").update(first_name="Zoë", last_name="Müller")
    library = Library.objects.create(name="Searched")
    joins(owner, library, Role.OWNER)
    joins(zoe, library, Role.EDITOR)
    corpus = Corpus(owner, library)
    authors = {"ada": owner.user, "zoe": zoe.user}
    tags: dict[str, Tag] = {}
    for number, entry in enumerate(entries):
        row = _row(corpus, number, entry, authors[entry.get("author", "ada")])
        for name in entry.get("tags", []):
            if name not in tags:
                tags[name] = Tag.objects.create(library=library, name=name)
            AnnotationTag.objects.create(library=library, annotation=row, tag=tags[name])
        corpus.rows[entry["key"]] = row
    with writing(library.pk):
        index_annotations(library_id=library.pk, ids=[row.pk for row in corpus.rows.values()])
    return corpus


def _row(corpus: Corpus, number: int, entry: dict[str, Any], author: User) -> Annotation:
    url, title = entry.get("url", "https://example.org/a"), entry.get("title", "")
    article = Document.objects.create(
        library=corpus.library, version=2 * number, url=url, title=title, site=site_of(url),
        title_words=title_words(title),
    )  # fmt: skip
    parent = corpus.rows[entry["parent"]] if "parent" in entry else None
    made = datetime.fromisoformat(entry["day"]).replace(hour=12, tzinfo=UTC)
    return Annotation.objects.create(
        library=corpus.library, document=article, version=2 * number + 1, author=author, url=url,
        parent=parent,        motivation=Motivation.REPLYING if parent else Motivation.COMMENTING,
        quote_exact=entry.get("quote", ""), note=_note(entry), color=entry.get("color", "yellow"),
        state=entry.get("state", "exact"), review=entry.get("review", "none"), created=made, updated=made,
    )  # fmt: skip


def _note(entry: dict[str, Any]) -> str:
    if (repeated := entry.get("note_repeated")) is None:
        return str(entry.get("note", ""))
    return str(repeated["piece"] * repeated["times"] + repeated["end"])
