"""What our pages may load and where their forms may lead: a policy without `unsafe-inline`."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from annotator.oauth.client import redirect_uris

HEADER = "Content-Security-Policy"


class ContentSecurityPolicy:
    """Middleware: gives every page the policy, unless its view set one of its own."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        # Browsers hold a form's redirects against `form-action`, and consenting ends in one to the extension.
        sign_in = [address.rstrip("/") for address in redirect_uris(settings.EXTENSION_IDS)]
        self.policy = "; ".join(
            (
                "default-src 'self'",
                "img-src 'self' data:",
                "object-src 'none'",
                "base-uri 'none'",
                "frame-ancestors 'none'",
                " ".join(("form-action 'self'", *sign_in)),
            )
        )

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault(HEADER, self.policy)
        return response
