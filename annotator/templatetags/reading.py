"""What templates need to draw text with highlights. Everything a user wrote leaves here escaped."""

from collections.abc import Mapping
from uuid import UUID

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from annotator import markup
from annotator.marking import Marked, Segment
from annotator.models.annotations import Annotation
from annotator.url_key import is_web_address

register = template.Library()

# How a paragraph's kind is written; what is not here is a `p`. Headings sink by one: the page has its own h1.
ELEMENTS = {
    "h1": "h2",
    "h2": "h3",
    "h3": "h4",
    "h4": "h5",
    "h5": "h6",
    "h6": "h6",
    "quote": "blockquote",
    "pre": "pre",
}


@register.simple_tag
def drawn(marked: Marked, annotations: Mapping[str, Annotation], named: bool = True) -> SafeString:
    """A paragraph as an element of its kind, with `<mark>`s in their colours, nested where they overlap.

    `named`: whether marks get ids to jump to; a page may hold each id once.
    """
    return format_html(
        '<{element} class="paragraph k-{kind}" dir="auto" data-paragraph="{index}">{text}</{element}>',
        element=ELEMENTS.get(marked.kind, "p"),
        kind=marked.kind,
        index=marked.index,
        text=format_html_join(
            "", "{}", ((piece(segment, annotations, named),) for segment in marked.segments)
        ),
    )


def piece(segment: Segment, annotations: Mapping[str, Annotation], named: bool) -> SafeString:
    """A run of text inside the marks of all highlights over it, the first outermost."""
    html = format_html("{}", segment.text)
    for depth, key in reversed(list(enumerate(segment.keys, 1))):
        # A name to jump to, once: the first piece of a highlight carries it.
        name = format_html(' id="m-{}"', key) if named and key in segment.opens else ""
        html = format_html(
            '<mark class="c-{} d{}"{}>{}</mark>', annotations[key].color, min(depth, 4), name, html
        )
    return html


@register.filter
def prose(note: str) -> SafeString:
    """A note as HTML; `markup.render` alone decides what is let through."""
    return mark_safe(markup.render(note))  # noqa: S308


@register.filter
def web_address(url: str) -> str:
    """The address when it may be a link (http or https), else nothing."""
    return url if is_web_address(url) else ""


@register.filter
def under(by_parent: Mapping[UUID, list[Annotation]], key: UUID) -> list[Annotation]:
    """The replies to an annotation."""
    return by_parent.get(key, [])
