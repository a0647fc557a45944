"""A query's text, read: words, "phrases", -not, or, beginnings*, and field:value."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from django.utils.translation import gettext as _

from annotator.limits import SEARCH_CHARACTERS
from annotator.search import values
from annotator.search.question import (
    All,
    Any,
    Author,
    Field,
    Node,
    Not,
    Question,
    SearchError,
    Site,
    Title,
    Words,
)
from annotator.search.words import Kind, fold, without_article, words
from annotator.text import unstorable

# Quotation marks that keyboards put in by themselves, and what input methods for Chinese and Japanese type.
_TYPED: Final = str.maketrans("“”„‟＂：＊", '""""":*')
_TERM: Final = re.compile(
    r"""
    (?P<minus>-?)
    (?:(?P<field>[A-Za-z]+):)?
    (?:"(?P<phrase>[^"]*)(?P<end>"?)(?P<star>\*?) | (?P<bare>[^\s"]*))
    """,
    re.VERBOSE,
)
_SPELLINGS: Final = {"tags": "tag", "colour": "color", "notes": "note", "domain": "site"}
_FEWEST_LETTERS: Final = 2  # before a `*`: one letter begins a large part of all words


@dataclass(frozen=True, slots=True)
class _Term:
    """A piece of a query between blanks. `field` "" is no field."""

    field: str
    text: str
    minus: bool
    quoted: bool
    beginning: bool

    @property
    def is_or(self) -> bool:
        return self.text.lower() == "or" and not (self.field or self.minus or self.quoted or self.beginning)


def read(text: str) -> Question:
    """What the query asks; of an empty one, everything. Raises SearchError."""
    if unstorable(text):
        raise SearchError(_("There is a character in this that no text has: take it out."))
    if len(text) > SEARCH_CHARACTERS:
        raise SearchError(_("A search has at most %d characters: shorten it.") % SEARCH_CHARACTERS)
    terms = list(_terms(text.translate(_TYPED)))
    parts = _parts(terms)
    if terms and not parts:
        raise SearchError(_("There is no word in this to search for: type at least one letter or digit."))
    return Question(All(tuple(parts)), _best(terms))


def _terms(text: str) -> Iterator[_Term]:
    at = 0
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        found = _TERM.match(text, at)
        assert found is not None  # every part of it may be empty
        yield _term(found)
        at = found.end()


def _term(found: re.Match[str]) -> _Term:
    quoted = found["bare"] is None
    if quoted and not found["end"]:
        raise SearchError(_('A quotation mark is not closed: put a second " behind the phrase.'))
    text, name = found["phrase"] if quoted else found["bare"], (found["field"] or "").lower()
    field = _SPELLINGS.get(name, name)
    if name and field not in _READERS:
        # "12:30", "https://…", "Paris: …": a colon is nothing special there.
        field, text = "", f"{found['field']} {text}"
    if not field and not text.strip() and (found["minus"] or quoted):
        raise (
            _nothing_behind("-")
            if found["minus"]
            else SearchError(
                _("There is nothing between the quotation marks: put a phrase there, or leave them out.")
            )
        )
    beginning = bool(found["star"]) if quoted else text.endswith("*")
    return _Term(field, text, bool(found["minus"]), quoted, beginning)


def _nothing_behind(sign: str) -> SearchError:
    return SearchError(_("Nothing stands right behind %s: put a word there, without a blank between.") % sign)


def _parts(terms: list[_Term]) -> list[Node]:
    """The query's parts; terms between which there is an `or` are one."""
    parts: list[list[Node | None]] = []
    joins = False
    for at, term in enumerate(terms):
        if term.is_or:
            if joins or at in (0, len(terms) - 1):
                raise _or_needs_both()
            joins = True
            continue
        if joins:
            parts[-1].append(_node(term))
        else:
            parts.append([_node(term)])
        joins = False
    return [part for part in map(_either, parts) if part is not None]


def _either(nodes: list[Node | None]) -> Node | None:
    if len(nodes) == 1:
        return nodes[0]
    found = tuple(node for node in nodes if node is not None)
    if len(found) < len(nodes):
        raise _or_needs_both()
    return Any(found)


def _or_needs_both() -> SearchError:
    return SearchError(
        _('"or" needs a word on both sides. To find the word itself, write it in quotation marks: "or".')
    )


def _node(term: _Term) -> Node | None:
    """What a term asks; None where it has no word in it, as a dash or a percent sign."""
    found = _READERS[term.field](term)
    return Not(found) if found is not None and term.minus else found


def _words(term: _Term) -> Words | None:
    found, beginning = _side_by_side(term)
    if not found and term.field:
        raise _nothing_behind(f"{term.field}:")
    return Words(found, beginning, Field(term.field) if term.field else None) if found else None


def _title(term: _Term) -> Title:
    found, beginning = _side_by_side(term)
    if not found:
        raise _nothing_behind("title:")
    return Title(found, beginning)


def _author(term: _Term) -> Author:
    found, beginning = _side_by_side(term)
    if not found:
        raise _nothing_behind("author:")
    return Author(term.text.strip().removesuffix("*"), found, beginning)


def _site(term: _Term) -> Site:
    host = values.host(term.text.removesuffix("*"))
    if not host:
        raise _nothing_behind("site:")
    return Site(host, term.beginning)


def _value(term: _Term) -> Node:
    if not term.text.strip():
        raise _nothing_behind(f"{term.field}:")
    return values.READERS[term.field](term.text.strip())


def _side_by_side(term: _Term) -> tuple[tuple[str, ...], bool]:
    """The term's words as the index has them, and whether the last one may go on."""
    found = words(term.text)
    if not found:
        if term.beginning:
            raise _too_short()
        return (), False
    *before, last = found
    if last.kind is Kind.LAST:
        # Each character of such a run begins a pair, or is the last one: as a beginning it finds both.
        if before and before[-1].kind is Kind.PAIR and before[-1].end == last.end:
            return tuple(word.text for word in before), False
        return tuple(word.text for word in found), True
    if term.beginning and last.kind is Kind.WORD:
        text = without_article(fold(term.text[last.start : last.end]), beginning=True)
        if last.end - last.start < _FEWEST_LETTERS:
            raise _too_short()
        return (*(word.text for word in before), text), True
    return tuple(word.text for word in found), False


def _too_short() -> SearchError:
    return SearchError(_("* stands behind the beginning of a word: put at least two letters before it."))


def _best(terms: list[_Term]) -> Words | None:
    """Of several words: all side by side, as typed. Of one: that a tag holds it."""
    plain = [term for term in terms if not (term.field or term.minus or term.is_or)]
    if not plain or any(term.is_or for term in terms):
        return None
    found, beginning = _side_by_side(
        replace(plain[-1], text=" ".join(term.text for term in plain), quoted=True)
    )
    if not found:
        return None
    return Words(found, beginning, Field.TAG if len(plain) == 1 else None)


_READERS: Final[Mapping[str, Callable[[_Term], Node | None]]] = {
    "": _words,
    **{field.value: _words for field in Field},
    "title": _title,
    "site": _site,
    "author": _author,
    **dict.fromkeys(values.READERS, _value),
}
