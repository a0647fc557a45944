"""The change feed's reading side: what happened in a library after a version, in the order of commits.

The library's counter is read first; every row up to it is committed by then, since writers hold the library's
row until they commit. A row that changes while it is being read gets a higher version and comes with a later
page.
"""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from annotator.errors import FeedLost
from annotator.models.annotations import Annotation, AnnotationQuerySet, Review
from annotator.models.documents import Document, Snapshot
from annotator.models.events import Kind, Tombstone
from annotator.models.libraries import Library, Role
from annotator.models.users import User

Row = Annotation | Document | Snapshot


@dataclass(frozen=True, slots=True)
class Change:
    """One place in the feed. `row` is None for what is deleted, purged, or hidden from the reader."""

    version: int
    kind: Kind
    id: uuid.UUID
    row: Row | None
    revision: int | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """Changes after `since`; `next` is where to go on, `head` the library's version when this was read."""

    epoch: uuid.UUID
    head: int
    since: int
    next: int
    more: bool
    changes: list[Change]


def changes_after(*, library: Library, reader: User, since: int, limit: int, epoch: uuid.UUID | None) -> Page:
    """The next `limit` changes as the reader may see them.

    Raises FeedLost when `since` is of another epoch, beyond the head, or older than the oldest tombstone.
    """
    now = Library.objects.get(pk=library.pk)
    head = now.version
    if epoch is not None and epoch != now.epoch:
        raise FeedLost("This library was restored since: its epoch is another one.")
    if since > head:
        raise FeedLost(f"This library is at version {head}, behind {since}.")
    if 0 < since < now.feed_floor:
        raise FeedLost(f"Deletions before version {now.feed_floor} are no longer told.")
    found = sorted(_candidates(now, reader, since, head, limit + 1), key=lambda change: change.version)
    more = len(found) > limit
    changes = found[:limit]
    return Page(now.epoch, head, since, changes[-1].version if more else head, more, changes)


def _candidates(library: Library, reader: User, since: int, head: int, count: int) -> Iterable[Change]:
    """From each table the first `count` after `since`: the first `count` of all are among them."""
    span = {"library": library, "version__gt": since, "version__lte": head}
    annotations: AnnotationQuerySet = Annotation.objects.filter(**span).whole().order_by("version")[:count]
    reviews = Library.objects.with_role(reader, Role.REVIEWER).filter(pk=library.pk).exists()
    for row in annotations:
        seen = reviews or row.review != Review.HIDDEN or row.author_id == reader.pk
        shown = row if seen and row.deleted is None else None
        yield Change(row.version, Kind.ANNOTATION, row.pk, shown, row.revision)
    for document in Document.objects.filter(**span).prefetch_related("aliases").order_by("version")[:count]:
        yield Change(document.version, Kind.DOCUMENT, document.pk, document)
    for snapshot in Snapshot.objects.filter(**span).defer("paragraphs").order_by("version")[:count]:
        yield Change(snapshot.version, Kind.SNAPSHOT, snapshot.pk, snapshot)
    for stone in Tombstone.objects.filter(**span).order_by("version")[:count]:
        yield Change(stone.version, Kind(stone.kind), stone.row, None)
