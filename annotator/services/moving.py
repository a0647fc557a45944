"""Annotations moved to another library, with their answers, and back.

The id stays: links, history and revision go along, and no copy can come back. The feed of the old library
tells a tombstone; a device that still sends the id there is answered that it is taken (`Taken`), so that
nothing comes to life twice, and keeps what it could not send.
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django.utils import timezone
from django.utils.dateparse import parse_datetime

from annotator.errors import NotAllowed, NotThere
from annotator.models.annotations import Anchor, Annotation, AnnotationTag, Review
from annotator.models.decisions import Decision
from annotator.models.documents import Document
from annotator.models.events import Event, Kind, Tombstone
from annotator.models.libraries import Library, Membership, Role
from annotator.models.users import User
from annotator.services.documents import document_like, latest_snapshot
from annotator.services.indexing import index_annotation
from annotator.services.libraries import require_role
from annotator.services.placing import FOUND, PLACE, place_again, place_in_latest
from annotator.services.reviewing import WEIGHED, weigh
from annotator.services.saved import Saved
from annotator.services.sharing import carry_over
from annotator.services.tags import set_tags
from annotator.services.texts import in_order
from annotator.services.versions import Versions, writing_both
from annotator.services.written import for_history, from_history, put_on, written_of

ANSWER: Final = "Answers go along with what they answer."
OUTSIDER: Final = "Somebody who wrote this, or answered it, does not belong to that library."


@dataclass(frozen=True, slots=True)
class Way:
    """From one library to another: `left` and `came` are the verbs of the Events in either."""

    to: Library
    actor: User
    deed: uuid.UUID | None
    left: str = "move"
    came: str = "receive"
    # Of a move that is taken back: what the Event of it told before and after.
    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)


def move_annotation(
    *, annotation: Annotation, to: Library, actor: User, deed: uuid.UUID | None = None
) -> Saved[Annotation]:
    """Give it to another library, with its answers and the texts that show where it stands. May be repeated.

    Into a shared library go only the texts' article and highlighted paragraphs. What reviewers decided stays
    behind. Wants an editor in both, for what others wrote a reviewer in the old one; and everybody who wrote
    in the thread has to belong to the new one, so that nobody loses what is theirs. Raises NotAllowed,
    NotThere.
    """
    return _along(annotation, Way(to, actor, deed))


def move_back(*, annotation: Annotation, event: Event, actor: User, deed: uuid.UUID) -> Saved[Annotation]:
    """Undo the move that this Event of the new library tells of, decisions included. Raises as above."""
    before, after = event.before or {}, event.after or {}
    library = Library.objects.visible_to(actor).filter(pk=before["library"]).first()
    if library is None:
        raise NotThere
    return _along(annotation, Way(library, actor, deed, "undo", "undo", before, after))


def _along(annotation: Annotation, way: Way) -> Saved[Annotation]:
    old_id = annotation.library_id
    if old_id == way.to.pk:
        return Saved(annotation, created=False, changed=False)
    with writing_both(old_id, way.to.pk) as (leaving, coming):
        rows = Annotation.objects.select_related("document", "anchor")
        row = rows.alive().filter(pk=annotation.pk, library_id=old_id).first()
        if row is None:
            raise NotThere
        thread = [row, *_answers(row)]
        _check(row, thread, way)
        _bury(thread, old_id, leaving)
        told = {"decisions": _put_aside(thread), "target": _target(row), "anchors": _anchors(row)}
        _settle_in(row, thread, way, coming)
        _hand_over_history(thread, old_id, way)
        row.refresh_from_db()
        _tell(row, old_id, way, told)
    return Saved(row, created=False, changed=True)


def _answers(row: Annotation) -> list[Annotation]:
    """All below it, deleted ones too."""
    found: list[Annotation] = []
    below = [row.pk]
    while below:
        level = list(Annotation.objects.filter(library_id=row.library_id, parent__in=below))
        found += level
        below = [one.pk for one in level]
    return found


def _check(row: Annotation, thread: Sequence[Annotation], way: Way) -> None:
    if row.parent_id is not None:
        raise NotAllowed(ANSWER)
    # What one has brought oneself, one may take back.
    needed = Role.EDITOR if row.author_id == way.actor.pk or way.before else Role.REVIEWER
    require_role(user=way.actor, library_id=row.library_id, role=needed)
    require_role(user=way.actor, library_id=way.to.pk, role=Role.EDITOR)
    writers = {one.author_id for one in thread if one.deleted is None}
    if Membership.objects.filter(library=way.to, user__in=writers).count() < len(writers):
        raise NotAllowed(OUTSIDER)


def _bury(thread: Sequence[Annotation], old_id: uuid.UUID, leaving: Versions) -> None:
    """What was deleted before keeps its place in the feed."""
    now = timezone.now()
    Tombstone.objects.bulk_create(
        Tombstone(
            library_id=old_id, kind=Kind.ANNOTATION, row=one.pk, deleted=one.deleted or now,
            version=one.version if one.deleted else leaving.take(),
        )
        for one in thread
    )  # fmt: skip


def _put_aside(thread: Sequence[Annotation]) -> list[dict[str, Any]]:
    """What was decided in the old library, as its undo wants it."""
    decisions = list(Decision.objects.filter(annotation__in=thread))
    Decision.objects.filter(pk__in=[one.pk for one in decisions]).delete()
    return [
        {
            "annotation": str(one.annotation_id), "reviewer": str(one.reviewer_id), "review": one.review,
            "reason": one.reason, "reply": one.reply_id and str(one.reply_id),
            "created": one.created.isoformat(),
        }
        for one in decisions
    ]  # fmt: skip


def _settle_in(row: Annotation, thread: Sequence[Annotation], way: Way, coming: Versions) -> None:
    """Write the thread's rows into the new library, and place what was highlighted."""
    old = row.document
    document = document_like(library=way.to, like=old, url=row.url, versions=coming)
    tags = {one.pk: [tag.name for tag in one.tags.all()] for one in thread}
    AnnotationTag.objects.filter(annotation__in=thread).delete()
    texts_came = not _made_again(row, document, way, coming) and _bring_texts(row, document, way, coming)
    Tombstone.objects.filter(library=way.to, row__in=[one.pk for one in thread]).delete()
    for one in thread:
        one.library, one.document, one.version = way.to, document, coming.take()
        one.review, one.flag, one.differs_since = Review.NONE, None, None
        one.save()
        set_tags(annotation=one, names=tags[one.pk])
        index_annotation(one)
    _decide_again(thread, way)
    if texts_came:
        in_order(document=document, versions=coming)
        place_again(document=document, versions=coming)
    else:
        place_in_latest(row, document)
        row.save(update_fields=PLACE)


