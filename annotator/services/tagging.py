"""A tag renamed, or made one with another: on every annotation that has it."""

import uuid
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Exists, OuterRef

from annotator import limits
from annotator.errors import Invalid, NotThere
from annotator.models.annotations import Annotation, AnnotationTag, Tag
from annotator.models.events import Event, Kind
from annotator.models.libraries import Role
from annotator.models.users import User
from annotator.services.amending import retag
from annotator.services.libraries import require_role
from annotator.services.versions import writing
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
    # What to undo; None where nothing was done.
    deed: uuid.UUID | None = None


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
    return Renaming(tag.name, name, done, merged=taken, deed=deed)


def rename_back(*, event: Event, actor: User, deed: uuid.UUID) -> bool:
    """The last step of undoing the rename or merge that this Event tells of: what lies deleted, and the tags.

    Living annotations have Events of their own, which are undone before. False where it was taken back
    already, or the new name is gone. Raises NotAllowed below reviewer, NotThere.
    """
    old, new = (event.before or {})["name"], (event.after or {})["name"]
    with writing(event.library_id):
        require_role(user=actor, library_id=event.library_id, role=Role.REVIEWER)
        tags = Tag.objects.filter(library_id=event.library_id)
        heir = tags.filter(name=new).first()
        since = Event.objects.filter(library_id=event.library_id, row=event.row, created__gt=event.created)
        if heir is None or since.filter(kind=Kind.TAG, verb="undo").exists():
            return False
        back, _ = Tag.objects.get_or_create(library_id=event.library_id, name=old)
        _trash_back(event, heir, back)
        gone = [back] if event.verb == "merge" else [back, heir]
        used = AnnotationTag.objects.filter(tag=OuterRef("pk"))
        tags.filter(~Exists(used), pk__in=[tag.pk for tag in gone]).delete()
        Event.objects.create(
            library_id=event.library_id, actor=actor, verb="undo", kind=Kind.TAG, row=event.row, deed=deed,
            before={"name": new}, after={"name": old},
        )  # fmt: skip
    for row in Annotation.objects.alive().filter(pk__in=(event.before or {}).get("trash", ())):
        keep = str(row.pk) in (event.before or {}).get("both", ())
        retag(annotation=row, actor=actor, add=[old], remove=[] if keep else [new], deed=deed)
    return True


def _trash_back(event: Event, heir: Tag, back: Tag) -> None:
    told = event.before or {}
    on = AnnotationTag.objects.filter(tag=heir, annotation__deleted__isnull=False)
    on.filter(annotation__in=set(told.get("trash", ())) - set(told.get("both", ()))).update(tag=back)
    AnnotationTag.objects.bulk_create(
        AnnotationTag(library_id=event.library_id, annotation_id=id, tag=back)
        for id in on.filter(annotation__in=told.get("both", ())).values_list("annotation", flat=True)
    )


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
    told = {"name": tag.name, "trash": [str(id) for id in left.values_list("annotation", flat=True)]}
    already = AnnotationTag.objects.filter(library_id=tag.library_id, tag=heir).values("annotation")
    both = left.filter(annotation__in=already)
    told["both"] = [str(id) for id in both.values_list("annotation", flat=True)]
    both.delete()
    left.update(tag=heir)
    Tag.objects.filter(pk=tag.pk).delete()
    Event.objects.create(
        library_id=tag.library_id, actor=actor, verb="merge" if merged else "rename", kind=Kind.TAG,
        row=heir.pk, deed=deed, before=told, after={"name": name, "annotations": done},
    )  # fmt: skip
