"""The words that members put on annotations: used how often, renamed, merged."""

from __future__ import annotations

from typing import Any

from django.contrib.admin import display, register
from django.contrib.messages import error
from django.db.models import IntegerField, OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as said
from django.utils.translation import gettext_lazy as _

from annotator.admin import cells, filters
from annotator.admin.scope import DetailPage, signed_in
from annotator.admin.telling import tell_done
from annotator.errors import Refused
from annotator.keyset import COUNTED
from annotator.models import AnnotationTag, Library, Membership, Tag, User
from annotator.models.annotations import Review
from annotator.models.libraries import Role
from annotator.services.tagging import Renaming, rename


class CountUpTo(Subquery):
    """How many rows a sliced query finds: counting stops where the slice does."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) counted)"
    output_field = IntegerField()


@register(Tag)
class Tags(DetailPage[Tag]):
    """Each tag with how often it is used; its number leads to the annotations."""

    detail_template = "admin/tag.html"
    list_display = ("shown_name", "library_name", "used")
    list_filter = (filters.OF_LIBRARY,)
    search_fields = ("name__startswith",)
    search_help_text = _("The beginning of the tag")
    ordering = ("name", "pk")

    def visible(self, rows: QuerySet[Tag], user: User) -> QuerySet[Tag]:
        """Those of the user's libraries."""
        return super().visible(rows, user).select_related("library")

    def furnish(self, rows: list[Tag], request: HttpRequest) -> None:
        """How often each is used, of this page's tags alone; what is hidden from the user is not counted."""
        reviewing = Library.objects.with_role(signed_in(request), Role.REVIEWER)
        on = AnnotationTag.objects.filter(tag=OuterRef("pk"), annotation__deleted=None)
        seen = on.exclude(annotation__review=Review.HIDDEN) if not reviewing.exists() else on
        counted = CountUpTo(seen.order_by().values("pk")[: COUNTED + 1])
        times = dict(
            Tag.objects.filter(pk__in=[row.pk for row in rows])
            .annotate(times=counted)
            .values_list("pk", "times")
        )
        for row in rows:
            row.times = times.get(row.pk, 0)  # type: ignore[attr-defined]  # for `used`

    @display(description=_("tag"))
    def shown_name(self, row: Tag) -> SafeString:
        """The tag."""
        return format_html('<a href="{}/change/">{}</a>', row.pk, cells.isolated(row.name))

    @display(description=_("library"))
    def library_name(self, row: Tag) -> SafeString:
        """The library."""
        return cells.isolated(row.library.name, 40)

    @display(description=_("annotations"))
    def used(self, row: Tag) -> SafeString:
        """How often, as a link to the list."""
        address = reverse("admin:annotator_annotation_changelist")
        return format_html(
            '<a href="{}?tag={}">{}</a>', address, row.pk, cells.up_to(getattr(row, "times", 0))
        )

    def detail(self, row: Tag, request: HttpRequest) -> dict[str, Any]:
        """The tag, and for reviewers a new name for it."""
        self.furnish([row], request)
        user = signed_in(request)
        reviews = Membership.objects.filter(
            library=row.library_id, user=user, role__in=Role.at_least(Role.REVIEWER)
        ).exists()
        return {"title": row.name, "used": self.used(row), "reviews": reviews}

    def get_urls(self) -> list[URLPattern]:
        """With renaming."""
        door = self.admin_site.admin_view(self.rename_view)
        return [path("<uuid:key>/rename/", door, name="annotator_tag_rename"), *super().get_urls()]

    def rename_view(self, request: HttpRequest, key: Any) -> HttpResponse:
        """A new name; a name that another tag has makes both one, after asking."""
        row = self.row_or_404(request, key)
        back = HttpResponseRedirect(reverse("admin:annotator_tag_change", args=[row.pk]))
        if request.method != "POST":
            return back
        merge = request.POST.get("merge") == "1"
        try:
            renamed = rename(
                tag=row, actor=signed_in(request), name=request.POST.get("name", ""), merge=merge
            )
        except Refused as refused:
            error(request, refused.message)
            return back
        tell_renaming(request, renamed)
        return HttpResponseRedirect(reverse("admin:annotator_tag_changelist"))


def tell_renaming(request: HttpRequest, renamed: Renaming) -> None:
    """How many annotations have the new name, with the way back."""
    text = said("“%(old)s” is “%(new)s” now, on %(times)d annotations.") % {
        "old": renamed.old,
        "new": renamed.new,
        "times": renamed.annotations,
    }
    tell_done(request, text, renamed.deed)
