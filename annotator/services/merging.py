"""Two articles made one, and one made two again.

Which of both an annotation and a text belong to, their addresses say: so that one also finds its way that
came while both were one, and so that what a page's `rel=canonical` joined can be split like what people did.
"""

import uuid
from collections.abc import Collection, Mapping
from typing import Any, Final

from django.utils import timezone
from django.utils.dateparse import parse_datetime

from annotator.errors import Invalid, NotThere
from annotator.models.annotations import Anchor, Annotation
from annotator.models.documents import Document, DocumentAlias, Snapshot
from annotator.models.events import Event, Kind, Tombstone
from annotator.models.libraries import Role
from annotator.models.users import User
from annotator.services.documents import site_of
from annotator.services.libraries import require_role
from annotator.services.placing import BATCH, place_again
from annotator.services.saved import Saved
from annotator.services.texts import copy_of, copy_texts, gather_anchors, in_order
from annotator.services.versions import Versions, writing
from annotator.url_key import url_key
from annotator.uuid7 import uuid7

# What a page says of itself, and stays with the article that it was said of.
_SAID: Final = ("title", "title_words", "language", "site_name", "byline", "published")


def merge_documents(
    *, into: Document, other: Document, actor: User, deed: uuid.UUID | None = None, verb: str = "merge"
) -> Saved[Document]:
    """Give all that `other` has (addresses, texts, annotations) to `into`; `other` is gone then.

    Raises Invalid (naming `other`) for the same article twice, NotAllowed below reviewer, NotThere where one
    of them is gone or of another library.
    """
    with writing(into.library_id) as versions:
        require_role(user=actor, library_id=into.library_id, role=Role.REVIEWER)
        heir, gone = _row(into, into.library_id), _row(other, into.library_id)
        if heir.pk == gone.pk:
            raise Invalid.field("other", "is this very article")
        told = _told(gone)
        told["texts"] = _hand_over_texts(gone, heir)
        gone.aliases.update(document=heir)
        _move(list(gone.annotations.only("document", "version", "deleted")), heir, versions)
        gone.delete()
        Tombstone.objects.create(
            library_id=heir.library_id, version=versions.take(), kind=Kind.DOCUMENT, row=told["id"]
        )
        _settle(heir, versions)
        _tell(heir, actor, verb, deed, before=told, after={"id": str(heir.pk), "title": heir.title})
    return Saved(heir, created=False, changed=True)


def split_document(
    *,
    document: Document,
    addresses: Collection[str],
    actor: User,
    deed: uuid.UUID | None = None,
    merged: Mapping[str, Any] | None = None,
) -> Saved[Document]:
    """Make an article of some of its addresses, with the texts and annotations that came from there.

    A text that annotations on either side were made on is on both. `merged`, an Event's `before`, gives the
    new one back the id, the names and the texts that it had before a merge. Answers the new article.

    Raises Invalid (naming `addresses`) where it has none of them, or no others; NotAllowed below reviewer;
    NotThere.
    """
    with writing(document.library_id) as versions:
        require_role(user=actor, library_id=document.library_id, role=Role.REVIEWER)
        old = _row(document, document.library_id)
        going = _going(old, addresses)
        new = _made_anew(old, going, merged or {}, versions)
        DocumentAlias.objects.filter(pk__in=[alias.pk for alias in going]).update(document=new)
        keys = {alias.key for alias in going}
        _move(_made_at(old, keys), new, versions)
        _share_texts(old, new, keys, (merged or {}).get("texts", ()), versions)
        _settle(old, versions)
        _settle(new, versions)
        after = {"id": str(new.pk), "addresses": [alias.url for alias in going]}
        _tell(old, actor, "undo" if merged else "split", deed, before=None, after=after)
    return Saved(new, created=True, changed=True)


def _row(document: Document, library_id: uuid.UUID) -> Document:
    """As it is under the library's lock."""
    row = Document.objects.filter(pk=document.pk, library_id=library_id).first()
    if row is None:
        raise NotThere
    return row


def _told(document: Document) -> dict[str, Any]:
    """All that making it again needs."""
    addresses = list(document.aliases.order_by("created", "pk").values_list("url", flat=True))
    return {
        "id": str(document.pk),
        "url": document.url,
        "created": document.created.isoformat(),
        **{name: getattr(document, name) for name in _SAID},
        "addresses": addresses,
    }


