"""The rows. Django finds an app's models here; everything else imports the module that it needs."""

from annotator.models.annotations import Anchor, Annotation, AnnotationTag, Tag
from annotator.models.attempts import Attempt
from annotator.models.decisions import Decision
from annotator.models.documents import Document, DocumentAlias, Snapshot
from annotator.models.events import Event, Job, Tombstone
from annotator.models.libraries import Library, Membership
from annotator.models.search import Searched
from annotator.models.users import PersonalToken, User

__all__ = [
    "Anchor",
    "Annotation",
    "AnnotationTag",
    "Attempt",
    "Decision",
    "Document",
    "DocumentAlias",
    "Event",
    "Job",
    "Library",
    "Membership",
    "PersonalToken",
    "Searched",
    "Snapshot",
    "Tag",
    "Tombstone",
    "User",
]
