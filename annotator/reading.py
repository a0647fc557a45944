"""An article as read: a snapshot's paragraphs with the highlights that stand in it, the rest beside them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from uuid import UUID

from annotator.comparing import Compared, compare
from annotator.marking import Marked, Span, around, mark
from annotator.models.annotations import Anchor, Annotation, Motivation
from annotator.models.documents import Document, Snapshot
from annotator.models.users import User
from annotator.paragraphs import Position

TEXTS = 30  # of an article that a page offers; older ones are in the list of snapshots


@dataclass(frozen=True)
class ReadParagraph:
    """A paragraph with its highlights drawn in, and the annotations that begin in it, in order."""

    marked: Marked
    notes: tuple[Annotation, ...]


@dataclass(frozen=True)
class Run:
    """Neighbouring paragraphs, of the article or `around` it: menus, advertisements, what else to read."""

    around: bool
    paragraphs: tuple[ReadParagraph, ...]


@dataclass(frozen=True)
class Reading:
    """Everything that an article's page shows; each annotation is in exactly one place."""

    runs: tuple[Run, ...]
    page_notes: tuple[Annotation, ...]
    lost: tuple[Annotation, ...]


def place_in(snapshot: Snapshot, annotation: Annotation, anchor: Anchor | None = None) -> Span | None:
    """Where the annotation's highlight stands in this snapshot, or None where it is not known to stand there.

    The target tells for the snapshot that it was made on; for another one, the given anchor, or else the
    current one. No query, when `anchor` was selected with the annotation.
    """
    if annotation.snapshot_digest == snapshot.digest:
        return span_of(annotation, annotation)
    anchor = anchor or annotation.anchor
    return span_of(annotation, anchor) if anchor and anchor.snapshot_id == snapshot.pk else None


def span_of(annotation: Annotation, row: Annotation | Anchor) -> Span | None:
    """The place that a target or an anchor holds; None for one without, or with nothing in it."""
    if (
        row.start_paragraph is None
        or row.start_offset is None
        or row.end_paragraph is None
        or row.end_offset is None
    ):
        return None
    start, end = Position(row.start_paragraph, row.start_offset), Position(row.end_paragraph, row.end_offset)
    return Span(str(annotation.pk), start, end) if start < end else None


def marked_with(
    snapshot: Snapshot, annotations: Iterable[Annotation], anchors: Mapping[UUID, Anchor] | None = None
) -> list[Marked]:
    """The snapshot's paragraphs with those of the annotations drawn in that stand in it.

    `anchors`: those of this very snapshot by annotation, where it is not the latest one.
    """
    known = anchors or {}
    placed = (place_in(snapshot, annotation, known.get(annotation.pk)) for annotation in annotations)
    return mark(snapshot.read(), [span for span in placed if span is not None])


def in_its_place(
    snapshot: Snapshot, annotation: Annotation, anchor: Anchor | None = None, neighbours: int = 1
) -> list[Marked]:
    """The paragraphs that the highlight touches, with so many on either side; none where it has no place."""
    span = place_in(snapshot, annotation, anchor)
    return around(mark(snapshot.read(), [span]), frozenset({span.key}), neighbours) if span else []


def read(
    snapshot: Snapshot | None,
    annotations: Sequence[Annotation],
    anchors: Mapping[UUID, Anchor] | None = None,
) -> Reading:
    """Put every annotation where it belongs: in its paragraph, on top as a page note, or among the lost.

    `annotations` are the article's living ones that the reader may see, without replies.
    """
    page_notes = tuple(one for one in annotations if one.motivation == Motivation.DESCRIBING)
    highlights = [one for one in annotations if one.motivation != Motivation.DESCRIBING]
    if snapshot is None:
        return Reading((), page_notes, tuple(highlights))
    marked = marked_with(snapshot, highlights, anchors)
    by_key = {str(one.pk): one for one in highlights}
    drawn: set[str] = set()
    paragraphs = []
    for one in marked:
        keys = dict.fromkeys(key for segment in one.segments for key in segment.keys if key not in drawn)
        drawn.update(keys)
        paragraphs.append(ReadParagraph(one, tuple(by_key[key] for key in keys)))
    lost = tuple(one for key, one in by_key.items() if key not in drawn)
    runs = tuple(Run(around, tuple(group)) for around, group in groupby(paragraphs, is_around))
    return Reading(runs, page_notes, lost)


def is_around(paragraph: ReadParagraph) -> bool:
    """Whether it is part of the page and not of the article; what somebody highlighted is always shown."""
    highlighted = any(segment.keys for segment in paragraph.marked.segments)
    return not paragraph.marked.article and not highlighted


@dataclass(frozen=True)
class Article:
    """An article's reading with what its template looks up."""

    snapshot: Snapshot | None
    reading: Reading
    by_key: dict[str, Annotation]
    by_parent: dict[UUID, list[Annotation]]
    # What the lost ones stood in when they were made, by their ids; without those whose text never arrived.
    old: dict[UUID, list[Marked]] = field(default_factory=dict)
    # All texts of the article without their paragraphs, the newest first, and whether this is that one.
    texts: tuple[Snapshot, ...] = ()
    latest: bool = True
    # An earlier text that was asked to be compared with, and what changed from it to this one.
    against: Snapshot | None = None
    changes: tuple[Compared, ...] = ()


def article_of(document: Document, user: User, digest: str = "", against: str = "") -> Article:
    """A text of an article with all that this user may see on it, in a fixed number of queries.

    The text is the one with this digest, or the latest; `against` names one to compare it with. A digest
    that no text has is as none. Whether the user may see the document is the caller's to have asked.
    """
    shown = (
        Annotation.objects.in_libraries([document.library])
        .filter(document=document)
        .alive()
        .shown_to(user)
        .whole()
        .order_by("created", "pk")
    )
    annotations: list[Annotation] = []
    by_parent: dict[UUID, list[Annotation]] = {}
    for one in shown:
        if one.parent_id is None:
            annotations.append(one)
        else:
            by_parent.setdefault(one.parent_id, []).append(one)
    texts = tuple(document.snapshots.defer("paragraphs").order_by("-version")[:TEXTS])
    latest = texts[0] if texts else None
    snapshot = next((one for one in texts if one.digest == digest), latest)
    other = next((one for one in texts if one.digest == against and one != snapshot), None)
    by_key = {str(one.pk): one for one in annotations}
    reading = read(snapshot, annotations, anchors_in(snapshot) if snapshot and snapshot != latest else None)
    return Article(
        snapshot,
        reading,
        by_key,
        by_parent,
        old_paragraphs(document, reading.lost),
        texts,
        snapshot == latest,
        other,
        tuple(compare(other.read(), snapshot.read())) if other and snapshot else (),
    )


def anchors_in(snapshot: Snapshot) -> dict[UUID, Anchor]:
    """Where annotations stand in a text, by annotation."""
    return {
        one.annotation_id: one
        for one in Anchor.objects.filter(library_id=snapshot.library_id, snapshot=snapshot)
    }


def old_paragraphs(document: Document, lost: Sequence[Annotation]) -> dict[UUID, list[Marked]]:
    """The paragraphs in which these were made, by their ids. One query."""
    digests = {one.snapshot_digest for one in lost if one.snapshot_digest}
    if not digests:
        return {}
    made_on = {one.digest: one for one in document.snapshots.filter(digest__in=digests)}
    return {
        one.pk: in_its_place(made_on[one.snapshot_digest], one, neighbours=0)
        for one in lost
        if one.snapshot_digest in made_on
    }
