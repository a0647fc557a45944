"""`manage.py purge`: what was deleted long enough ago goes for good. The server also does it, bit by bit."""

from django.core.management.base import BaseCommand, CommandParser

from annotator.models.libraries import Library
from annotator.services.accounts import compact
from annotator.services.purging import Purged, purge_library


class Command(BaseCommand):
    help = "Purges the trash after 30 days, old texts nothing refers to, and deletions' news after 180 days."

    def add_arguments(self, parser: CommandParser) -> None:
        """`--compact`."""
        parser.add_argument("--compact", action="store_true", help="also rewrite SQLite's file without gaps")

    def handle(self, *args: object, **options: object) -> None:
        """May run beside the server, and be stopped at any time."""
        done = Purged()
        for library_id in Library.objects.values_list("pk", flat=True):
            done += purge_library(library_id=library_id)
        if options["compact"]:
            compact()
        self.stdout.write(
            f"Purged {done.annotations} annotations, emptied {done.emptied} that were answered, "
            f"purged {done.snapshots} texts; forgot {done.tombstones} deletions."
        )
