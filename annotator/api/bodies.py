"""Request bodies, checked below the serializers: what gets through is the same on every database.

Refused are: anything but UTF-8 JSON, NUL, half surrogate pairs, NaN and infinities, keys that stand twice,
integers that JavaScript would change, more than 32 levels, and bodies above their size. Control and bidi
characters pass and are kept exactly.
"""

import json
import math
import re
from collections.abc import Mapping
from typing import IO, Any, ClassVar, NoReturn

from django.http import HttpRequest
from rest_framework import status
from rest_framework.exceptions import APIException, ParseError, UnsupportedMediaType
from rest_framework.parsers import BaseParser
from rest_framework.request import Request

from annotator import limits
from annotator.text import unstorable

# A string (also one that never ends), or a bracket. Possessive, so that no input makes it go back.
_STRING_OR_BRACKET = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+(?:"|\\?\Z)|([\[{])|[\]}]', re.DOTALL)


class BodyTooLarge(APIException):
    """413."""

    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE
    default_code = "too_large"


class LengthRequired(APIException):
    """411."""

    status_code = status.HTTP_411_LENGTH_REQUIRED
    default_code = "length_required"


class StrictJSONParser(BaseParser):
    """JSON as the API takes it; a view that takes more sets `body_bytes`."""

    media_type = "application/json"
    body_bytes: ClassVar[int] = limits.BODY_BYTES

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        """The body's value. Raises ParseError (400), BodyTooLarge (413) or UnsupportedMediaType (415)."""
        request: Request = (parser_context or {})["request"]
        _check_headers(request)
        if _declared_length(request) > self.body_bytes:
            raise BodyTooLarge(f"The body has more than {self.body_bytes} bytes.")
        body = stream.read(self.body_bytes + 1)
        if len(body) > self.body_bytes:
            raise BodyTooLarge(f"The body has more than {self.body_bytes} bytes.")
        return read_json(body)


class SnapshotJSONParser(StrictJSONParser):
    """The same, for whole articles."""

    body_bytes = limits.SNAPSHOT_BODY_BYTES


class BatchJSONParser(StrictJSONParser):
    """The same, for many annotations."""

    body_bytes = limits.BATCH_BODY_BYTES


def read_json(body: bytes) -> Any:
    """The value of a JSON text. Raises ParseError."""
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        raise ParseError("The body is not UTF-8.") from None
    if _depth(text) > limits.DEPTH:
        raise ParseError(f"The body is nested deeper than {limits.DEPTH} levels.")
    try:
        value = _DECODER.decode(text)
    except ParseError:
        raise
    except (ValueError, RecursionError):
        raise ParseError("The body is not JSON.") from None
    # Raw control characters are no JSON: NUL and half surrogate pairs can only come as escapes.
    if "\\u" in text:
        _refuse_unstorable(value)
    return value


def _check_headers(request: Request) -> None:
    encoding = request.META.get("HTTP_CONTENT_ENCODING", "").strip().lower()
    if encoding not in ("", "identity"):
        raise UnsupportedMediaType(encoding, detail="Compressed bodies are not taken; send it as it is.")
    wire: HttpRequest = request._request
    charset = (wire.content_params or {}).get("charset", "utf-8").strip("\"'").lower()
    if charset not in ("utf-8", "utf8"):
        raise UnsupportedMediaType(charset, detail="JSON is UTF-8; no other charset is taken.")


def refuse_unmeasured(request: Request) -> None:
    """Raises LengthRequired for a body in chunks: it would look like none, and be lost in silence."""
    if request.META.get("HTTP_TRANSFER_ENCODING") and not request.META.get("CONTENT_LENGTH"):
        raise LengthRequired("Send the body with a Content-Length.")


def _declared_length(request: Request) -> int:
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        raise ParseError("Content-Length has to be a number.") from None


def _depth(text: str) -> int:
    """The deepest nesting, counted without nesting ourselves."""
    depth = deepest = 0
    for found in _STRING_OR_BRACKET.finditer(text):
        if found[1]:
            depth += 1
            if depth > deepest:
                deepest = depth
                if deepest > limits.DEPTH:
                    break
        elif found[0] in "]}":
            depth -= 1
    return deepest


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ParseError("A key stands twice in one object.")
    return found


def _integer(digits: str) -> int:
    if len(digits) > 17 or abs(int(digits)) > limits.INTEGER:
        raise ParseError(f"A number is beyond ±{limits.INTEGER}.")
    return int(digits)


def _float(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise ParseError("A number is not finite.")
    return number


def _constant(name: str) -> NoReturn:
    raise ParseError(f"{name} is not JSON.")


_DECODER = json.JSONDecoder(
    object_pairs_hook=_object, parse_int=_integer, parse_float=_float, parse_constant=_constant
)


def _refuse_unstorable(value: Any) -> None:
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            if unstorable(one):
                raise ParseError("A text holds NUL or half of a surrogate pair.")
        elif isinstance(one, dict):
            waiting += [*one.keys(), *one.values()]
        elif isinstance(one, list):
            waiting += one
