"""Whether the author of a flagged annotation has answered: written down, so that asking for all is cheap.

Kept by what changes it: decisions (`reviewing`, `moving`) and replies made, deleted and restored.
"""

import uuid

from django.db.models import Exists, OuterRef

from annotator.models.annotations import Annotation, Flag, Review
from annotator.models.decisions import Decision


def flag_of(row: Annotation) -> Flag | None:
    """As it is now: answered where the author has replied since the latest flag; None where none shows."""
    if row.review != Review.FLAGGED:
        return None
    flags = Decision.objects.filter(library_id=row.library_id, annotation=row, review=Review.FLAGGED)
    latest = flags.order_by("-created").values_list("created", flat=True).first()
    replies = Annotation.objects.alive().filter(
        library_id=row.library_id, parent=row, author_id=row.author_id
    )
    # Whoever flags what is their own has not answered by giving the reason.
    replies = replies.filter(~Exists(Decision.objects.filter(reply=OuterRef("pk"))))
    answered = latest is not None and replies.filter(created__gte=latest).exists()
    return Flag.ANSWERED if answered else Flag.AWAITING


def settle_flag(annotation_id: uuid.UUID | None) -> None:
    """After a reply to it came, went or came back. In the library's transaction; None is nobody's."""
    if annotation_id is None:
        return
    row = Annotation.objects.filter(pk=annotation_id, review=Review.FLAGGED).first()
    if row is not None and row.flag != (flag := flag_of(row)):
        Annotation.objects.filter(pk=row.pk).update(flag=flag)


def settle_flags(*, library_id: uuid.UUID) -> None:
    """Where nobody wrote it down: rows of a backup that is older than the columns."""
    rows = Annotation.objects.filter(library_id=library_id)
    for key in list(rows.filter(review=Review.FLAGGED, flag=None).values_list("pk", flat=True)):
        settle_flag(key)
    differing = Decision.objects.filter(library_id=library_id, differs=True, annotation__differs_since=None)
    for key, since in list(differing.order_by("created").values_list("annotation", "created")):
        rows.filter(pk=key).update(differs_since=since)
