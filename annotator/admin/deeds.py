"""Deeds on the list of annotations: the selected ones at once, all that a list finds as a job."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any, Final, cast

from django.contrib.admin import ModelAdmin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.messages import error
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseNotAllowed,
    HttpResponseRedirect,
    StreamingHttpResponse,
)
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from annotator.admin.deed_forms import FORMS, Deed, form_of
from annotator.admin.lists import SelectionList
from annotator.admin.scope import is_uuid, signed_in
from annotator.admin.telling import tell, tell_taken_back
from annotator.errors import Refused
from annotator.formats import csv_table, json_list
from annotator.formats.rows import streamed
from annotator.models import Annotation, Event, Library
from annotator.models.annotations import AnnotationQuerySet
from annotator.models.events import Kind
from annotator.services.deeds import NAMES, Outcome, do
from annotator.services.jobs import start_deed, start_undo
from annotator.services.undoing import events_of, undo

if TYPE_CHECKING:
    Base = ModelAdmin[Annotation]
else:
    Base = ModelAdmin

MOST: Final = 200  # done at once; more is a job
EXPORTS: Final = {"export_json": json_list, "export_csv": csv_table}
EXPORT_NAMES: Final = {"export_json": _("Export as JSON"), "export_csv": _("Export as CSV")}


class Deeds(Base):
    """The actions of the list of annotations, and the way back from each."""

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """All deeds, each by its name. What a role does not allow, its service refuses, row by row."""
        names = {**NAMES, **EXPORT_NAMES}
        return {name: (None, name, str(title)) for name, title in names.items()}

    def response_action(  # type: ignore[override]  # the stubs follow a later Django
        self, request: HttpRequest, queryset: QuerySet[Annotation]
    ) -> HttpResponse | None:
        """Do it, or ask first what has to be known for it."""
        index = request.POST.get("index", "0")
        actions = request.POST.getlist("action")
        name = actions[int(index)] if index.isdigit() and int(index) < len(actions) else ""
        if name not in self.get_actions(request):
            error(request, _("Choose what to do."))
            return None
        across = request.POST.get("select_across") == "1"
        listed = self.get_changelist_instance(request)
        assert isinstance(listed, SelectionList)
        rows = listed.selection.rows(signed_in(request))
        if not across:
            rows = rows.filter(pk__in=ids_of(request.POST.getlist(ACTION_CHECKBOX_NAME)))
        if name in EXPORTS:
            return cast(HttpResponse, exported(name, rows))  # Django passes it on as it is
        return self.done_or_asked(request, name, rows, listed, across)

    def done_or_asked(
        self, request: HttpRequest, name: str, rows: AnnotationQuerySet, listed: SelectionList, across: bool
    ) -> HttpResponse | None:
        """A deed that needs to be told something, and one on all that a list finds, has a page of its own."""
        confirmed = "confirmed" in request.POST
        form = form_of(name, signed_in(request), request.POST if confirmed else None)
        if (name in FORMS or across) and not (confirmed and form.is_valid()):
            return self.asked(request, name, form, rows, across)
        arguments = form.arguments() if form.is_bound and form.is_valid() else {}
        user = signed_in(request)
        try:
            if across:
                return self.begun(user, name, arguments, listed)
            outcome = do(name=name, rows=rows[:MOST], actor=user, arguments=arguments, outcome=Outcome())
        except Refused as refused:
            error(request, refused.message)
            return None
        tell(request, outcome, listed=name != "delete")
        return None

    def asked(
        self, request: HttpRequest, name: str, form: Deed, rows: AnnotationQuerySet, across: bool
    ) -> HttpResponse:
        """The page that asks."""
        shown = list(rows.order_by("-created", "-pk")[:10])
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": NAMES[name],
            "form": form,
            "name": name,
            "across": across,
            "shown": shown,
            "count": rows.count(),
            "selected": [str(key) for key in ids_of(request.POST.getlist(ACTION_CHECKBOX_NAME))],
            "back": request.get_full_path(),
        }
        return TemplateResponse(request, "admin/deed.html", context)

    def begun(self, user: Any, name: str, arguments: dict[str, Any], listed: SelectionList) -> HttpResponse:
        """A job, in the first of the libraries that it can reach."""
        chosen = listed.selection.library
        libraries = Library.objects.visible_to(user).order_by("created", "pk")
        library = libraries.filter(pk=chosen).first() if chosen else libraries.first()
        if library is None:
            raise PermissionDenied
        job = start_deed(
            library=library, actor=user, name=name, arguments=arguments, selection=listed.selection
        )
        return HttpResponseRedirect(reverse("admin:annotator_job_change", args=[job.pk]))

    def get_urls(self) -> list[URLPattern]:
        """With the way back."""
        way_back = self.admin_site.admin_view(self.undo_view)
        return [path("undo/<uuid:deed>/", way_back, name="annotator_annotation_undo"), *super().get_urls()]

    def undo_view(self, request: HttpRequest, deed: uuid.UUID) -> HttpResponse:
        """Take one's own deed back; a large one as a job."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        user = signed_in(request)
        events = list(events_of(deed=deed, actor=user)[: MOST + 1])
        if len(events) > MOST:
            library = events[0].library
            job = start_undo(library=library, actor=user, deed=deed)
            return HttpResponseRedirect(reverse("admin:annotator_job_change", args=[job.pk]))
        outcome = undo(events=events, actor=user, outcome=Outcome())
        whole = next((event for event in reversed(events) if event.kind != Kind.ANNOTATION), None)
        if whole is None:
            tell(request, outcome, undoable=False)
            return HttpResponseRedirect(back_from(request))
        tell_taken_back(request, outcome)
        return HttpResponseRedirect(page_after(whole))


def page_after(undone: Event) -> str:
    """Where an article or a tag is to be seen again: the page that the deed was done on may be gone."""
    if undone.kind == Kind.DOCUMENT:
        return reverse("admin:annotator_document_change", args=[undone.row])
    return reverse("admin:annotator_tag_changelist")


def exported(name: str, rows: AnnotationQuerySet) -> StreamingHttpResponse:
    """A download, streamed: a page of rows in memory at a time."""
    form = EXPORTS[name]
    stamp = timezone.localtime().strftime("%Y-%m-%d")
    return StreamingHttpResponse(
        form.write(streamed(rows)),
        content_type=form.MEDIA_TYPE,
        headers={"Content-Disposition": f'attachment; filename="annotations-{stamp}.{form.SUFFIX}"'},
    )


def ids_of(sent: list[str]) -> list[uuid.UUID]:
    """The ids among what was sent; at most MOST."""
    return [uuid.UUID(one) for one in sent if is_uuid(one)][:MOST]


def back_from(request: HttpRequest) -> str:
    """The page that the deed was done on, where it is one of the desk; else the list."""
    came_from = str(request.META.get("HTTP_REFERER", ""))
    own = f"{request.scheme}://{request.get_host()}"
    if came_from.startswith(f"{own}/admin/"):
        return came_from.removeprefix(own)
    return reverse("admin:annotator_annotation_changelist")
