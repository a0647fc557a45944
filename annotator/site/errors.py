"""What is shown when something is wrong. Needs no database, session or user: those may be what is wrong."""

import logging
import sys
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from annotator.api.errors import shape
from annotator.outage import RETRY_AFTER, is_outage

log = logging.getLogger(__name__)

# The code that /api/ answers with, the page's heading, and what to do now.
Wrong = tuple[str, str | Promise, str | Promise]
WRONG: dict[int, Wrong] = {
    400: (
        "invalid",
        _("This request could not be understood"),
        _("Its address or what it sent is not right. Go back and try again."),
    ),
    403: (
        "forbidden",
        _("You may not open this"),
        _("Your account has no right to. Sign in with another one, or ask who runs this server."),
    ),
    404: (
        "not_found",
        _("There is nothing here"),
        _("The address is wrong, or what stood here is gone, or it is not yours to see."),
    ),
    429: (
        "too_many_requests",
        _("Too many attempts"),
        _("Nothing was checked. Wait a quarter of an hour, then try again; a right password works then."),
    ),
    500: (
        "server_error",
        _("Something went wrong here"),
        _("It is not your fault, and it has been written to the server's log. Try again in a minute."),
    ),
    503: (
        "unavailable",
        _("The database does not answer"),
        _("Nothing was changed, and nothing that was saved is lost. Try again in a minute."),
    ),
}
CSRF: Wrong = (
    "csrf",
    _("This form was too old to be sent"),
    _("Nothing was changed. Go back, load the page again and send it once more. Cookies have to be allowed."),
)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400"""
    return answer(request, 400, WRONG[400])


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403"""
    return answer(request, 403, WRONG[403])


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403, when a form came without its token (settings.CSRF_FAILURE_VIEW)."""
    return answer(request, 403, CSRF)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404"""
    return answer(request, 404, WRONG[404])


def too_many(request: HttpRequest, wait: int) -> HttpResponse:
    """429, to be tried again after `wait` seconds."""
    response = answer(request, 429, WRONG[429])
    response.headers["Retry-After"] = str(wait)
    return response


class Outages:
    """Middleware: 503 for a view that found no database. What breaks outside of views is `server_error`'s."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """None for everything else."""
        return unavailable(request) if is_outage(exception) else None


def unavailable(request: HttpRequest) -> HttpResponse:
    """503, to be tried again soon."""
    log.error("database not available")
    response = answer(request, 503, WRONG[503])
    response.headers["Retry-After"] = RETRY_AFTER
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    """500; or 503 where the sign-in or the language found no database, before or after the view."""
    if is_outage(sys.exception()):
        return unavailable(request)
    return answer(request, 500, WRONG[500])


def answer(
    request: HttpRequest, status: int, wrong: tuple[str, str | Promise, str | Promise]
) -> HttpResponse:
    """The page, or under /api/ the one error shape."""
    code, heading, advice = wrong
    if request.path_info.startswith("/api/"):
        return JsonResponse(shape(code, str(heading)), status=status)
    page = render_to_string("site/error.html", {"status": status, "heading": heading, "advice": advice})
    return HttpResponse(page, status=status)
