"""What the API's views share."""

import uuid
from typing import Any, cast

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework import serializers
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotator import newest
from annotator.api import fields
from annotator.api.bodies import refuse_unmeasured
from annotator.errors import NotThere
from annotator.models.libraries import Library
from annotator.models.users import User
from annotator.search import paging
from annotator.services.housekeeping import purge_now_and_then
from annotator.services.libraries import own_library, visible_library


class ErrorBody(serializers.Serializer[object]):
    code = serializers.CharField(help_text="For programs")
    message = serializers.CharField(help_text="For people")
    fields = serializers.DictField(child=serializers.ListField(child=serializers.CharField()))  # type: ignore[assignment]  # the shape's own word


class ErrorShape(serializers.Serializer[object]):
    """The one error shape. `fields` says by dotted path what was wrong with the body."""

    error = ErrorBody()


def whole_number(least: int, most: int) -> dict[str, Any]:
    """A parameter's type, with its bounds, as the OpenAPI document tells it."""
    return {"type": "integer", "minimum": least, "maximum": most}


def short_text(most: int) -> dict[str, Any]:
    """The same for a text of at most so many characters."""
    return {"type": "string", "maxLength": most}


LIBRARY = OpenApiParameter("library", OpenApiTypes.STR, OpenApiParameter.PATH, description="An id, or `me`")
DIGEST = OpenApiParameter(
    "digest", {"type": "string", "pattern": "^[0-9a-f]{64}$"}, OpenApiParameter.PATH, description="SHA-256"
)
CLIENT_ID = OpenApiParameter(
    "id",
    {"type": "string", "format": "uuid", "pattern": fields.UUID7},
    OpenApiParameter.PATH,
    description="UUIDv7, made by the client",
)
IF_MATCH = OpenApiParameter(
    "If-Match", fields.IF_MATCH, OpenApiParameter.HEADER, description='`"<revision>"`'
)
IF_NONE_MATCH = OpenApiParameter(
    "If-None-Match", fields.IF_NONE_MATCH, OpenApiParameter.HEADER, description="`*`: only if there is none"
)
CURSOR = OpenApiParameter(
    "cursor", {"type": "string", "pattern": f"^{newest.WRITTEN}$"}, description="From the page before"
)
# Of a list that is searched, too: its pages are of another order.
SEARCH_CURSOR = OpenApiParameter(
    "cursor",
    {"type": "string", "pattern": f"^(?:{newest.WRITTEN}|{paging.WRITTEN})$"},
    description="From the page before of the same question",
)
MEANING = {
    400: "What was sent is wrong; `fields` says where",
    401: "Not signed in, or the token opens nothing",
    403: "The token or the role does not allow this",
    404: "Absent, or not the caller's to see",
    409: "The id belongs to another library",
    410: "The place in the feed is lost: compare ids and start anew",
    411: "The body has no Content-Length",
    412: "The precondition does not hold; `ETag` is the current one",
    413: "The body is too large",
    415: "The body is not JSON in UTF-8, or is compressed",
    503: "The database does not answer; `Retry-After` says when to try again",
}
ALWAYS = (401, 403, 503)
READING = (400, 404, *ALWAYS)
WRITING = (*READING, 411, 413, 415)


def refusals(*statuses: int) -> dict[int, OpenApiResponse]:
    """These answers as the OpenAPI document tells them."""
    return {status: OpenApiResponse(ErrorShape, MEANING[status]) for status in sorted(set(statuses))}


def caller(request: Request) -> User:
    """Who asks; only for views that need signing in."""
    return cast(User, request.user)


class LibraryView(APIView):
    """A view below `libraries/{library}/`; `me` is the caller's own."""

    _library: uuid.UUID | None = None

    def initial(self, request: Request, *args: object, **kwargs: object) -> None:
        """After sign-in and scopes, before the view."""
        super().initial(request, *args, **kwargs)
        refuse_unmeasured(request)

    def finalize_response(
        self, request: Request, response: Response, *args: object, **kwargs: object
    ) -> Response:
        """After the view. Who writes in a library also clears a little of its trash away."""
        answer = super().finalize_response(request, response, *args, **kwargs)
        if self._library is not None and request.method not in SAFE_METHODS and answer.status_code < 400:
            purge_now_and_then(library_id=self._library)
        return answer

    def library(self) -> Library:
        """The address's library. Raises NotThere unless the caller is a member."""
        user, name = caller(self.request), str(self.kwargs["library"])
        if name == "me":
            found = own_library(user=user)
        else:
            try:
                if len(name) != 36:
                    raise NotThere
                found = visible_library(user=user, library_id=uuid.UUID(name))
            except ValueError:
                raise NotThere from None
        self._library = found.pk
        return found
