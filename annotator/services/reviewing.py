"""What reviewers decide about annotations: each for himself, nothing overwritten."""

import uuid
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from annotator import limits
from annotator.errors import Invalid, NotThere
from annotator.models.annotations import Annotation, Motivation, Review
from annotator.models.decisions import Decision
from annotator.models.events import Event, Kind
from annotator.models.libraries import Library, Role
from annotator.models.users import User
from annotator.services.annotations import save_annotation
from annotator.services.flags import flag_of, settle_flag
from annotator.services.libraries import require_role
from annotator.services.saved import Saved
from annotator.services.versions import writing
from annotator.services.written import Written
from annotator.text import unstorable
from annotator.uuid7 import uuid7

VERBS: Final = {
    Review.APPROVED: "approve",
    Review.FLAGGED: "flag",
    Review.HIDDEN: "hide",
    Review.NONE: "withdraw",
}
# The strictest of all decisions is what the annotation shows.
WEIGHED: Final = ("review", "flag", "differs_since")  # what decisions come to, on the annotation
STRICTEST: Final = (Review.HIDDEN, Review.FLAGGED, Review.APPROVED)


@transaction.atomic
def decide(
    *,
    annotation: Annotation,
    actor: User,
    review: Review,
    reason: str = "",
    deed: uuid.UUID | None = None,
    verb: str = "",
) -> Saved[Annotation]:
    """Write down what this reviewer decided; `none` withdraws it. Others' decisions stay. May be repeated.

    A flag needs a reason, and is also a reply, in which the author reads it. Moves the version, never the
    revision. Raises Invalid (naming `reason`), NotAllowed below reviewer, NotThere.
    """
    _check_reason(review, reason)
    with writing(annotation.library_id) as versions:
        require_role(user=actor, library_id=annotation.library_id, role=Role.REVIEWER)
        row = Annotation.objects.alive().filter(pk=annotation.pk, library_id=annotation.library_id).first()
        if row is None:
            raise NotThere
        mine = Decision.objects.filter(library_id=row.library_id, annotation=row, reviewer=actor).first()
        before = told(row, mine)
        if (mine.review if mine else Review.NONE, mine.reason if mine else "") == (review, reason):
            return Saved(row, created=False, changed=False)
        mine = _keep(row, actor, mine, review, reason)
        weigh(row)
        row.version = versions.take()
        row.save(update_fields=[*WEIGHED, "version"])
    if mine is not None and review == Review.FLAGGED:
        mine.reply = reply_to(annotation=row, actor=actor, note=reason).row
        mine.save(update_fields=["reply"])
        settle_flag(row.pk)
    Event.objects.create(
        library_id=row.library_id,
        actor=actor,
        verb=verb or VERBS[review],
        kind=Kind.ANNOTATION,
        row=row.pk,
        deed=deed,
        before=before,
        after=told(row, mine),
    )
    return Saved(row, created=False, changed=True)


def told(row: Annotation, mine: Decision | None) -> dict[str, Any]:
    """A reviewer's decision and what the annotation shows, as an Event tells it."""
    return {
        "review": str(row.review),
        "decision": str(mine.review) if mine else str(Review.NONE),
        "reason": mine.reason if mine else "",
        "reply": str(mine.reply_id) if mine and mine.reply_id else None,
    }


def reply_to(*, annotation: Annotation, actor: User, note: str) -> Saved[Annotation]:
    """Answer in its thread. Raises as `save_annotation`, and Invalid (naming `note`) for an empty one."""
    if not note.strip():
        raise Invalid.field("note", "is empty")
    library = Library.objects.get(pk=annotation.library_id)
    reply = Written(motivation=Motivation.REPLYING, url=annotation.url, note=note, parent=annotation.pk)
    return save_annotation(library=library, author=actor, id=uuid7(), written=reply)


def _check_reason(review: Review, reason: str) -> None:
    if review == Review.FLAGGED and not reason.strip():
        raise Invalid.field("reason", "a flag needs a reason")
    if unstorable(reason) or len(reason.encode()) > limits.NOTE_BYTES:
        raise Invalid.field("reason", f"has to be a text of at most {limits.NOTE_BYTES} bytes")


def _keep(
    row: Annotation, actor: User, mine: Decision | None, review: Review, reason: str
) -> Decision | None:
    if review == Review.NONE:
        if mine is not None:
            mine.delete()
        return None
    if mine is None:
        mine = Decision(library_id=row.library_id, annotation=row, reviewer=actor)
    mine.review, mine.reason, mine.created, mine.reply = review, reason, timezone.now(), None
    mine.save()
    return mine


def weigh(row: Annotation) -> None:
    """Set on the row what all decisions come to: the strictest. Each is told whether they differ."""
    of_row = Decision.objects.filter(library_id=row.library_id, annotation=row)
    said = set(of_row.values_list("review", flat=True))
    of_row.exclude(differs=len(said) > 1).update(differs=len(said) > 1)
    row.review = next((review for review in STRICTEST if review in said), Review.NONE)
    row.flag = flag_of(row)
    row.differs_since = (row.differs_since or timezone.now()) if len(said) > 1 else None
