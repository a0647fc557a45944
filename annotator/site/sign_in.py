"""Signing in with a password."""

from typing import Any

from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse

from annotator.services.attempts import TooMany, address_of, attempt
from annotator.site.errors import too_many


class SignIn(LoginView):
    """The form; after too many wrong passwords for one account or from one address, a page that says so."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """On, when name and password are right."""
        account = request.POST.get("username", "")[:150]
        try:
            counted = attempt(door="sign-in", account=account, address=address_of(request))
        except TooMany as refused:
            return too_many(request, refused.wait)
        answer = super().post(request, *args, **kwargs)
        if answer.status_code == 302:
            counted.give_back()
        return answer
