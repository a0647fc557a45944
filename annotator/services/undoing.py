"""Taking a deed back: every row that is still as the deed left it becomes what it was."""

import uuid
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any, Final

from django.db.models import QuerySet

from annotator.errors import Refused
from annotator.models.annotations import Annotation, Review
from annotator.models.decisions import Decision
from annotator.models.documents import Document
from annotator.models.events import Event, Kind
from annotator.models.users import User
from annotator.services.annotations import amend_annotation, delete_annotation, restore_annotation
from annotator.services.deeds import Outcome
from annotator.services.merging import merge_documents, split_document
from annotator.services.moving import move_back
from annotator.services.reviewing import decide, told
from annotator.services.tagging import rename_back
from annotator.services.written import Written, for_history, from_history

CHANGED_SINCE: Final = "It was changed since."


class ChangedSince(Refused):
    """Somebody went on from what the deed left."""

    code = "changed_since"


def events_of(*, deed: uuid.UUID, actor: User) -> QuerySet[Event]:
    """What of that deed this actor can take back, the oldest first."""
    return Event.objects.filter(
        deed=deed, actor=actor, kind__in=UNDOING, library__memberships__user=actor
    ).order_by("created", "pk")


def undo(*, events: Iterable[Event], actor: User, outcome: Outcome) -> Outcome:
    """Take each of one's own deeds back. A row that has changed since is left as it is, and counted."""
    for event in events:
        try:
            if event.actor_id != actor.pk or event.kind not in UNDOING:
                raise ChangedSince(CHANGED_SINCE)
            UNDOING[Kind(event.kind)](event, actor, outcome.deed)
            outcome.done += 1
        except Refused as refused:
            outcome.refuse(refused.message)
    return outcome


def _undo_on_annotation(event: Event, actor: User, deed: uuid.UUID) -> None:
    rows = Annotation.objects.select_related("document")
    row = rows.filter(pk=event.row, library_id=event.library_id).first()
    taking_back = UNDONE.get(event.verb)
    if row is None or taking_back is None:
        raise ChangedSince(CHANGED_SINCE)
    taking_back(row, event, actor, deed)


def _undo_on_document(event: Event, actor: User, deed: uuid.UUID) -> None:
    """A merge is taken back by splitting, and the other way round."""
    rows = Document.objects.filter(library_id=event.library_id)
    if event.verb not in ("merge", "split"):
        raise ChangedSince(CHANGED_SINCE)
    row = rows.filter(pk=event.row).first()
    told = (event.before if event.verb == "merge" else event.after) or {}
    other = rows.filter(pk=told["id"]).first()
    if row is None or (other is None) != (event.verb == "merge"):
        raise ChangedSince(CHANGED_SINCE)
    if other is not None:
        merge_documents(into=row, other=other, actor=actor, deed=deed, verb="undo")
    else:
        split_document(document=row, addresses=told["addresses"], actor=actor, deed=deed, merged=told)


def _undo_on_tag(event: Event, actor: User, deed: uuid.UUID) -> None:
    if event.verb not in ("rename", "merge") or not rename_back(event=event, actor=actor, deed=deed):
        raise ChangedSince(CHANGED_SINCE)


def _undecide(row: Annotation, event: Event, actor: User, deed: uuid.UUID) -> None:
    mine = Decision.objects.filter(library_id=row.library_id, annotation=row, reviewer=actor).first()
    after, before = event.after or {}, event.before or {}
    if _said(told(row, mine)) != _said(after):
        raise ChangedSince(CHANGED_SINCE)
    reply = after.get("reply")
    decide(
        annotation=row, actor=actor, review=Review(before["decision"]), reason=before["reason"],
        deed=deed, verb="undo",
    )  # fmt: skip
    if reply and (said := Annotation.objects.filter(pk=reply, author=actor).first()):
        delete_annotation(annotation=said, actor=actor, deed=deed)


def _said(decision: dict[str, Any]) -> tuple[Any, Any]:
    return decision.get("decision"), decision.get("reason")


def _rewrite(row: Annotation, event: Event, actor: User, deed: uuid.UUID) -> None:
    """Only what the deed changed: what was written elsewhere in the row since stays."""
    before, after = event.before or {}, event.after or {}
    names = [name for name in before if before[name] != after.get(name)]
    old = from_history(before)

    def change(now: Written) -> Written:
        current = for_history(now)
        if any(_plain(current[name]) != _plain(after[name]) for name in names):
            raise ChangedSince(CHANGED_SINCE)
        return replace(now, **{name: getattr(old, name) for name in names})

    amend_annotation(annotation=row, actor=actor, verb="undo", change=change, deed=deed)


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _undelete(row: Annotation, event: Event, actor: User, deed: uuid.UUID) -> None:
    restore_annotation(annotation=row, actor=actor, deed=deed)


def _unrestore(row: Annotation, event: Event, actor: User, deed: uuid.UUID) -> None:
    delete_annotation(annotation=row, actor=actor, deed=deed)


def _return(row: Annotation, event: Event, actor: User, deed: uuid.UUID) -> None:
    if (event.after or {}).get("library") != str(row.library_id):
        raise ChangedSince(CHANGED_SINCE)
    move_back(annotation=row, event=event, actor=actor, deed=deed)


UNDONE: Final[dict[str, Callable[[Annotation, Event, User, uuid.UUID], None]]] = {
    "approve": _undecide,
    "flag": _undecide,
    "hide": _undecide,
    "withdraw": _undecide,
    "tag": _rewrite,
    "recolor": _rewrite,
    "attach": _rewrite,
    "delete": _undelete,
    "restore": _unrestore,
    "receive": _return,
}
UNDOING: Final[dict[Kind, Callable[[Event, User, uuid.UUID], None]]] = {
    Kind.ANNOTATION: _undo_on_annotation,
    Kind.DOCUMENT: _undo_on_document,
    Kind.TAG: _undo_on_tag,
}
