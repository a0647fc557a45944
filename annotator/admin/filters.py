"""Filters that offer only what the user may see: a list of all sites would tell what strangers read."""

from __future__ import annotations

from typing import Any

from django.contrib.admin import ModelAdmin, SimpleListFilter
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from annotator.admin.scope import signed_in
from annotator.models import Document, Library

MOST = 100  # a filter with more lines than that helps nobody; the search does


class Site(SimpleListFilter):
    """The host names of the user's articles."""

    title = _("site")
    parameter_name = "site"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin[Any]) -> list[tuple[str, str]]:
        """In alphabetical order."""
        mine = Document.objects.in_libraries(Library.objects.visible_to(signed_in(request)))
        sites = mine.exclude(site="").order_by("site").values_list("site", flat=True).distinct()
        return [(site, site) for site in sites[:MOST]]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Of documents, or of rows that have one."""
        if self.value() is None:
            return queryset
        field = "site" if queryset.model is Document else "document__site"
        return queryset.filter(**{field: self.value()})
