"""How the desk writes things in lists.

All of it is escaped, and what users wrote stands in `<bdi>`: an Arabic title must not turn a row around.
"""

from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from annotator.models import Annotation, Event
from annotator.models.annotations import State

# The deeds that services write into events, for people to read.
VERBS = {
    "create": _("made"),
    "edit": _("edited"),
    "delete": _("deleted"),
    "restore": _("restored"),
    "open": _("opened"),
    "revoke": _("revoked"),
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


def chip(annotation: Annotation) -> SafeString:
    """The colour, with its name: colours alone say nothing to some."""
    return format_html('<span class="chip c-{}">{}</span>', annotation.color, annotation.get_color_display())


def state(annotation: Annotation) -> str:
    """Where the highlight stands; a dash for what has no place."""
    if not annotation.quote_exact:
        return "—"
    return format_html('<span class="state s-{}">{}</span>', annotation.state, annotation.get_state_display())


def tags(annotation: Annotation) -> SafeString:
    """The tags; prefetch them."""
    names = ((tag.name,) for tag in annotation.tags.all())
    return format_html_join(" ", '<span class="tag"><bdi>{}</bdi></span>', names)


def deed(event: Event) -> str | Promise:
    """What was done; a deed without a name here is told as it is stored."""
    return VERBS.get(event.verb, event.verb)
