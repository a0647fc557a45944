"""Who did what to which row."""

from __future__ import annotations

from django.contrib.admin import display, register
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from annotator.admin import cells
from annotator.admin.filters import choice, libraries, members
from annotator.admin.scope import LibraryScoped
from annotator.models import Event, User
from annotator.models.events import Kind

PAGES = {
    Kind.ANNOTATION: "annotation",
    Kind.DOCUMENT: "document",
    Kind.SNAPSHOT: "snapshot",
    Kind.LIBRARY: "library",
    Kind.JOB: "job",
}


@register(Event)
class Events(LibraryScoped[Event]):
    """The history of the user's libraries, the newest first."""

    list_display = ("when", "who", "what", "kind", "on_row", "library_name")
    list_filter = (
        choice(_("kind"), "kind", lambda user: Kind.choices, "kind"),
        choice(_("deed"), "verb", lambda user: cells.VERBS.items(), "verb"),
        choice(_("who"), "actor", members, "actor"),
        choice(_("library"), "library", libraries, "library"),
    )
    fields = ("created", "actor", "verb", "kind", "row", "before", "after", "library")
    ordering = ("-created", "-pk")

    def visible(self, rows: QuerySet[Event], user: User) -> QuerySet[Event]:
        """Those of the user's libraries."""
        return super().visible(rows, user).select_related("actor", "library")

    @display(description=_("when"))
    def when(self, row: Event) -> SafeString:
        """When, as a link to before and after."""
        return format_html(
            '<a href="{}/change/">{}</a>', row.pk, f"{timezone.localtime(row.created):%Y-%m-%d %H:%M:%S}"
        )

    @display(description=_("who"))
    def who(self, row: Event) -> SafeString:
        """Who did it."""
        return cells.isolated(row.actor.shown_name if row.actor else "—", 40)

    @display(description=_("deed"))
    def what(self, row: Event) -> str:
        """What was done."""
        return str(cells.deed(row))

    @display(description=_("row"))
    def on_row(self, row: Event) -> SafeString:
        """A link to the row, where the desk has a page for it."""
        name = str(row.row)[:13]
        page = PAGES.get(Kind(row.kind))
        if page is None:
            return format_html("<code>{}</code>", name)
        return format_html(
            '<a href="{}"><code>{}</code></a>',
            reverse(f"admin:annotator_{page}_change", args=[row.row]),
            name,
        )

    @display(description=_("library"))
    def library_name(self, row: Event) -> SafeString:
        """The library."""
        return cells.isolated(row.library.name, 40)
