"""`libraries/{library}/snapshots/{digest}` and the anchors in it."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from annotator.api import represent
from annotator.api.base import DIGEST, LIBRARY, READING, WRITING, LibraryView, caller, refusals
from annotator.api.bodies import SnapshotJSONParser
from annotator.api.reading import anchors_from, snapshot_from
from annotator.api.shapes import (
    AnchorsAnswer,
    AnchorsBody,
    SnapshotBody,
    SnapshotShape,
    SnapshotWithParagraphs,
)
from annotator.errors import NotThere
from annotator.models.documents import Snapshot
from annotator.services.snapshots import save_anchors, save_snapshot


class SnapshotView(LibraryView):
    """A snapshot by its digest."""

    parser_classes = (SnapshotJSONParser,)

    @extend_schema(
        operation_id="read_snapshot",
        parameters=[LIBRARY, DIGEST],
        responses={200: SnapshotWithParagraphs, **refusals(*READING)},
    )
    def get(self, request: Request, library: str, digest: str) -> Response:
        """Read a snapshot with its paragraphs."""
        stored = Snapshot.objects.filter(library=self.library(), digest=digest).order_by("version").first()
        if stored is None:
            raise NotThere
        return Response(represent.snapshot_with_paragraphs(stored))

    @extend_schema(
        operation_id="save_snapshot",
        parameters=[LIBRARY, DIGEST],
        request=SnapshotBody,
        responses={200: SnapshotShape, 201: SnapshotShape, **refusals(*WRITING)},
    )
    def put(self, request: Request, library: str, digest: str) -> Response:
        """Store what a browser saw; creates or finds the document. May be repeated."""
        where = self.library()
        page, paragraphs, extractor = snapshot_from(request.data)
        saved = save_snapshot(
            library=where,
            author=caller(request),
            digest=digest,
            page=page,
            paragraphs=paragraphs,
            extractor=extractor,
        )
        return Response(represent.snapshot(saved.row), status=201 if saved.created else 200)


class AnchorsView(LibraryView):
    """Where an engine found annotations in a snapshot."""

    @extend_schema(
        operation_id="save_anchors",
        parameters=[LIBRARY, DIGEST],
        request=AnchorsBody,
        responses={200: AnchorsAnswer, **refusals(*WRITING)},
    )
    def put(self, request: Request, library: str, digest: str) -> Response:
        """Store anchors; an older engine never overwrites a newer one. May be repeated."""
        where = self.library()
        engine, anchors = anchors_from(request.data)
        done = save_anchors(
            library=where, author=caller(request), digest=digest, engine=engine, anchors=anchors
        )
        return Response({"saved": done.saved, "kept": done.kept, "missing": done.missing})
