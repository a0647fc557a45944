"""Snapshots of articles, and the anchors that engines found in them."""

import uuid
from dataclasses import asdict, dataclass, field

from annotator import limits
from annotator import paragraphs as text
from annotator.errors import Invalid, NotThere
from annotator.models.annotations import Annotation, State
from annotator.models.documents import Snapshot
from annotator.models.libraries import Library, Role
from annotator.models.users import User
from annotator.paragraphs import Paragraph, Position, PositionOutside
from annotator.services.documents import Page, document_of_page
from annotator.services.libraries import require_role
from annotator.services.placing import PLACE, Found, keep_found, place_all
from annotator.services.saved import Saved
from annotator.services.versions import Versions, writing
from annotator.url_key import is_web_address

STANDING = {State.EXACT, State.MOVED, State.EDITED}


@dataclass(frozen=True, slots=True)
class FoundAnchor:
    """What an extension's engine found for one annotation."""

    annotation: uuid.UUID
    found: Found


@dataclass(slots=True)
class AnchorsSaved:
    """What became of each anchor: stored, left as a newer engine found it, or for no annotation."""

    saved: list[uuid.UUID] = field(default_factory=list)
    kept: list[uuid.UUID] = field(default_factory=list)
    missing: list[uuid.UUID] = field(default_factory=list)


def save_snapshot(
    *, library: Library, author: User, digest: str, page: Page, paragraphs: list[Paragraph], extractor: str
) -> Saved[Snapshot]:
    """Store what a browser saw, and place its document's annotations in it. May be repeated.

    Raises Invalid when the paragraphs have another digest or the address is not a page's; NotAllowed below
    editor.
    """
    if not is_web_address(page.url):
        raise Invalid.field("url", "has to be an http or https address")
    if text.digest(paragraphs) != digest:
        raise Invalid.field("digest", f"the paragraphs' digest is {text.digest(paragraphs)}")
    with writing(library.pk) as versions:
        require_role(user=author, library_id=library.pk, role=Role.EDITOR)
        document = document_of_page(library=library, page=page, paragraphs=paragraphs, versions=versions)
        if stored := Snapshot.objects.filter(library=library, document=document, digest=digest).first():
            return Saved(stored, created=False, changed=False)
        snapshot = Snapshot.objects.create(
            library=library,
            document=document,
            version=versions.take(),
            digest=digest,
            url=page.url,
            extractor=extractor[: limits.EXTRACTOR_CHARACTERS],
            paragraphs=[asdict(paragraph) for paragraph in paragraphs],
            author=author,
        )
        place_all(document=document, snapshot=snapshot, versions=versions)
        return Saved(snapshot, created=True, changed=True)


def save_anchors(
    *, library: Library, author: User, digest: str, engine: int, anchors: list[FoundAnchor]
) -> AnchorsSaved:
    """Store where an engine found annotations in a snapshot. Moves versions, never revisions.

    Raises NotThere for an unknown snapshot, NotAllowed below editor, Invalid (naming `anchors.N.…`) for a
    place outside the text or a state that does not go with having one. An annotation that is gone is no
    error.
    """
    with writing(library.pk) as versions:
        require_role(user=author, library_id=library.pk, role=Role.EDITOR)
        snapshots = {s.document_id: s for s in Snapshot.objects.filter(library=library, digest=digest)}
        if not snapshots:
            raise NotThere
        paragraphs = next(iter(snapshots.values())).read()
        found = [_checked(index, anchor, paragraphs) for index, anchor in enumerate(anchors)]
        latest = _latest_of_documents(library, list(snapshots))
        rows = (
            Annotation.objects.in_libraries([library])
            .alive()
            .filter(document__in=list(snapshots), pk__in=[anchor.annotation for anchor in anchors])
            .select_related("anchor")
            .in_bulk()
        )
        answer = AnchorsSaved()
        for one in found:
            row = rows.get(one.annotation)
            if row is None:
                answer.missing.append(one.annotation)
                continue
            snapshot = snapshots[row.document_id]
            is_latest = latest[row.document_id] == snapshot.pk
            taken = _keep_one(row, snapshot, one.found, engine, is_latest, versions)
            (answer.saved if taken else answer.kept).append(one.annotation)
        return answer


def _keep_one(
    row: Annotation, snapshot: Snapshot, found: Found, engine: int, latest: bool, versions: Versions
) -> bool:
    taken, changed = keep_found(row, snapshot, found, engine, latest=latest)
    if changed:
        row.version = versions.take()
        row.save(update_fields=[*PLACE, "version"])
    return taken


def _checked(index: int, anchor: FoundAnchor, paragraphs: list[Paragraph]) -> FoundAnchor:
    found, here = anchor.found, f"anchors.{index}"
    if found.state == State.PENDING:
        raise Invalid.field(f"{here}.state", "an engine that looked does not answer pending")
    if (found.start is None or found.end is None) == (found.state in STANDING):
        raise Invalid.field(
            f"{here}.start", f"start and end go with {', '.join(sorted(STANDING))} and no other"
        )
    if found.start is None or found.end is None:
        return FoundAnchor(anchor.annotation, Found(found.state))
    if found.start == found.end:
        raise Invalid.field(f"{here}.end", "nothing stands between start and end")
    return FoundAnchor(anchor.annotation, _with_text(here, found.state, found.start, found.end, paragraphs))


def _with_text(here: str, state: State, start: Position, end: Position, paragraphs: list[Paragraph]) -> Found:
    """What stands there is read from the stored paragraphs, not believed."""
    try:
        return Found(state, start, end, text.cut(paragraphs, start, end))
    except PositionOutside as outside:
        raise Invalid.field(f"{here}.{outside.field}", outside.message) from outside


def _latest_of_documents(library: Library, documents: list[uuid.UUID]) -> dict[uuid.UUID, uuid.UUID]:
    """Each document's latest snapshot."""
    rows = Snapshot.objects.filter(library=library, document__in=documents).order_by("version")
    return dict(rows.values_list("document_id", "pk"))
