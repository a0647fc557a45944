"""Which annotations: a question that a list, a link, a deed on thousands and a job all read the same way.

It is written as a query string, so that a filtered list is a link that can be kept and sent.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Final

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from annotator import search
from annotator.errors import Invalid
from annotator.limits import SEARCH_CHARACTERS
from annotator.models.annotations import (
    BROKEN,
    Annotation,
    AnnotationQuerySet,
    AnnotationTag,
    Color,
    Flag,
    Motivation,
    Review,
    State,
)
from annotator.models.decisions import Decision
from annotator.models.documents import Document
from annotator.models.events import Event, Kind
from annotator.models.libraries import Library
from annotator.models.users import User
from annotator.text import unstorable

FEW: Final = 200  # articles
# What waits for somebody, and for whom.
QUEUES: Final = {
    "unreviewed": _("not yet reviewed"),
    "mine": _("flagged by me"),
    "awaiting": _("flagged, awaiting the author"),
    "answered": _("flagged, answered by the author"),
    "differ": _("reviewers differ"),
    "broken": _("broken: edited, ambiguous or orphaned"),
    "trash": _("deleted by me"),
}
# How long ago something may have happened, in days.
SPANS: Final = {"1": _("since yesterday"), "7": _("in 7 days"), "30": _("in 30 days")}
_WORDS: Final = {
    "state": State.values,
    "review": Review.values,
    "color": Color.values,
    "kind": Motivation.values,
    "queue": list(QUEUES),
    "made": list(SPANS),
    "changed": list(SPANS),
}
_IDS: Final = ("tag", "author", "library", "document", "deed")
_TEXTS: Final = {"site": 255, "language": 35, "q": SEARCH_CHARACTERS}


@dataclass(frozen=True, slots=True)
class Selection:
    """What is asked for; empty is everything. `until` freezes it: only what was made by then."""

    state: str = ""
    review: str = ""
    color: str = ""
    kind: str = ""
    queue: str = ""
    made: str = ""
    changed: str = ""
    site: str = ""
    language: str = ""
    tag: str = ""
    author: str = ""
    library: str = ""
    document: str = ""
    deed: str = ""
    q: str = ""
    until: str = ""

    @classmethod
    def asked(cls, query: Mapping[str, str]) -> "Selection":
        """From a query string. Raises Invalid, naming the field, for what is not understood."""
        query = {name: value for name, value in query.items() if value}
        known = {field.name for field in fields(cls)}
        if unknown := query.keys() - known:
            raise Invalid.field(min(unknown), "is not known here")
        for name, value in query.items():
            _check(name, value)
        return cls(**query)

    def written(self) -> dict[str, str]:
        """As a query string's pairs."""
        pairs = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: value for name, value in pairs.items() if value}

    def rows(self, user: User) -> AnnotationQuerySet:
        """What is asked for, of all that this user may see, in no order. Raises what the search does."""
        rows = self.unsearched(user)
        return search.annotations(rows, self.q, self._libraries(user)) if self.q else rows

    def ranked(
        self, user: User, place: search.Place | None, size: int, *, backward: bool = False
    ) -> search.Leaf:
        """The same page by page, what fits the search best first. Raises what the search does."""
        rows = self.unsearched(user).select_related("document", "author", "library", "parent")
        return search.leaf(rows, self.q, self._libraries(user), place, size, backward=backward)

    def unsearched(self, user: User) -> AnnotationQuerySet:
        """What is asked for but by words."""
        libraries = Library.objects.visible_to(user)
        rows = Annotation.objects.in_libraries(libraries)
        if self.queue == "trash":
            rows = rows.filter(deleted__isnull=False, author=user).exclude(url="")
        else:
            rows = in_queue(rows.alive().shown_to(user), self.queue, user)
        return self._filtered(self._on_articles(rows, user), user)

    def _on_articles(self, rows: AnnotationQuerySet, user: User) -> AnnotationQuerySet:
        asked = {name: value for name, value in (("site", self.site), ("language", self.language)) if value}
        if not asked:
            return rows
        articles = Document.objects.filter(library__in=Library.objects.visible_to(user), **asked)
        few = list(articles.values_list("pk", flat=True)[: FEW + 1])
        # Of few articles the annotations are looked up; of many, the newest come soon on the way through all.
        if len(few) <= FEW:
            return rows.filter(document__in=few)
        return rows.filter(**{f"document__{name}": value for name, value in asked.items()})

    def _touched(self, user: User) -> QuerySet[Event, uuid.UUID]:
        """What a deed was done to."""
        events = Event.objects.filter(library__in=Library.objects.visible_to(user), deed=uuid.UUID(self.deed))
        return events.filter(kind=Kind.ANNOTATION).values_list("row", flat=True)

    def _filtered(self, rows: AnnotationQuerySet, user: User) -> AnnotationQuerySet:
        exact = {
            "state": self.state, "review": self.review, "color": self.color, "motivation": self.kind,
            "author": self.author, "library": self.library, "document": self.document,
        }  # fmt: skip
        rows = rows.filter(**{name: value for name, value in exact.items() if value})
        if self.tag:
            tagged = AnnotationTag.objects.filter(tag=uuid.UUID(self.tag))
            rows = rows.filter(pk__in=tagged.values("annotation"))
        if self.deed:
            rows = rows.filter(pk__in=self._touched(user))
        if self.made:
            rows = rows.filter(created__gte=timezone.now() - timedelta(days=int(self.made)))
        if self.changed:
            rows = rows.filter(state_since__gte=timezone.now() - timedelta(days=int(self.changed)))
        if self.until:
            rows = rows.filter(created__lte=_moment(self.until))
        return rows

    def _libraries(self, user: User) -> list[uuid.UUID]:
        mine = Library.objects.visible_to(user).values_list("pk", flat=True)
        return [key for key in mine if not self.library or key == uuid.UUID(self.library)]


def in_queue(rows: AnnotationQuerySet, queue: str, user: User) -> AnnotationQuerySet:
    """Those that wait in one of QUEUES; all for no queue."""
    decisions = Decision.objects.filter(library__in=Library.objects.visible_to(user))
    if queue == "unreviewed":
        return rows.filter(review=Review.NONE, parent=None)
    if queue == "mine":
        mine = decisions.filter(reviewer=user, review=Review.FLAGGED)
        return rows.filter(pk__in=mine.values("annotation"))
    if queue == "awaiting":
        return rows.filter(flag=Flag.AWAITING)
    if queue == "answered":
        return rows.filter(flag=Flag.ANSWERED)
    if queue == "differ":
        return rows.filter(differs_since__isnull=False)
    if queue == "broken":
        return rows.filter(state__in=BROKEN)
    return rows


def _check(name: str, value: str) -> None:
    if unstorable(value):
        raise Invalid.field(name, "holds what no text can")
    if name in _WORDS and value not in _WORDS[name]:
        raise Invalid.field(name, f"has to be one of {', '.join(_WORDS[name])}")
    if name in _IDS:
        try:
            uuid.UUID(value)
        except ValueError:
            raise Invalid.field(name, "has to be a UUID") from None
    if name in _TEXTS and len(value) > _TEXTS[name]:
        raise Invalid.field(name, f"has more than {_TEXTS[name]} characters")
    if name == "until":
        _moment(value)


def _moment(written: str) -> datetime:
    try:
        moment = parse_datetime(written)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise Invalid.field("until", "has to be a moment with its time zone")
    return moment
