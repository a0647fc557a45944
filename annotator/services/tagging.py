"""A tag renamed, or made one with another: on every annotation that has it."""

import uuid
from dataclasses import dataclass

from django.db import transaction

from annotator import limits
from annotator.errors import Invalid, NotThere
from annotator.models.annotations import Annotation, AnnotationTag, Tag
from annotator.models.events import Event, Kind
from annotator.models.libraries import Role
from annotator.models.users import User
from annotator.services.amending import retag
from annotator.services.libraries import require_role
from annotator.text import unstorable
from annotator.uuid7 import uuid7

CHUNK = 100


@dataclass(frozen=True, slots=True)
class Renaming:
    """What became of it."""

    old: str
    new: str
    annotations: int
    merged: bool


def rename(*, tag: Tag, actor: User, name: str, merge: bool = False) -> Renaming:
    """Give a tag another name, in pieces of CHUNK annotations; a crash leaves both, and may be repeated.

    Raises Invalid (naming `name`) for no name, a long one, and one that another tag has, unless `merge`;
    NotAllowed below reviewer; NotThere.
    """
    require_role(user=actor, library_id=tag.library_id, role=Role.REVIEWER)
    name = " ".join(name.split())
    if not name or len(name) > limits.TAG_CHARACTERS or unstorable(name):
        raise Invalid.field("name", f"has to have 1 to {limits.TAG_CHARACTERS} characters")
    if name == tag.name:
        return Renaming(tag.name, name, 0, merged=False)
    taken = Tag.objects.filter(library_id=tag.library_id, name=name).exists()
    if taken and not merge:
        raise Invalid.field("name", "another tag has this name; say that both are to be one")
    deed, done = uuid7(), 0
    while some := _some(tag):
        with transaction.atomic():
            for row in some:
                retag(annotation=row, actor=actor, add=[name], remove=[tag.name], deed=deed)
        done += len(some)
    _close(tag, actor, name, deed, done, merged=taken)
    return Renaming(tag.name, name, done, merged=taken)


def _some(tag: Tag) -> list[Annotation]:
    on = AnnotationTag.objects.filter(library_id=tag.library_id, tag=tag, annotation__deleted=None)
    return list(Annotation.objects.filter(pk__in=on.values("annotation")[:CHUNK]))


@transaction.atomic
def _close(tag: Tag, actor: User, name: str, deed: uuid.UUID, done: int, *, merged: bool) -> None:
    """The old tag goes, also from what lies deleted, which gets the new one."""
    if not Tag.objects.filter(pk=tag.pk).exists():
        raise NotThere
    heir, _ = Tag.objects.get_or_create(library_id=tag.library_id, name=name)
    left = AnnotationTag.objects.filter(library_id=tag.library_id, tag=tag)
    already = AnnotationTag.objects.filter(library_id=tag.library_id, tag=heir).values("annotation")
    left.filter(annotation__in=already).delete()
    left.update(tag=heir)
    Tag.objects.filter(pk=tag.pk).delete()
    Event.objects.create(
        library_id=tag.library_id, actor=actor, verb="merge" if merged else "rename", kind=Kind.TAG,
        row=heir.pk, deed=deed, before={"name": tag.name}, after={"name": name, "annotations": done},
    )  # fmt: skip
