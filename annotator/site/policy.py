"""What our pages may load and where their forms may lead: one Content-Security-Policy, without `unsafe-inline`."""

import hashlib
import re
from collections.abc import Callable, Iterable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

HEADER = "Content-Security-Policy"


def sign_in_addresses(extension_ids: Iterable[str]) -> list[str]:
    """Where browsers let extensions with these ids end a sign-in, as sources for `form-action`.

    Chromium: `https://ID.chromiumapp.org`. Firefox: the SHA-1 of the add-on's id under `extensions.allizom.org`.
    Browsers hold a form's redirects against `form-action`, and consent ends in such a redirect.
    """
    addresses = []
    for one in extension_ids:
        if re.fullmatch(r"[a-p]{32}", one):
            addresses.append(f"https://{one}.chromiumapp.org")
        else:
            # Firefox names the address so; it protects nothing.
            name = hashlib.sha1(one.encode(), usedforsecurity=False).hexdigest()
            addresses.append(f"https://{name}.extensions.allizom.org")
    return addresses


class ContentSecurityPolicy:
    """Middleware: gives every page the policy, unless its view set one of its own."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.policy = "; ".join(
            (
                "default-src 'self'",
                "img-src 'self' data:",
                "object-src 'none'",
                "base-uri 'none'",
                "frame-ancestors 'none'",
                " ".join(("form-action 'self'", *sign_in_addresses(settings.EXTENSION_IDS))),
            )
        )

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault(HEADER, self.policy)
        return response
