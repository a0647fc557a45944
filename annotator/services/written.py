"""What an author writes of an annotation: the part of the row that the revision counts."""

import uuid
from dataclasses import asdict, dataclass, field
from typing import Any

from annotator import limits
from annotator.errors import Invalid
from annotator.models.annotations import Annotation, Color, Motivation
from annotator.paragraphs import Position, Quote
from annotator.url_key import is_web_address


@dataclass(frozen=True, slots=True)
class Target:
    """Where it was made.

    A page note has no positions and no quote; what was imported may have a quote alone.
    """

    snapshot: str = ""
    start: Position | None = None
    end: Position | None = None
    quote: Quote = field(default_factory=lambda: Quote(""))


@dataclass(frozen=True, slots=True)
class Written:
    """Everything that the author of an annotation decides. Tags are a set: kept sorted, each once."""

    motivation: str
    url: str
    color: str = Color.YELLOW.value
    note: str = ""
    tags: tuple[str, ...] = ()
    parent: uuid.UUID | None = None
    target: Target = field(default_factory=Target)

    def __post_init__(self) -> None:
        object.__setattr__(self, "tags", tuple(sorted({" ".join(tag.split()) for tag in self.tags})))


def check_written(written: Written) -> None:
    """Raises Invalid, naming the field, for what no door may store."""
    _one_of("motivation", written.motivation, Motivation.values)
    _one_of("color", written.color, Color.values)
    if not is_web_address(written.url):
        raise Invalid.field("url", "has to be an http or https address")
    _at_most("note", written.note, limits.NOTE_BYTES)
    _check_tags(written.tags)
    if (written.motivation == Motivation.REPLYING) != (written.parent is not None):
        raise Invalid.field("parent", "goes with the motivation replying, and only with it")
    _check_target(written)


def _check_tags(tags: tuple[str, ...]) -> None:
    if len(tags) > limits.TAGS:
        raise Invalid.field("tags", f"are more than {limits.TAGS}")
    for tag in tags:
        if not tag or len(tag) > limits.TAG_CHARACTERS:
            raise Invalid.field("tags", f"each has to have 1 to {limits.TAG_CHARACTERS} characters")


def _check_target(written: Written) -> None:
    target, quote = written.target, written.target.quote
    highlights = written.motivation in (Motivation.HIGHLIGHTING, Motivation.COMMENTING)
    if highlights and not quote.exact.strip():
        raise Invalid.field("target.quote.exact", "a highlight needs the highlighted text")
    if not highlights and (quote.exact or target.start or target.end):
        raise Invalid.field("target", "a page note and a reply have no start, end and quote")
    _at_most("target.quote.exact", quote.exact, limits.QUOTE_BYTES)
    for name, text in (("prefix", quote.prefix), ("suffix", quote.suffix)):
        if len(text) > limits.CONTEXT_CHARACTERS:
            raise Invalid.field(
                f"target.quote.{name}", f"has more than {limits.CONTEXT_CHARACTERS} characters"
            )
    if (target.start is None) != (target.end is None):
        raise Invalid.field("target.end" if target.start else "target.start", "start and end go together")
    if target.start is not None and target.end is not None:
        if not target.snapshot:
            raise Invalid.field("target.snapshot", "start and end are places in a snapshot: name it")
        if target.end <= target.start:
            raise Invalid.field("target.end", "has to lie behind start")


def _one_of(name: str, value: str, known: list[str]) -> None:
    if value not in known:
        raise Invalid.field(name, f"has to be one of {', '.join(known)}")


def _at_most(name: str, text: str, most: int) -> None:
    if len(text.encode()) > most:
        raise Invalid.field(name, f"has more than {most} bytes")


def written_of(row: Annotation) -> Written:
    """What is stored, in the same words: equal to a Written exactly when storing it would change nothing."""
    start = end = None
    if row.start_paragraph is not None and row.start_offset is not None:
        start = Position(row.start_paragraph, row.start_offset)
    if row.end_paragraph is not None and row.end_offset is not None:
        end = Position(row.end_paragraph, row.end_offset)
    return Written(
        motivation=row.motivation,
        url=row.url,
        color=row.color,
        note=row.note,
        tags=tuple(tag.name for tag in row.tags.all()),
        parent=row.parent_id,
        target=Target(
            row.snapshot_digest, start, end, Quote(row.quote_exact, row.quote_prefix, row.quote_suffix)
        ),
    )


def put_on(row: Annotation, written: Written) -> None:
    """Set the row's fields; tags, parent and document are rows of their own and not set here."""
    target = written.target
    row.motivation, row.url, row.color, row.note = (
        written.motivation,
        written.url,
        written.color,
        written.note,
    )
    row.snapshot_digest = target.snapshot
    row.start_paragraph = target.start.paragraph if target.start else None
    row.start_offset = target.start.offset if target.start else None
    row.end_paragraph = target.end.paragraph if target.end else None
    row.end_offset = target.end.offset if target.end else None
    row.quote_exact = target.quote.exact
    row.quote_prefix, row.quote_suffix = target.quote.prefix, target.quote.suffix


def for_history(written: Written) -> dict[str, Any]:
    """The same as JSON, for an Event's before and after."""
    return asdict(written) | {"parent": written.parent and str(written.parent), "tags": list(written.tags)}


def from_history(told: dict[str, Any]) -> Written:
    """What `for_history` told, read again."""
    target = told["target"]
    return Written(
        motivation=told["motivation"],
        url=told["url"],
        color=told["color"],
        note=told["note"],
        tags=tuple(told["tags"]),
        parent=uuid.UUID(told["parent"]) if told["parent"] else None,
        target=Target(
            target["snapshot"],
            Position(**target["start"]) if target["start"] else None,
            Position(**target["end"]) if target["end"] else None,
            Quote(**target["quote"]),
        ),
    )
