"""What a query finds, page by page, the best first: the same order on both databases.

First those that have the query's words side by side, as typed (of a single word: as a tag), then the others;
the newest first in each. A page goes on behind a place, however much came or went before it.
"""

from __future__ import annotations

import re
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

# So many are looked through, newest first (backward: oldest first), before all that the index finds is
# collected: words that fill a page here are too frequent to collect, the others are rare enough.
WINDOW: Final = 3000
# How a cursor is written: the rank of the last row, and its place among those as good.
WRITTEN: Final = f"([01])-({newest.WRITTEN})"
_READ: Final = re.compile(WRITTEN, re.ASCII)


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
        if (found := _READ.fullmatch(text)) is None:
            return None
        spot = newest.Place.written(found[2])
        return None if spot is None else cls(int(found[1]), spot)


@dataclass(frozen=True, slots=True)
class Leaf:
    """A page's rows; and where the ones before and behind it begin, None where there are none."""

    rows: list[Annotation]
    before: Place | None
    behind: Place | None


def leaf(
    rows: AnnotationQuerySet,
    question: Question,
    libraries: Sequence[uuid.UUID],
    place: Place | None,
    size: int,
    *,
    backward: bool = False,
) -> Leaf:
    """At most `size` of the rows that the question finds, behind the place, or else `backward` from it.

    Without a place from the beginning, or from the end. `rows`: what the caller may see of these libraries,
    as it is to be loaded.
    """
    found = _found(rows, question, libraries, place, size + 1, backward)
    more, shown = len(found) > size, found[:size]
    if backward:
        shown.reverse()
    before, behind = (more, place is not None) if backward else (place is not None, more)
    loaded = rows.in_bulk([one.spot.id for one in shown])
    return Leaf(
        [loaded[one.spot.id] for one in shown if one.spot.id in loaded],
        shown[0] if shown and before else None,
        shown[-1] if shown and behind else None,
    )


def place_of(row: Annotation, question: Question) -> Place:
    """Where a row that the question finds stands."""
    spot = newest.Place(row.created, row.pk)
    if question.best is None:
        return Place(0, spot)
    best = condition(question.best, [row.library_id], few=True)
    return Place(0 if Annotation.objects.filter(pk=row.pk).filter(best).exists() else 1, spot)


def _found(
    rows: AnnotationQuerySet,
    question: Question,
    libraries: Sequence[uuid.UUID],
    place: Place | None,
    count: int,
    backward: bool,
) -> list[Place]:
    """The `count` nearest to the place, in the direction of reading."""
    found: list[Place] = []
    ranks = list(enumerate(_ranks(question)))
    for rank, node in reversed(ranks) if backward else ranks:
        passed = place is not None and (rank > place.rank if backward else rank < place.rank)
        if len(found) == count or passed:
            continue
        edge = place.spot if place is not None and rank == place.rank else None
        spots = _nearest(rows, node, libraries, edge, count - len(found), backward)
        found += [Place(rank, spot) for spot in spots]
    return found


def _ranks(question: Question) -> list[Node]:
    if question.best is None:
        return [question.asks]
    return [
        All((*question.asks.parts, question.best)),
        All((*question.asks.parts, Not(question.best))),
    ]


def _nearest(
    rows: AnnotationQuerySet,
    node: Node,
    libraries: Sequence[uuid.UUID],
    place: newest.Place | None,
    count: int,
    backward: bool,
) -> list[newest.Place]:
    """Library by library, since the index of ages begins with it."""
    rows = rows.select_related(None).prefetch_related(None)
    of_each = [_nearest_of_one(rows, node, library, place, count, backward) for library in libraries]
    return list(islice(merge(*of_each, reverse=not backward), count))


def _nearest_of_one(
    rows: AnnotationQuerySet,
    node: Node,
    library: uuid.UUID,
    place: newest.Place | None,
    count: int,
    backward: bool,
) -> list[newest.Place]:
    beyond = newest.before if backward else newest.behind
    order = ("created", "pk") if backward else ("-created", "-pk")
    rows = beyond(rows.filter(library=library), place)
    of_library = beyond(Annotation.objects.filter(library=library), place).order_by(*order)
    edge = of_library.values_list("created", flat=True)[WINDOW : WINDOW + 1].first()
    near = rows.filter(condition(node, [library], few=True))
    if edge is not None:
        near = near.filter(**{"created__lte" if backward else "created__gte": edge})
    found = _spots(near.order_by(*order), count)
    if edge is None or len(found) == count:
        return found
    # In no index's order: else the planner may hope to meet enough of them soon on a walk through all rows.
    age = _Unindexed("created")
    all_of_them = rows.filter(condition(node, [library]))
    return _spots(all_of_them.order_by(age.asc() if backward else age.desc(), order[1]), count)


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
