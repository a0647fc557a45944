"""`manage.py verify [FILE]`: whether a backup is whole; without one, whether the index of words is right."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser

from annotator import backups
from annotator.models.libraries import Library
from annotator.search import index
from annotator.services.indexing import wrong_entries


class Command(BaseCommand):
    help = (
        "With FILE, reads a backup from end to end and says how many rows it has, or what is wrong with it. "
        "Without, compares the index of words with every annotation of this database."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """FILE."""
        parser.add_argument("file", type=Path, nargs="?")

    def handle(self, *args: object, **options: object) -> None:
        """Raises CommandError for a file that is not whole, and for an index that does not agree."""
        file = options["file"]
        if file is None:
            self._verify_index()
            return
        assert isinstance(file, Path)
        try:
            counts = backups.check(file)
        except backups.NotABackup as wrong:
            raise CommandError(str(wrong)) from wrong
        except OSError as wrong:
            raise CommandError(f"{file} cannot be read: {wrong.strerror}.") from wrong
        for table, count in sorted(counts.items()):
            self.stdout.write(f"{count:>10}  {table}")
        self.stdout.write("The backup is whole.")

    def _verify_index(self) -> None:
        looked_at = wrong = 0
        for library_id in Library.objects.values_list("pk", flat=True):
            for progress in wrong_entries(library_id=library_id):
                looked_at += progress.looked_at
                wrong += progress.wrong
        if wrong or not index.agrees_with_rows():
            raise CommandError(
                f"The index is wrong about {wrong:,} of {looked_at:,} annotations: run manage.py reindex."
            )
        self.stdout.write(f"The index agrees with all {looked_at:,} annotations.")
