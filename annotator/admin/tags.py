"""The words that members put on annotations."""

from django.contrib.admin import RelatedOnlyFieldListFilter, display, register
from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from annotator.admin import cells
from annotator.admin.scope import LibraryScoped
from annotator.models import Annotation, Tag, User


@register(Tag)
class Tags(LibraryScoped[Tag]):
    """Each tag with how often it is used; its number leads to the annotations."""

    list_display = ("shown_name", "library_name", "used")
    list_display_links = None
    list_filter = (("library", RelatedOnlyFieldListFilter),)
    search_fields = ("name",)
    fields = ("name", "library")
    ordering = ("name", "pk")

    def visible(self, rows: QuerySet[Tag], user: User) -> QuerySet[Tag]:
        """Those of the user's libraries, with the number of annotations that the user sees."""
        shown = Annotation.objects.alive().shown_to(user)
        counted = Count("annotations", filter=Q(annotations__in=shown), distinct=True)
        return super().visible(rows, user).select_related("library").annotate(times=counted)

    @display(description=_("tag"), ordering="name")
    def shown_name(self, row: Tag) -> SafeString:
        """The tag."""
        return format_html('<a href="{}/change/">{}</a>', row.pk, cells.isolated(row.name))

    @display(description=_("library"), ordering="library__name")
    def library_name(self, row: Tag) -> SafeString:
        """The library."""
        return cells.isolated(row.library.name, 40)

    @display(description=_("annotations"), ordering="times")
    def used(self, row: Tag) -> SafeString:
        """How often, as a link to the list."""
        address = reverse("admin:annotator_annotation_changelist")
        return format_html(
            '<a href="{}?tags__id__exact={}">{}</a>', address, row.pk, getattr(row, "times", 0)
        )
