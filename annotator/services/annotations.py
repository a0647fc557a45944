"""Highlights and notes: written, deleted, brought back."""

import uuid
from collections.abc import Callable
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from annotator.errors import Invalid, NotAllowed, NotThere, Stale, Taken
from annotator.models.annotations import Anchor, Annotation, AnnotationQuerySet, Motivation
from annotator.models.events import Event, Kind, Tombstone
from annotator.models.libraries import Library, Role
from annotator.models.users import User
from annotator.services import preconditions
from annotator.services.documents import document_at
from annotator.services.flags import settle_flag
from annotator.services.indexing import index_annotation
from annotator.services.libraries import require_role
from annotator.services.placing import PLACE, place_in_latest, target_stands
from annotator.services.preconditions import Matching, Precondition
from annotator.services.saved import Saved
from annotator.services.tags import set_tags
from annotator.services.versions import Versions, writing
from annotator.services.written import Written, check_written, for_history, put_on, written_of

RESTORABLE = timedelta(days=30)


def save_annotation(
    *,
    library: Library,
    author: User,
    id: uuid.UUID,
    written: Written,
    precondition: Precondition | None = None,
) -> Saved[Annotation]:
    """Make the annotation, or change what its author wrote. May be repeated.

    What is stored already is answered whatever the precondition says, so that a retry after a lost answer is
    safe. A deleted one comes back with the new content where the precondition names its revision (an edit
    that met a delete keeps the edit). Raises Invalid naming the field, Stale, Taken for an id of another
    library, NotAllowed for others' annotations and for roles that may not write, NotThere for strangers.
    """
    check_written(written)
    with writing(library.pk) as versions:
        require_role(user=author, library_id=library.pk, role=role_to_write(written.motivation))
        row = _rows().filter(pk=id).first()
        if row is None:
            preconditions.check(precondition, None)
            return _create(library, author, id, written, versions)
        if row.library_id != library.pk:
            raise Taken("This id belongs to an annotation of another library.")
        _require_author(row, author)
        if row.deleted is None and written_of(row) == written:
            return Saved(row, created=False, changed=False)
        if row.deleted is not None and not isinstance(precondition, Matching):
            raise Stale("It was deleted; name its revision to bring it back.", revision=row.revision)
        preconditions.check(precondition, row.revision)
        return _edit(row, author, written, versions)


def amend_annotation(
    *,
    annotation: Annotation,
    actor: User,
    verb: str,
    change: Callable[[Written], Written],
    deed: uuid.UUID | None = None,
) -> Saved[Annotation]:
    """Change some of what its author wrote: by the author, or by a reviewer. May be repeated.

    The revision moves as with the author's own edit, so that a device that still holds the old one merges
    rather than overwrites. `verb` and `deed` are the Event's. Raises Invalid naming the field, NotThere,
    NotAllowed for everybody else.
    """
    with writing(annotation.library_id) as versions:
        require_role(user=actor, library_id=annotation.library_id, role=Role.READER)
        row = _row_in_library(annotation)
        if row is None or row.deleted is not None:
            raise NotThere
        own = row.author_id == actor.pk
        role = role_to_write(row.motivation) if own else Role.REVIEWER
        require_role(user=actor, library_id=row.library_id, role=role)
        before = written_of(row)
        after = change(before)
        if after == before:
            return Saved(row, created=False, changed=False)
        check_written(after)
        return _edit(row, actor, after, versions, verb=verb, deed=deed)


def delete_annotation(
    *,
    annotation: Annotation,
    actor: User,
    precondition: Precondition | None = None,
    deed: uuid.UUID | None = None,
) -> Saved[Annotation]:
    """Delete it: its content stays for undo, everyone else sees that it is gone. May be repeated.

    Raises Stale, NotAllowed for others' annotations, NotThere.
    """
    with writing(annotation.library_id) as versions:
        row = _own_row(annotation, actor)
        if row.deleted is not None:
            return Saved(row, created=False, changed=False)
        preconditions.check(precondition, row.revision)
        row.deleted = timezone.now()
        _move_on(row, versions)
        row.save(update_fields=["deleted", "revision", "version", "updated"])
        index_annotation(row)
        settle_flag(row.parent_id)
        _tell(row, actor, "delete", before=written_of(row), after=None, deed=deed)
        return Saved(row, created=False, changed=True)


def restore_annotation(
    *,
    annotation: Annotation,
    actor: User,
    precondition: Precondition | None = None,
    deed: uuid.UUID | None = None,
) -> Saved[Annotation]:
    """Undo a delete, within 30 days, as it was. May be repeated. Raises as delete_annotation does."""
    with writing(annotation.library_id) as versions:
        row = _own_row(annotation, actor)
        if row.deleted is None:
            return Saved(row, created=False, changed=False)
        preconditions.check(precondition, row.revision)
        if timezone.now() - row.deleted > RESTORABLE:
            raise NotThere
        row.deleted = None
        _move_on(row, versions)
        place_in_latest(row, row.document)
        row.save(update_fields=["deleted", "revision", "version", "updated", *PLACE])
        index_annotation(row)
        settle_flag(row.parent_id)
        _tell(row, actor, "restore", before=None, after=written_of(row), deed=deed)
        return Saved(row, created=False, changed=True)


