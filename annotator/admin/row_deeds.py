"""Deeds on the page of one annotation: decide, retag, answer, give a lost highlight a place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.admin import ModelAdmin
from django.contrib.messages import error, success
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _

from annotator.admin.deed_forms import Colour, Flag, Move, Reply, Tags, Words, form_of
from annotator.admin.deeds import back_from
from annotator.admin.scope import DetailPage, signed_in
from annotator.admin.telling import tell
from annotator.errors import Invalid, Refused
from annotator.marking import Marked, Span, around, mark
from annotator.models import Annotation, Membership, Snapshot, User
from annotator.models.annotations import BROKEN, Motivation
from annotator.models.libraries import Role
from annotator.services.amending import Spot, attach, spots_of
from annotator.services.deeds import DEEDS, Outcome, do
from annotator.services.documents import latest_snapshot
from annotator.services.reviewing import reply_to

if TYPE_CHECKING:
    Base = DetailPage[Annotation]
else:
    Base = ModelAdmin


class RowDeeds(Base):
    """What may be done with one annotation, and the addresses that do it."""

    def offered(self, row: Annotation, request: HttpRequest) -> dict[str, Any]:
        """The forms that this user can use, by role; the services decide."""
        user = signed_in(request)
        role = Membership.objects.filter(library=row.library_id, user=user).values_list("role", flat=True)[0]
        reviews = role in Role.at_least(Role.REVIEWER)
        own = row.author_id == user.pk
        mine = row.decisions.filter(reviewer=user).first()
        writes = reviews or (own and role in Role.at_least(Role.EDITOR))
        return {
            "deleted": row.deleted is not None,
            "reviews": reviews and row.deleted is None,
            "writes": writes and row.deleted is None,
            "own": own,
            "mine": mine,
            "flag_form": Flag(initial={"reason": mine.reason if mine else ""}, auto_id="flag-%s"),
            "tags_form": Tags(auto_id="tags-%s"),
            "color_form": Colour(initial={"color": row.color}, auto_id="color-%s"),
            "move_form": self.move_form(row, user, role) if writes and row.deleted is None else None,
            "reply_form": Reply(auto_id="reply-%s"),
            "attachable": writes
            and row.deleted is None
            and row.state in (*BROKEN, "pending")
            and row.motivation in (Motivation.HIGHLIGHTING, Motivation.COMMENTING),
        }

    def move_form(self, row: Annotation, user: User, role: str) -> Move | None:
        """Where there is another library to move it to; an answer stays with what it answers."""
        if row.parent_id is not None or role not in Role.at_least(Role.EDITOR):
            return None
        form = Move(user=user, but=row.library_id, auto_id="move-%s")
        return form if form.has_choices() else None

    def get_urls(self) -> list[URLPattern]:
        """With the deeds'."""
        door = self.admin_site.admin_view
        return [
            path("<uuid:key>/do/", door(self.do_view), name="annotator_annotation_do"),
            path("<uuid:key>/reply/", door(self.reply_view), name="annotator_annotation_reply"),
            path("<uuid:key>/attach/", door(self.attach_view), name="annotator_annotation_attach"),
            *super().get_urls(),
        ]

    def do_view(self, request: HttpRequest, key: Any) -> HttpResponse:
        """One deed on this annotation; then back to where it was done."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        row, name = self.row_or_404(request, key), request.POST.get("deed", "")
        form = form_of(name, signed_in(request), request.POST)
        if name not in DEEDS or not form.is_valid():
            wrong = [text for texts in form.errors.values() for text in texts] if name in DEEDS else []
            error(request, " ".join(str(text) for text in wrong) or _("Choose what to do."))
        else:
            arguments = form.arguments()
            tell(
                request,
                do(name=name, rows=[row], actor=signed_in(request), arguments=arguments, outcome=Outcome()),
            )
        return HttpResponseRedirect(back_from(request))

    def reply_view(self, request: HttpRequest, key: Any) -> HttpResponse:
        """An answer in the thread."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        row, form = self.row_or_404(request, key), Reply(request.POST)
        try:
            if not form.is_valid():
                raise Invalid.field("note", _("Write something first."))
            reply_to(annotation=row, actor=signed_in(request), note=form.cleaned_data["note"])
            success(request, _("Your reply was saved."))
        except Refused as refused:
            error(request, refused.message)
        return HttpResponseRedirect(back_from(request))

    def attach_view(self, request: HttpRequest, key: Any) -> HttpResponse:
        """Look for words in the latest text, and choose one of the places where they stand."""
        row = self.row_or_404(request, key)
        latest = latest_snapshot(row.document)
        form = Words(request.GET if "words" in request.GET else None, initial={"words": row.quote_exact})
        words = form.cleaned_data["words"] if form.is_bound and form.is_valid() else row.quote_exact
        spots = spots_of(latest, words) if latest else []
        if request.method == "POST" and latest is not None:
            chosen = request.POST.get("spot", "")
            if chosen.isdigit() and int(chosen) < len(spots):
                return self.attached(request, row, request.POST.get("digest", ""), spots[int(chosen)])
            error(request, _("Choose one of the places."))
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Attach to a place in the latest text"),
            "row": row,
            "form": form,
            "latest": latest,
            "words": words,
            "spots": list(enumerate(drawn_spots(latest, spots))),
            "looked": form.is_bound or bool(spots),
            "by_key": {"spot": row},
            "whole": mark(latest.read(), []) if latest else [],
        }
        return TemplateResponse(request, "admin/attach.html", context)

    def attached(self, request: HttpRequest, row: Annotation, digest: str, spot: Spot) -> HttpResponse:
        """Done, or told why not."""
        outcome = Outcome()
        try:
            outcome.count(
                attach(annotation=row, actor=signed_in(request), digest=digest, spot=spot, deed=outcome.deed)
            )
            tell(request, outcome)
        except Refused as refused:
            error(request, refused.message)
        return HttpResponseRedirect(reverse("admin:annotator_annotation_change", args=[row.pk]))


def drawn_spots(snapshot: Snapshot | None, spots: list[Spot]) -> list[list[Marked]]:
    """The paragraph of each place, with the place drawn in."""
    paragraphs = snapshot.read() if snapshot else []
    spans = [Span("spot", spot.start, spot.end) for spot in spots]
    return [around(mark(paragraphs, [span]), frozenset({"spot"}), 0) for span in spans]
