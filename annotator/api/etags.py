"""ETags and preconditions (RFC 9110, sections 8.8.3 and 13.1): the ETag of an annotation is its revision."""

import re

from rest_framework.request import Request

from annotator.errors import Invalid
from annotator.services.preconditions import Absent, Matching, Precondition

# More digits than a revision ever has; a list of tags no client of ours sends, but the RFC allows.
_TAG = re.compile(r'(W/)?"([^"]*)"')
_ONE = r'(?:W/)?"[!#-~\x80-\xff]*"'
_LIST = re.compile(rf"[ \t]*{_ONE}(?:[ \t]*,[ \t]*{_ONE})*[ \t]*")


def etag(revision: int) -> str:
    """The entity tag of a revision."""
    return f'"{revision}"'


def precondition(request: Request) -> Precondition | None:
    """What `If-Match` or `If-None-Match` demand. Raises Invalid for what is neither `*` nor a list of tags.

    Weak tags never match (section 13.1.1: strong comparison).
    """
    return demanded(request.headers.get("If-Match"), request.headers.get("If-None-Match"))


def demanded(if_match: str | None, if_none_match: str | None) -> Precondition | None:
    """The same from the two headers' values, None for one that is not there."""
    if if_match is not None and if_none_match is not None:
        raise Invalid.field("If-Match", "does not go with If-None-Match")
    if if_none_match is not None:
        if if_none_match.strip() != "*":
            raise Invalid.field("If-None-Match", "only * is understood here")
        return Absent()
    if if_match is None:
        return None
    if if_match.strip() == "*":
        return Matching(frozenset(), any=True)
    if len(if_match) > 1000 or not _LIST.fullmatch(if_match):
        raise Invalid.field("If-Match", 'has to be * or tags such as "3"')
    return Matching(
        frozenset(int(tag) for weak, tag in _TAG.findall(if_match) if not weak and _is_revision(tag))
    )


def _is_revision(tag: str) -> bool:
    return len(tag) < 16 and tag.isascii() and tag.isdigit()
