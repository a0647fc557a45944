"""`libraries/{library}/changes`: the feed that mirrors follow."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import (
    OpenApiParameter,
    PolymorphicProxySerializer,
    extend_schema,
    extend_schema_field,
)
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from annotator import limits
from annotator.api import questions, represent
from annotator.api.base import LIBRARY, READING, LibraryView, caller, refusals, whole_number
from annotator.api.shapes import AnnotationShape, DocumentShape, SnapshotShape
from annotator.feed import Change, changes_after
from annotator.models.annotations import Annotation
from annotator.models.documents import Document, Snapshot
from annotator.models.events import Kind


@extend_schema_field(
    PolymorphicProxySerializer(
        component_name="Row",
        serializers=[AnnotationShape, DocumentShape, SnapshotShape],
        resource_type_field_name=None,
    )
)
class RowField(serializers.DictField):
    """The row as its own address would tell it."""


class ChangeShape(serializers.Serializer[Any]):
    """A row that changed, or, without `row`, one that is gone (or hidden from the reader)."""

    kind = serializers.ChoiceField([(Kind.ANNOTATION, ""), (Kind.DOCUMENT, ""), (Kind.SNAPSHOT, "")])
    version = serializers.IntegerField()
    id = serializers.UUIDField()
    deleted = serializers.BooleanField()
    revision = serializers.IntegerField(allow_null=True, help_text="A deleted annotation's; its ETag")
    row = RowField(required=False)


class Changes(serializers.Serializer[Any]):
    """A piece of the feed, in version order. Ask on with `since=<next>`; at once if there is `more`."""

    epoch = serializers.UUIDField()
    version = serializers.IntegerField(help_text="The library's, when this was read")
    since = serializers.IntegerField()
    next = serializers.IntegerField()
    more = serializers.BooleanField()
    changes = ChangeShape(many=True)


class ChangesView(LibraryView):
    """What happened after a version."""

    @extend_schema(
        operation_id="read_changes",
        parameters=[
            LIBRARY,
            OpenApiParameter(
                "since", whole_number(0, limits.INTEGER), description="A version; 0 is the beginning"
            ),
            OpenApiParameter("limit", whole_number(1, limits.FEED_PAGE_MOST)),
            OpenApiParameter("epoch", OpenApiTypes.UUID, description="The epoch that `since` was told in"),
        ],
        responses={200: Changes, **refusals(*READING, 410)},
    )
    def get(self, request: Request, library: str) -> Response:
        """Read the change feed."""
        page = changes_after(
            library=self.library(),
            reader=caller(request),
            since=questions.whole_number(request, "since", default=0, least=0, most=limits.INTEGER),
            limit=questions.whole_number(
                request, "limit", default=limits.FEED_PAGE, least=1, most=limits.FEED_PAGE_MOST
            ),
            epoch=questions.identifier(request, "epoch"),
        )
        return Response(
            {
                "epoch": page.epoch,
                "version": page.head,
                "since": page.since,
                "next": page.next,
                "more": page.more,
                "changes": [_change(change) for change in page.changes],
            }
        )


def _change(change: Change) -> represent.Json:
    told: represent.Json = {
        "kind": change.kind.value,
        "version": change.version,
        "id": str(change.id),
        "deleted": change.row is None,
        "revision": change.revision,
    }
    match change.row:
        case Annotation():
            told["row"] = represent.annotation(change.row)
        case Document():
            told["row"] = represent.document(change.row)
        case Snapshot():
            told["row"] = represent.snapshot(change.row)
    return told
