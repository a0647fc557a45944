"""`manage.py restore FILE`: a backup in place of what is in the database."""

from pathlib import Path

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from annotator import backups
from annotator.errors import Refused
from annotator.services.restoring import restore_backup


class Command(BaseCommand):
    help = "Puts a backup into this database, all of it or nothing. Clients then send what the backup lacks."

    def add_arguments(self, parser: CommandParser) -> None:
        """FILE, and `--replace`."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--replace", action="store_true", help="also where there are users already")

    def handle(self, *args: object, **options: object) -> None:
        """Raises CommandError for a file that is not whole and for a database in use."""
        file = options["file"]
        assert isinstance(file, Path)
        try:
            backups.check(file)
            call_command("migrate", interactive=False, verbosity=0)
            counts = restore_backup(file=file, replace=bool(options["replace"]))
        except backups.NotABackup as wrong:
            raise CommandError(str(wrong)) from wrong
        except Refused as refused:
            raise CommandError(refused.message) from refused
        except OSError as wrong:
            raise CommandError(f"{file} cannot be read: {wrong.strerror}.") from wrong
        self.stdout.write(f"{sum(counts.values())} rows restored; every library has a new epoch.")
