"""A question as a condition on annotations, in the SQL of either database.

All that is about words goes to the index in one piece: as an FTS5 expression, or as conditions on the
`tsvector`, where phrases are looked up in the row's own words (positions in a `tsvector` end at 16,383).
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection
from functools import reduce
from operator import and_, or_
from typing import Any as Anything
from typing import Final

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import BooleanField, ExpressionWrapper, F, Func, OuterRef, Q, Subquery, Value
from django.db.models.functions import Concat
from django.db.models.sql.compiler import SQLCompiler

from annotator.models.documents import Document, DocumentQuerySet
from annotator.models.users import User
from annotator.search.question import All, Any, Author, Column, Field, Made, Node, Not, Site, Title, Words
from annotator.search.words import spaced

Libraries = Collection[uuid.UUID] | None
_FEW: Final = 1000  # so many articles are named one by one, which leads the database to their annotations
_COLUMNS: Final = {Field.QUOTE: "quote", Field.NOTE: "note", Field.TAG: "tags"}


def condition(node: Node, libraries: Libraries, *, few: bool = False) -> Q:
    """What annotations have to fulfil. `libraries`: theirs, or None for any. `few`: it is asked of few."""
    if _is_of_words(node):
        return Q(Holds(node, libraries, few=few))
    match node:
        case All(parts):
            return _combined(All, parts, libraries, few)
        case Any(parts):
            return _combined(Any, parts, libraries, few)
        case Not(inside):
            return ~condition(inside, libraries, few=few)
        case Column(name, value):
            return Q(**{name: value})
        case Made(moment, later):
            return Q(created__gte=moment) if later else Q(created__lt=moment)
        case Author():
            return Q(author__in=_people(node, libraries))
        case Title() | Site():
            return _on_articles(node, libraries)
    raise TypeError(node)


def _is_of_words(node: Node) -> bool:
    match node:
        case Words():
            return True
        case Not(inside):
            return _is_of_words(inside)
        case All(parts) | Any(parts):
            return bool(parts) and all(map(_is_of_words, parts))
    return False


def _combined(kind: type[All] | type[Any], parts: tuple[Node, ...], libraries: Libraries, few: bool) -> Q:
    of_words = tuple(filter(_is_of_words, parts))
    apart = [part for part in parts if part not in of_words]
    conditions = [
        condition(one, libraries, few=few) for one in ([kind(of_words)] if of_words else []) + apart
    ]
    return reduce(and_ if kind is All else or_, conditions, Q())


def _people(asked: Author, libraries: Libraries) -> list[uuid.UUID]:
    """Members of the libraries whose user name or shown name has these words; whoever is called just so."""
    members = User.objects.all()
    if libraries is not None:
        members = User.objects.filter(Q(memberships__library__in=libraries) | Q(username=asked.typed))
    wanted = _between_blanks(asked.words, asked.beginning)
    return [
        user.pk
        for user in members.only("username", "first_name", "last_name").distinct()
        if user.username == asked.typed
        or any(wanted in f" {spaced(name)} " for name in (user.username, user.shown_name))
    ]


def _on_articles(asked: Title | Site, libraries: Libraries) -> Q:
    articles, fits = dotted(Document.objects.all()), fits_article(asked)
    wanted = articles.filter(fits)
    if libraries is not None:
        wanted = wanted.filter(library__in=libraries)
    few = list(wanted.values_list("pk", flat=True)[: _FEW + 1])
    if len(few) <= _FEW:
        return Q(document__in=few)
    # Many: looked up for each annotation, which a planner that takes them for few cannot turn round.
    own = articles.filter(pk=OuterRef("document_id")).annotate(fits=ExpressionWrapper(fits, BooleanField()))
    return Q(Subquery(own.values("fits"), output_field=BooleanField()))


def dotted(articles: DocumentQuerySet) -> DocumentQuerySet:
    """Articles as `fits_article` wants them."""
    return articles.alias(dotted=Concat(Value("."), "site", Value(".")))


def fits_article(asked: Title | Site) -> Q:
    """What an article of `dotted` has to fulfil."""
    if isinstance(asked, Title):
        return Q(title_words__contains=_between_blanks(asked.words, asked.beginning))
    return Q(dotted__contains=f".{asked.host}" if asked.beginning else f".{asked.host}.")


def _between_blanks(words: tuple[str, ...], beginning: bool) -> str:
    """What to look for in words with one blank between, and one at either end."""
    return f" {' '.join(words)}" if beginning else f" {' '.join(words)} "


class Holds(Func):
    """Whether the index says of an annotation what a node of words asks.

    `few`: it is asked of so few annotations that SQLite had better look at their words than into its index.
    """

    def __init__(self, node: Node, libraries: Libraries, *, few: bool = False) -> None:
        super().__init__(F("pk"), output_field=BooleanField())
        self.node = node
        self.few = few
        self.libraries = None if libraries is None else tuple(library.hex for library in libraries)

    def as_sqlite(  # type: ignore[override]  # the stubs know of no list of parameters
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **context: Anything
    ) -> tuple[str, list[Anything]]:
        """The row numbers come from the FTS5 table."""
        column, params = compiler.compile(self.source_expressions[0])
        if self.few:
            sql, wanted = _on_row(self.node, _plain)
            row = f"SELECT 1 FROM annotator_searched s WHERE s.annotation_id = {column} AND {sql}"  # noqa: S608
            return f"EXISTS ({row})", [*params, *wanted]
        expression, negated = _fts5(self.node)
        if self.libraries:
            library = f"(library_id : ({' OR '.join(self.libraries)}))"
            expression, negated = f"{library} {'NOT' if negated else 'AND'} ({expression})", False
        among = "NOT IN" if negated else "IN"
        return (
            f"{column} IN (SELECT annotation_id FROM annotator_searched WHERE id {among} (SELECT rowid"  # noqa: S608
            " FROM annotator_searched_words WHERE annotator_searched_words MATCH %s))",
            [*params, expression],
        )

    def as_postgresql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **context: Anything
    ) -> tuple[str, list[Anything]]:
        """`EXISTS` leaves the planner free to begin with the index or with the annotations."""
        column, params = compiler.compile(self.source_expressions[0])
        sql, wanted = _on_row(self.node, _tsvector)
        if self.libraries:
            sql = f"s.words @@ %s::tsquery AND {sql}"
            wanted = [" | ".join(f"'l{library}'" for library in self.libraries), *wanted]
        row = f"SELECT 1 FROM annotator_searched s WHERE s.annotation_id = {column} AND {sql}"  # noqa: S608
        return f"EXISTS ({row})", [*params, *wanted]


def _fts5(node: Node) -> tuple[str, bool]:
    """An FTS5 expression, and whether its opposite is meant: FTS5 has `a NOT b`, but no `NOT b`."""
    match node:
        case Words(words, beginning, field):
            columns = _COLUMNS[field] if field else " ".join(_COLUMNS.values())
            return f'({{{columns}}} : "{" ".join(words)}"{" *" if beginning else ""})', False
        case Not(inside):
            expression, negated = _fts5(inside)
            return expression, not negated
        case All(parts):
            return _fts5_all([_fts5(part) for part in parts])
        case Any(parts):  # one of them holds: not all of them fail
            expression, negated = _fts5_all([(inner, not negated) for inner, negated in map(_fts5, parts)])
            return expression, not negated
    raise TypeError(node)


def _fts5_all(parts: list[tuple[str, bool]]) -> tuple[str, bool]:
    hold = [expression for expression, negated in parts if not negated]
    fail = [expression for expression, negated in parts if negated]
    if not hold:
        return f"({' OR '.join(fail)})", True
    all_hold = f"({' AND '.join(hold)})"
    return (f"({all_hold} NOT ({' OR '.join(fail)}))" if fail else all_hold), False


def _on_row(node: Node, leaf: Leaf) -> tuple[str, list[str]]:
    """A condition on the row `s`, and its parameters; `leaf` knows how words are looked up in it."""
    match node:
        case Words():
            return leaf(node)
        case Not(inside):
            sql, params = _on_row(inside, leaf)
            return f"NOT {sql}", params
        case All(parts) | Any(parts):
            compiled = [_on_row(part, leaf) for part in parts]
            between = " AND " if isinstance(node, All) else " OR "
            params = [one for _, own in compiled for one in own]
            return f"({between.join(sql for sql, _ in compiled)})", params
    raise TypeError(node)


def _tsvector(asked: Words) -> tuple[str, list[str]]:
    in_fields = []
    for field in _fields(asked):
        lexemes = [f"'{field.value[0]}{word}'" for word in asked.words]
        lexemes[-1] += ":*" if asked.beginning else ""
        in_fields.append(f"({' & '.join(lexemes)})")
    sql, params = "s.words @@ %s::tsquery", [" | ".join(in_fields)]
    if len(asked.words) > 1:
        side_by_side, more = _plain(asked, "strpos")
        sql, params = f"({sql} AND {side_by_side})", [*params, *more]
    return sql, params


def _plain(asked: Words, position: str = "instr") -> tuple[str, list[str]]:
    """Looked up in the words themselves, by the database's function for that."""
    fields = _fields(asked)
    sql = " OR ".join(f"{position}(' ' || s.{_COLUMNS[field]} || ' ', %s) > 0" for field in fields)
    return f"({sql})", [_between_blanks(asked.words, asked.beginning)] * len(fields)


def _fields(asked: Words) -> list[Field]:
    return [asked.field] if asked.field else list(Field)


Leaf = Callable[[Words], tuple[str, list[str]]]
