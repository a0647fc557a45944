"""One annotation put, changed or deleted, with its answer: what the single doors and the batch share."""

import uuid
from typing import Any

from rest_framework.response import Response

from annotator.api import represent
from annotator.api.etags import etag
from annotator.api.reading import written_from, written_from_patch
from annotator.errors import Invalid, NotThere
from annotator.models.annotations import Annotation
from annotator.models.events import Kind, Tombstone
from annotator.models.libraries import Library
from annotator.models.users import User
from annotator.services.annotations import delete_annotation, save_annotation
from annotator.services.preconditions import Matching, Precondition
from annotator.services.saved import Saved
from annotator.services.written import written_of
from annotator.uuid7 import is_uuid7


def answer(saved: Saved[Annotation]) -> Response:
    """201 or 200, the row, and its ETag."""
    return answer_with(Annotation.objects.whole().get(pk=saved.row.pk), saved)


def answer_with(row: Annotation, saved: Saved[Annotation]) -> Response:
    """The same with the row as it was read after it was saved."""
    return with_etag(row, status=201 if saved.created else 200)


def with_etag(row: Annotation, status: int = 200) -> Response:
    """The row and its ETag."""
    return Response(represent.annotation(row), status=status, headers={"ETag": etag(row.revision)})


def visible(library: Library, id: uuid.UUID, reader: User) -> Annotation:
    """The living row, if the reader may see it. Raises NotThere."""
    seen = Annotation.objects.in_libraries([library]).alive().shown_to(reader)
    row = seen.whole().filter(pk=id).first()
    if row is None:
        raise NotThere
    return row


def put(
    library: Library, id: uuid.UUID, author: User, sent: Any, demanded: Precondition | None
) -> Saved[Annotation]:
    """Make or change it as a whole. Raises ValidationError and what `save_annotation` does."""
    if not is_uuid7(id):
        raise Invalid.field("id", "has to be a UUID of version 7")
    written = written_from(sent, id, library, author)
    return save_annotation(library=library, author=author, id=id, written=written, precondition=demanded)


def patch(
    library: Library, id: uuid.UUID, author: User, sent: Any, demanded: Precondition | None
) -> Saved[Annotation]:
    """Change what is named. Raises as `put`, and NotThere."""
    row = visible(library, id, author)
    if demanded is None:
        # The rest of the row has to be the one that was just read.
        demanded = Matching(frozenset({row.revision}))
    written = written_from_patch(sent, id, written_of(row))
    return save_annotation(library=library, author=author, id=id, written=written, precondition=demanded)


def delete(library: Library, id: uuid.UUID, actor: User, demanded: Precondition | None) -> Response:
    """204 with the deleted row's ETag; without one where it was purged. Raises as `delete_annotation`."""
    row = Annotation.objects.in_libraries([library]).filter(pk=id).first()
    if row is None:
        if Tombstone.objects.filter(library=library, kind=Kind.ANNOTATION, row=id).exists():
            return Response(status=204)
        raise NotThere
    saved = delete_annotation(annotation=row, actor=actor, precondition=demanded)
    return Response(status=204, headers={"ETag": etag(saved.row.revision)})
