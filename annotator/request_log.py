"""One line for each request: what, how it ended, how long it took. No questions, no bodies, no tokens."""

import logging
import re
import secrets
import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from annotator.log_lines import request_id

log = logging.getLogger(__name__)
HEADER = "X-Request-Id"
_ID = re.compile(r"[A-Za-z0-9_-]{8,64}", re.ASCII)


class RequestLog:
    """Middleware: an id for each request (a proxy's own where it gives a plain one), answered and logged.

    Query strings, bodies and headers stay out of the log. Outside of /api/ the route stands for the path,
    since a path there can hold a one-time sign-in.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        start = time.perf_counter()
        id = _request_id(request)
        in_lines = request_id.set(id)
        try:
            response = self.get_response(request)
            response.headers[HEADER] = id
            self._tell(request, response, (time.perf_counter() - start) * 1000, id)
        finally:
            request_id.reset(in_lines)
        return response

    def _tell(self, request: HttpRequest, response: HttpResponse, milliseconds: float, id: str) -> None:
        method, where, status = request.method, _where(request), response.status_code
        told = {"method": method, "where": where, "status": status, "milliseconds": round(milliseconds, 1)}
        log.info("%s %s %d %.0f ms %s", method, where, status, milliseconds, id, extra={"answered": told})


def _request_id(request: HttpRequest) -> str:
    given = request.headers.get(HEADER, "")
    return given if _ID.fullmatch(given) else secrets.token_hex(8)


def _where(request: HttpRequest) -> str:
    """The path, or the route; without anything that could end the line or paint the terminal."""
    matched = request.resolver_match
    if request.path_info.startswith("/api/"):
        return request.path_info.encode("ascii", "backslashreplace").decode().translate(_HARMLESS)[:300]
    return f"/{matched.route}" if matched else "(no such page)"


_HARMLESS = dict.fromkeys((*range(32), 127), "?")
