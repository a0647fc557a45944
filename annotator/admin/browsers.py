"""Browsers that are signed in through the extension, and the end of that."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.contrib.admin import ModelAdmin
from django.contrib.messages import success
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _

from annotator.admin.scope import signed_in
from annotator.errors import NotThere
from annotator.models import PersonalToken
from annotator.services.access import connected_browsers, disconnect_browser

if TYPE_CHECKING:
    Base = ModelAdmin[PersonalToken]
else:
    Base = ModelAdmin


class Browsers(Base):
    """A page beside the personal tokens: one's own browsers; for superusers everybody's."""

    def get_urls(self) -> list[URLPattern]:
        """With the page and its deed."""
        door = self.admin_site.admin_view
        return [
            path("browsers/", door(self.browsers_view), name="annotator_personaltoken_browsers"),
            path(
                "browsers/<uuid:family>/disconnect/",
                door(self.disconnect_view),
                name="annotator_personaltoken_disconnect",
            ),
            *super().get_urls(),
        ]

    def browsers_view(self, request: HttpRequest) -> HttpResponse:
        """The list."""
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Connected browsers"),
            "browsers": connected_browsers(user=signed_in(request)),
        }
        return TemplateResponse(request, "admin/browsers.html", context)

    def disconnect_view(self, request: HttpRequest, family: uuid.UUID) -> HttpResponse:
        """End it; the browser asks for a new sign-in at its next request."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        try:
            disconnect_browser(family=family, actor=signed_in(request))
        except NotThere:
            raise Http404 from None
        success(request, _("This browser is disconnected. What it had not sent yet stays in it."))
        return HttpResponseRedirect(reverse("admin:annotator_personaltoken_browsers"))
