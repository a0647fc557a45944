"""Language and time zone as the signed-in user set them; else the browser's language, and UTC."""

import zoneinfo
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

from annotator.models import User


class Preferences:
    """Middleware, inside those of languages and of sign-in. Without a session it asks for no user."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.languages = frozenset(code for code, _ in settings.LANGUAGES)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # The API knows no sessions: what a cookie says must not change its answers.
        if settings.SESSION_COOKIE_NAME not in request.COOKIES or request.path.startswith("/api/"):
            return self.get_response(request)
        user = request.user
        if isinstance(user, User) and user.language in self.languages:
            translation.activate(user.language)
        with timezone.override(zone_of(user) if isinstance(user, User) else None):
            return self.get_response(request)


def zone_of(user: User) -> zoneinfo.ZoneInfo | None:
    """The user's time zone; None for a name that this machine does not know."""
    try:
        return zoneinfo.ZoneInfo(user.time_zone)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return None
