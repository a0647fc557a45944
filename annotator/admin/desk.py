"""The admin site itself: its name, its sign-in, and who may enter."""

from django.conf import settings
from django.contrib.admin import AdminSite
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _

from annotator.admin.first_page import first_page
from annotator.models import User


class Desk(AdminSite):
    """Where annotations are reviewed. Who signs in does so on the site's own page: there is one door."""

    site_title = _("Annotator")
    site_header = _("Annotator: review desk")
    index_title = _("Review desk")
    site_url = None  # base_site.html has a link of its own to the reader's pages
    enable_nav_sidebar = False  # its place belongs to the lists; base_site.html has a row of links instead

    def index(self, request: HttpRequest, extra_context: dict[str, object] | None = None) -> TemplateResponse:
        """What waits, what broke, what was made when."""
        user = request.user
        overview = first_page(user) if isinstance(user, User) else {}
        return super().index(request, {**overview, **(extra_context or {})})

    def login(self, request: HttpRequest, extra_context: dict[str, object] | None = None) -> HttpResponse:
        """To the site's sign-in; a user who is signed in but not staff is told so, not asked again."""
        if request.user.is_authenticated and not self.has_permission(request):
            raise PermissionDenied
        return redirect_to_login(request.GET.get(REDIRECT_FIELD_NAME, "/admin/"), settings.LOGIN_URL)
