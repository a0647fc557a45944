"""Filters as links. They offer only what the user may see: all sites would tell what strangers read."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.contrib.admin import ModelAdmin, SimpleListFilter
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import SuspiciousOperation, ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from annotator.admin.scope import signed_in
from annotator.models import Document, Library, Tag, User
from annotator.models.annotations import Color, Motivation, Review, State
from annotator.selection import QUEUES, SPANS
from annotator.text import unstorable

MOST = 60  # a filter with more lines than that helps nobody; the search does
Choices = Iterable[tuple[str, str | Promise]]


class Choice(SimpleListFilter):
    """A filter whose rows the list's own question finds, unless it has a field to compare."""

    offered: Callable[[User], Choices]
    field = ""

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin[Any]) -> list[tuple[str, str]]:
        """What the user may choose; also the one that is chosen, where it is not among the first."""
        found = [(value, str(name)) for value, name in type(self).offered(signed_in(request))]
        chosen = request.GET.get(self.parameter_name or "", "")
        if chosen and chosen not in dict(found):
            found.append((chosen, chosen))
        return found

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Where there is a field, the rows in which it has the value."""
        value = self.value()
        if value is None or not self.field:
            return queryset
        if unstorable(value):
            raise SuspiciousOperation("no such text")
        try:
            return queryset.filter(**{self.field: value})
        except ValidationError as wrong:
            raise IncorrectLookupParameters from wrong


def choice(title: str | Promise, parameter: str, offered: Callable[[User], Choices], field: str = "") -> type:
    """A filter with this title that is written as `?parameter=`."""
    return type(
        f"{parameter.capitalize()}Filter",
        (Choice,),
        {"title": title, "parameter_name": parameter, "offered": staticmethod(offered), "field": field},
    )


def sites(user: User) -> Choices:
    """The host names of the user's articles."""
    mine = Document.objects.in_libraries(Library.objects.visible_to(user)).exclude(site="")
    names = mine.order_by("site").values_list("site", flat=True).distinct()[:MOST]
    return [(name, name) for name in names]


def languages(user: User) -> Choices:
    """The languages of the user's articles."""
    mine = Document.objects.in_libraries(Library.objects.visible_to(user)).exclude(language="")
    names = mine.order_by("language").values_list("language", flat=True).distinct()[:MOST]
    return [(name, name) for name in names]


def tags(user: User) -> Choices:
    """The tags of the user's libraries."""
    mine = Tag.objects.filter(library__in=Library.objects.visible_to(user)).order_by("name", "pk")
    return [(str(key), name) for key, name in mine.values_list("pk", "name")[:MOST]]


def members(user: User) -> Choices:
    """Everybody in the user's libraries."""
    together = User.objects.filter(memberships__library__in=Library.objects.visible_to(user))
    return [(str(one.pk), one.shown_name) for one in together.distinct().order_by("username")[:MOST]]


def libraries(user: User) -> Choices:
    """The user's libraries."""
    mine = Library.objects.visible_to(user).order_by("name", "pk")
    return [(str(key), name) for key, name in mine.values_list("pk", "name")[:MOST]]


QUEUE = choice(_("queue"), "queue", lambda user: QUEUES.items())
STATE = choice(_("state"), "state", lambda user: State.choices)
REVIEW = choice(_("review"), "review", lambda user: Review.choices)
CHANGED = choice(_("state changed"), "changed", lambda user: SPANS.items())
COLOR = choice(_("colour"), "color", lambda user: Color.choices)
KIND = choice(_("kind"), "kind", lambda user: Motivation.choices)
SITE = choice(_("site"), "site", sites)
TAG = choice(_("tag"), "tag", tags)
AUTHOR = choice(_("author"), "author", members)
LIBRARY = choice(_("library"), "library", libraries)
LANGUAGE = choice(_("language"), "language", languages)
MADE = choice(_("made"), "made", lambda user: SPANS.items())
# For lists of other rows, which have no question of their own.
OF_SITE = choice(_("site"), "site", sites, "site")
OF_LIBRARY = choice(_("library"), "library", libraries, "library")
OF_LANGUAGE = choice(_("language"), "language", languages, "language")
