"""What a query means, as plainly as it can be said: no index, no SQL, one annotation after the other."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from annotator.models.annotations import Annotation
from annotator.search.question import All, Any, Author, Column, Field, Made, Node, Not, Site, Title, Words
from annotator.search.reading import read
from annotator.search.words import words


def ranked(annotations: Sequence[Annotation], query: str) -> list[Annotation]:
    """Those that the query finds, in the order of the results."""
    question = read(query)
    found = [row for row in annotations if holds(question.asks, row)]
    newest = sorted(found, key=lambda row: (row.created, row.pk), reverse=True)
    if question.best is None:
        return newest
    return sorted(newest, key=lambda row: not holds(question.best, row))  # type: ignore[arg-type]  # not None


def holds(node: Node, row: Annotation) -> bool:
    """Whether the annotation is what the node asks for."""
    match node:
        case Words(wanted, beginning, field):
            return any(stand_in(text, wanted, beginning) for text in texts(row, field))
        case Title(wanted, beginning):
            return stand_in(row.document.title, wanted, beginning)
        case Site(host, beginning):
            labels = f".{row.document.site}" if beginning else f".{row.document.site}."
            return (f".{host}" if beginning else f".{host}.") in labels
        case Author(typed, wanted, beginning):
            names = (row.author.username, row.author.shown_name)
            return row.author.username == typed or any(stand_in(name, wanted, beginning) for name in names)
        case Column(name, value):
            return bool(getattr(row, name) == value)
        case Made(moment, later):
            return (row.created >= moment) == later
        case Not(inside):
            return not holds(inside, row)
        case All(parts):
            return all(holds(part, row) for part in parts)
        case Any(parts):
            return any(holds(part, row) for part in parts)


def texts(row: Annotation, field: Field | None) -> list[str]:
    """What the words may stand in: each tag is a text of its own."""
    by_field = {
        Field.QUOTE: [row.quote_exact],
        Field.NOTE: [row.note],
        Field.TAG: [tag.name for tag in row.tags.all()],
    }
    return by_field[field] if field else [text for own in by_field.values() for text in own]


def stand_in(text: str, wanted: tuple[str, ...], beginning: bool) -> bool:
    """Whether these words stand side by side in the text."""
    has = words_of(text)
    *before, last = wanted
    if not beginning and last not in has:
        return False
    for at in range(len(has) - len(wanted) + 1):
        *here, end = has[at : at + len(wanted)]
        if here == before and (end.startswith(last) if beginning else end == last):
            return True
    return False


@lru_cache(maxsize=512)
def words_of(text: str) -> tuple[str, ...]:
    """The same texts are asked about again and again."""
    return tuple(word.text for word in words(text))
