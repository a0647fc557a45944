"""Deeds on the page of an article: made one with another, split by its addresses."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from django.contrib.admin import ModelAdmin
from django.contrib.messages import error
from django.db.models import BooleanField, Case, Count, QuerySet, Value, When
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _

from annotator import search
from annotator.admin.scope import DetailPage, is_uuid, signed_in
from annotator.admin.telling import tell_done
from annotator.errors import Refused
from annotator.keyset import counted
from annotator.models import Document, Library, Membership
from annotator.models.libraries import Role
from annotator.services.libraries import require_role
from annotator.services.merging import merge_documents, split_document
from annotator.url_key import url_key
from annotator.uuid7 import uuid7

if TYPE_CHECKING:
    Base = DetailPage[Document]
else:
    Base = ModelAdmin

OFFERED: Final = 20  # articles to choose from
SHOWN: Final = 100  # addresses that a page lists


class DocumentDeeds(Base):
    """Merging and splitting, each with a page that says what will happen."""

    def get_urls(self) -> list[URLPattern]:
        """With the deeds'."""
        door = self.admin_site.admin_view
        return [
            path("<uuid:key>/merge/", door(self.merge_view), name="annotator_document_merge"),
            path("<uuid:key>/split/", door(self.split_view), name="annotator_document_split"),
            *super().get_urls(),
        ]

    def merge_view(self, request: HttpRequest, key: Any) -> HttpResponse:
        """Look for the other article (`?q=`), look at what will happen (`?other=`), do it (POST)."""
        row = self.row_or_404(request, key)
        try:
            require_role(user=signed_in(request), library_id=row.library_id, role=Role.REVIEWER)
            if request.method == "POST":
                return self.merged_into(request, row)
        except Refused as refused:
            error(request, refused.message)
            return to_article(row)
        other = in_library_of(row, request.GET.get("other", ""))
        query, found = request.GET.get("q", "").strip(), []
        if other is None:
            found = self.offered_to(row, query, request)
            self.furnish(found, request)  # type: ignore[attr-defined]  # Documents has it
        context = {
            "title": _("Merge two articles"),
            "query": query,
            "found": [(one, self.standing(one)) for one in found],  # type: ignore[attr-defined]  # as above
            "other": other,
            **(held_by(other) if other else {}),
        }
        return self.page(request, "admin/merge.html", row, context)

    def offered_to(self, row: Document, query: str, request: HttpRequest) -> list[Document]:
        """Articles of the same library: those searched for, or those of its site, its namesakes first."""
        others = Document.objects.filter(library_id=row.library_id).exclude(pk=row.pk)
        if query:
            try:
                return list(search.articles(others, query).order_by("-updated", "-pk")[:OFFERED])
            except search.SearchError as wrong:
                error(request, _("The search was not understood. %s") % wrong.message)
                return []
        namesake = Case(
            When(title_words=row.title_words, then=Value(True)),
            default=Value(False),
            output_field=BooleanField(),
        )
        return list(others.filter(site=row.site).order_by(namesake.desc(), "-updated", "-pk")[:OFFERED])

    def merged_into(self, request: HttpRequest, row: Document) -> HttpResponse:
        """Done, and told with the way back. Raises Refused."""
        other = in_library_of(row, request.POST.get("other", ""))
        if other is None:
            error(request, _("Choose the other article."))
            return HttpResponseRedirect(reverse("admin:annotator_document_merge", args=[row.pk]))
        deed = uuid7()
        merge_documents(into=row, other=other, actor=signed_in(request), deed=deed)
        tell_done(request, _("“%(title)s” is a part of this article now.") % {"title": other}, deed)
        return to_article(row)

    def split_view(self, request: HttpRequest, key: Any) -> HttpResponse:
        """Choose addresses, seeing what goes along with each; on POST they become an article."""
        row = self.row_or_404(request, key)
        user = signed_in(request)
        try:
            require_role(user=user, library_id=row.library_id, role=Role.REVIEWER)
            if request.method == "POST":
                deed = uuid7()
                chosen = set(request.POST.getlist("address"))
                new = split_document(document=row, addresses=chosen, actor=user, deed=deed).row
                tell_done(request, _("These addresses are an article of their own now: this one."), deed)
                return to_article(new)
        except Refused as refused:
            error(request, refused.message)
            return to_article(row)
        context = {"title": _("Split an article"), "parts": parts_of(row)}
        return self.page(request, "admin/split.html", row, context)

    def page(
        self, request: HttpRequest, template: str, row: Document, context: dict[str, Any]
    ) -> HttpResponse:
        """A page of this article."""
        desk = self.admin_site.each_context(request)
        return TemplateResponse(request, template, {**desk, "opts": self.opts, "row": row, **context})


def to_article(row: Document) -> HttpResponse:
    """The article's page."""
    return HttpResponseRedirect(reverse("admin:annotator_document_change", args=[row.pk]))


def in_library_of(row: Document, key: str) -> Document | None:
    """Another article of the same library."""
    if not is_uuid(key):
        return None
    return Document.objects.filter(library_id=row.library_id, pk=key).exclude(pk=row.pk).first()


def held_by(document: Document) -> dict[str, Any]:
    """What will go over to another article."""
    addresses: QuerySet[Any] = document.aliases.order_by("created", "pk").values_list("url", flat=True)
    return {
        "annotations": counted(document.annotations.alive()),
        "texts": document.snapshots.count(),
        "addresses": list(addresses[: SHOWN + 1]),
    }


def parts_of(document: Document) -> list[tuple[str, int, int]]:
    """Each address with how many annotations and texts came from there."""
    keys: Counter[str] = Counter()
    made_at = document.annotations.alive().order_by().values_list("url").annotate(times=Count("pk"))
    for url, times in made_at:
        keys[url_key(url)] += times
    texts = Counter(url_key(url) for url in document.snapshots.values_list("url", flat=True))
    aliases = document.aliases.order_by("created", "pk")[:SHOWN]
    return [(alias.url, keys[alias.key], texts[alias.key]) for alias in aliases]


def reviews(request: HttpRequest, row: Document) -> bool:
    """Whether these deeds are this user's to do."""
    own = Membership.objects.filter(library=row.library_id, user=signed_in(request))
    return own.filter(role__in=Role.at_least(Role.REVIEWER)).exists()


def moves(request: HttpRequest, row: Document) -> bool:
    """Whether there is another library to which this user may move what stands on the article."""
    mine = Library.objects.with_role(signed_in(request), Role.EDITOR)
    written_in = set(mine.values_list("pk", flat=True))
    return row.library_id in written_in and len(written_in) > 1
