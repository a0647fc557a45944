"""What was deleted is gone for good after its time: content after 30 days, the news of it after 180.

In chunks, each its own transaction, so that SQLite's one writer is never kept waiting. Any chunk may be
repeated or be the last one: whoever comes next goes on.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.contrib.admin.models import LogEntry
from django.db.models import Exists, F, Max, Min, OuterRef, Q
from django.utils import timezone

from annotator.models.annotations import Annotation, AnnotationTag, Tag
from annotator.models.decisions import Decision
from annotator.models.documents import Snapshot
from annotator.models.events import Event, Kind, Tombstone
from annotator.models.libraries import Library
from annotator.search import index
from annotator.services.annotations import RESTORABLE
from annotator.services.versions import writing

TRASH: Final = RESTORABLE
TOMBSTONES: Final = timedelta(days=180)
CHUNK: Final = 100


@dataclass(slots=True)
class Purged:
    """How many rows went."""

    annotations: int = 0
    emptied: int = 0
    snapshots: int = 0
    tombstones: int = 0

    def __iadd__(self, other: "Purged") -> "Purged":
        self.annotations += other.annotations
        self.emptied += other.emptied
        self.snapshots += other.snapshots
        self.tombstones += other.tombstones
        return self

    def __bool__(self) -> bool:
        return bool(self.annotations or self.emptied or self.snapshots or self.tombstones)


def purge_library(*, library_id: uuid.UUID, now: datetime | None = None) -> Purged:
    """Everything in one library whose time is over."""
    done = Purged()
    while chunk := purge_chunk(library_id=library_id, now=now):
        done += chunk
    return done


def purge_chunk(*, library_id: uuid.UUID, now: datetime | None = None) -> Purged:
    """At most CHUNK rows of each kind, in one transaction. Raises NotThere where the library is gone."""
    now = now or timezone.now()
    done = Purged()
    with writing(library_id):
        trash = Annotation.objects.filter(library=library_id, deleted__lt=now - TRASH)
        answered = Exists(Annotation.objects.filter(parent=OuterRef("pk")))
        rows = list(trash.filter(~answered)[:CHUNK])
        _bury([(row.pk, row.version, row.deleted or now) for row in rows], library_id)
        done.annotations = erase_annotations(library_id, [row.pk for row in rows])
        # Its replies are other people's: they stay, below a row without content.
        emptied = list(trash.filter(answered).exclude(url="").values_list("pk", flat=True)[:CHUNK])
        done.emptied = empty_annotations(library_id, emptied)
        done.snapshots = _purge_snapshots(library_id, now)
        done.tombstones = _forget_tombstones(library_id, now)
    return done


def erase_annotations(library_id: uuid.UUID, ids: Sequence[uuid.UUID]) -> int:
    """The rows with their history, tags and anchors; how many. Has to run in the library's transaction."""
    _forget_history(library_id, ids)
    Annotation.objects.filter(library=library_id, pk__in=ids).delete()
    _drop_unused_tags(library_id)
    return len(ids)


def empty_annotations(library_id: uuid.UUID, ids: Sequence[uuid.UUID]) -> int:
    """Everything that was written in them; the rows stay, deleted. In the library's transaction, as above."""
    _forget_history(library_id, ids)
    AnnotationTag.objects.filter(library=library_id, annotation__in=ids).delete()
    Decision.objects.filter(library=library_id, annotation__in=ids).delete()
    index.drop(ids)
    rows = Annotation.objects.filter(library=library_id, pk__in=ids)
    for row in rows:
        row.anchors.all().delete()
    rows.update(
        url="", note="", quote_exact="", quote_prefix="", quote_suffix="", snapshot_digest="",
        start_paragraph=None, start_offset=None, end_paragraph=None, end_offset=None, anchor=None,
    )  # fmt: skip
    _drop_unused_tags(library_id)
    return len(ids)


def bury(library_id: uuid.UUID, rows: Sequence[tuple[uuid.UUID, int]]) -> None:
    """Tell the feed that these annotations, with the versions they are given here, are gone."""
    now = timezone.now()
    _bury([(id, version, now) for id, version in rows], library_id)


def _bury(rows: Sequence[tuple[uuid.UUID, int, datetime]], library_id: uuid.UUID) -> None:
    """A deletion keeps its place in the feed: who has read that far has nothing new to learn."""
    Tombstone.objects.bulk_create(
        Tombstone(library_id=library_id, version=version, kind=Kind.ANNOTATION, row=id, deleted=deleted)
        for id, version, deleted in rows
    )


def _forget_history(library_id: uuid.UUID, ids: Sequence[uuid.UUID]) -> None:
    Event.objects.filter(library=library_id, kind=Kind.ANNOTATION, row__in=ids).delete()
    LogEntry.objects.filter(object_id__in=[str(id) for id in ids]).delete()


def _drop_unused_tags(library_id: uuid.UUID) -> None:
    """A tag's name was written by somebody too."""
    used = AnnotationTag.objects.filter(tag=OuterRef("pk"))
    Tag.objects.filter(~Exists(used), library=library_id).delete()


def _purge_snapshots(library_id: uuid.UUID, now: datetime) -> int:
    """Texts between an article's first and last that no target names; young ones may still be named."""
    of_document = Snapshot.objects.filter(document=OuterRef("document")).order_by().values("document")
    named = Annotation.objects.filter(
        library=library_id, document=OuterRef("document"), snapshot_digest=OuterRef("digest")
    )
    between = Snapshot.objects.annotate(
        first=of_document.annotate(one=Min("version")).values("one"),
        last=of_document.annotate(one=Max("version")).values("one"),
    ).filter(
        Q(version__gt=F("first")), Q(version__lt=F("last")), ~Exists(named),
        library=library_id, created__lt=now - TRASH,
    )  # fmt: skip
    rows = list(between.values_list("pk", "version")[:CHUNK])
    Tombstone.objects.bulk_create(
        Tombstone(library_id=library_id, version=version, kind=Kind.SNAPSHOT, row=id, deleted=now)
        for id, version in rows
    )
    Snapshot.objects.filter(pk__in=[id for id, _ in rows]).delete()
    return len(rows)


def _forget_tombstones(library_id: uuid.UUID, now: datetime) -> int:
    """From here on, who has read less than this has to compare ids: `feed_floor` says so."""
    old = Tombstone.objects.filter(library=library_id, deleted__lt=now - TOMBSTONES).order_by("version")
    rows = list(old.values_list("pk", "version")[:CHUNK])
    if rows:
        floor = max(version for _, version in rows)
        Library.objects.filter(pk=library_id, feed_floor__lt=floor).update(feed_floor=floor)
        Tombstone.objects.filter(pk__in=[id for id, _ in rows]).delete()
    return len(rows)
