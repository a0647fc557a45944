"""Libraries and their members, and the superuser's way into one."""

from typing import Any, Final

from django.contrib.admin import display, register
from django.contrib.messages import success
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from annotator.admin import cells
from annotator.admin.scope import DetailPage, signed_in
from annotator.models import Library, Membership, User
from annotator.services.access import open_library

MOST: Final = 500  # members that a library's page lists


@register(Library)
class Libraries(DetailPage[Library]):
    """The user's libraries. A superuser sees that others exist, and opens one only by saying so."""

    list_display = ("shown_name", "owner", "members", "version", "created", "door")
    search_fields = ("name__startswith",)
    ordering = ("name", "pk")
    detail_template = "admin/library.html"

    def merged(self, request: HttpRequest) -> list[Library]:
        """Nothing to merge: these are the libraries themselves."""
        return []

    def visible(self, rows: QuerySet[Library], user: User) -> QuerySet[Library]:
        """By membership; the list of a superuser holds the others' names too, for the door."""
        seen = rows if user.is_superuser else rows.filter(pk__in=Library.objects.visible_to(user))
        own = Membership.objects.filter(library=OuterRef("pk"), user=user)
        return seen.select_related("personal_of").annotate(
            members_count=Count("memberships", distinct=True), opened=Exists(own)
        )

    def has_view_permission(self, request: HttpRequest, obj: Library | None = None) -> bool:
        """A library's own page is for its members."""
        return super().has_view_permission(request) and (obj is None or bool(getattr(obj, "opened", False)))

    @display(description=_("name"))
    def shown_name(self, row: Library) -> SafeString:
        """The name; a link for members."""
        name = cells.isolated(row.name, 80)
        return format_html('<a href="{}/change/">{}</a>', row.pk, name) if self.is_open(row) else name

    @display(description=_("owner"))
    def owner(self, row: Library) -> SafeString:
        """Whose own library it is; a group's has none."""
        return cells.isolated(row.personal_of.shown_name if row.personal_of else "—", 40)

    @display(description=_("members"))
    def members(self, row: Library) -> int:
        """How many."""
        return int(getattr(row, "members_count", 0))

    @display(description=_("access"))
    def door(self, row: Library) -> SafeString | str:
        """Whether the user is in, or the way there."""
        if self.is_open(row):
            return _("open").__str__()
        address = reverse("admin:annotator_library_open", args=[row.pk])
        return format_html('<a href="{}">{}</a>', address, _("Open…"))

    def detail(self, row: Library, request: HttpRequest) -> dict[str, Any]:
        """Who belongs to it, and as what."""
        return {
            "title": row.name,
            "memberships": row.memberships.select_related("user").order_by("created", "pk")[:MOST],
        }

    @staticmethod
    def is_open(row: Library) -> bool:
        """Whether the user who asked is a member."""
        return bool(getattr(row, "opened", False))

    def get_urls(self) -> list[URLPattern]:
        """With the door's page."""
        door = path(
            "<uuid:library_id>/open/",
            self.admin_site.admin_view(self.open_view),
            name="annotator_library_open",
        )
        return [door, *super().get_urls()]

    def open_view(self, request: HttpRequest, library_id: Any) -> HttpResponse:
        """Asks first; on POST the superuser becomes a reader of the library, and its owner can see that."""
        user = signed_in(request)
        if not user.is_superuser:
            raise PermissionDenied
        library = get_object_or_404(Library, pk=library_id)
        if request.method == "POST":
            open_library(library=library, superuser=user, reason=request.POST.get("reason", ""))
            success(request, _("You can read this library now. Its owner can see that you opened it."))
            return HttpResponseRedirect(reverse("admin:annotator_library_change", args=[library.pk]))
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Open a library of somebody else"),
            "library": library,
        }
        return TemplateResponse(request, "admin/open_library.html", context)
