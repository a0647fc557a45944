"""Query strings, read strictly: what is not understood is refused, not guessed."""

import re
import uuid
from collections.abc import Collection
from typing import TypeVar

from django.db.models import Model, QuerySet
from rest_framework.request import Request

from annotator import newest
from annotator.api.fields import uuid_from
from annotator.errors import Invalid
from annotator.search import Place
from annotator.text import unstorable

_DIGITS = re.compile(r"[0-9]{1,18}", re.ASCII)

Row = TypeVar("Row", bound=Model)


def text(request: Request, name: str, most: int) -> str | None:
    """A text of at most `most` characters; None where it is not asked for."""
    values = request.query_params.getlist(name)
    if not values:
        return None
    if len(values) > 1:
        raise Invalid.field(name, "stands more than once")
    if len(values[0]) > most or unstorable(values[0]):
        raise Invalid.field(name, f"has to be a text of at most {most} characters")
    return str(values[0])


def one_of(request: Request, name: str, known: Collection[str]) -> str | None:
    """One of the known words."""
    value = text(request, name, 100)
    if value is not None and value not in known:
        raise Invalid.field(name, f"has to be one of {', '.join(known)}")
    return value


def whole_number(request: Request, name: str, *, default: int, least: int, most: int) -> int:
    """A number in plain digits. Above `most` is refused, too."""
    value = text(request, name, 100)
    if value is None:
        return default
    if not _DIGITS.fullmatch(value) or not least <= int(value) <= most:
        raise Invalid.field(name, f"has to be a whole number from {least} to {most}")
    return int(value)


def identifier(request: Request, name: str) -> uuid.UUID | None:
    """A UUID in its 36 characters."""
    value = text(request, name, 100)
    if value is None:
        return None
    found = uuid_from(value)
    if found is None:
        raise Invalid.field(name, "has to be a UUID")
    return found


def cursor(request: Request) -> newest.Place | None:
    """The cursor of the request. Raises Invalid for one that no answer of ours held."""
    value = text(request, "cursor", 100)
    if value is None:
        return None
    if (found := newest.Place.written(value)) is None:
        raise Invalid.field("cursor", "is none that was given out here")
    return found


def place(request: Request) -> Place | None:
    """The cursor of a request that searches. Raises Invalid for one that no such answer of ours held."""
    value = text(request, "cursor", 100)
    if value is None:
        return None
    if (found := Place.written(value)) is None:
        raise Invalid.field("cursor", "is none that was given out for a search")
    return found


def page(rows: "QuerySet[Row]", cursor: newest.Place | None, size: int) -> tuple[list[Row], str | None]:
    """The rows behind the cursor, newest first, and the next page's cursor; rows have `created` and `id`."""
    found = list(newest.behind(rows, cursor).order_by("-created", "-pk")[: size + 1])
    if len(found) <= size:
        return found, None
    last = found[size - 1]
    return found[:size], str(newest.Place(last.created, last.pk))  # type: ignore[attr-defined]  # by contract
