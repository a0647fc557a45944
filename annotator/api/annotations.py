"""`libraries/{library}/annotations`: write, read, find, delete, bring back."""

import uuid
from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from annotator import limits, search
from annotator.api import one_annotation, questions, represent
from annotator.api.base import (
    CLIENT_ID,
    IF_MATCH,
    IF_NONE_MATCH,
    LIBRARY,
    READING,
    SEARCH_CURSOR,
    WRITING,
    LibraryView,
    caller,
    refusals,
    short_text,
    whole_number,
)
from annotator.api.etags import precondition
from annotator.api.reading import written_from
from annotator.api.shapes import AnnotationBody, AnnotationPage, AnnotationPatch, AnnotationShape
from annotator.errors import NotThere
from annotator.models.annotations import Annotation, AnnotationQuerySet, Color, Review, State
from annotator.services.annotations import restore_annotation, save_annotation
from annotator.url_key import url_key
from annotator.uuid7 import uuid7


class AnnotationsView(LibraryView):
    """All annotations of a library."""

    @extend_schema(
        operation_id="find_annotations",
        parameters=[
            LIBRARY,
            OpenApiParameter(
                "url",
                short_text(limits.URL_CHARACTERS),
                description="On this page, in any spelling of its address",
            ),
            OpenApiParameter(
                "q", short_text(limits.SEARCH_CHARACTERS), description="As `docs/search.md` tells"
            ),
            OpenApiParameter("tag", short_text(limits.TAG_CHARACTERS), description="With this tag"),
            OpenApiParameter("color", OpenApiTypes.STR, enum=Color.values),
            OpenApiParameter("state", OpenApiTypes.STR, enum=State.values),
            OpenApiParameter("review", OpenApiTypes.STR, enum=Review.values),
            OpenApiParameter("document", OpenApiTypes.UUID),
            OpenApiParameter("limit", whole_number(1, limits.PAGE_MOST)),
            SEARCH_CURSOR,
        ],
        responses={200: AnnotationPage, **refusals(*READING)},
    )
    def get(self, request: Request, library: str) -> Response:
        """Find annotations, newest first; with `q`, the best first."""
        size = questions.whole_number(request, "limit", default=limits.PAGE, least=1, most=limits.PAGE_MOST)
        where = self.library()
        seen = Annotation.objects.in_libraries([where]).alive().shown_to(caller(request))
        narrowed = _narrowed(seen, request).whole()
        rows: list[Annotation]
        if query := questions.text(request, "q", limits.SEARCH_CHARACTERS):
            place = questions.place(request)
            rows, behind = search.page(narrowed, query, [where.pk], place, size)
            following = behind and str(behind)
        else:
            rows, following = questions.page(narrowed, questions.cursor(request), size)
        return Response({"annotations": [represent.annotation(row) for row in rows], "cursor": following})

    @extend_schema(
        operation_id="create_annotation",
        parameters=[LIBRARY],
        request=AnnotationBody,
        responses={201: AnnotationShape, **refusals(*WRITING)},
    )
    def post(self, request: Request, library: str) -> Response:
        """Make an annotation with an id of the server's choice. A repeated request makes a second one."""
        where = self.library()
        made = uuid7()
        written = written_from(request.data, None, where, caller(request))
        saved = save_annotation(library=where, author=caller(request), id=made, written=written)
        response = one_annotation.answer(saved)
        response["Location"] = f"{request.path.rstrip('/')}/{made}"
        return response


class AnnotationView(LibraryView):
    """One annotation."""

    @extend_schema(
        operation_id="read_annotation",
        parameters=[LIBRARY],
        responses={200: AnnotationShape, **refusals(*READING)},
    )
    def get(self, request: Request, library: str, id: uuid.UUID) -> Response:
        """Read an annotation."""
        return one_annotation.with_etag(one_annotation.visible(self.library(), id, caller(request)))

    @extend_schema(
        operation_id="save_annotation",
        parameters=[LIBRARY, CLIENT_ID, IF_MATCH, IF_NONE_MATCH],
        request=AnnotationBody,
        responses={200: AnnotationShape, 201: AnnotationShape, **refusals(*WRITING, 409, 412)},
    )
    def put(self, request: Request, library: str, id: uuid.UUID) -> Response:
        """Make an annotation with the caller's id, or change it. May be repeated.

        What is stored already is answered with 200 whatever the precondition says. A deleted one comes back
        where `If-Match` names its current revision.
        """
        where = self.library()
        saved = one_annotation.put(where, id, caller(request), request.data, precondition(request))
        return one_annotation.answer(saved)

    @extend_schema(
        operation_id="change_annotation",
        parameters=[LIBRARY, IF_MATCH],
        request=AnnotationPatch,
        responses={200: AnnotationShape, **refusals(*WRITING, 412)},
    )
    def patch(self, request: Request, library: str, id: uuid.UUID) -> Response:
        """Change some of what its author wrote; what is not named stays. `target` is changed as a whole."""
        where = self.library()
        saved = one_annotation.patch(where, id, caller(request), request.data, precondition(request))
        return one_annotation.answer(saved)

    @extend_schema(
        operation_id="delete_annotation",
        parameters=[LIBRARY, IF_MATCH],
        responses={
            204: OpenApiResponse(description="Deleted; the ETag is the deleted row's"),
            **refusals(*READING, 412),
        },
    )
    def delete(self, request: Request, library: str, id: uuid.UUID) -> Response:
        """Delete an annotation; it can be brought back for 30 days. May be repeated."""
        return one_annotation.delete(self.library(), id, caller(request), precondition(request))


class RestoreView(LibraryView):
    """Undo of a delete."""

    @extend_schema(
        operation_id="restore_annotation",
        parameters=[LIBRARY, IF_MATCH],
        request=None,
        responses={200: AnnotationShape, **refusals(*READING, 412)},
    )
    def post(self, request: Request, library: str, id: uuid.UUID) -> Response:
        """Bring a deleted annotation back as it was, within 30 days. May be repeated."""
        row = Annotation.objects.in_libraries([self.library()]).filter(pk=id).first()
        if row is None:
            raise NotThere
        return one_annotation.answer(
            restore_annotation(annotation=row, actor=caller(request), precondition=precondition(request))
        )


def _narrowed(rows: AnnotationQuerySet, request: Request) -> AnnotationQuerySet:
    exact: dict[str, Any] = {
        "annotation_tags__tag__name": questions.text(request, "tag", limits.TAG_CHARACTERS),
        "color": questions.one_of(request, "color", Color.values),
        "state": questions.one_of(request, "state", State.values),
        "review": questions.one_of(request, "review", Review.values),
        "document": questions.identifier(request, "document"),
    }
    rows = rows.filter(**{name: value for name, value in exact.items() if value is not None})
    if (url := questions.text(request, "url", limits.URL_CHARACTERS)) is not None:
        rows = rows.on_page(url_key(url))
    return rows
