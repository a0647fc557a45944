"""The toolkit's views, made to answer 400 where they would break."""

import hashlib
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.utils.decorators import method_decorator
from django.views.decorators.csrf import csrf_exempt
from oauth2_provider import views
from oauth2_provider.models import get_application_model, get_grant_model, get_refresh_token_model

from annotator.api.errors import shape
from annotator.services.attempts import TooMany, address_of, attempt
from annotator.text import unstorable

# Characters that the toolkit's columns hold; PostgreSQL refuses longer ones, SQLite keeps them.
MOST = {"code_challenge": 128, "code_challenge_method": 10, "nonce": 255}
MOST_OTHERS = 4096


class WellFormed:
    """What the databases would take in different ways (NUL, surrogates, long texts) gets to neither."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """400 in OAuth's own shape (RFC 6749, section 5.2) for parameters that no client of ours sends."""
        if _strange(request.GET) or _strange(request.POST):
            return JsonResponse({"error": "invalid_request"}, status=400)
        answer: HttpResponse = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]  # a view's
        return answer


class Authorize(WellFormed, views.AuthorizationView):  # type: ignore[misc]  # the toolkit has no types
    """Consent."""

    def form_valid(self, form: Any) -> HttpResponse:
        """The toolkit breaks on a client that is none, when the form names it and the address does not."""
        if not get_application_model().objects.filter(client_id=form.cleaned_data["client_id"]).exists():
            return JsonResponse({"error": "invalid_client"}, status=400)
        answer: HttpResponse = super().form_valid(form)
        return answer


# A `dispatch` of our own hides the toolkit's exemption. No cookie speaks at these two doors.
@method_decorator(csrf_exempt, name="dispatch")
class Token(WellFormed, views.TokenView):  # type: ignore[misc]  # the toolkit has no types
    """A code or a refresh token for a pair of tokens; so many failures, then 429 with `Retry-After`."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The toolkit's answer, unless there were too many."""
        try:
            counted = attempt(door="token", account=_account_of(request), address=address_of(request))
        except TooMany as too_many:
            told = shape("too_many_requests", "Too many attempts that failed; wait.")
            return JsonResponse(told, status=429, headers={"Retry-After": str(too_many.wait)})
        answer: HttpResponse = super().post(request, *args, **kwargs)
        if answer.status_code == 200:
            counted.give_back()
        return answer


@method_decorator(csrf_exempt, name="dispatch")
class Revoke(WellFormed, views.RevokeTokenView):  # type: ignore[misc]  # the toolkit has no types
    """The end of a token."""


def _account_of(request: HttpRequest) -> str | None:
    """Whose code or refresh token this is or once was."""
    checksum = hashlib.sha256(request.POST.get("refresh_token", "").encode()).hexdigest()
    refresh = get_refresh_token_model().objects.filter(token_checksum=checksum).first()
    found = refresh or get_grant_model().objects.filter(code=request.POST.get("code", "")).first()
    return str(found.user_id) if found is not None else None


def _strange(parameters: QueryDict) -> bool:
    return any(
        unstorable(name) or unstorable(text) or len(text) > MOST.get(name, MOST_OTHERS)
        for name, values in parameters.lists()
        for text in values
    )
