"""Jobs: how far each is, stopped or gone on with by hand or by the page itself."""

from __future__ import annotations

from typing import Any

from django.contrib.admin import display, register
from django.db.models import QuerySet
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseNotAllowed,
    HttpResponseRedirect,
    JsonResponse,
)
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from annotator.admin import cells
from annotator.admin.filters import choice
from annotator.admin.scope import DetailPage, signed_in
from annotator.models import Job, User
from annotator.services.deeds import NAMES
from annotator.services.jobs import OPEN, advance, cancel


@register(Job)
class Jobs(DetailPage[Job]):
    """One's own."""

    detail_template = "admin/job.html"
    list_display = ("what", "shown_status", "progress", "age")
    list_filter = (choice(_("status"), "status", lambda user: Job.Status.choices, "status"),)
    ordering = ("-created", "-pk")

    def visible(self, rows: QuerySet[Job], user: User) -> QuerySet[Job]:
        """Those that the user began, in libraries that are still the user's."""
        return super().visible(rows, user).filter(user=user)

    @display(description=_("work"))
    def what(self, row: Job) -> SafeString:
        """What it does."""
        return format_html('<a href="{}/change/">{}</a>', row.pk, work_of(row))

    @display(description=_("status"))
    def shown_status(self, row: Job) -> str:
        """How it stands."""
        return row.get_status_display()

    @display(description=_("done"))
    def progress(self, row: Job) -> str:
        """How many of how many."""
        return f"{row.done} / {row.total}" if row.total is not None else str(row.done)

    @display(description=_("age"))
    def age(self, row: Job) -> SafeString:
        """How long ago it was begun."""
        return cells.age(row.created)

    def detail(self, row: Job, request: HttpRequest) -> dict[str, Any]:
        """How far it is, and what became of the rows."""
        result = row.result or {}
        undoable = row.work == "deed" and result.get("done") and row.status not in OPEN
        return {
            "title": work_of(row),
            "open": row.status in OPEN,
            "result": result,
            "number": row.parameters.get("number") if undoable else None,
        }

    def get_urls(self) -> list[URLPattern]:
        """With what drives and what stops it."""
        door = self.admin_site.admin_view
        return [
            path("<uuid:key>/advance/", door(self.advance_view), name="annotator_job_advance"),
            path("<uuid:key>/cancel/", door(self.cancel_view), name="annotator_job_cancel"),
            *super().get_urls(),
        ]

    def advance_view(self, request: HttpRequest, key: Any) -> HttpResponse:
        """The next piece; for scripts as JSON."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        job = self.row_or_404(request, key)
        job = advance(job_id=job.pk, actor=signed_in(request))
        if request.headers.get("Accept", "").startswith("application/json"):
            return JsonResponse({"open": job.status in OPEN, "done": job.done, "total": job.total})
        return HttpResponseRedirect(reverse("admin:annotator_job_change", args=[job.pk]))

    def cancel_view(self, request: HttpRequest, key: Any) -> HttpResponse:
        """No more of it."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        job = cancel(job_id=self.row_or_404(request, key).pk, actor=signed_in(request))
        return HttpResponseRedirect(reverse("admin:annotator_job_change", args=[job.pk]))


def work_of(job: Job) -> Any:
    """What a job does, for people."""
    return _("Undo") if job.work == "undo" else NAMES.get(job.parameters.get("deed", ""), job.work)
