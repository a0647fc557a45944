"""What a query asks, as values; `reading` makes them out of text, `asking` turns them into SQL.

A leaf that is about words finds an annotation when its words stand side by side, in this order, in one of its
fields. `after:` begins with its day, `before:` ends before it; days are those of the active time zone.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from annotator.errors import Invalid


class SearchError(Invalid):
    """A query that cannot be read; the message says what to do, in the active language."""

    def __init__(self, message: str) -> None:
        super().__init__(message, fields={"q": [message]})


class Field(StrEnum):
    """Where words stand in an annotation; by the name that a query gives it."""

    QUOTE = "quote"
    NOTE = "note"
    TAG = "tag"


@dataclass(frozen=True, slots=True)
class Words:
    """Side by side in one field, in any where `field` is None. `beginning`: the last may go on."""

    words: tuple[str, ...]
    beginning: bool = False
    field: Field | None = None


@dataclass(frozen=True, slots=True)
class Title:
    """Side by side in the article's title."""

    words: tuple[str, ...]
    beginning: bool = False


@dataclass(frozen=True, slots=True)
class Site:
    """The article's host name: these labels, side by side in it. `beginning`: the last may go on."""

    host: str
    beginning: bool = False


@dataclass(frozen=True, slots=True)
class Author:
    """The user of this name, as typed or folded; or words of the name that is shown."""

    typed: str
    words: tuple[str, ...]
    beginning: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the annotation that holds this value: colour, state, review or motivation."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Made:
    """When it was made: at this moment or later, or else before it."""

    moment: datetime
    later: bool


@dataclass(frozen=True, slots=True)
class Not:
    """What is inside does not hold."""

    inside: "Node"


@dataclass(frozen=True, slots=True)
class All:
    """Every part holds; of no parts, always."""

    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Any:
    """At least one part holds."""

    parts: tuple["Node", ...]


Node = Words | Title | Site | Author | Column | Made | Not | All | Any


@dataclass(frozen=True, slots=True)
class Question:
    """A whole query. `best`: what those have that come first; None where all are equal."""

    asks: All
    best: Words | None = None
