"""`libraries/{library}/annotations/batch`: many writes in one request, each for itself."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from annotator import limits
from annotator.api import errors, one_annotation
from annotator.api.base import LIBRARY, WRITING, LibraryView, caller, refusals
from annotator.api.bodies import BatchJSONParser
from annotator.api.etags import demanded
from annotator.api.shapes import BatchAnswer, BatchBody, BatchItem
from annotator.errors import Invalid
from annotator.models.libraries import Library
from annotator.models.users import User
from annotator.outage import is_outage


class BatchView(LibraryView):
    """Many annotations of a library at once."""

    parser_classes = (BatchJSONParser,)

    @extend_schema(
        operation_id="write_annotations",
        parameters=[LIBRARY],
        request=BatchBody,
        responses={200: BatchAnswer, **refusals(*WRITING)},
    )
    def post(self, request: Request, library: str) -> Response:
        """Put, change and delete annotations, in order; each is its own write. May be repeated.

        A refused item never blocks the others. 503 for the whole when the database went away on the way: what
        was written by then is found stored when the same batch is sent again.
        """
        where, by = self.library(), caller(request)
        results = [_result(_done(item, where, by)) for item in _items(request.data)]
        return Response({"results": results})


def _items(sent: Any) -> list[Any]:
    """The items, not yet looked into. Raises Invalid."""
    if not isinstance(sent, dict):
        raise Invalid.field("body", "has to be an object with items")
    if unknown := sent.keys() - {"items"}:
        raise Invalid.field(min(unknown), "is not known here")
    items = sent.get("items")
    if not isinstance(items, list) or not items:
        raise Invalid.field("items", "has to be a list of one item or more")
    if len(items) > limits.BATCH_ITEMS:
        raise Invalid.field("items", f"are more than {limits.BATCH_ITEMS}")
    return items


def _done(item: Any, library: Library, by: User) -> Response:
    """What the request of its own would be answered. Raises what `is_outage`."""
    try:
        return _do(item, library, by)
    except Exception as exception:
        if is_outage(exception):
            raise  # for the whole: the rest would only wait for the same database
        return errors.handle(exception, {})


def _do(item: Any, library: Library, by: User) -> Response:
    shape = BatchItem(data=item)
    shape.is_valid(raise_exception=True)
    asked: dict[str, Any] = shape.validated_data
    method, id = asked["method"], asked["id"]
    condition = demanded(asked.get("if_match"), asked.get("if_none_match"))
    if method == "DELETE":
        if "annotation" in asked:
            raise Invalid.field("annotation", "does not go with DELETE")
        return one_annotation.delete(library, id, by, condition)
    if "annotation" not in asked:
        raise Invalid.field("annotation", "is missing")
    do = one_annotation.put if method == "PUT" else one_annotation.patch
    return do(library, id, by, asked["annotation"], condition)


def _result(answer: Response) -> dict[str, Any]:
    fine = answer.status_code < 400
    return {
        "status": answer.status_code,
        "etag": answer.headers.get("ETag"),
        "annotation": answer.data if fine else None,
        "error": None if fine else answer.data["error"],
    }
