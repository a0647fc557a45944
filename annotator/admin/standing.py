"""Where one highlight stood in each text of its article, and what changed from one to the next."""

from dataclasses import dataclass

from annotator.difference import Part, difference
from annotator.models import Anchor, Annotation, Snapshot
from annotator.models.annotations import State

MOST = 30  # texts of an article; older ones are on the article's own page


@dataclass(frozen=True)
class Standing:
    """One text of the article (without its paragraphs), and the highlight in it.

    `parts` tells what stands there, marked against what stood in the text before; empty where it stands
    nowhere. `changed`: whether any word differs.
    """

    snapshot: Snapshot
    anchor: Anchor | None
    state: State
    made_here: bool
    parts: tuple[Part, ...]
    changed: bool
    shown: bool


def standings(annotation: Annotation, shown: Snapshot | None = None) -> list[Standing]:
    """The history of a highlight, the newest text first; `shown` is the one that the page draws it in."""
    of_document = Snapshot.objects.filter(
        library_id=annotation.library_id, document_id=annotation.document_id
    ).defer("paragraphs")
    snapshots = list(of_document.order_by("-version")[:MOST])
    if annotation.snapshot_digest not in {one.digest for one in snapshots}:
        snapshots += of_document.filter(digest=annotation.snapshot_digest)
    anchors = {
        anchor.snapshot_id: anchor
        for anchor in Anchor.objects.filter(
            library_id=annotation.library_id, annotation=annotation, snapshot__in=snapshots
        )
    }
    history: list[Standing] = []
    before: str | None = None
    for snapshot in reversed(snapshots):
        one = _standing(annotation, snapshot, anchors.get(snapshot.pk), before, shown)
        history.append(one)
        before = "".join(part.text for part in one.parts if part.kind != "removed") or before
    return history[::-1]


def _standing(
    annotation: Annotation,
    snapshot: Snapshot,
    anchor: Anchor | None,
    before: str | None,
    shown: Snapshot | None,
) -> Standing:
    made_here = annotation.snapshot_digest == snapshot.digest
    text = annotation.quote_exact if made_here else anchor.text if anchor else ""
    parts = tuple(difference(text if before is None else before, text)) if text else ()
    return Standing(
        snapshot=snapshot,
        anchor=anchor,
        state=State.EXACT if made_here else State(anchor.state) if anchor else State.PENDING,
        made_here=made_here,
        parts=parts,
        changed=any(part.kind != "same" for part in parts),
        shown=shown is not None and snapshot.pk == shown.pk,
    )
