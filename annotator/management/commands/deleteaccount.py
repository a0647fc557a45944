"""`manage.py deleteaccount USER`: the account and everything it wrote, for good."""

from django.core.management.base import BaseCommand, CommandError, CommandParser

from annotator.models.users import User
from annotator.services.accounts import delete_account


class Command(BaseCommand):
    help = "Deletes an account and everything it wrote. Cannot be undone; backups keep what they hold."

    def add_arguments(self, parser: CommandParser) -> None:
        """USER, and `--yes` for scripts."""
        parser.add_argument("user", help="username")
        parser.add_argument("--yes", action="store_true", help="do not ask")

    def handle(self, *args: object, **options: object) -> None:
        """Raises CommandError for an unknown user, or when the answer is not the username."""
        user = User.objects.filter(username=options["user"]).first()
        if user is None:
            raise CommandError(f"There is no user {options['user']!r}.")
        if not options["yes"]:
            self.stdout.write(f"This deletes {user.username!r} and everything they wrote, for good.")
            if input("Type the username to go on: ") != user.username:
                raise CommandError("Nothing was deleted.")
        delete_account(user=user)
        self.stdout.write("Deleted.")
