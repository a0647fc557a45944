"""The end of an account: everything that it wrote is gone, also from the database's file."""

import logging
import uuid

from django.contrib.sessions.models import Session
from django.db import DatabaseError, connection, models, transaction
from oauth2_provider.models import (
    get_access_token_model,
    get_grant_model,
    get_id_token_model,
    get_refresh_token_model,
)

from annotator.models.annotations import Annotation, Tag
from annotator.models.documents import Document
from annotator.models.events import Event, Job, Kind, Tombstone
from annotator.models.libraries import Library, Membership, Role
from annotator.models.users import PersonalToken, User
from annotator.search import index
from annotator.services.purging import CHUNK, bury, empty_annotations, erase_annotations
from annotator.services.versions import writing

log = logging.getLogger(__name__)


def delete_account(*, user: User) -> None:
    """Remove the account, its own library, and what it wrote in others. May be repeated after a crash.

    First nothing of theirs works any more; then the rows go in chunks; the account goes last. In a shared
    library other people's replies stay, below a row without content; a library without an owner goes to the
    member who may do most and has been there longest, one without members goes.
    """
    _shut_out(user)
    for library in Library.objects.filter(personal_of=user):
        erase_library(library=library)
    for membership in Membership.objects.filter(user=user).select_related("library"):
        _leave(user, membership.library)
    for library_id in set(Annotation.objects.filter(author=user).values_list("library", flat=True)):
        _erase_written(user, library_id)
    user.delete()
    compact()


def erase_library(*, library: Library) -> None:
    """A library with all its rows, in chunks; the library itself last."""
    for rows in (
        Annotation.objects.filter(library=library),
        Document.objects.filter(library=library),  # with their texts
        Tag.objects.filter(library=library),
        Event.objects.filter(library=library),
        Tombstone.objects.filter(library=library),
        Job.objects.filter(library=library),
    ):
        _delete_in_chunks(rows)
    library.delete()


def compact() -> None:
    """Leave nothing of deleted rows in the file. Best effort: another writer may be in the way for long."""
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        try:
            index.merge()
            with connection.cursor() as cursor:
                cursor.execute("VACUUM")
                cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        except DatabaseError:
            log.warning("the file could not be compacted now; `manage.py purge --compact` does it later")


@transaction.atomic
def _shut_out(user: User) -> None:
    user.is_active = False
    user.set_unusable_password()
    user.save(update_fields=["is_active", "password"])
    PersonalToken.objects.filter(user=user).delete()
    for model in (
        get_refresh_token_model(), get_access_token_model(), get_id_token_model(), get_grant_model()
    ):  # fmt: skip
        model.objects.filter(user=user).delete()
    for session in Session.objects.iterator(chunk_size=CHUNK):
        if session.get_decoded().get("_auth_user_id") == str(user.pk):
            session.delete()


def _leave(user: User, library: Library) -> None:
    others = Membership.objects.filter(library=library).exclude(user=user)
    if not others.exists():
        erase_library(library=library)
        return
    _erase_written(user, library.pk)
    with transaction.atomic():
        Membership.objects.filter(library=library, user=user).delete()
        if not others.filter(role=Role.OWNER).exists():
            _hand_over(library, list(others.order_by("created", "pk")))


def _hand_over(library: Library, members: list[Membership]) -> None:
    ladder = list(Role)
    heir = max(members, key=lambda one: ladder.index(Role(one.role)))  # of equals, the first: the oldest
    before, heir.role = heir.role, Role.OWNER
    heir.save(update_fields=["role"])
    Event.objects.create(
        library=library, verb="inherit", kind=Kind.MEMBERSHIP, row=heir.pk,
        before={"role": before}, after={"role": heir.role},
    )  # fmt: skip


def _erase_written(user: User, library_id: uuid.UUID) -> None:
    """What the user wrote in a library of others; its members' feeds learn that it is gone."""
    while True:
        with writing(library_id) as versions:
            theirs = Annotation.objects.filter(library=library_id, author=user)
            others = Annotation.objects.filter(parent=models.OuterRef("pk"))
            rows = list(theirs.filter(~models.Exists(others))[:CHUNK])
            if rows:
                bury(library_id, [(row.pk, versions.take()) for row in rows])
                erase_annotations(library_id, [row.pk for row in rows])
                continue
            answered = theirs.first()
            if answered is None:
                return
            empty_annotations(library_id, [answered.pk])
            reply = Annotation.objects.filter(parent=answered).order_by("created", "pk").first()
            assert reply is not None
            # A row needs an author: whoever answered first holds what is left, an empty row in the trash.
            Annotation.objects.filter(pk=answered.pk).update(
                author=reply.author,
                deleted=answered.deleted or answered.updated,
                version=versions.take(),
                revision=versions.revision_after(answered.revision),
            )


def _delete_in_chunks(rows: "models.QuerySet[models.Model]") -> None:
    # Django reads what it deletes; a text can have 4 MiB.
    size = 10 if rows.model is Document else CHUNK
    while ids := list(rows.values_list("pk", flat=True)[:size]):
        with transaction.atomic():
            rows.model._default_manager.filter(pk__in=ids).delete()
