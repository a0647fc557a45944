"""A library as large as wanted, made by bulk inserts: words by Zipf's law, 20 annotations to an article."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from django.db import connection, transaction

from annotator.models.annotations import Annotation, AnnotationTag, Color, Motivation, State, Tag
from annotator.models.documents import Document
from annotator.models.libraries import Library
from annotator.models.search import Searched
from annotator.models.users import User
from annotator.search import index
from annotator.services.documents import title_words
from annotator.uuid7 import uuid7

VOCABULARY: Final = 60_000
PER_ARTICLE: Final = 20
SITES: Final = 400
TAGS: Final = 300
COPIES: Final = 5
BEGUN: Final = datetime(2024, 1, 1, tzinfo=UTC)
_LETTERS: Final = "etaoinshrdlucmfwypvbgk"
_STATES: Final = [
    *[State.EXACT] * 80, *[State.MOVED] * 8, *[State.EDITED] * 7, *[State.ORPHANED] * 4, State.AMBIGUOUS,
]  # fmt: skip


def word(number: int) -> str:
    """The word of this rank, from 0 on: the frequent ones are short."""
    letters = ""
    number += len(_LETTERS) ** 2  # three letters at least
    while number:
        number, digit = divmod(number, len(_LETTERS))
        letters += _LETTERS[digit]
    return letters


class Texts:
    """Texts of words that come as often as words do."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self._words = [word(number) for number in range(VOCABULARY)]
        self._weights = list(itertools.accumulate(1 / (rank + 2.7) for rank in range(VOCABULARY)))

    def text(self, least: int, most: int) -> str:
        return " ".join(
            self.random.choices(self._words, cum_weights=self._weights, k=self.random.randint(least, most))
        )


def fill(annotations: int, owner: User, library: Library) -> None:
    """Four fifths of the annotations go to this library, the rest to twenty others."""
    others = [Library(name=f"Other {number}") for number in range(20)]
    Library.objects.bulk_create(others)
    texts = Texts(4)
    copies = COPIES if connection.vendor == "postgresql" and annotations >= 100_000 else 1
    made = annotations // copies
    mine = made * 4 // 5
    postgresql = connection.vendor == "postgresql"
    if postgresql:
        _run("DROP INDEX searched_by_words")
    # One transaction for each piece: SQLite waits for the disk at the end of each.
    with transaction.atomic():
        _fill_library(library, owner, mine, texts)
    with transaction.atomic():
        for other in others:
            _fill_library(other, owner, (made - mine) // 20, texts)
    if copies > 1:
        _multiply(copies)
    if postgresql:
        _run("CREATE INDEX searched_by_words ON annotator_searched USING gin (words)")
    index.rebuild()
    _run("ANALYZE")


def _multiply(copies: int) -> None:
    """PostgreSQL copies rows faster than they are made here: later by a time that none of them spans."""
    days = 365
    for model in (Document, Annotation, AnnotationTag, Searched):
        columns: list[str] = []
        values: list[str] = []
        for field in model._meta.concrete_fields:
            if model is Searched and field.name == "id":
                continue
            value = f"r.{field.column}"
            if field.name in ("id", "document", "annotation"):
                value = f"md5({value}::text || k)::uuid"
            elif field.name == "version":
                value = f"{value} + k * 20000000"
            elif field.name in ("created", "updated"):
                value = f"{value} - k * interval '{days} days'"
            columns.append(str(field.column))
            values.append(value)
        _run(
            f"INSERT INTO {model._meta.db_table} ({', '.join(columns)}) SELECT {', '.join(values)}"
            f" FROM {model._meta.db_table} r, generate_series(1, {copies - 1}) k"
        )


def _run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def _fill_library(library: Library, owner: User, count: int, texts: Texts) -> None:
    tags = [Tag(library=library, name=f"tag{number}") for number in range(TAGS)]
    Tag.objects.bulk_create(tags)
    for first in range(0, count, 5000):
        size = min(5000, count - first)
        articles = [
            _article(library, first // PER_ARTICLE + n, texts) for n in range(-(-size // PER_ARTICLE))
        ]
        Document.objects.bulk_create(articles, batch_size=1000)
        rows = [
            _annotation(library, owner, articles[n // PER_ARTICLE], first + n, texts) for n in range(size)
        ]
        chosen = [texts.random.sample(tags, texts.random.choice((0, 0, 1, 2))) for _ in rows]
        _insert(Annotation, rows)
        _insert(AnnotationTag, [
            AnnotationTag(library=library, annotation=row, tag=tag)
            for row, own in zip(rows, chosen, strict=True) for tag in own
        ])  # fmt: skip
        _insert(Searched, [
            Searched(library=library, annotation=row, quote=row.quote_exact, note=row.note,
                     tags=" ¶ ".join(sorted(tag.name for tag in own)))
            for row, own in zip(rows, chosen, strict=True)
        ])  # fmt: skip


def _article(library: Library, number: int, texts: Texts) -> Document:
    site = f"site{number % SITES}.example.org"
    title = texts.text(4, 12)
    return Document(
        library=library, version=number * 100 + 1, url=f"https://{site}/{number}", site=site, title=title,
        title_words=title_words(title),
    )  # fmt: skip


def _annotation(library: Library, owner: User, article: Document, number: int, texts: Texts) -> Annotation:
    note = texts.text(5, 30) if number % 5 < 2 else ""
    # Two words that are frequent, and never in the same annotation; two that are, and never side by side.
    apart = {3: " never", 7: " together"}.get(number % 10, "")
    made = BEGUN + timedelta(seconds=60 * number)
    return Annotation(
        id=uuid7(), library=library, document=article, version=10_000_000 + number, author=owner,
        motivation=Motivation.COMMENTING if note else Motivation.HIGHLIGHTING,
        color=texts.random.choice(Color.values), state=texts.random.choice(_STATES), url=article.url,
        quote_exact=f"{'near ' if number % 10 == 5 else ''}{texts.text(8, 40)}{apart}"
        f"{' beside' if number % 10 == 5 else ''}",
        note=note, created=made, updated=made,
    )  # fmt: skip


def _insert(model: Any, rows: list[Any]) -> None:
    """By COPY on PostgreSQL: rows by the hundred thousand."""
    fields = [
        field for field in model._meta.concrete_fields if not (model is Searched and field.name == "id")
    ]
    columns = ", ".join(field.column for field in fields)

    def values() -> Iterator[list[Any]]:
        for row in rows:
            yield [field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields]

    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                for line in values():
                    copy.write_row(line)
        else:
            marks = ", ".join(["%s"] * len(fields))
            cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", list(values()))
