"""What templates need to draw text with highlights. Everything a user wrote leaves here escaped."""

from collections.abc import Iterable, Mapping
from urllib.parse import quote
from uuid import UUID

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from annotator import markup
from annotator.difference import Part, difference
from annotator.marking import Marked, Segment
from annotator.models.annotations import Annotation
from annotator.search import Piece
from annotator.url_key import is_web_address

register = template.Library()

# Of a quote with more words than the first, so many from each end name its place on the live page.
WHOLE, EDGE = 12, 5

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
def old_text(parts: Iterable[Part]) -> SafeString:
    """The old text of a comparison, with what is no longer there marked."""
    return changes(part for part in parts if part.kind != "added")


@register.filter
def new_text(parts: Iterable[Part]) -> SafeString:
    """The new text of a comparison, with what was not there before marked."""
    return changes(part for part in parts if part.kind != "removed")


@register.filter
def changes(parts: Iterable[Part]) -> SafeString:
    """Both texts of a comparison in one: struck and underlined for the eye, in words for the ear."""
    return format_html_join("", "{}", ((change(part),) for part in parts))


def change(part: Part) -> SafeString:
    """A run of one kind. Browsers tell screen readers little of `del` and `ins`: hidden words do."""
    if part.kind == "same":
        return format_html("{}", part.text)
    removed = part.kind == "removed"
    return format_html(
        '<{element}><span class="said">[{said}]</span>{text}<span class="said">[{end}]</span></{element}>',
        element="del" if removed else "ins",
        said=_("removed:") if removed else _("added:"),
        end=_("end"),
        text=part.text,
    )


@register.filter
def compared(annotation: Annotation) -> list[Part]:
    """What was highlighted against what stands there now; nothing where none differs. Select `anchor`."""
    now = annotation.anchor.text if annotation.anchor else ""
    return difference(annotation.quote_exact, now) if now and now != annotation.quote_exact else []


@register.filter
def hits(pieces: Iterable[Piece]) -> SafeString:
    """A text that was searched, its hits in `<mark>`s."""
    return format_html_join(
        "",
        "{}",
        ((format_html('<mark class="hit">{}</mark>', one.text) if one.hit else one.text,) for one in pieces),
    )


@register.filter
def prose(note: str) -> SafeString:
    """A note as HTML; `markup.render` alone decides what is let through."""
    return mark_safe(markup.render(note))  # noqa: S308


@register.filter
def web_address(url: str) -> str:
    """The address when it may be a link (http or https), else nothing."""
    return url if is_web_address(url) else ""


@register.filter
def live_address(annotation: Annotation) -> str:
    """The live page, at the words: a text fragment (WICG), which stays in the browser; "" for no web address.

    What stands there now is looked for, where that is known to be other words.
    """
    if not is_web_address(annotation.url):
        return ""
    anchor = annotation.anchor
    words = (anchor.text if anchor and anchor.text else annotation.quote_exact).split("\n\n")[0].split()
    if not words:
        return annotation.url
    ends = [words] if len(words) <= WHOLE else [words[:EDGE], words[-EDGE:]]
    text = ",".join(quote(" ".join(some), safe="").replace("-", "%2D") for some in ends)
    address, mark, fragment = annotation.url.partition("#")
    return f"{address}{mark or '#'}{fragment.partition(':~:')[0]}:~:text={text}"


@register.filter
def old_paragraphs(old: Mapping[UUID, list[Marked]], key: UUID) -> list[Marked]:
    """The paragraphs that a lost annotation was made in."""
    return old.get(key, [])


@register.filter
def under(by_parent: Mapping[UUID, list[Annotation]], key: UUID) -> list[Annotation]:
    """The replies to an annotation."""
    return by_parent.get(key, [])
