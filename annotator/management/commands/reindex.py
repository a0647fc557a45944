"""`manage.py reindex`: the index of words made to agree with the texts, library by library."""

import uuid

from django.core.management.base import BaseCommand, CommandError, CommandParser

from annotator.models.annotations import Annotation
from annotator.models.libraries import Library
from annotator.search import index
from annotator.services.indexing import reindexing


class Command(BaseCommand):
    help = (
        "Compares the index with every annotation and writes what is wrong. May run beside the server, and "
        "be stopped: each line names the place to go on from."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """`--after`."""
        parser.add_argument("--after", metavar="PLACE", help="go on behind the place that a line named")

    def handle(self, *args: object, **options: object) -> None:
        """Raises CommandError for a place that no line named."""
        library, annotation = _place(options["after"])
        libraries = Library.objects.order_by("pk").values_list("pk", flat=True)
        if library is not None:
            libraries = libraries.filter(pk__gte=library)
        if not index.agrees_with_rows():
            index.rebuild()
            self.stdout.write("SQLite's index was damaged and has been made anew.")
        self._done, self._wrong, self._all = 0, 0, Annotation.objects.count()
        try:
            for one in list(libraries):
                self._library(one, annotation if one == library else None)
        except KeyboardInterrupt:
            raise CommandError("Stopped. The last line names the place to go on from.") from None
        self.stdout.write(f"{self._done:,} annotations looked at, {self._wrong:,} put right.")

    def _library(self, library: uuid.UUID, after: uuid.UUID | None) -> None:
        for progress in reindexing(library_id=library, after=after):
            self._done += progress.looked_at
            self._wrong += progress.wrong
            self.stdout.write(f"{self._done:,} of {self._all:,}  --after {library.hex}:{progress.last.hex}")


def _place(written: object) -> tuple[uuid.UUID | None, uuid.UUID | None]:
    if written is None:
        return None, None
    library, _, annotation = str(written).partition(":")
    try:
        return uuid.UUID(library), uuid.UUID(annotation)
    except ValueError:
        raise CommandError("--after takes what a line of this command named.") from None
