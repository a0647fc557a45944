"""What reviewers (and authors, on the desk) change of an annotation: tags, colour, and where it stands."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass, replace

from annotator.errors import Invalid, NotThere
from annotator.folding import Folded
from annotator.models.annotations import Annotation, Motivation
from annotator.models.documents import Snapshot
from annotator.models.users import User
from annotator.paragraphs import Position, quote_at
from annotator.services.annotations import amend_annotation
from annotator.services.documents import latest_snapshot
from annotator.services.saved import Saved
from annotator.services.written import Target, Written

PLACES = 50  # as many places of the same words are offered


def retag(
    *,
    annotation: Annotation,
    actor: User,
    add: Collection[str] = (),
    remove: Collection[str] = (),
    deed: uuid.UUID | None = None,
) -> Saved[Annotation]:
    """Add and remove tags; what is both added and removed is there in the end. Raises as amend_annotation."""

    def change(written: Written) -> Written:
        return replace(written, tags=tuple((set(written.tags) - set(remove)) | set(add)))

    return amend_annotation(annotation=annotation, actor=actor, verb="tag", change=change, deed=deed)


def recolor(
    *, annotation: Annotation, actor: User, color: str, deed: uuid.UUID | None = None
) -> Saved[Annotation]:
    """Give it another colour. Raises as amend_annotation."""
    return amend_annotation(
        annotation=annotation,
        actor=actor,
        verb="recolor",
        change=lambda written: replace(written, color=color),
        deed=deed,
    )


@dataclass(frozen=True, slots=True)
class Spot:
    """A place where words stand in a text. Half-open, in code points."""

    start: Position
    end: Position


def spots_of(snapshot: Snapshot, words: str) -> list[Spot]:
    """Where these words stand in one paragraph each, white space and typography aside; at most PLACES."""
    sought = Folded(words.strip()).text.strip()
    if not sought:
        return []
    found: list[Spot] = []
    for index, paragraph in enumerate(snapshot.read()):
        folded = Folded(paragraph.text)
        at = folded.text.find(sought)
        while at >= 0 and len(found) < PLACES:
            start, end = folded.raw_start(at), folded.raw_end(at + len(sought))
            if start is not None and end is not None:
                found.append(Spot(Position(index, start), Position(index, end)))
            at = folded.text.find(sought, at + 1)
    return found


def attach(
    *, annotation: Annotation, actor: User, digest: str, spot: Spot, deed: uuid.UUID | None = None
) -> Saved[Annotation]:
    """Give a highlight a place in its article's latest text, which has this digest.

    Raises Invalid (naming `snapshot`) where another text came meanwhile, and as amend_annotation.
    """
    if annotation.motivation not in (Motivation.HIGHLIGHTING, Motivation.COMMENTING):
        raise Invalid.field("target", "a page note and a reply have no place")
    latest = latest_snapshot(annotation.document)
    if latest is None:
        raise NotThere
    if latest.digest != digest:
        raise Invalid.field("snapshot", "there is a newer text of this article: look at that one")
    quote = quote_at(latest.read(), spot.start, spot.end)
    target = Target(latest.digest, spot.start, spot.end, quote)
    return amend_annotation(
        annotation=annotation,
        actor=actor,
        verb="attach",
        change=lambda written: replace(written, target=target),
        deed=deed,
    )
