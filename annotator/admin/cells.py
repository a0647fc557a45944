"""How the desk writes things in lists.

All of it is escaped, and what users wrote stands in `<bdi>`: an Arabic title must not turn a row around.
"""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.urls import reverse
from django.utils.formats import localize, number_format
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.timesince import timesince
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from annotator.keyset import COUNTED
from annotator.models import Annotation, Event
from annotator.models.annotations import State
from annotator.search import excerpt
from annotator.templatetags.reading import hits

# The deeds that services write into events, for people to read.
VERBS = {
    "create": _("made"),
    "edit": _("edited"),
    "delete": _("deleted"),
    "restore": _("restored"),
    "open": _("opened"),
    "revoke": _("revoked"),
    "approve": _("approved"),
    "flag": _("flagged"),
    "hide": _("hidden"),
    "withdraw": _("withdrew a decision"),
    "tag": _("changed the tags"),
    "recolor": _("changed the colour"),
    "attach": _("attached to a new place"),
    "undo": _("took a deed back"),
    "inherit": _("inherited"),
    "job done": _("ended a job"),
    "job cancelled": _("stopped a job"),
    "rename": _("renamed"),
    "merge": _("merged"),
    "split": _("split"),
    "move": _("moved to another library"),
    "receive": _("came from another library"),
}

# What each state promises, for people to read.
EXPLAINED = {
    State.EXACT: _("Every word is the same, in its place."),
    State.MOVED: _("Every word is the same, but it stands elsewhere now."),
    State.EDITED: _("It stands there with other words."),
    State.AMBIGUOUS: _("Several places are equally good. Nothing is drawn until somebody chooses one."),
    State.ORPHANED: _("Its text is gone from the page. What it stood in was kept."),
    State.PENDING: _("Nobody has opened the changed page with the extension yet, so its place is not known."),
}


def shortened(text: str, most: int) -> str:
    """At most so many code points, with an ellipsis where something was cut."""
    text = " ".join(text.split())
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def isolated(text: str, most: int = 120) -> SafeString:
    """A user's text on one line."""
    whole = format_html(' title="{}"', text) if len(text) > most else ""
    return format_html("<bdi{}>{}</bdi>", whole, shortened(text, most))


def found(text: str, query: str, field: str, most: int = 120) -> SafeString:
    """The same with a search's hits marked, around the first one where it is long."""
    if not query:
        return isolated(text, most)
    return format_html("<bdi>{}</bdi>", hits(excerpt(" ".join(text.split()), query, field, most=most)))


def chip(annotation: Annotation) -> SafeString:
    """The colour, with its name: colours alone say nothing to some."""
    return format_html('<span class="chip c-{}">{}</span>', annotation.color, annotation.get_color_display())


def state(annotation: Annotation) -> str:
    """Where the highlight stands; a dash for what has no place."""
    if not annotation.quote_exact:
        return "—"
    return format_html('<span class="state s-{}">{}</span>', annotation.state, annotation.get_state_display())


def tags(annotation: Annotation, query: str = "") -> SafeString:
    """The tags, a search's hits in them marked; prefetch them."""
    names = ((found(tag.name, query, "tag"),) for tag in annotation.tags.all())
    return format_html_join(" ", '<span class="tag">{}</span>', names)


def deed(event: Event) -> str | Promise:
    """What was done; a deed without a name here is told as it is stored."""
    return VERBS.get(event.verb, event.verb)


def review(annotation: Annotation) -> SafeString:
    """What the reviewers decided, each by name; prefetch `decisions` with their reviewers."""
    decisions = list(annotation.decisions.all())
    if not decisions:
        return format_html('<span class="review r-{}">{}</span>', annotation.review, shown_review(annotation))
    return format_html_join(
        mark_safe("<br>"),
        '<span class="review r-{}">{}</span> <bdi class="quiet">{}</bdi>',
        ((one.review, one.get_review_display(), shortened(one.reviewer.shown_name, 24)) for one in decisions),
    )


def shown_review(annotation: Annotation) -> str:
    """The strictest of all decisions."""
    return annotation.get_review_display()


def age(when: datetime) -> SafeString:
    """How long ago, in one unit; the moment itself for those who ask."""
    ago = timesince(when, depth=1)
    moment = localize(localtime(when))
    return format_html('<time datetime="{}" title="{}">{}</time>', when.isoformat(), moment, ago)


def standing(document: UUID, states: Mapping[str, int]) -> SafeString:
    """An article's annotations by state, each number a link to them."""
    address = reverse("admin:annotator_annotation_changelist")
    numbers = (
        (address, document, state, state, State(state).label, number_format(times, force_grouping=True))
        for state, times in ((state, states.get(state, 0)) for state in State.values)
        if times
    )
    return format_html_join(
        " ", '<a class="state s-{3}" href="{0}?document={1}&amp;state={2}">{4}: {5}</a>', numbers
    )


def up_to(times: int) -> str:
    """A count that stopped at a thousand."""
    if times > COUNTED:
        return f"{number_format(COUNTED, force_grouping=True)}+"
    return number_format(times, force_grouping=True)
