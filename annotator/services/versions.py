"""The change feed's writing side."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction

from annotator.errors import NotThere
from annotator.models.libraries import Library


class Versions:
    """Versions of one library's feed, handed out one by one to the rows of one transaction."""

    def __init__(self, first: int) -> None:
        self._next = first
        self.taken = 0

    def take(self) -> int:
        """The next version; every changed row gets its own."""
        version = self._next
        self._next += 1
        self.taken += 1
        return version


@contextmanager
def writing(library_id: uuid.UUID) -> Iterator[Versions]:
    """A transaction that writes rows of one library, and the versions it may hand out.

    The library's row is locked first and until the commit, and its counter moves by exactly as many versions
    as were taken: that makes the feed gap-free and puts it in the order of commits, on every database. Raises
    NotThere when the library is gone.
    """
    with transaction.atomic():
        try:
            versions = Versions(Library.objects.reserve_versions(library_id, 0))
        except Library.DoesNotExist:
            raise NotThere from None
        yield versions
        if versions.taken:
            Library.objects.reserve_versions(library_id, versions.taken)
