"""`manage.py firststart`: bring the database up to date and, when it is new, make it ready to look at."""

import io
import secrets

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor

from annotator.management.commands.loadseeds import SEEDS
from annotator.models.users import User
from annotator.site.one_time import link_for


class Command(BaseCommand):
    """Prints what a newcomer has to know, once: nobody can look the password up later."""

    help = "Migrate; on a new database make the superuser `admin`, load the seeds and print how to begin."

    requires_system_checks = ()  # They take longer than all the rest.

    def add_arguments(self, parser: CommandParser) -> None:
        """`--address`: where the server will be reached."""
        parser.add_argument("--address", default="http://127.0.0.1:8000")

    def handle(self, *args: object, **options: object) -> None:
        """Leaves a database with users as it is, apart from migrations."""
        migrations = MigrationExecutor(connection)
        if migrations.migration_plan(
            migrations.loader.graph.leaf_nodes()
        ):  # Looking is quicker than migrating.
            call_command("migrate", interactive=False, verbosity=0)
        if User.objects.exists():
            return
        address = str(options["address"]).rstrip("/")
        password = secrets.token_urlsafe(12)
        # All or nothing: an account whose password nobody was told would lock everybody out.
        with transaction.atomic():
            admin = User.objects.create_superuser("admin", "", password)
            with_seeds = SEEDS.exists()
            if with_seeds:
                call_command("loadseeds", user="admin", base_url=address, verbosity=0, stdout=io.StringIO())
        self.stdout.write(self._welcome(address, password, link_for(admin), with_seeds=with_seeds))

    def _welcome(self, address: str, password: str, link: str, *, with_seeds: bool) -> str:
        lines = [
            "A new database. This is shown once:",
            "  User          admin",
            f"  Password      {password}",
            f"  Sign in once  {address}{link}",
            "",
        ]
        if with_seeds and settings.DEMO:
            lines.append(f"The story to highlight: {address}/demo/euronews-raqa")
        return "\n".join(lines)
