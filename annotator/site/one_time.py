"""A sign-in link that works once: `dev.py run` prints one for the new administrator."""

from datetime import timedelta

from django.contrib.auth import login
from django.core import signing
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from annotator.models.users import User
from annotator.site.errors import answer

MAX_AGE = timedelta(hours=1)
_SALT = "annotator.site.one_time"
_SPENT = (
    "spent",
    _("This sign-in link works no longer"),
    _("It signs in once, and within an hour. Sign in with your user name and password."),
)


def link_for(user: User) -> str:
    """The path of a link that signs `user` in, without a host.

    Nothing is stored for it: the token holds a digest of the user's state, which using the link changes.
    """
    token = signing.dumps([str(user.pk), _state(user)], salt=_SALT)
    return reverse("site:one-time", args=[token])


@require_GET
@never_cache
def sign_in(request: HttpRequest, token: str) -> HttpResponse:
    """Signs in and leads on to the admin; 403 for a token that is forged, too old or used."""
    with transaction.atomic():
        user = _user_of(token)
        if user is None:
            return answer(request, 403, _SPENT)
        login(request, user, backend="django.contrib.auth.backends.ModelBackend")
    return redirect("admin:index" if user.is_staff else "site:home")


def _user_of(token: str) -> User | None:
    try:
        pk, state = signing.loads(token, salt=_SALT, max_age=MAX_AGE)
    except signing.BadSignature:
        return None
    # Locked until the sign-in is written: of two who follow the link at once, one gets in.
    user = User.objects.select_for_update().filter(pk=pk, is_active=True).first()
    return user if user is not None and constant_time_compare(state, _state(user)) else None


def _state(user: User) -> str:
    """Differs after every sign-in and every change of password."""
    return salted_hmac(_SALT, f"{user.password}{user.last_login}", algorithm="sha256").hexdigest()[:32]
