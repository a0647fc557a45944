"""Finding articles: the part of the query language that is about them."""

from __future__ import annotations

from functools import reduce
from operator import and_, or_
from typing import Final

from django.db.models import Q
from django.utils.translation import gettext as _

from annotator.models.documents import DocumentQuerySet
from annotator.search.asking import dotted, fits_article
from annotator.search.question import All, Any, Made, Node, Not, SearchError, Site, Title, Words
from annotator.search.reading import read
from annotator.url_key import is_web_address, url_key

KNOWN: Final = "title: site: before: after:"


def articles(rows: DocumentQuerySet, text: str) -> DocumentQuerySet:
    """Those of the rows that the query finds; all of them for an empty one. Raises SearchError.

    A whole address finds the article that was seen there, in any spelling. Words without a field are looked
    for in the title; `before:` and `after:` are about when the article came here.
    """
    if is_web_address(text.strip()):
        return rows.filter(aliases__key=url_key(text.strip()))
    return dotted(rows).filter(_condition(read(text).asks))


def _condition(node: Node) -> Q:
    match node:
        case All(parts):
            return reduce(and_, map(_condition, parts), Q())
        case Any(parts):
            return reduce(or_, map(_condition, parts), Q())
        case Not(inside):
            return ~_condition(inside)
        case Words(words, beginning, None):
            return fits_article(Title(words, beginning))
        case Title() | Site():
            return fits_article(node)
        case Made(moment, later):
            return Q(created__gte=moment) if later else Q(created__lt=moment)
    raise SearchError(_("This list is searched by words of the title and by %s alone.") % KNOWN)
