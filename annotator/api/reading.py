"""Checked bodies as the services' own words."""

import uuid
from dataclasses import replace
from typing import Any

from annotator.api.shapes import AnchorsBody, AnnotationBody, AnnotationPatch, SnapshotBody
from annotator.errors import Invalid
from annotator.models.annotations import Annotation, State
from annotator.models.libraries import Library
from annotator.models.users import User
from annotator.paragraphs import Paragraph, Position, Quote
from annotator.services.documents import Page
from annotator.services.placing import Found
from annotator.services.snapshots import FoundAnchor
from annotator.services.written import Target, Written


def written_from(data: Any, id: uuid.UUID | None, library: Library, author: User) -> Written:
    """A whole annotation. A reply without `url` stands at its parent's. Raises ValidationError, Invalid."""
    body = AnnotationBody(data=data)
    body.is_valid(raise_exception=True)
    sent: dict[str, Any] = body.validated_data
    _check_id(sent, id)
    url = sent.get("url")
    if url is None and sent["parent"] is not None:
        seen = Annotation.objects.in_libraries([library]).alive().shown_to(author)
        url = seen.filter(pk=sent["parent"]).values_list("url", flat=True).first()
        if url is None:
            raise Invalid.field("parent", "there is no such annotation in this library")
    if url is None:
        raise Invalid.field("url", "is missing")
    return Written(
        motivation=sent["motivation"],
        url=url,
        color=sent["color"],
        note=sent["note"],
        tags=_tags(sent["tags"]),
        parent=sent["parent"],
        target=_target(sent["target"]),
    )


def written_from_patch(data: Any, id: uuid.UUID, stored: Written) -> Written:
    """What is stored, with the sent parts changed. Raises ValidationError, Invalid."""
    if data == {}:
        raise Invalid.field("body", "names nothing to change")
    body = AnnotationPatch(data=data)
    body.is_valid(raise_exception=True)
    sent: dict[str, Any] = body.validated_data
    _check_id(sent, id)
    sent.pop("id", None)
    if "target" in sent:
        sent["target"] = _target(sent["target"])
    if "tags" in sent:
        sent["tags"] = _tags(sent["tags"])
    return replace(stored, **sent)


def snapshot_from(data: Any) -> tuple[Page, list[Paragraph], str]:
    """The page, its paragraphs, and the extractor's version. Raises ValidationError."""
    body = SnapshotBody(data=data)
    body.is_valid(raise_exception=True)
    sent: dict[str, Any] = body.validated_data
    paragraphs, extractor = sent.pop("paragraphs"), sent.pop("extractor")
    return Page(**{name: text or "" for name, text in sent.items()}), paragraphs, extractor


def anchors_from(data: Any) -> tuple[int, list[FoundAnchor]]:
    """The engine's version and what it found. Raises ValidationError."""
    body = AnchorsBody(data=data)
    body.is_valid(raise_exception=True)
    sent: dict[str, Any] = body.validated_data
    return sent["engine"], [
        FoundAnchor(
            one["annotation"], Found(State(one["state"]), _position(one["start"]), _position(one["end"]))
        )
        for one in sent["anchors"]
    ]


def _check_id(sent: dict[str, Any], id: uuid.UUID | None) -> None:
    if "id" in sent and sent["id"] != id:
        raise Invalid.field(
            "id", "is not the one in the address" if id else "is made by the server here; use PUT"
        )


def _tags(tags: list[str]) -> tuple[str, ...]:
    for index, tag in enumerate(tags):
        if not tag.strip():
            raise Invalid.field(f"tags.{index}", "is empty")
    return tuple(tags)


def _target(sent: dict[str, Any] | None) -> Target:
    if sent is None:
        return Target()
    quote = sent.get("quote")
    return Target(
        snapshot=sent.get("snapshot") or "",
        start=_position(sent.get("start")),
        end=_position(sent.get("end")),
        quote=Quote(quote["exact"], quote.get("prefix", ""), quote.get("suffix", "")) if quote else Quote(""),
    )


def _position(sent: dict[str, int] | None) -> Position | None:
    return Position(sent["paragraph"], sent["offset"]) if sent else None
