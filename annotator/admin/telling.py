"""What became of a deed, told above the next page, with the way back."""

import uuid

from django.contrib.messages import info, success, warning
from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from annotator.services.deeds import Outcome

# What services refuse most often, so that the catalogue has it.
REFUSALS = (
    gettext_noop("It was changed since."),
    gettext_noop("Only its author may change this."),
    gettext_noop("Answers go along with what they answer."),
    gettext_noop("Somebody who wrote this, or answered it, does not belong to that library."),
    gettext_noop("There is nothing here, or it is not yours to see."),
)


def tell(request: HttpRequest, outcome: Outcome, *, undoable: bool = True, listed: bool = False) -> None:
    """How many were done, with an undo; how many were so already; how many were refused, and why.

    `listed`: with a link to a list of those that were done, which may no longer be in the list on the page.
    """
    if outcome.done:
        done = ngettext("%d annotation was changed.", "%d annotations were changed.", outcome.done)
        tell_done(request, done % outcome.done, outcome.deed if undoable else None, listed=listed)
    if outcome.same:
        same = ngettext("%d was so already.", "%d were so already.", outcome.same)
        info(request, same % outcome.same)
    tell_refused(request, outcome)
    if not (outcome.done or outcome.same or outcome.refused):
        info(request, _("Nothing was selected."))


def tell_refused(request: HttpRequest, outcome: Outcome) -> None:
    """How many were refused, and why."""
    for message, times in outcome.refused.items():
        refused = ngettext("%d was left as it is:", "%d were left as they are:", times)
        warning(request, f"{refused % times} {_(message)}")


def tell_taken_back(request: HttpRequest, outcome: Outcome) -> None:
    """Of a deed on an article or a tag, which is one, whatever it did to how many annotations."""
    if outcome.done:
        success(request, _("The deed was taken back."))
    tell_refused(request, outcome)


def tell_done(request: HttpRequest, text: str, deed: uuid.UUID | None, *, listed: bool = False) -> None:
    """What was done, with the way back where there is one."""
    back = undo_button(request, deed) if deed else ""
    success(request, format_html("{} {} {}", text, link_to(deed) if deed and listed else "", back))


def link_to(deed: uuid.UUID | str) -> SafeString:
    """To the list of what a deed was done to."""
    address = reverse("admin:annotator_annotation_changelist")
    return format_html('<a class="touched" href="{}?deed={}">{}</a>', address, deed, _("Show them"))


def undo_button(request: HttpRequest, deed: uuid.UUID) -> SafeString:
    """A form of one button. Its token is the session's own, as on every page."""
    return format_html(
        '<form class="undo" method="post" action="{}">'
        '<input type="hidden" name="csrfmiddlewaretoken" value="{}"><button>{}</button></form>',
        reverse("admin:annotator_annotation_undo", args=[deed]),
        get_token(request),
        _("Undo"),
    )
