"""Markdown of notes -> safe HTML, and the only place that knows bleach.

`docs/decisions/0002-bleach-behind-one-function.md` says why. Three walls, each enough on its own: markdown-it
writes no HTML of the author's, bleach lets only a list of tags and attributes through, and what comes out is
read once more by the standard library's parser, which has to agree.
Pure: no Django, no database, no network. Images become links: a note never loads anything from elsewhere.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Final

import bleach  # type: ignore[import-untyped]  # it ships no types, and no more releases will come
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_block import StateBlock, table
from markdown_it.token import Token

_REL: Final = "nofollow noopener noreferrer"
_ALIGNMENTS: Final = ("left", "center", "right")
_INLINE_TAGS: Final = frozenset({"a", "br", "code", "em", "s", "strong"})
_BLOCK_TAGS: Final = frozenset(
    {"blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p", "pre", "ul"}
)
_TABLE_TAGS: Final = frozenset({"table", "tbody", "td", "th", "thead", "tr"})
_TAGS: Final = _INLINE_TAGS | _BLOCK_TAGS | _TABLE_TAGS
_VOID_TAGS: Final = frozenset({"br", "hr"})
# http and https with a host and no user name, or mailto.
_LINK: Final = re.compile(
    r"https?://[^/?#\\@:\s][^/?#\\@\s]*(?:[/?#][^\s\\]*)?|mailto:[^\s\\]+", re.IGNORECASE | re.ASCII
)
_UNSEEN: Final = re.compile(r"[\x00-\x20\x7f-\xa0\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff\ud800-\udfff]")
_SURROGATE: Final = re.compile(r"[\ud800-\udfff]")
# A row may be as short as "|" and still gets all its cells: without a bound, 16 KiB make 65,536 of them.
_MOST_CELLS: Final = 2_000
# Characters that mean something to Markdown, line breaks among them: parts of the parser take the square of
# their number. A note of 64 KiB in earnest has some 3,000.
_MARKS: Final = "\n\\`*_~[]<>#+-=|&!"
_MOST_MARKS: Final = 8_192
# A long address can be written once and linked to thousands of times.
_MOST_GROWTH: Final = 16


class Html(str):
    """HTML that is safe to show. Django's templates and `format_html` leave it as it is, by `__html__`."""

    __slots__ = ()

    def __html__(self) -> str:
        return str(self)


def render(markdown: str) -> Html:
    """The HTML of a note: CommonMark with tables and strikethrough; links to http, https and mailto only.

    Never raises; half surrogate pairs become U+FFFD. A note that would take long to read, or that the last
    wall refuses, is shown as it was typed. The limits are far from any note in earnest.
    """
    source = _SURROGATE.sub("\ufffd", markdown)
    if sum(map(source.count, _MARKS)) > _MOST_MARKS:
        return _as_typed(source)
    tokens = _PARSER.parse(source)
    for token in tokens:
        _tame(token)
    written = _RENDERER.render(tokens, _PARSER.options, {})
    if len(written) > _MOST_GROWTH * len(source) + 1_000:
        return _as_typed(source)
    cleaned = bleach.clean(written, tags=_TAGS, attributes=_is_allowed, protocols=("http", "https", "mailto"))
    return Html(cleaned) if _Wall().lets_through(cleaned) else _as_typed(source)


def is_safe_link(address: str) -> bool:
    """Whether a note may link there: absolute http or https with a host and no user name, or mailto."""
    return _LINK.fullmatch(address) is not None and _UNSEEN.search(address) is None


def _as_typed(source: str) -> Html:
    return Html(f"<pre>{html.escape(source)}</pre>\n")


def _tame(token: Token) -> None:
    """Rewrites what the renderer would write in another way than _is_allowed wants it."""
    if token.type == "fence":
        token.info = ""  # the language would become a class
    alignment = str(token.attrs.pop("style", "")).removeprefix("text-align:")
    if alignment in _ALIGNMENTS:
        token.attrSet("align", alignment)
    if token.children:
        token.children = list(_with_tame_links(token.children))


def _with_tame_links(tokens: list[Token]) -> Iterator[Token]:
    """Links that say where they may not lead, images as links, and neither where the address is not safe."""
    link: Token | None = None
    for token in tokens:
        if token.type == "link_open":
            link = token
            yield from _link_open(token, "href")
        elif token.type == "link_close":
            yield from [token] if link and _link_open(link, "href") else []
            link = None
        elif token.type == "image":
            opening = [] if link else _link_open(token, "src")
            yield from opening
            yield Token("text", "", 0, content=_alternative_text(token))
            yield from [Token("link_close", "a", -1)] if opening else []
        else:
            yield token


def _link_open(token: Token, attribute: str) -> list[Token]:
    address, title = str(token.attrs.get(attribute, "")), token.attrs.get("title")
    if not is_safe_link(address):
        return []
    attributes: dict[str, str | int | float] = {"href": address, "rel": _REL}
    if title:
        attributes["title"] = title
    return [Token("link_open", "a", 1, attrs=attributes)]


def _alternative_text(image: Token) -> str:
    words = _RENDERER.renderInlineAsText(image.children, _PARSER.options, {})
    return words or str(image.attrs.get("src", ""))


def _is_allowed(tag: str, name: str, value: str) -> bool:
    match tag, name:
        case "a", "href":
            return is_safe_link(value)
        case "a", "title":
            return True
        case "a", "rel":
            return value == _REL
        case "ol", "start":
            return value.isascii() and value.isdigit()
        case (("th" | "td"), "align"):
            return value in _ALIGNMENTS
        case _:
            return False


class _Wall(HTMLParser):
    """Reads HTML as another parser sees it: only allowed tags and attributes, each closed in its turn."""

    def __init__(self) -> None:
        super().__init__()
        self._open: list[str] = []
        self._refused = False

    def lets_through(self, written: str) -> bool:
        self.feed(written)
        self.close()
        return not self._refused and not self._open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = tag in _TAGS and all(_is_allowed(tag, name, value or "") for name, value in attrs)
        careful = tag != "a" or ("rel", _REL) in attrs
        self._refused |= not (known and careful)
        if tag not in _VOID_TAGS:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        self._refused |= not self._open or self._open.pop() != tag

    def handle_comment(self, data: str) -> None:
        self._refused = True

    def handle_decl(self, decl: str) -> None:
        self._refused = True

    def handle_pi(self, data: str) -> None:
        self._refused = True

    def unknown_decl(self, data: str) -> None:
        self._refused = True


class _Parser(MarkdownIt):
    def validateLink(self, url: str) -> bool:
        return is_safe_link(url)


def _small_table(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """markdown-it's table, where it stays small. Counts by `str`, not by line: it is asked at every line."""
    if start + 2 > end or state.src.find("-", state.bMarks[start + 1], state.eMarks[start + 1]) < 0:
        return False
    first = state.bMarks[start]
    until = state.src.find("\n\n", first)
    below = state.src.count("\n", first, until if until >= 0 else len(state.src)) + 1
    columns = state.src.count("|", first, state.eMarks[start]) + 1
    return columns * min(below, end - start) <= _MOST_CELLS and table(state, start, end, silent)


_PARSER: Final = _Parser("commonmark", {"html": False, "linkify": False}).enable(["table", "strikethrough"])
_PARSER.block.ruler.at("table", _small_table, {"alt": ["paragraph", "reference"]})
_RENDERER: Final = RendererHTML(_PARSER)
