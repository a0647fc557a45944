"""The one error shape: {"error": {"code", "message", "fields"}}, from one place."""

import logging
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from rest_framework import exceptions, status
from rest_framework.response import Response

from annotator import errors
from annotator.api.etags import etag
from annotator.outage import RETRY_AFTER, is_outage
from annotator.search import SearchError

log = logging.getLogger(__name__)

STATUS: Mapping[type[errors.Refused], int] = {
    errors.Invalid: status.HTTP_400_BAD_REQUEST,
    SearchError: status.HTTP_400_BAD_REQUEST,
    errors.NotThere: status.HTTP_404_NOT_FOUND,
    errors.NotAllowed: status.HTTP_403_FORBIDDEN,
    errors.Taken: status.HTTP_409_CONFLICT,
    errors.Stale: status.HTTP_412_PRECONDITION_FAILED,
    errors.FeedLost: status.HTTP_410_GONE,
}
CODES = {
    400: "invalid",
    401: "not_signed_in",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    406: "not_acceptable",
    411: "length_required",
    413: "too_large",
    415: "unsupported_media_type",
    429: "too_many_requests",
}


def handle(exception: Exception, context: Mapping[str, Any]) -> Response:
    """Every exception of every view as the one shape.

    What nobody expected is logged, and told as no more than 500.
    """
    if isinstance(exception, errors.Refused):
        return _refused(exception)
    if isinstance(exception, Http404):
        exception = exceptions.NotFound()
    elif isinstance(exception, PermissionDenied):
        exception = exceptions.PermissionDenied()
    elif isinstance(exception, RequestDataTooBig):
        return Response(shape("too_large", "The body is too large."), status=413)
    elif isinstance(exception, SuspiciousOperation):
        exception = exceptions.ParseError()
    if isinstance(exception, exceptions.APIException):
        return _told_by_framework(exception)
    if is_outage(exception):
        log.error("database not available: %s", type(exception).__name__)
        answer = Response(shape("unavailable", "The database does not answer; try again."), status=503)
        answer["Retry-After"] = RETRY_AFTER
        return answer
    log.error("unexpected %s", type(exception).__name__, exc_info=exception)
    return Response(
        shape("server_error", "Something went wrong here; it is in the server's log."), status=500
    )


def shape(code: str, message: str, fields: Mapping[str, list[str]] | None = None) -> dict[str, Any]:
    """The body of every error."""
    return {"error": {"code": code, "message": message, "fields": dict(fields or {})}}


def route_miss(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
    """What stands at every path under /api/ that is none: the same answer as for a row that is absent."""
    absent = errors.NotThere()
    return JsonResponse(shape(absent.code, absent.message), status=404)


def _refused(refused: errors.Refused) -> Response:
    answer = Response(shape(refused.code, refused.message, refused.fields), status=STATUS[type(refused)])
    if isinstance(refused, errors.Stale) and refused.revision is not None:
        answer["ETag"] = etag(refused.revision)
    return answer


def _told_by_framework(exception: exceptions.APIException) -> Response:
    code = CODES.get(exception.status_code, "refused")
    if isinstance(exception, exceptions.NotFound):
        return _refused(errors.NotThere())
    if isinstance(exception, exceptions.ValidationError):
        fields = _flat(exception.detail)
        answer = Response(shape("invalid", _first(fields), fields), status=exception.status_code)
    else:
        if isinstance(exception.detail, str) and exception.detail.code == "insufficient_scope":
            code = "insufficient_scope"
        answer = Response(shape(code, str(exception.detail)), status=exception.status_code)
    if header := getattr(exception, "auth_header", None):
        answer["WWW-Authenticate"] = header
    if (wait := getattr(exception, "wait", None)) is not None:
        answer["Retry-After"] = str(int(wait) + 1)
    return answer


def _first(fields: Mapping[str, list[str]]) -> str:
    name, messages = next(iter(fields.items()))
    return f"{name}: {messages[0]}"


def _flat(detail: Any, path: str = "") -> dict[str, list[str]]:
    """Nested messages by dotted path, the body itself as `body`.

    {"target": {"start": …}} becomes {"target.start": …}.
    """
    if isinstance(detail, dict):
        flat: dict[str, list[str]] = {}
        for name, inner in detail.items():
            here = path if name == "non_field_errors" else f"{path}.{name}".lstrip(".")
            flat |= _flat(inner, here)
        return flat
    if isinstance(detail, list) and any(isinstance(inner, dict) for inner in detail):
        return {
            k: v for n, inner in enumerate(detail) for k, v in _flat(inner, f"{path}.{n}".lstrip(".")).items()
        }
    messages = detail if isinstance(detail, list) else [detail]
    return {path or "body": [str(message) for message in messages]}
