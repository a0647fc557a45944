"""The desk's first page: what waits, what broke, what was made when, who was heard of."""

from typing import Any

from django.urls import reverse
from django.utils.formats import date_format, number_format
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext as said
from django.utils.translation import gettext_lazy as _

from annotator import overview
from annotator.admin import cells
from annotator.models import User

NAMES: dict[str, str | Promise] = {
    "unreviewed": _("Not yet reviewed"),
    "broke": _("Broken in the last 7 days"),
    "yesterday": _("Broken since yesterday"),
    "awaiting": _("Flagged, awaiting their authors"),
    "answered": _("Flagged, answered by their authors"),
    "differ": _("On which reviewers differ"),
}
WIDTH, HEIGHT, GAP = 600, 120, 4  # of the chart, in its own units


def first_page(user: User) -> dict[str, Any]:
    """All that the page's template draws."""
    address = reverse("admin:annotator_annotation_changelist")
    waiting, days = overview.counts(user)
    sites, tags = overview.busiest(user)
    return {
        "waiting": [
            (NAMES[one.name], f"{address}?{urlencode(one.query)}", cells.up_to(one.count)) for one in waiting
        ],
        "days": [(one.day, cells.up_to(one.count)) for one in days],
        "chart": chart(days),
        "sites": [(name, f"{address}?{urlencode({'site': name})}", times) for name, times in sites],
        "tags": [(name, f"{address}?{urlencode({'tag': key})}", times) for key, name, times in tags],
        "browsers": overview.browsers(user),
        "lately": number_format(overview.LATELY, force_grouping=True),
    }


def chart(days: list[overview.Day]) -> SafeString:
    """A bar for each day, drawn here: no script, no style of its own, and each bar says its number."""
    step = WIDTH / max(1, len(days))
    most = overview.top(days)
    bars = (
        (
            f"{index * step + GAP / 2:.1f}",
            f"{HEIGHT - tall(one.count, most):.1f}",
            f"{step - GAP:.1f}",
            f"{tall(one.count, most):.1f}",
            f"{date_format(one.day, 'SHORT_DATE_FORMAT')}: {cells.up_to(one.count)}",
        )
        for index, one in enumerate(days)
    )
    return format_html(
        '<svg class="chart" viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>',
        WIDTH,
        HEIGHT,
        said("Highlights and notes by day, at most %s on one") % cells.up_to(most),
        format_html_join("", '<rect x="{}" y="{}" width="{}" height="{}"><title>{}</title></rect>', bars),
    )


def tall(count: int, most: int) -> float:
    """How high a bar is: at least a line where there is anything."""
    return max(1.5, HEIGHT * min(count, most) / most) if count else 0.0
