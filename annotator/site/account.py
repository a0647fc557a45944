"""The end of one's own account, confirmed by name and password."""

from typing import Any

from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from annotator.models.annotations import Annotation
from annotator.models.users import User
from annotator.services.accounts import delete_account
from annotator.services.attempts import TooMany, address_of, attempt
from annotator.site.errors import too_many

SHOWN = 1000  # counts stop here


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: HttpRequest) -> HttpResponse:
    """What would go, and the form; with the right name and password, the deed."""
    user = request.user
    assert isinstance(user, User)
    if request.method != "POST":
        return _asked(request, user)
    try:
        counted = attempt(door="sign-in", account=user.username, address=address_of(request))
    except TooMany as refused:
        return too_many(request, refused.wait)
    if not _confirmed(request, user):
        return _asked(request, user, wrong=True, status=400)
    counted.give_back()
    logout(request)
    delete_account(user=user)
    return render(request, "site/account_deleted.html")


def _confirmed(request: HttpRequest, user: User) -> bool:
    """Name and password; who never had one (signed in by a link) confirms by name alone."""
    named = request.POST.get("username", "") == user.username
    return named and (not user.has_usable_password() or user.check_password(request.POST.get("password", "")))


def _asked(request: HttpRequest, user: User, *, wrong: bool = False, status: int = 200) -> HttpResponse:
    count = Annotation.objects.filter(author=user)[:SHOWN].count()
    context: dict[str, Any] = {"count": count, "more": count == SHOWN, "wrong": wrong}
    return render(request, "site/delete_account.html", context, status=status)
