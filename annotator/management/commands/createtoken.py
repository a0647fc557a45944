"""`manage.py createtoken USER`: a personal token, printed once and nothing else."""

from datetime import timedelta

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from annotator.models.users import PersonalToken, User
from annotator.services.tokens import create_personal_token


class Command(BaseCommand):
    help = "Makes a personal token for a user and prints it, once and nothing else."

    def add_arguments(self, parser: CommandParser) -> None:
        """USER, and what the token may do."""
        parser.add_argument("user", help="username")
        parser.add_argument("--name", default="command line", help="what it is for (default: %(default)s)")
        parser.add_argument("--read-only", action="store_true", help="a token that cannot write")
        parser.add_argument("--days", type=int, help="how long it works (default: until it is revoked)")

    def handle(self, *args: object, **options: object) -> None:
        """Raises CommandError for an unknown or deactivated user."""
        user = User.objects.filter(username=options["user"], is_active=True).first()
        if user is None:
            raise CommandError(f"There is no active user {options['user']!r}.")
        days = options["days"]
        if isinstance(days, int) and not 1 <= days <= 36500:
            raise CommandError("--days has to be from 1 to 36500.")
        token = create_personal_token(
            user=user,
            name=str(options["name"])[:100],
            scope=PersonalToken.Scope.READ if options["read_only"] else PersonalToken.Scope.WRITE,
            expires=timezone.now() + timedelta(days=days) if isinstance(days, int) else None,
        )
        self.stdout.write(token)
