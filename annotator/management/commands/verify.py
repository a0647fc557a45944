"""`manage.py verify FILE`: whether a backup is whole."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser

from annotator import backups


class Command(BaseCommand):
    help = "Reads a backup from end to end and says how many rows it has, or what is wrong with it."

    def add_arguments(self, parser: CommandParser) -> None:
        """FILE."""
        parser.add_argument("file", type=Path)

    def handle(self, *args: object, **options: object) -> None:
        """Raises CommandError for a file that is not whole."""
        file = options["file"]
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
