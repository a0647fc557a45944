"""What the desk's pages share: they show, and change nothing by themselves; and whose rows they show."""

import uuid
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from django.contrib.admin import ModelAdmin, ShowFacets
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.utils import unquote
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.text import capfirst

from annotator.admin.lists import KeysetList, visible_libraries
from annotator.models import Library, User

Row = TypeVar("Row", bound=Model)

if TYPE_CHECKING:
    Base = ModelAdmin
else:

    class Base(ModelAdmin):
        """Django's class, which only its type stubs know to be generic."""

        def __class_getitem__(cls, row):
            return cls


def is_uuid(sent: str) -> bool:
    """Whether it can be a row's id."""
    try:
        uuid.UUID(sent)
    except ValueError:
        return False
    return True


def signed_in(request: HttpRequest) -> User:
    """The user. The desk lets nobody else as far as here."""
    assert isinstance(request.user, User)
    return request.user


class ReadOnly(Base[Row]):
    """A page of the desk for staff in the group *Reviewers*; what they see on it, `visible` says."""

    list_per_page = 50
    show_full_result_count = False
    show_facets = ShowFacets.NEVER
    sortable_by = ()
    list_display_links = None
    change_list_template = "admin/list.html"

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        """Pages by the last row shown."""
        return KeysetList

    def visible(self, rows: QuerySet[Row], user: User) -> QuerySet[Row]:
        """The rows that this user may see."""
        raise NotImplementedError

    def get_queryset(self, request: HttpRequest) -> QuerySet[Row]:
        """Every list, page and search of this class starts here."""
        return self.visible(super().get_queryset(request), signed_in(request))

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The list. PostgreSQL has no NUL in texts; asking for one is nobody's honest search."""
        if any("\x00" in value for values in request.GET.lists() for value in values[1]):
            raise SuspiciousOperation("NUL in the query")
        title = capfirst(self.opts.verbose_name_plural)
        return super().changelist_view(request, {"title": title, **(extra_context or {})})

    def response_action(  # type: ignore[override]  # the stubs follow a later Django
        self, request: HttpRequest, queryset: QuerySet[Row]
    ) -> HttpResponse | None:
        """Django asks the database for whatever was sent as an id, and fails."""
        if not all(is_uuid(key) for key in request.POST.getlist(ACTION_CHECKBOX_NAME)):
            raise SuspiciousOperation("no id of a row")
        return super().response_action(request, queryset)

    def has_view_permission(self, request: HttpRequest, obj: Row | None = None) -> bool:
        """Staff with the permission, which the group has; the rows themselves are limited by `visible`."""
        user = signed_in(request)
        return user.is_staff and user.has_perm(f"annotator.view_{self.opts.model_name}")

    def has_module_permission(self, request: HttpRequest) -> bool:
        """As above."""
        return self.has_view_permission(request)

    def row_or_404(self, request: HttpRequest, key: object) -> Row:
        """The row, for a door of its own. Raises Http404 where it is not there for this user."""
        row = self.get_object(request, str(key))
        if row is None or not self.has_view_permission(request, row):
            raise Http404
        return row

    def has_add_permission(self, request: HttpRequest, *args: object) -> bool:
        """Rows are made by services, not here."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Row | None = None) -> bool:
        """What somebody wrote is theirs."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Row | None = None) -> bool:
        """Deletes are services' deeds, with an undo."""
        return False


class LibraryScoped(ReadOnly[Row]):
    """Rows of the libraries that the user belongs to; everything else is not there."""

    def merged(self, request: HttpRequest) -> list[Library]:
        """The libraries of the list; with the filter, one."""
        return visible_libraries(signed_in(request), request.GET.get("library", ""))

    def visible(self, rows: QuerySet[Row], user: User) -> QuerySet[Row]:
        """By membership, for superusers too."""
        return rows.filter(library__in=Library.objects.visible_to(user))


class DetailPage(LibraryScoped[Row]):
    """A row's page drawn by a template of its own rather than as a form."""

    detail_template: ClassVar[str]

    def detail(self, row: Row, request: HttpRequest) -> dict[str, Any]:
        """What the template needs. Raises Http404 for a part of the page that is not there."""
        raise NotImplementedError

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """The page; 404 for rows that are not there for this user."""
        row = self.get_object(request, unquote(object_id))
        if row is None:
            raise Http404
        if not self.has_view_permission(request, row):
            raise PermissionDenied
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": self.opts.verbose_name,
            "subtitle": None,
            "row": row,
            **self.detail(row, request),
        }
        return TemplateResponse(request, self.detail_template, context)
