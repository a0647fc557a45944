"""The desk's lists: pages by the last row shown, counts that stop, filters that are links."""

import uuid
from typing import Any, Final

from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ERROR_FLAG, ORDER_VAR, PAGE_VAR, SEARCH_VAR, ChangeList
from django.contrib.messages import error
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from annotator import search
from annotator.admin import cells
from annotator.errors import Refused
from annotator.keyset import COUNTED, Page, counted, page_of, place_of
from annotator.models import Annotation, Library, User
from annotator.selection import Selection
from annotator.services.undoing import events_of

OURS = (PAGE_VAR, ERROR_FLAG, ORDER_VAR)


class KeysetList(ChangeList):
    """Django's list, without its page numbers, its sorting by any column and its counts of everything.

    Its admin may have `merged`, the libraries whose rows are merged into a page, and `furnish`, which puts
    on a page's rows what only these need.
    """

    model_admin: Any

    def get_filters_params(self, params: dict[str, Any] | None = None) -> dict[str, Any]:
        """Without what only says which page."""
        told = super().get_filters_params(params)
        return {name: value for name, value in told.items() if name not in OURS}

    def get_results(self, request: HttpRequest) -> None:
        """One page, its neighbours, and how many there are at least."""
        admin, page = self.model_admin, self.page(request)
        if hasattr(admin, "furnish"):
            admin.furnish(page.rows, request)
        self.result_list = page.rows
        # What one page holds need not be looked for twice.
        whole = not (page.newer or page.older)
        self.result_count = len(page.rows) if whole else counted(self.queryset)
        self.newer = self.get_query_string({PAGE_VAR: page.newer}) if page.newer else ""
        self.older = self.get_query_string({PAGE_VAR: page.older}) if page.older else ""
        self.first, self.last = self.get_query_string(), self.get_query_string({PAGE_VAR: "end"})
        self.multi_page = bool(self.newer or self.older)
        self.show_full_result_count = self.can_show_all = False
        self.show_admin_actions, self.full_result_count = True, None

    def page(self, request: HttpRequest) -> Page[Any]:
        """The page that is asked for."""
        admin = self.model_admin
        keys = admin.get_ordering(request)
        place = place_of(request.GET.get(PAGE_VAR, ""), self.model, keys)
        libraries = admin.merged(request) if hasattr(admin, "merged") else ()
        return page_of(self.queryset, place, keys=keys, size=self.list_per_page, libraries=libraries)

    @cached_property
    def told_count(self) -> str:
        """The count for people: exact up to a thousand."""
        return cells.up_to(self.result_count)

    @cached_property
    def told_results(self) -> str:
        """The count with its noun."""
        several = ngettext("%s result", "%s results", min(self.result_count, COUNTED))
        return several % self.told_count


NEWEST: Final = "newest"  # `?o=newest`: by age, also where words are searched for


def is_ranked(selection: Selection, order: str) -> bool:
    """Whether what fits best comes first: where words are searched for, unless the newest is asked for."""
    return bool(selection.q) and order != NEWEST


class SelectionList(KeysetList):
    """The list of annotations: what is asked for is a Selection."""

    selection: Selection
    ranked = False

    def get_results(self, request: HttpRequest) -> None:
        """Of a search, the best first. Its pages are places of another kind."""
        self.ranked = is_ranked(self.selection, request.GET.get(ORDER_VAR, ""))
        self.best_first = self.get_query_string(remove=[ORDER_VAR])
        self.newest_first = self.get_query_string({ORDER_VAR: NEWEST})
        super().get_results(request)
        assert isinstance(request.user, User)
        deed = uuid.UUID(self.selection.deed) if self.selection.deed else None
        # Of what one did oneself, the way back is here too: the message that had it is gone after one page.
        self.way_back = deed if deed and events_of(deed=deed, actor=request.user).exists() else None

    def page(self, request: HttpRequest) -> Page[Any]:
        """As told above."""
        if not self.ranked:
            return super().page(request)
        direction, _tilde, written = request.GET.get(PAGE_VAR, "").partition("~")
        place = search.Place.written(written)
        backward = direction == "end" or (direction == "before" and place is not None)
        assert isinstance(request.user, User)
        leaf = self.selection.ranked(request.user, place, self.list_per_page, backward=backward)
        return Page(
            leaf.rows,
            newer=f"before~{leaf.before}" if leaf.before else "",
            older=f"after~{leaf.behind}" if leaf.behind else "",
        )

    def get_queryset(self, request: HttpRequest, exclude_parameters: Any = None) -> QuerySet[Annotation]:
        """What the address asks for; a question that is not understood says so, and finds nothing."""
        self.filter_specs, self.has_filters, _rest, _twice, self.has_active_filters = self.get_filters(
            request
        )
        self.clear_all_filters_qs = self.get_query_string(remove=self.get_filters_params())
        assert isinstance(request.user, User)
        asked = {name: str(value) for name, value in request.GET.items() if name not in OURS}
        try:
            self.selection = Selection.asked(asked)
            rows = self.selection.rows(request.user)
        except Refused as refused:
            if SEARCH_VAR not in refused.fields:
                raise IncorrectLookupParameters from refused
            error(request, _("The search was not understood. %s") % refused.message)
            self.selection, rows = Selection(), Annotation.objects.none()
        rows = rows.select_related("document", "author", "library")
        return rows.order_by(*self.model_admin.get_ordering(request))


def visible_libraries(user: User, chosen: str = "") -> list[Library]:
    """The user's libraries, or the one that was asked for, where it is among them."""
    rows = Library.objects.visible_to(user).order_by("name", "pk")
    return [one for one in rows if not chosen or str(one.pk) == chosen]
