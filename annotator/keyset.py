"""Pages of long lists by the last row that was shown: the last page costs what the first one does.

No `OFFSET`, and no count of everything: `COUNTED` is where counting stops.
"""

import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

from django.core.exceptions import EmptyResultSet, ValidationError
from django.db import connection
from django.db.models import DateTimeField, Model, Q, QuerySet
from django.utils.timezone import is_aware

from annotator.models.libraries import Library

COUNTED: Final = 1_000
Row = TypeVar("Row", bound=Model)
Key = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page begins: after a row, before one, or at the end. `after` with no row: at the start."""

    direction: str = "after"
    key: Key = ()

    @property
    def backward(self) -> bool:
        """Whether the page is read from its end."""
        return self.direction == "before"


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """The rows of a page, and the links from it: "" where there is nothing."""

    rows: list[Row]
    newer: str
    older: str


def place_of(written: str, model: type[Model], keys: Sequence[str]) -> Place:
    """The place that a link of ours wrote; the start for anything else. Never raises."""
    if written == "end":
        return Place("before")
    direction, _, values = written.partition("~")
    if direction not in ("after", "before"):
        return Place()
    try:
        told = json.loads(values)
        assert isinstance(told, list)
        assert len(told) == len(keys)
        assert all(isinstance(value, str) for value in told)
        key = tuple(_checked(model, name, value) for name, value in zip(_bare(keys), told, strict=True))
    except (ValueError, ValidationError, AssertionError, RecursionError, OverflowError):
        return Place()
    return Place(direction, key)


def page_of(
    rows: "QuerySet[Row]", place: Place, *, keys: Sequence[str], size: int, libraries: Sequence[Library] = ()
) -> Page[Row]:
    """`size` rows in the order of `keys`, which all run one way ("-created", "-pk") and are never null.

    `libraries` are those whose rows they are. Each is asked for its own first `size` rows, which its index
    holds in order; of several, the page is made of these.
    """
    down = keys[0].startswith("-")
    ordered = rows.order_by(*(_turned(keys) if place.backward else keys))
    ordered = _beyond(ordered, place, _bare(keys), down != place.backward)
    found = _first(ordered, _bare(keys), size + 1, libraries, reverse=down != place.backward)
    more, found = len(found) > size, found[:size]
    if place.backward:
        found.reverse()
    before, behind = (more, bool(place.key)) if place.backward else (bool(place.key), more)
    return Page(
        found,
        newer=_written("before", found[0], keys) if found and before else "",
        older=_written("after", found[-1], keys) if found and behind else "",
    )


def counted(rows: "QuerySet[Any]") -> int:
    """How many there are, up to COUNTED + 1."""
    return rows.order_by()[: COUNTED + 1].count()


def counted_each(questions: "Sequence[QuerySet[Any]]") -> list[int]:
    """How many each of them finds, up to COUNTED + 1, in one query."""
    numbers = {}
    for index, rows in enumerate(questions):
        # Django writes no LIMIT into the parts of a query, only into the whole.
        with suppress(EmptyResultSet):
            numbers[index] = rows.order_by().values("pk")[: COUNTED + 1].query.sql_with_params()
    if not numbers:
        return [0] * len(questions)
    parts = ", ".join(f"(SELECT COUNT(*) FROM ({sql}) found)" for sql, _ in numbers.values())  # noqa: S608  # Django's SQL
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {parts}", [value for _, values in numbers.values() for value in values])
        found = dict(zip(numbers, cursor.fetchone(), strict=True))
    return [found.get(index, 0) for index in range(len(questions))]


def _first(
    rows: "QuerySet[Row]", names: Sequence[str], size: int, libraries: Sequence[Library], *, reverse: bool
) -> list[Row]:
    if not libraries:
        return list(rows[:size])
    if len(libraries) == 1:
        return list(rows.filter(library=libraries[0])[:size])
    keys: list[Key] = []
    for library in libraries:
        keys += rows.filter(library=library).values_list(*names)[:size]
    chosen = sorted(keys, reverse=reverse)[:size]
    by_key = rows.filter(pk__in=[key[-1] for key in chosen]).in_bulk()
    return [by_key[key[-1]] for key in chosen if key[-1] in by_key]


def _beyond(rows: "QuerySet[Row]", place: Place, names: Sequence[str], down: bool) -> "QuerySet[Row]":
    """Rows behind the place. The bound on the first key alone is what an index can use."""
    if not place.key:
        return rows
    less = "lt" if down else "gt"
    behind = Q()
    for index in range(len(names)):
        equal = dict(zip(names[:index], place.key[:index], strict=True))
        behind |= Q(**equal, **{f"{names[index]}__{less}": place.key[index]})
    return rows.filter(behind, **{f"{names[0]}__{less}e": place.key[0]})


def _checked(model: type[Model], name: str, value: str) -> Any:
    field = model._meta.pk if name == "pk" else model._meta.get_field(name)
    assert field is not None
    checked = field.to_python(value)  # type: ignore[union-attr]  # keys are columns
    if checked is None or (isinstance(field, DateTimeField) and not is_aware(checked)):
        raise ValueError(name)
    return checked


def _bare(keys: Sequence[str]) -> list[str]:
    return [key.removeprefix("-") for key in keys]


def _turned(keys: Sequence[str]) -> list[str]:
    return [key.removeprefix("-") if key.startswith("-") else f"-{key}" for key in keys]


def _written(direction: str, row: Model, keys: Sequence[str]) -> str:
    values = [getattr(row, name) for name in _bare(keys)]
    told = [value.isoformat() if hasattr(value, "isoformat") else str(value) for value in values]
    return f"{direction}~{json.dumps(told, ensure_ascii=False)}"
