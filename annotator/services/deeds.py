"""The desk's deeds, by name: the same for one annotation, for a selection, and for thousands in a job."""

import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from annotator.errors import Invalid, NotThere, Refused
from annotator.models.annotations import Annotation, Review
from annotator.models.libraries import Library
from annotator.models.users import User
from annotator.services.amending import recolor, retag
from annotator.services.annotations import delete_annotation, restore_annotation
from annotator.services.moving import move_annotation
from annotator.services.reviewing import decide
from annotator.services.saved import Saved
from annotator.uuid7 import uuid7

Arguments = Mapping[str, Any]
Doing = Callable[[Annotation, User, Arguments, uuid.UUID], Saved[Annotation]]


@dataclass(slots=True)
class Outcome:
    """What became of each row: done, already so, or refused and why. `deed` is what to undo."""

    deed: uuid.UUID = field(default_factory=uuid7)
    done: int = 0
    same: int = 0
    refused: dict[str, int] = field(default_factory=dict)

    def count(self, saved: Saved[Annotation]) -> None:
        """One more that was done, or was so already."""
        if saved.changed:
            self.done += 1
        else:
            self.same += 1

    def refuse(self, message: str) -> None:
        """One more that was refused."""
        self.refused[message] = self.refused.get(message, 0) + 1


def _decided(
    review: Review, row: Annotation, actor: User, arguments: Arguments, deed: uuid.UUID
) -> Saved[Annotation]:
    return decide(
        annotation=row, actor=actor, review=review, reason=str(arguments.get("reason", "")), deed=deed
    )


def _retagged(row: Annotation, actor: User, arguments: Arguments, deed: uuid.UUID) -> Saved[Annotation]:
    add, remove = arguments.get("add", ()), arguments.get("remove", ())
    return retag(annotation=row, actor=actor, add=add, remove=remove, deed=deed)


def _recolored(row: Annotation, actor: User, arguments: Arguments, deed: uuid.UUID) -> Saved[Annotation]:
    return recolor(annotation=row, actor=actor, color=str(arguments["color"]), deed=deed)


def _deleted(row: Annotation, actor: User, arguments: Arguments, deed: uuid.UUID) -> Saved[Annotation]:
    return delete_annotation(annotation=row, actor=actor, deed=deed)


def _restored(row: Annotation, actor: User, arguments: Arguments, deed: uuid.UUID) -> Saved[Annotation]:
    return restore_annotation(annotation=row, actor=actor, deed=deed)


def _moved(row: Annotation, actor: User, arguments: Arguments, deed: uuid.UUID) -> Saved[Annotation]:
    wanted = arguments.get("library")
    library = Library.objects.visible_to(actor).filter(pk=wanted).first() if wanted else None
    if library is None:
        raise NotThere
    return move_annotation(annotation=row, to=library, actor=actor, deed=deed)


DEEDS: Final[dict[str, Doing]] = {
    "approve": partial(_decided, Review.APPROVED),
    "flag": partial(_decided, Review.FLAGGED),
    "hide": partial(_decided, Review.HIDDEN),
    "withdraw": partial(_decided, Review.NONE),
    "tag": _retagged,
    "recolor": _recolored,
    "move": _moved,
    "delete": _deleted,
    "restore": _restored,
}
NAMES: Final = {
    "approve": _("Approve"),
    "flag": _("Flag, with a reason"),
    "hide": _("Hide from readers"),
    "withdraw": _("Withdraw my decision"),
    "tag": _("Add and remove tags"),
    "recolor": _("Change the colour"),
    "move": _("Move to another library"),
    "delete": _("Delete (own ones)"),
    "restore": _("Restore (own ones)"),
}


def do(
    *, name: str, rows: Iterable[Annotation], actor: User, arguments: Arguments, outcome: Outcome
) -> Outcome:
    """Do it to each of the rows, which the actor may see. A row that refuses does not stop the others.

    Raises Invalid (naming `deed`) for an unknown deed.
    """
    if name not in DEEDS:
        raise Invalid.field("deed", f"has to be one of {', '.join(DEEDS)}")
    for row in rows:
        try:
            outcome.count(DEEDS[name](row, actor, arguments, outcome.deed))
        except Refused as refused:
            outcome.refuse(refused.message)
    return outcome
