"""`libraries/{library}/annotations`: write, read, find, delete, bring back."""

import uuid
from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from annotator import limits
from annotator.api import questions, represent
from annotator.api.base import (
    IF_MATCH,
    IF_NONE_MATCH,
    LIBRARY,
    READING,
    WRITING,
    LibraryView,
    caller,
    refusals,
)
from annotator.api.etags import etag, precondition
from annotator.api.reading import written_from, written_from_patch
from annotator.api.shapes import AnnotationBody, AnnotationPage, AnnotationPatch, AnnotationShape
from annotator.errors import Invalid, NotThere
from annotator.models.annotations import Annotation, AnnotationQuerySet, Color, Review, State
from annotator.models.events import Kind, Tombstone
from annotator.models.libraries import Library
from annotator.search import having_words
from annotator.services.annotations import delete_annotation, restore_annotation, save_annotation
from annotator.services.preconditions import Matching
from annotator.services.saved import Saved
from annotator.services.written import written_of
from annotator.url_key import url_key
from annotator.uuid7 import is_uuid7, uuid7


def answer(saved: Saved[Annotation]) -> Response:
    """201 or 200, the row, and its ETag."""
    row = Annotation.objects.whole().get(pk=saved.row.pk)
    return with_etag(row, status=201 if saved.created else 200)


def with_etag(row: Annotation, status: int = 200) -> Response:
    """The row and its ETag."""
    return Response(represent.annotation(row), status=status, headers={"ETag": etag(row.revision)})


class AnnotationsView(LibraryView):
    """All annotations of a library."""

    @extend_schema(
        operation_id="find_annotations",
        parameters=[
            LIBRARY,
            OpenApiParameter(
                "url", OpenApiTypes.STR, description="On this page, in any spelling of its address"
            ),
            OpenApiParameter("q", OpenApiTypes.STR, description="With these words in quote, note or tags"),
            OpenApiParameter("tag", OpenApiTypes.STR, description="With this tag"),
            OpenApiParameter("color", OpenApiTypes.STR, enum=Color.values),
            OpenApiParameter("state", OpenApiTypes.STR, enum=State.values),
            OpenApiParameter("review", OpenApiTypes.STR, enum=Review.values),
            OpenApiParameter("document", OpenApiTypes.UUID),
            OpenApiParameter("limit", OpenApiTypes.INT, description=f"1 to {limits.PAGE_MOST}"),
            OpenApiParameter("cursor", OpenApiTypes.STR, description="From the page before"),
        ],
        responses={200: AnnotationPage, **refusals(*READING)},
    )
    def get(self, request: Request, library: str) -> Response:
        """Find annotations, newest first."""
        size = questions.whole_number(request, "limit", default=limits.PAGE, least=1, most=limits.PAGE_MOST)
        cursor = questions.Cursor.asked(request)
        seen = Annotation.objects.in_libraries([self.library()]).alive().shown_to(caller(request))
        rows, following = questions.page(_narrowed(seen, request).whole(), cursor, size)
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
        response = answer(saved)
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
        return with_etag(_visible(self.library(), id, request))

    @extend_schema(
        operation_id="save_annotation",
        parameters=[LIBRARY, IF_MATCH, IF_NONE_MATCH],
        request=AnnotationBody,
        responses={200: AnnotationShape, 201: AnnotationShape, **refusals(*WRITING, 409, 412)},
    )
    def put(self, request: Request, library: str, id: uuid.UUID) -> Response:
        """Make an annotation with the caller's id, or change it. May be repeated.

        What is stored already is answered with 200 whatever the precondition says. A deleted one comes back
        where `If-Match` names its current revision.
        """
        where = self.library()
        if not is_uuid7(id):
            raise Invalid.field("id", "has to be a UUID of version 7")
        written = written_from(request.data, id, where, caller(request))
        return answer(
            save_annotation(
                library=where,
                author=caller(request),
                id=id,
                written=written,
                precondition=precondition(request),
            )
        )

    @extend_schema(
        operation_id="change_annotation",
        parameters=[LIBRARY, IF_MATCH],
        request=AnnotationPatch,
        responses={200: AnnotationShape, **refusals(*WRITING, 412)},
    )
    def patch(self, request: Request, library: str, id: uuid.UUID) -> Response:
        """Change some of what its author wrote; what is not named stays. `target` is changed as a whole."""
        where = self.library()
        row = _visible(where, id, request)
        demanded = precondition(request)
        if demanded is None:
            # The rest of the row has to be the one that was just read.
            demanded = Matching(frozenset({row.revision}))
        written = written_from_patch(request.data, id, written_of(row))
        saved = save_annotation(
            library=where, author=caller(request), id=id, written=written, precondition=demanded
        )
        return answer(saved)

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
        where = self.library()
        row = Annotation.objects.in_libraries([where]).filter(pk=id).first()
        if row is None:
            if Tombstone.objects.filter(library=where, kind=Kind.ANNOTATION, row=id).exists():
                return Response(status=204)
            raise NotThere
        saved = delete_annotation(annotation=row, actor=caller(request), precondition=precondition(request))
        return Response(status=204, headers={"ETag": etag(saved.row.revision)})


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
        return answer(
            restore_annotation(annotation=row, actor=caller(request), precondition=precondition(request))
        )


def _visible(library: Library, id: uuid.UUID, request: Request) -> Annotation:
    seen = Annotation.objects.in_libraries([library]).alive().shown_to(caller(request))
    row = seen.whole().filter(pk=id).first()
    if row is None:
        raise NotThere
    return row


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
    if (query := questions.text(request, "q", limits.SEARCH_CHARACTERS)) is not None:
        rows = having_words(rows, query)
    return rows
