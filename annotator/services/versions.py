"""The change feed's writing side."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from django.db import transaction

from annotator.errors import NotThere
from annotator.models.libraries import Library
from annotator.uuid7 import uuid7

# Seconds since 1970: the beginning of 2026. No library was restored before.
_FIRST_RESTORE: Final = 1_767_225_600


class Versions:
    """Versions of one library's feed, handed out one by one to the rows of one transaction."""

    def __init__(self, first: int, epoch: uuid.UUID) -> None:
        self._next = first
        self._least_revision = _least_revision(epoch)
        self.taken = 0

    def revision_after(self, revision: int) -> int:
        """The next revision of a row (0: of a new one); none that was handed out before a restore.

        A restore takes revisions back, and clients may hold the ones that are lost: counted on from the
        backup's, they would come to stand for other contents, and an `If-Match` from before would hold.
        """
        return max(revision + 1, self._least_revision)

    def take(self) -> int:
        """The next version; every changed row gets its own."""
        version = self._next
        self._next += 1
        self.taken += 1
        return version


def new_epoch() -> uuid.UUID:
    """The id of a restored library's new life; it tells when that began."""
    return uuid7()


def _least_revision(epoch: uuid.UUID) -> int:
    """Seconds from 2026 to the restore that made this epoch (UUIDv7; 48 bits of milliseconds), 1 without one.

    No row is written more than once in a second all its life, so that every later life begins above all
    revisions of the earlier; and 31 bits, which every database has for it, last until 2094.
    """
    if epoch.version != 7:
        return 1
    return max(1, (epoch.int >> 80) // 1000 - _FIRST_RESTORE)


@contextmanager
def writing(library_id: uuid.UUID) -> Iterator[Versions]:
    """A transaction that writes rows of one library, and the versions it may hand out.

    The library's row is locked first and until the commit, and its counter moves by exactly as many versions
    as were taken: that makes the feed gap-free and puts it in the order of commits, on every database. Raises
    NotThere when the library is gone.
    """
    with transaction.atomic():
        try:
            versions = Versions(*Library.objects.reserve_versions(library_id, 0))
        except Library.DoesNotExist:
            raise NotThere from None
        yield versions
        if versions.taken:
            Library.objects.hand_out(library_id, versions.taken)


@contextmanager
def writing_both(one: uuid.UUID, other: uuid.UUID) -> Iterator[tuple[Versions, Versions]]:
    """The same for two libraries. Locked in the order of their ids: no two wait for each other forever."""
    first, second = sorted((one, other))
    with writing(first) as of_first, writing(second) as of_second:
        yield (of_first, of_second) if first == one else (of_second, of_first)