def role_to_write(motivation: str) -> Role:
    """Readers reply; highlights and notes need an editor."""
    return Role.READER if motivation == Motivation.REPLYING else Role.EDITOR


def _create(
    library: Library, author: User, id: uuid.UUID, written: Written, versions: Versions
) -> Saved[Annotation]:
    parent = _parent(library, author, written)
    document = parent.document if parent else document_at(library=library, url=written.url, versions=versions)
    row = Annotation(pk=id, library=library, author=author, document=document, parent=parent)
    put_on(row, written)
    _check_target(row)
    row.version, row.revision = versions.take(), versions.revision_after(0)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        raise Taken("This id belongs to an annotation of another library.") from None
    set_tags(annotation=row, names=written.tags)
    place_in_latest(row, document)
    row.save(update_fields=PLACE)
    index_annotation(row)
    settle_flag(row.parent_id)
    Tombstone.objects.filter(library=library, row=id).delete()
    _tell(row, author, "create", before=None, after=written)
    return Saved(row, created=True, changed=True)


def _edit(
    row: Annotation,
    actor: User,
    written: Written,
    versions: Versions,
    *,
    verb: str = "edit",
    deed: uuid.UUID | None = None,
) -> Saved[Annotation]:
    before = written_of(row)
    if written.parent != before.parent or (
        Motivation.REPLYING in (written.motivation, before.motivation)
        and written.motivation != before.motivation
    ):
        raise Invalid.field("parent", "what a reply answers cannot change")
    if row.parent is None and written.url != before.url:
        row.document = document_at(library=row.library, url=written.url, versions=versions)
    put_on(row, written)
    moved = (written.target, written.url) != (before.target, before.url)
    back = row.deleted is not None
    if moved:
        _check_target(row)
        Anchor.objects.filter(library_id=row.library_id, annotation=row).delete()
    if moved or back:
        place_in_latest(row, row.document)
    row.deleted = None
    _move_on(row, versions)
    row.save()
    if written.tags != before.tags:
        set_tags(annotation=row, names=written.tags)
    index_annotation(row)
    if back:
        settle_flag(row.parent_id)
    _tell(row, actor, verb, before=before, after=written, deed=deed)
    return Saved(row, created=False, changed=True)


def _check_target(row: Annotation) -> None:
    """Raises Invalid where the snapshot it names is known, and its quote does not stand there."""
    snapshot = (
        row.document.snapshots.filter(digest=row.snapshot_digest).first() if row.snapshot_digest else None
    )
    if snapshot is not None:
        target_stands(row, snapshot.read())


def _parent(library: Library, author: User, written: Written) -> Annotation | None:
    if written.parent is None:
        return None
    seen = Annotation.objects.in_libraries([library]).alive().shown_to(author)
    parent = seen.select_related("document").filter(pk=written.parent).first()
    if parent is None:
        raise Invalid.field("parent", "there is no such annotation in this library")
    return parent


def _own_row(annotation: Annotation, actor: User) -> Annotation:
    """The row as it is under the library's lock, if the actor may write it."""
    require_role(user=actor, library_id=annotation.library_id, role=Role.READER)
    row = _row_in_library(annotation)
    if row is None:
        raise NotThere
    _require_author(row, actor)
    require_role(user=actor, library_id=annotation.library_id, role=role_to_write(row.motivation))
    return row


def _row_in_library(annotation: Annotation) -> Annotation | None:
    """The row as it is now; None where it was moved out of the library that is locked."""
    return _rows().filter(pk=annotation.pk, library_id=annotation.library_id).first()


def _rows() -> AnnotationQuerySet:
    """With what `written_of` and the deeds look at, the tags once for all of them."""
    return Annotation.objects.select_related("library", "document", "parent").prefetch_related("tags")


def _require_author(row: Annotation, user: User) -> None:
    if row.author_id == user.pk:
        return
    seen = Annotation.objects.in_libraries([row.library]).alive().shown_to(user)
    if not seen.filter(pk=row.pk).exists():
        raise NotThere
    raise NotAllowed("Only its author may change this.")


def _move_on(row: Annotation, versions: Versions) -> None:
    row.version = versions.take()
    row.revision = versions.revision_after(row.revision)
    row.updated = timezone.now()


def _tell(
    row: Annotation,
    actor: User,
    verb: str,
    *,
    before: Written | None,
    after: Written | None,
    deed: uuid.UUID | None = None,
) -> None:
    Event.objects.create(
        library_id=row.library_id,
        actor=actor,
        verb=verb,
        kind=Kind.ANNOTATION,
        row=row.pk,
        deed=deed,
        before=before and for_history(before),
        after=after and for_history(after),
    )
