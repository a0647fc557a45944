"""What the desk's first page tells, at a cost that does not grow with the libraries.

Counts stop at a thousand; what is busiest is told of the latest thousand annotations.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.db.models import Max
from django.utils import timezone
from oauth2_provider.models import get_refresh_token_model

from annotator.keyset import COUNTED, counted_each
from annotator.models.annotations import Annotation, AnnotationQuerySet, AnnotationTag, Motivation
from annotator.models.libraries import Library
from annotator.models.users import PersonalToken, User
from annotator.selection import Selection

DAYS: Final = 30
BUSIEST: Final = 8
LATELY: Final = 1_000


@dataclass(frozen=True, slots=True)
class Waiting:
    """One of the questions that somebody should look into, and how many it finds (COUNTED + 1: more)."""

    name: str
    query: dict[str, str]
    count: int


@dataclass(frozen=True, slots=True)
class Day:
    """Highlights and notes made on one day, in the reader's time zone."""

    day: date
    count: int


@dataclass(frozen=True, slots=True)
class Browser:
    """Something that is signed in for somebody, and when it was last heard of."""

    name: str
    user: str
    last: datetime | None


# What the first page asks about, in this order.
QUESTIONS: Final[dict[str, dict[str, str]]] = {
    "unreviewed": {"queue": "unreviewed"},
    "broke": {"queue": "broken", "changed": "7"},
    "yesterday": {"queue": "broken", "changed": "1"},
    "awaiting": {"queue": "awaiting"},
    "answered": {"queue": "answered"},
    "differ": {"queue": "differ"},
}


def counts(user: User) -> tuple[list[Waiting], list[Day]]:
    """What needs review and what broke, and what was made on each of the last DAYS days, today last."""
    made, today = _made(user), timezone.localdate()
    days = [today - timedelta(days=ago) for ago in range(DAYS - 1, -1, -1)]
    asked = [Selection.asked(query).rows(user) for query in QUESTIONS.values()]
    asked += [made.filter(created__gte=_midnight(day), created__lt=_midnight(day + _ONE)) for day in days]
    numbers = iter(counted_each(asked))
    return (
        [Waiting(name, query, next(numbers)) for name, query in QUESTIONS.items()],
        [Day(day, next(numbers)) for day in days],
    )


def busiest(user: User) -> tuple[list[tuple[str, int]], list[tuple[str, str, int]]]:
    """Sites, and tags with their ids, of the latest annotations; with how many of these have them."""
    latest = list(_made(user).order_by("-created", "-pk").values_list("pk", "document__site")[:LATELY])
    sites = Counter(site for _, site in latest if site)
    tagged = AnnotationTag.objects.filter(annotation__in=[key for key, _ in latest])
    tags = Counter((str(key), name) for key, name in tagged.values_list("tag", "tag__name"))
    return sites.most_common(BUSIEST), [
        (key, name, times) for (key, name), times in tags.most_common(BUSIEST)
    ]


def browsers(user: User) -> list[Browser]:
    """What was last heard of the user's browsers and tokens; for a superuser, of everybody's."""
    families = get_refresh_token_model().objects.filter(revoked=None)
    tokens = PersonalToken.objects.usable()
    if not user.is_superuser:
        families, tokens = families.filter(user=user), tokens.filter(user=user)
    seen = (
        families.values("token_family", "application__name", "user__username")
        .annotate(last=Max("created"))
        .order_by("-last")[:BUSIEST]
    )
    told = [Browser(one["application__name"], one["user__username"], one["last"]) for one in seen]
    told += [
        Browser(one.name, one.user.username, one.last_used)
        for one in tokens.select_related("user").order_by("-last_used", "-created")[:BUSIEST]
    ]
    return sorted(told, key=lambda one: (one.last is not None, one.last), reverse=True)[:BUSIEST]


def top(days: Sequence[Day]) -> int:
    """The top of the chart: the highest count, at least one, at most COUNTED."""
    return min(COUNTED, max((one.count for one in days), default=0)) or 1


_ONE: Final = timedelta(days=1)


def _made(user: User) -> AnnotationQuerySet:
    mine = list(Library.objects.visible_to(user))
    rows = Annotation.objects.in_libraries(mine).alive().shown_to(user)
    return rows.exclude(motivation=Motivation.REPLYING)


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, datetime.min.time()))
