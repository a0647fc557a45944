"""What may stand behind a field that is not about words: colours, states, days, host names."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Final

import ada_url
from django.utils import timezone
from django.utils.translation import gettext as _

from annotator.models.annotations import Color, Motivation, Review, State
from annotator.search.question import Column, Made, Node, SearchError
from annotator.search.words import fold

_DAY: Final = re.compile(r"([0-9]{4})(?:-([0-9]{1,2})(?:-([0-9]{1,2}))?)?", re.ASCII)
_YEARS: Final = range(1900, 3000)


def _kinds() -> Mapping[str, Column]:
    """What `is:` knows: states, reviews, and that it is a reply."""
    known = {state.value: Column("state", state.value) for state in State}
    known |= {review.value: Column("review", review.value) for review in Review if review != Review.NONE}
    known["unreviewed"] = Column("review", Review.NONE.value)
    known["reply"] = Column("motivation", Motivation.REPLYING.value)
    return known


_KINDS: Final = _kinds()


def host(text: str) -> str:
    """A host name or a part of one, without `www.`; also out of a whole address. "" where there is none."""
    typed = text.strip().lower()
    try:
        found = str(ada_url.URL(typed if "://" in typed else f"http://{typed.strip('.')}").hostname)
    except ValueError:
        return ""
    return found.removeprefix("www.")


def _color(text: str) -> Node:
    by_name = {fold(name): color for color in Color for name in (color.value, str(color.label))}
    if (color := by_name.get(fold(text))) is not None:
        return Column("color", color.value)
    raise _unknown("color", text, [color.value for color in Color])


def _state(text: str) -> Node:
    by_name = {fold(name): state for state in State for name in (state.value, str(state.label))}
    if (state := by_name.get(fold(text))) is not None:
        return Column("state", state.value)
    raise _unknown("state", text, [state.value for state in State])


def _is(text: str) -> Node:
    if (found := _KINDS.get(fold(text))) is not None:
        return found
    raise _unknown("is", text, _KINDS)


def _unknown(field: str, text: str, known: Iterable[str]) -> SearchError:
    message = _("%(field)s: does not know “%(text)s”. It knows: %(known)s.")
    return SearchError(message % {"field": field, "text": text, "known": ", ".join(known)})


def _before(text: str) -> Node:
    return Made(_beginning_of("before", text), later=False)


def _after(text: str) -> Node:
    return Made(_beginning_of("after", text), later=True)


def _beginning_of(field: str, text: str) -> datetime:
    """The first moment of a day, a month or a year in the active time zone, in UTC."""
    found = _DAY.fullmatch(text)
    if found is not None and int(found[1]) in _YEARS:
        try:
            day = datetime(int(found[1]), int(found[2] or 1), int(found[3] or 1))
            return timezone.make_aware(day).astimezone(UTC)
        except ValueError:
            pass
    example = timezone.localdate() - timedelta(days=7)
    raise SearchError(
        _("%(field)s: needs a day, a month or a year, like %(day)s, %(month)s or %(year)s.")
        % {"field": field, "day": example.isoformat(), "month": f"{example:%Y-%m}", "year": f"{example:%Y}"}
    )


READERS: Final[Mapping[str, Callable[[str], Node]]] = {
    "color": _color,
    "state": _state,
    "is": _is,
    "before": _before,
    "after": _after,
}
