"""Where annotations stand in snapshots: the server's own word-for-word placing, and what engines found."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from django.utils import timezone

from annotator import anchoring
from annotator.errors import Invalid
from annotator.models.annotations import Anchor, Annotation, State
from annotator.models.documents import Document, Snapshot
from annotator.paragraphs import Paragraph, Position, PositionOutside, Quote, cut
from annotator.services.documents import latest_snapshot
from annotator.services.versions import Versions

SERVER_ENGINE = 0
# The columns that placing sets.
PLACE: Final = ("state", "state_since", "anchor")
BATCH: Final = 500
# What an anchor says of a place.
FOUND: Final = (
    "engine", "state", "text", "start_paragraph", "start_offset", "end_paragraph", "end_offset",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Found:
    """Where a target stands in one snapshot; without positions where it stands nowhere."""

    state: State
    start: Position | None = None
    end: Position | None = None
    text: str = ""


def target_stands(annotation: Annotation, paragraphs: list[Paragraph]) -> Found:
    """Check a target against the very snapshot it names.

    Raises Invalid, naming the field, for positions outside the text and for a quote that does not stand there
    (white space aside).
    """
    span = _span(annotation)
    if span is None:
        return Found(State.PENDING)  # a quote alone: nothing that could be wrong
    try:
        text = cut(paragraphs, *span)
    except PositionOutside as outside:
        raise Invalid.field(f"target.{outside.field}", outside.message) from outside
    if text.split() != annotation.quote_exact.split():
        raise Invalid.field("target.quote.exact", "does not stand at that place in the snapshot")
    return Found(State.EXACT, *span, text)


def place_in_latest(annotation: Annotation, document: Document) -> None:
    """Set the annotation's state and anchor from its document's latest snapshot.

    A page note and a reply have no place to lose: they are `exact`, without an anchor. The caller saves the
    annotation.
    """
    if not annotation.quote_exact:
        _stand(annotation, State.EXACT, None)
        return
    latest = latest_snapshot(document)
    if latest is None:
        _stand(annotation, State.PENDING, None)
        return
    [found] = _look([annotation], latest)
    _keep(annotation, latest, found)


def place_all(*, document: Document, snapshot: Snapshot, versions: Versions) -> None:
    """Place every living highlight of the document in its latest snapshot, in a fixed number of queries."""
    annotations = list(document.annotations.alive().exclude(quote_exact="").order_by("version"))
    on_it = Anchor.objects.filter(
        library_id=document.library_id, snapshot=snapshot, annotation__document=document
    )
    stored = {anchor.annotation_id: anchor for anchor in on_it}
    new, better, changed = [], [], []
    for annotation, found in zip(annotations, _look(annotations, snapshot), strict=True):
        before = (annotation.state, annotation.anchor_id)
        anchor = stored.get(annotation.pk)
        if anchor is None:
            new.append(anchor := _anchor(annotation, snapshot, found))
        elif anchor.engine == SERVER_ENGINE and _as_found(anchor) != found:
            better.append(_set(anchor, found, SERVER_ENGINE))
        _stand(annotation, State(anchor.state), anchor)
        if (annotation.state, annotation.anchor_id) != before:
            annotation.version = versions.take()
            changed.append(annotation)
    Anchor.objects.bulk_create(new, batch_size=BATCH)
    Anchor.objects.bulk_update(better, FOUND, batch_size=BATCH)
    Annotation.objects.bulk_update(changed, [*PLACE, "version"], batch_size=BATCH)


def place_again(*, document: Document, versions: Versions) -> None:
    """The same after texts came to the document or left it; `pending` where it has none any more."""
    latest = latest_snapshot(document)
    if latest is not None:
        place_all(document=document, snapshot=latest, versions=versions)
        return
    lost = document.annotations.alive().exclude(quote_exact="").exclude(state=State.PENDING, anchor=None)
    rows = list(lost)
    for row in rows:
        _stand(row, State.PENDING, None)
        row.version = versions.take()
    Annotation.objects.bulk_update(rows, [*PLACE, "version"], batch_size=BATCH)


def keep_found(
    annotation: Annotation, snapshot: Snapshot, found: Found, engine: int, *, latest: bool
) -> tuple[bool, bool]:
    """Store what an engine found: (whether it was taken, whether that changed anything a reader sees).

    An older engine never overwrites a newer one. State and anchor move only for the document's latest
    snapshot.
    """
    old = _stored(annotation, snapshot)
    if old is not None and old.engine > engine:
        return False, False
    if old is not None and old.engine == engine and _as_found(old) == found:
        return True, False
    before = (annotation.state, _as_found(old) if old else None)
    anchor = _store(annotation, snapshot, found, engine)
    if latest:
        _stand(annotation, found.state, anchor)
    return True, latest and before != (annotation.state, found)


def _look(annotations: Sequence[Annotation], snapshot: Snapshot) -> list[Found]:
    """Where each stands: at its target in the snapshot that it names, else word for word."""
    paragraphs = snapshot.read()
    found: dict[int, Found] = {}
    for index, annotation in enumerate(annotations):
        if annotation.snapshot_digest == snapshot.digest and _span(annotation) is not None:
            # One that came before its snapshot may have been wrong about it.
            with suppress(Invalid):
                found[index] = target_stands(annotation, paragraphs)
    rest = [index for index in range(len(annotations)) if index not in found]
    anchors = anchoring.place_all(paragraphs, [_sought(annotations[index]) for index in rest])
    for index, anchor in zip(rest, anchors, strict=True):
        found[index] = Found(State(anchor.state), anchor.start, anchor.end, anchor.text)
    return [found[index] for index in range(len(annotations))]


def _sought(annotation: Annotation) -> tuple[Quote, Position | None]:
    span = _span(annotation)
    quote = Quote(annotation.quote_exact, annotation.quote_prefix, annotation.quote_suffix)
    return quote, span[0] if span else None


def _keep(annotation: Annotation, snapshot: Snapshot, found: Found) -> None:
    """Point the annotation at what the server found here, or at what a better engine had found before."""
    anchor = _stored(annotation, snapshot)
    if anchor is None or anchor.engine == SERVER_ENGINE:
        anchor = _store(annotation, snapshot, found, SERVER_ENGINE)
    _stand(annotation, State(anchor.state), anchor)


def _stand(annotation: Annotation, state: State, anchor: Anchor | None) -> None:
    """The caller saves PLACE."""
    if annotation.state != state:
        annotation.state, annotation.state_since = state, timezone.now()
    annotation.anchor = anchor


def _stored(annotation: Annotation, snapshot: Snapshot) -> Anchor | None:
    return Anchor.objects.filter(
        library_id=annotation.library_id, annotation=annotation, snapshot=snapshot
    ).first()


def _store(annotation: Annotation, snapshot: Snapshot, found: Found, engine: int) -> Anchor:
    anchor = _stored(annotation, snapshot) or _anchor(annotation, snapshot, found)
    _set(anchor, found, engine).save()
    return anchor


def _anchor(annotation: Annotation, snapshot: Snapshot, found: Found) -> Anchor:
    anchor = Anchor(library_id=annotation.library_id, annotation=annotation, snapshot=snapshot)
    return _set(anchor, found, SERVER_ENGINE)


def _set(anchor: Anchor, found: Found, engine: int) -> Anchor:
    """The caller saves FOUND."""
    start, end = found.start, found.end
    anchor.engine, anchor.state, anchor.text = engine, found.state, found.text
    anchor.start_paragraph = start.paragraph if start else None
    anchor.start_offset = start.offset if start else None
    anchor.end_paragraph = end.paragraph if end else None
    anchor.end_offset = end.offset if end else None
    return anchor


def _span(annotation: Annotation) -> tuple[Position, Position] | None:
    return _positions(
        (annotation.start_paragraph, annotation.start_offset, annotation.end_paragraph, annotation.end_offset)
    )


def _as_found(anchor: Anchor) -> Found:
    span = _positions((anchor.start_paragraph, anchor.start_offset, anchor.end_paragraph, anchor.end_offset))
    start, end = span or (None, None)
    return Found(State(anchor.state), start, end, anchor.text)


def _positions(numbers: Iterable[int | None]) -> tuple[Position, Position] | None:
    a, b, c, d = numbers
    if a is None or b is None or c is None or d is None:
        return None
    return Position(a, b), Position(c, d)
