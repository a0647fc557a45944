"""`libraries/{library}/annotations/batch`: many writes in one request, each for itself."""

import time
from collections import deque
from typing import Any, Final

from django.db import transaction
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
from annotator.models.annotations import Annotation
from annotator.models.libraries import Library
from annotator.models.users import User
from annotator.outage import is_outage
from annotator.services.saved import Saved

# Seconds. A commit waits for the disk: items share one. Until it comes nobody else writes to the library, on
# SQLite to none: they do not all share one.
TOGETHER: Final = 0.1

# An item that was looked into; or the answer to one that is none.
Asked = dict[str, Any] | Response


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
        left = deque(_asked(item) for item in _items(request.data))
        answers: list[Response] = []
        while left:
            answers += _done_together(left, where, by)
        return Response({"results": [_result(answer) for answer in answers]})


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


def _asked(item: Any) -> Asked:
    """What an item wants, before anything is read or written for it."""
    try:
        shape = BatchItem(data=item)
        shape.is_valid(raise_exception=True)
        asked: dict[str, Any] = shape.validated_data
        asked["condition"] = demanded(asked.get("if_match"), asked.get("if_none_match"))
        if (asked["method"] == "DELETE") == ("annotation" in asked):
            message = "is missing" if "annotation" not in asked else "does not go with DELETE"
            raise Invalid.field("annotation", message)
        return asked
    except Exception as exception:
        return errors.handle(exception, {})


def _done_together(left: deque[Asked], library: Library, by: User) -> list[Response]:
    """Takes items from the front, at least one, and does them in one transaction. Raises what `is_outage`.

    An id that comes again begins another transaction: the rows are read once for all, at the end, and each
    answer is of the row as its own item left it.
    """
    done: list[Response | Saved[Annotation]] = []
    with transaction.atomic():
        until = time.monotonic() + TOGETHER
        ids: set[Any] = set()
        while left and not (done and time.monotonic() > until):
            id = None if isinstance(left[0], Response) else left[0]["id"]
            if id in ids:
                break
            if id is not None:
                ids.add(id)
            done.append(_done(left.popleft(), library, by))
        rows = Annotation.objects.whole().in_bulk([one.row.pk for one in done if isinstance(one, Saved)])
    return [
        one_annotation.answer_with(rows[one.row.pk], one) if isinstance(one, Saved) else one for one in done
    ]


def _done(asked: Asked, library: Library, by: User) -> Response | Saved[Annotation]:
    """What a request of its own would do; nothing of it stays where it fails. Raises what `is_outage`."""
    if isinstance(asked, Response):
        return asked
    try:
        with transaction.atomic():
            return _do(asked, library, by)
    except Exception as exception:
        if is_outage(exception):
            raise  # for the whole: the rest would only wait for the same database
        return errors.handle(exception, {})


def _do(asked: dict[str, Any], library: Library, by: User) -> Response | Saved[Annotation]:
    id, condition = asked["id"], asked["condition"]
    if asked["method"] == "DELETE":
        return one_annotation.delete(library, id, by, condition)
    do = one_annotation.put if asked["method"] == "PUT" else one_annotation.patch
    return do(library, id, by, asked["annotation"], condition)


def _result(answer: Response) -> dict[str, Any]:
    fine = answer.status_code < 400
    return {
        "status": answer.status_code,
        "etag": answer.headers.get("ETag"),
        "annotation": answer.data if fine else None,
        "error": None if fine else answer.data["error"],
    }
