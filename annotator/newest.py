"""Lists that begin with the newest: where a row stands in one, and how a cursor writes that down."""

import re
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Self, TypeVar

from django.db.models import Q, QuerySet

WRITTEN: Final = "([0-9]{1,17})-([0-9a-f]{32})"  # microseconds since 1970, and the row's id
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
_READ: Final = re.compile(WRITTEN, re.ASCII)

Rows = TypeVar("Rows", bound="QuerySet[Any]")


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where a row stands among those that have `created`: it goes by that, and by the id among equals."""

    created: datetime
    id: uuid.UUID

    def __str__(self) -> str:
        return f"{(self.created - _EPOCH) // _MICROSECOND}-{self.id.hex}"

    @classmethod
    def written(cls, text: str) -> Self | None:
        """The place that `str` wrote; None for anything else."""
        if (found := _READ.fullmatch(text)) is None:
            return None
        return cls(_EPOCH + int(found[1]) * _MICROSECOND, uuid.UUID(found[2]))


def before(rows: Rows, place: Place | None) -> Rows:
    """The rows that are newer than the place; all of them for none."""
    if place is None:
        return rows
    return rows.filter(Q(created__gt=place.created) | Q(created=place.created, pk__gt=place.id))


def behind(rows: Rows, place: Place | None) -> Rows:
    """The rows that are older than the place; all of them for none."""
    if place is None:
        return rows
    return rows.filter(Q(created__lt=place.created) | Q(created=place.created, pk__lt=place.id))