def _bring_texts(row: Annotation, new: Document, way: Way, coming: Versions) -> bool:
    """The text it was made on and the latest one, with its place in both; whether one was not there yet."""
    old, digest = row.document, row.snapshot_digest
    digests = {digest}
    if (latest := latest_snapshot(old)) is not None:
        digests.add(latest.digest)
    had = set(new.snapshots.values_list("digest", flat=True))
    for text in old.snapshots.filter(digest__in=digests).order_by("created", "version"):
        carry_over(row, text, to=new, versions=coming, shared=way.to.personal_of_id is None, by=way.actor)
    Anchor.objects.filter(annotation=row).exclude(snapshot__document=new).delete()
    Anchor.objects.filter(annotation=row).update(library=way.to)
    row.anchor = None
    if row.snapshot_digest != digest:
        _rewritten(row, coming)
    return set(new.snapshots.values_list("digest", flat=True)) > had


def _made_again(row: Annotation, document: Document, way: Way, coming: Versions) -> bool:
    """On the way back, its place as it was before it was moved, where that is still to be read here."""
    before = way.before.get("target")
    texts = dict(document.snapshots.values_list("digest", "pk"))
    if not before or way.after["target"] != _target(row) or before["snapshot"] not in texts:
        return False
    if before != _target(row):
        now = written_of(row)
        put_on(row, from_history({**for_history(now), "target": before}))
        _rewritten(row, coming)
    Anchor.objects.filter(annotation=row).delete()
    Anchor.objects.bulk_create(
        Anchor(library=way.to, annotation=row, snapshot_id=texts[digest], **found)
        for digest, found in way.before["anchors"].items()
        if digest in texts
    )
    row.anchor = None
    return True


def _rewritten(row: Annotation, coming: Versions) -> None:
    row.revision, row.updated = coming.revision_after(row.revision), timezone.now()


def _anchors(row: Annotation) -> dict[str, dict[str, Any]]:
    """Where it was found, by the text's digest."""
    stood = Anchor.objects.filter(annotation=row).values("snapshot__digest", *FOUND)
    return {one.pop("snapshot__digest"): one for one in stood}


def _target(row: Annotation) -> dict[str, Any]:
    told: dict[str, Any] = for_history(written_of(row))["target"]
    return told


def _decide_again(thread: Sequence[Annotation], way: Way) -> None:
    """On the way back: what was decided there, by those who still are members."""
    rows = {str(one.pk): one for one in thread}
    there = Membership.objects.filter(library=way.to)
    members = {str(key) for key in there.values_list("user", flat=True)}
    told = [one for one in way.before.get("decisions", ()) if one["annotation"] in rows]
    Decision.objects.bulk_create(
        Decision(
            library=way.to, annotation=rows[one["annotation"]], reviewer_id=one["reviewer"],
            review=one["review"], reason=one["reason"],
            reply_id=one["reply"] if one["reply"] in rows else None,
            created=parse_datetime(one["created"]) or timezone.now(),
        )
        for one in told if one["reviewer"] in members
    )  # fmt: skip
    for key in {one["annotation"] for one in told}:
        weigh(rows[key])
        rows[key].save(update_fields=WEIGHED)


def _hand_over_history(thread: Sequence[Annotation], old_id: uuid.UUID, way: Way) -> None:
    """It goes along. Of what others did, who are strangers there, the old library keeps that it was done."""
    ids = [one.pk for one in thread]
    events = Event.objects.filter(library_id=old_id, kind=Kind.ANNOTATION, row__in=ids)
    events.filter(actor__memberships__library=way.to).update(library=way.to)
    Event.objects.filter(library_id=old_id, kind=Kind.ANNOTATION, row__in=ids).update(before=None, after=None)


def _tell(row: Annotation, old_id: uuid.UUID, way: Way, told: dict[str, Any]) -> None:
    """In both libraries; only the new one's can be undone, and only ids of the other are told."""
    Event.objects.create(
        library_id=old_id, actor=way.actor, verb=way.left, kind=Kind.ANNOTATION, row=row.pk,
        after={"library": str(way.to.pk)},
    )  # fmt: skip
    Event.objects.create(
        library=way.to, actor=way.actor, verb=way.came, kind=Kind.ANNOTATION, row=row.pk, deed=way.deed,
        before={"library": str(old_id), **told}, after={"library": str(way.to.pk), "target": _target(row)},
    )  # fmt: skip
