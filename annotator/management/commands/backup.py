"""`manage.py backup FILE`: everything in one file, while the server goes on."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser

from annotator.services.restoring import write_backup


class Command(BaseCommand):
    help = "Writes every row to FILE, as of one moment. FILE is there when it is whole, and not before."

    def add_arguments(self, parser: CommandParser) -> None:
        """FILE."""
        parser.add_argument("file", type=Path, help="an older file of this name is replaced")

    def handle(self, *args: object, **options: object) -> None:
        """Raises CommandError when the file cannot be written."""
        file = options["file"]
        assert isinstance(file, Path)
        try:
            counts = write_backup(file=file)
        except OSError as wrong:
            raise CommandError(f"{file} cannot be written: {wrong.strerror}.") from wrong
        rows = sum(counts.values())
        self.stdout.write(
            f"{rows} rows in {file}, {file.stat().st_size} bytes. It holds everything, readable for whoever "
            "has it."
        )