def _hand_over_texts(gone: Document, heir: Document) -> list[dict[str, Any]]:
    """One of two same texts is enough: answered is what is special about the ones that went."""
    kept = dict(heir.snapshots.values_list("digest", "pk"))
    twins = list(gone.snapshots.filter(digest__in=kept).defer("paragraphs"))
    for twin in twins:
        Anchor.objects.filter(snapshot=twin).update(snapshot=kept[twin.digest])
    Snapshot.objects.filter(pk__in=[twin.pk for twin in twins]).delete()
    gone.snapshots.update(document=heir)
    return [{"digest": twin.digest, "url": twin.url, "created": twin.created.isoformat()} for twin in twins]


def _move(rows: list[Annotation], to: Document, versions: Versions) -> None:
    """A deleted one moves in silence: nobody is told anything of it but that it is gone."""
    for row in rows:
        row.document = to
        if row.deleted is None:
            row.version = versions.take()
    Annotation.objects.bulk_update(rows, ["document", "version"], batch_size=BATCH)


def _settle(document: Document, versions: Versions) -> None:
    """The document told anew, its texts in their order, and its annotations placed in the latest."""
    document.version, document.updated = versions.take(), timezone.now()
    document.save(update_fields=["version", "updated"])
    gather_anchors(document=document)
    in_order(document=document, versions=versions)
    place_again(document=document, versions=versions)


def _going(document: Document, addresses: Collection[str]) -> list[DocumentAlias]:
    aliases = list(document.aliases.order_by("created", "pk"))
    going = [alias for alias in aliases if alias.url in addresses]
    if not going:
        raise Invalid.field("addresses", "this article has none of them")
    if len(going) == len(aliases):
        raise Invalid.field("addresses", "one has to stay with this article")
    return going


def _made_anew(
    old: Document, going: list[DocumentAlias], merged: Mapping[str, Any], versions: Versions
) -> Document:
    """The other article: as it was before a merge, or else with the names of this one."""
    known = merged or {name: getattr(old, name) for name in _SAID}
    url = merged.get("url") or going[0].url
    created = parse_datetime(merged["created"]) if merged else None
    new = Document(
        id=uuid.UUID(merged["id"]) if merged else uuid7(),
        library_id=old.library_id, version=versions.take(), url=url, site=site_of(url),
        created=created or timezone.now(), **{name: known[name] for name in _SAID},
    )  # fmt: skip
    new.save(force_insert=True)
    Tombstone.objects.filter(library_id=old.library_id, row=new.pk).delete()
    return new


def _made_at(document: Document, keys: Collection[str]) -> list[Annotation]:
    """Annotations made at these addresses; a reply goes with what it answers."""
    rows = {
        row.pk: row for row in document.annotations.only("document", "version", "deleted", "url", "parent")
    }
    by_url = {url: url_key(url) in keys for url in {row.url for row in rows.values()}}

    def goes(row: Annotation) -> bool:
        parent = rows.get(row.parent_id) if row.parent_id else None
        # Of a purged one, only that it was there is left: its replies say where.
        return goes(parent) if parent is not None and parent.url else by_url[row.url]

    return [row for row in rows.values() if goes(row)]


def _share_texts(
    old: Document,
    new: Document,
    keys: Collection[str],
    twins: Collection[Mapping[str, Any]],
    versions: Versions,
) -> None:
    """Texts go where they were seen; a copy to either side that needs one of the other's."""
    seen_there = [text.pk for text in old.snapshots.only("document", "url") if url_key(text.url) in keys]
    Snapshot.objects.filter(pk__in=seen_there).update(document=new)
    for twin in twins:
        text = old.snapshots.filter(digest=twin["digest"]).first()
        if text is not None:
            text.url, text.created = twin["url"], parse_datetime(twin["created"]) or text.created
            copy_of(text, to=new, version=versions.take()).save(force_insert=True)
    for one, another in ((old, new), (new, old)):
        named = one.annotations.exclude(snapshot_digest="").values("snapshot_digest")
        copy_texts(another.snapshots.filter(digest__in=named), to=one, versions=versions)


def _tell(
    document: Document,
    actor: User,
    verb: str,
    deed: uuid.UUID | None,
    *,
    before: dict[str, Any] | None,
    after: dict[str, Any],
) -> None:
    Event.objects.create(
        library_id=document.library_id, actor=actor, verb=verb, kind=Kind.DOCUMENT, row=document.pk,
        deed=deed, before=before, after=after,
    )  # fmt: skip
