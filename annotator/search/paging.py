"""What a query finds, page by page, the best first: the same order on both databases.

First those that have the query's words side by side, as typed (of a single word: as a tag), then the others;
the newest first in each. A page goes on behind a place, however much came or went before it.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from heapq import merge
from itertools import islice
from typing import Any as Anything
from typing import Final

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import DateTimeField, F, Func
from django.db.models.sql.compiler import SQLCompiler

from annotator import newest
from annotator.models.annotations import Annotation, AnnotationQuerySet
from annotator.search.asking import condition
from annotator.search.question import All, Node, Not, Question

# So many are looked through, newest first, before all that the index finds is collected: words that fill a
# page here are too frequent to collect, the others are rare enough.
WINDOW: Final = 3000


@dataclass(frozen=True, slots=True)
class Place:
    """The last row of a page. `rank` 0 is the better half; `spot`, where it stands among those as good."""

    rank: int
    spot: newest.Place

    def __str__(self) -> str:
        return f"{self.rank}-{self.spot}"

    @classmethod
    def written(cls, text: str) -> Place | None:
        """The place that `str` wrote; None for anything else."""
        rank, _, rest = text.partition("-")
        spot = newest.Place.written(rest)
        return None if spot is None or rank not in ("0", "1") else cls(int(rank), spot)


def page(
    rows: AnnotationQuerySet,
    question: Question,
    libraries: Sequence[uuid.UUID],
    place: Place | None,
    size: int,
) -> tuple[list[Annotation], Place | None]:
    """At most `size` of the rows that the question finds, behind the place; and the last one's, if more come.

    `rows`: what the caller may see of these libraries, as it is to be loaded.
    """
    found: list[Place] = []
    for rank, node in enumerate(_ranks(question)):
        if len(found) > size or (place is not None and rank < place.rank):
            continue
        behind = place.spot if place is not None and rank == place.rank else None
        spots = _newest(rows, node, libraries, behind, size + 1 - len(found))
        found += [Place(rank, spot) for spot in spots]
    shown = found[:size]
    loaded = rows.in_bulk([one.spot.id for one in shown])
    following = shown[-1] if len(found) > size else None
    return [loaded[one.spot.id] for one in shown if one.spot.id in loaded], following


def _ranks(question: Question) -> list[Node]:
    if question.best is None:
        return [question.asks]
    return [
        All((*question.asks.parts, question.best)),
        All((*question.asks.parts, Not(question.best))),
    ]


def _newest(
    rows: AnnotationQuerySet,
    node: Node,
    libraries: Sequence[uuid.UUID],
    behind: newest.Place | None,
    count: int,
) -> list[newest.Place]:
    """Library by library, since the index of ages begins with it."""
    rows = rows.select_related(None).prefetch_related(None)
    of_each = [_newest_of_one(rows, node, library, behind, count) for library in libraries]
    return list(islice(merge(*of_each, reverse=True), count))


def _newest_of_one(
    rows: AnnotationQuerySet, node: Node, library: uuid.UUID, behind: newest.Place | None, count: int
) -> list[newest.Place]:
    rows = newest.behind(rows.filter(library=library), behind)
    of_library = newest.behind(Annotation.objects.filter(library=library), behind).order_by("-created", "-pk")
    edge = of_library.values_list("created", flat=True)[WINDOW : WINDOW + 1].first()
    young = rows.filter(condition(node, [library], few=True))
    if edge is not None:
        young = young.filter(created__gte=edge)
    found = _spots(young.order_by("-created", "-pk"), count)
    if edge is None or len(found) == count:
        return found
    # In no index's order: else the planner may hope to meet enough of them soon on a walk through all rows.
    return _spots(
        rows.filter(condition(node, [library])).order_by(_Unindexed("created").desc(), "-pk"), count
    )


def _spots(rows: AnnotationQuerySet, count: int) -> list[newest.Place]:
    return [newest.Place(created, id) for created, id in rows.values_list("created", "pk")[:count]]


class _Unindexed(Func):
    """A time, in an expression that no index is about."""

    template = "(%(expressions)s + interval '0')"

    def __init__(self, name: str) -> None:
        super().__init__(F(name), output_field=DateTimeField())

    def as_sqlite(  # type: ignore[override]  # the stubs know of no list of parameters
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **context: Anything
    ) -> tuple[str, list[Anything]]:
        """A plus before it is all that SQLite asks for (its query planner's documentation, section 2)."""
        sql, params = compiler.compile(self.source_expressions[0])
        return f"+{sql}", list(params)
