"""`libraries/{library}/annotations/{id}/review`: a reviewer's decision and tags, in one request."""

import uuid
from typing import Any

from django.db import transaction
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from annotator import limits
from annotator.api import one_annotation
from annotator.api.base import LIBRARY, WRITING, LibraryView, caller, refusals
from annotator.api.fields import Body, TagName, Text
from annotator.api.shapes import AnnotationShape
from annotator.errors import Invalid
from annotator.models.annotations import Annotation, Review
from annotator.services.amending import retag
from annotator.services.reviewing import decide
from annotator.uuid7 import uuid7


class ReviewBody(Body):
    """What is left out stays. `none` withdraws one's own decision; others' decisions are never touched."""

    review = serializers.ChoiceField(Review.choices, required=False)
    reason = Text(default="", help_text="Goes with `flagged`, and only there; its author reads it as a reply")
    add_tags = serializers.ListField(child=TagName(allow_blank=False), default=list, max_length=limits.TAGS)
    remove_tags = serializers.ListField(child=Text(allow_blank=False), default=list, max_length=limits.TAGS)


class ReviewView(LibraryView):
    """What reviewers do with one annotation."""

    @extend_schema(
        operation_id="review_annotation",
        parameters=[LIBRARY],
        request=ReviewBody,
        responses={200: AnnotationShape, **refusals(*WRITING)},
    )
    def post(self, request: Request, library: str, id: uuid.UUID) -> Response:
        """Decide on an annotation, add and remove its tags: all of it or nothing. May be repeated.

        A decision moves the version, tags the revision too. `review` in the answer is the strictest of all
        reviewers' decisions.
        """
        row = one_annotation.visible(self.library(), id, caller(request))
        body = ReviewBody(data=request.data)
        body.is_valid(raise_exception=True)
        sent: dict[str, Any] = body.validated_data
        if "review" not in sent and not sent["add_tags"] and not sent["remove_tags"]:
            raise Invalid.field("body", "names nothing to do")
        if sent["reason"] and sent.get("review") != Review.FLAGGED:
            raise Invalid.field("reason", "goes with the review flagged, and only with it")
        _do(row, request, sent)
        return one_annotation.with_etag(Annotation.objects.whole().get(pk=row.pk))


@transaction.atomic
def _do(row: Annotation, request: Request, sent: dict[str, Any]) -> None:
    deed, actor = uuid7(), caller(request)
    if sent["add_tags"] or sent["remove_tags"]:
        retag(annotation=row, actor=actor, add=sent["add_tags"], remove=sent["remove_tags"], deed=deed)
    if "review" in sent:
        decide(annotation=row, actor=actor, review=Review(sent["review"]), reason=sent["reason"], deed=deed)
