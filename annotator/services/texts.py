"""Texts of articles that come to another article: copied, brought into order, and the anchors in them."""

from collections.abc import Collection
from typing import Final

from django.db.models import QuerySet

from annotator.models.annotations import Anchor
from annotator.models.documents import Document, Snapshot
from annotator.services.placing import BATCH
from annotator.services.versions import Versions

# What a copy has of its own.
_OWN: Final = ("id", "library", "document", "version")


def copy_texts(texts: "QuerySet[Snapshot]", *, to: Document, versions: Versions) -> int:
    """Give an article those of the texts that it lacks, of whatever library; how many that were.

    The caller brings them in order.
    """
    known = set(to.snapshots.values_list("digest", flat=True))
    copied = 0
    for text in texts.order_by("created", "version"):
        if text.digest not in known:
            known.add(text.digest)
            copied += 1
            copy_of(text, to=to, version=versions.take()).save(force_insert=True)
    return copied


def copy_of(text: Snapshot, *, to: Document, version: int) -> Snapshot:
    """The same text as one of another article's, not yet stored."""
    same = {
        field.attname: getattr(text, field.attname)
        for field in Snapshot._meta.concrete_fields
        if field.name not in _OWN
    }
    return Snapshot(library_id=to.library_id, document=to, version=version, **same)


def in_order(*, document: Document, versions: Versions) -> None:
    """All of its texts told anew, in the order in which they were seen: the latest has the last version."""
    texts = list(document.snapshots.only("document", "version").order_by("created", "version"))
    for text in texts:
        text.version = versions.take()
    Snapshot.objects.bulk_update(texts, ["version"], batch_size=BATCH)


def gather_anchors(*, document: Document) -> None:
    """Anchors in texts of another article: moved to the same text of this one, or gone."""
    own = dict(document.snapshots.values_list("digest", "pk"))
    strays = Anchor.objects.filter(annotation__document=document).exclude(snapshot__document=document)
    digests: Collection[str] = set(strays.values_list("snapshot__digest", flat=True))
    for digest in own.keys() & digests:
        there = Anchor.objects.filter(snapshot=own[digest]).values("annotation")
        of_text = strays.filter(snapshot__digest=digest).exclude(annotation__in=there)
        Anchor.objects.filter(pk__in=list(of_text.values_list("pk", flat=True))).update(
            snapshot=own[digest], library=document.library_id
        )
    strays.delete()
