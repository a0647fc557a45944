"""`libraries/{library}/documents`."""

import uuid

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from annotator import limits
from annotator.api import questions, represent
from annotator.api.base import CURSOR, LIBRARY, READING, LibraryView, refusals, short_text, whole_number
from annotator.api.shapes import DocumentPage, DocumentWithSnapshots
from annotator.errors import NotThere
from annotator.models.documents import Document
from annotator.url_key import url_key


class DocumentsView(LibraryView):
    """A library's documents."""

    @extend_schema(
        operation_id="find_documents",
        parameters=[
            LIBRARY,
            OpenApiParameter(
                "url", short_text(limits.URL_CHARACTERS), description="Seen at this address, in any spelling"
            ),
            OpenApiParameter("limit", whole_number(1, limits.PAGE_MOST)),
            CURSOR,
        ],
        responses={200: DocumentPage, **refusals(*READING)},
    )
    def get(self, request: Request, library: str) -> Response:
        """Find documents, newest first."""
        size = questions.whole_number(request, "limit", default=limits.PAGE, least=1, most=limits.PAGE_MOST)
        cursor = questions.cursor(request)
        rows = Document.objects.in_libraries([self.library()])
        if (url := questions.text(request, "url", limits.URL_CHARACTERS)) is not None:
            rows = rows.on_page(url_key(url))
        found, following = questions.page(rows.whole(), cursor, size)
        documents = [represent.document_with_snapshots(row) for row in found]
        return Response({"documents": documents, "cursor": following})


class DocumentView(LibraryView):
    """One document."""

    @extend_schema(
        operation_id="read_document",
        parameters=[LIBRARY],
        responses={200: DocumentWithSnapshots, **refusals(*READING)},
    )
    def get(self, request: Request, library: str, id: uuid.UUID) -> Response:
        """Read a document with its addresses and its snapshots' digests."""
        row = Document.objects.in_libraries([self.library()]).whole().filter(pk=id).first()
        if row is None:
            raise NotThere
        return Response(represent.document_with_snapshots(row))
