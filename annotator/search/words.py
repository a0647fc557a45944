"""Finding annotations by words.

One place, so that a real index can take over without its callers noticing.
"""

import unicodedata
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from annotator.models.annotations import AnnotationQuerySet


def fold(text: str) -> str:
    """The text without case and accents, ligatures and full-width forms opened, white space as single blanks.

    Done in Python, because each database has its own idea of case.
    """
    opened = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    bare = "".join(character for character in opened if not unicodedata.combining(character))
    return " ".join(bare.split())


def words_of(*, quote: str, note: str, tags: Iterable[str]) -> str:
    """What is looked through for one annotation."""
    return fold("\n".join([quote, note, *sorted(tags)]))


def having_words(annotations: "AnnotationQuerySet", query: str) -> "AnnotationQuerySet":
    """Those that hold every word of the query, each anywhere in quote, note or tags."""
    for word in set(fold(query).split()):
        annotations = annotations.filter(words__contains=word)
    return annotations
