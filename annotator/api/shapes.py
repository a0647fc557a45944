"""The JSON of requests and answers: what is checked on the way in, and what the OpenAPI document tells."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.fields import empty

from annotator import limits
from annotator.api.fields import (
    NOT_BLANK,
    Body,
    ClientId,
    Id,
    IfMatch,
    IfNoneMatch,
    Note,
    QuotedContext,
    QuotedText,
    TagName,
    Text,
    WebAddress,
    WholeNumber,
)
from annotator.models.annotations import Color, Motivation, Review, State
from annotator.paragraphs import PARAGRAPH_KINDS, Paragraph


class PositionShape(Body):
    """A place: a paragraph's index, and an offset in code points inside it."""

    paragraph = WholeNumber(min_value=0, max_value=limits.POSITION)
    offset = WholeNumber(min_value=0, max_value=limits.POSITION)


class QuoteShape(Body):
    """The highlighted text with what stands before and after it."""

    exact = QuotedText()
    prefix = QuotedContext(default="")
    suffix = QuotedContext(default="")


@extend_schema_field({"type": "string", "pattern": "^[0-9a-f]{64}$"})
class DigestOrNone(serializers.RegexField):
    """A snapshot's digest, or the empty text."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(r"^([0-9a-f]{64})?\Z", allow_blank=True, trim_whitespace=False, **kwargs)


class TargetShape(Body):
    """Where the annotation was made. A page note has at most `snapshot`."""

    rules = {  # noqa: RUF012  # nobody writes to it
        "anyOf": [
            {
                "required": ["snapshot", "start", "end"],
                "properties": {
                    "snapshot": {"type": "string", "minLength": 64},
                    "start": {"type": "object"},
                    "end": {"type": "object"},
                },
            },
            {"properties": {"start": {"type": "null"}, "end": {"type": "null"}}},
        ]
    }

    snapshot = DigestOrNone(default="", allow_null=True, help_text="The snapshot's digest")
    start = PositionShape(allow_null=True, default=None)
    end = PositionShape(allow_null=True, default=None)
    quote = QuoteShape(allow_null=True, default=None)

    def to_internal_value(self, data: Any) -> Any:
        """A RegexField would take a number for a digest."""
        if isinstance(data, dict) and not isinstance(data.get("snapshot"), str | None):
            raise serializers.ValidationError({"snapshot": ["Not a valid string."]})
        return super().to_internal_value(data)


_NULL: dict[str, Any] = {"type": "null"}
_NO_PLACE: dict[str, Any] = {
    "properties": {
        "start": _NULL,
        "end": _NULL,
        "quote": {"anyOf": [_NULL, {"properties": {"exact": {"maxLength": 0}}}]},
    }
}
_HIGHLIGHTED: dict[str, Any] = {
    "type": "object",
    "required": ["quote"],
    "properties": {"quote": {"type": "object", "properties": {"exact": {"pattern": NOT_BLANK}}}},
}


class AnnotationBody(Body):
    """What an author writes of an annotation. The server's own fields may be sent along and are not read."""

    rules = {  # noqa: RUF012  # nobody writes to it
        "anyOf": [
            {
                "required": ["url", "target"],
                "properties": {
                    "motivation": {
                        "anyOf": [{"const": "highlighting"}, {"const": "commenting"}],
                    },
                    "parent": _NULL,
                    "target": _HIGHLIGHTED,
                },
            },
            {
                "required": ["url"],
                "properties": {
                    "motivation": {"const": "describing"},
                    "parent": _NULL,
                    "target": _NO_PLACE,
                },
            },
            {
                "required": ["parent"],
                "properties": {
                    "motivation": {"const": "replying"},
                    "parent": {"type": "string"},
                    "target": _NO_PLACE,
                },
            },
        ]
    }

    read_only_keys = frozenset(
        {"library", "document", "version", "revision", "created", "updated", "author", "review", "anchor"}
    )

    id = ClientId(required=False, help_text="UUIDv7; has to be the one in the address")
    motivation = serializers.ChoiceField(Motivation.choices)
    url = WebAddress(
        required=False, allow_blank=False, help_text="The page's address; a reply's is its parent's"
    )
    color = serializers.ChoiceField(Color.choices, default=Color.YELLOW.value)
    note = Note(default="", help_text=f"Markdown, at most {limits.NOTE_BYTES} bytes")
    tags = serializers.ListField(
        child=TagName(allow_blank=False),
        default=list,
        max_length=limits.TAGS,
        help_text="A set; answered sorted",
    )
    parent = Id(allow_null=True, default=None)  # type: ignore[assignment]  # Field.parent is the framework's
    target = TargetShape(allow_null=True, default=None)


class AnnotationPatch(AnnotationBody):
    """The same with everything optional, but not, as `partial=True` would have it, the parts of `target`."""

    rules = {"minProperties": 1}  # noqa: RUF012  # nobody writes to it

    def get_fields(self) -> dict[str, Any]:
        """The same fields, without defaults."""
        fields = super().get_fields()
        for field in fields.values():
            field.required, field.default = False, empty
        return fields


class AuthorShape(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    name = serializers.CharField()


class AnchorShape(serializers.Serializer[Any]):
    """Where the text stands now; without snapshot where nobody has looked yet."""

    state = serializers.ChoiceField(State.choices)
    snapshot = serializers.CharField(allow_null=True)
    start = PositionShape(allow_null=True)
    end = PositionShape(allow_null=True)
    text = serializers.CharField(allow_blank=True)


class StoredTargetShape(serializers.Serializer[Any]):
    snapshot = serializers.CharField(allow_null=True)
    start = PositionShape(allow_null=True)
    end = PositionShape(allow_null=True)
    quote = QuoteShape(allow_null=True)


class AnnotationShape(serializers.Serializer[Any]):
    """An annotation as it is stored. Its ETag is `"<revision>"`."""

    id = serializers.UUIDField()
    library = serializers.UUIDField()
    document = serializers.UUIDField()
    url = serializers.CharField()
    version = serializers.IntegerField()
    revision = serializers.IntegerField()
    created = serializers.DateTimeField()
    updated = serializers.DateTimeField()
    author = AuthorShape()
    motivation = serializers.ChoiceField(Motivation.choices)
    color = serializers.ChoiceField(Color.choices)
    note = serializers.CharField(allow_blank=True)
    tags = serializers.ListField(child=serializers.CharField())
    parent = serializers.UUIDField(allow_null=True)  # type: ignore[assignment]  # Field.parent is the framework's
    review = serializers.ChoiceField(Review.choices)
    target = StoredTargetShape()
    anchor = AnchorShape()


class BatchItem(Body):
    """One write: what a request of its own would say in method, address, headers and body."""

    method = serializers.ChoiceField([(name, name) for name in ("PUT", "PATCH", "DELETE")])
    id = ClientId()
    if_match = IfMatch(required=False, allow_blank=False, help_text='As the header: `"<revision>"`')
    if_none_match = IfNoneMatch(required=False, allow_blank=False, help_text="As the header: `*`")
    annotation = serializers.DictField(required=False, help_text="The body of PUT and PATCH")


class BatchBody(Body):
    """Many writes."""

    items = serializers.ListField(
        child=BatchItem(),
        min_length=1,
        max_length=limits.BATCH_ITEMS,
        help_text=f"1 to {limits.BATCH_ITEMS}, done in this order",
    )


class BatchError(serializers.Serializer[Any]):
    """The one error shape's inside."""

    code = serializers.CharField()
    message = serializers.CharField()
    fields = serializers.DictField(child=serializers.ListField(child=serializers.CharField()))  # type: ignore[assignment]  # the shape's own word


class BatchResult(serializers.Serializer[Any]):
    """What the request of its own would have been answered."""

    status = serializers.IntegerField()
    etag = serializers.CharField(allow_null=True)
    annotation = AnnotationShape(allow_null=True)
    error = BatchError(allow_null=True)


class BatchAnswer(serializers.Serializer[Any]):
    """A result for each item, in the items' order."""

    results = BatchResult(many=True)


class AnnotationPage(serializers.Serializer[Any]):
    """Newest first; `cursor` asks for the next page, null at the end."""

    annotations = AnnotationShape(many=True)
    cursor = serializers.CharField(allow_null=True)


class DocumentShape(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    library = serializers.UUIDField()
    version = serializers.IntegerField()
    url = serializers.CharField()
    site = serializers.CharField(allow_blank=True)
    title = serializers.CharField(allow_blank=True)
    language = serializers.CharField(allow_blank=True)
    site_name = serializers.CharField(allow_blank=True)
    byline = serializers.CharField(allow_blank=True)
    published = serializers.CharField(allow_blank=True)
    aliases = serializers.ListField(child=serializers.CharField())
    created = serializers.DateTimeField()
    updated = serializers.DateTimeField()


class SnapshotShape(serializers.Serializer[Any]):
    """A snapshot without its paragraphs."""

    digest = serializers.CharField()
    library = serializers.UUIDField()
    document = serializers.UUIDField()
    version = serializers.IntegerField()
    url = serializers.CharField()
    extractor = serializers.CharField()
    created = serializers.DateTimeField()


class DocumentWithSnapshots(DocumentShape):
    """A document with its snapshots, oldest first."""

    snapshots = SnapshotShape(many=True)


class DocumentPage(serializers.Serializer[Any]):
    documents = DocumentWithSnapshots(many=True)
    cursor = serializers.CharField(allow_null=True)


KINDS = [(kind, kind) for kind in PARAGRAPH_KINDS]


class ParagraphShape(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(KINDS)
    text = serializers.CharField(allow_blank=True)
    article = serializers.BooleanField(default=True)


class SnapshotWithParagraphs(SnapshotShape):
    paragraphs = ParagraphShape(many=True)


class ParagraphBody(Body):
    """A paragraph as it is sent."""

    kind = serializers.ChoiceField(KINDS)
    text = Text()
    article = serializers.BooleanField(default=True)


class Paragraphs(serializers.ListField):
    """A list of paragraphs. Read by hand: a serializer for each of 20,000 would take a second."""

    def __init__(self) -> None:
        super().__init__(child=ParagraphBody(), min_length=1, max_length=limits.PARAGRAPHS)

    def to_internal_value(self, data: Any) -> list[Paragraph]:
        """Raises ValidationError naming the paragraph and its field."""
        if not isinstance(data, list) or not data:
            raise serializers.ValidationError("has to be a list of one paragraph or more")
        if len(data) > limits.PARAGRAPHS:
            raise serializers.ValidationError(f"are more than {limits.PARAGRAPHS}")
        return [_paragraph(index, one) for index, one in enumerate(data)]


def _paragraph(index: int, one: Any) -> Paragraph:
    if not isinstance(one, dict):
        raise serializers.ValidationError({str(index): ["has to be an object"]})
    kind, text, article = one.get("kind"), one.get("text"), one.get("article", True)
    if kind not in PARAGRAPH_KINDS:
        raise serializers.ValidationError(
            {f"{index}.kind": [f"has to be one of {', '.join(PARAGRAPH_KINDS)}"]}
        )
    if not isinstance(text, str):
        raise serializers.ValidationError({f"{index}.text": ["has to be a string"]})
    if not isinstance(article, bool):
        raise serializers.ValidationError({f"{index}.article": ["has to be true or false"]})
    if unknown := one.keys() - {"kind", "text", "article"}:
        raise serializers.ValidationError({f"{index}.{min(unknown)}": ["is not known here"]})
    return Paragraph(kind, text, article)


class SnapshotBody(Body):
    """What a browser saw. What the page says about itself may be left out; too long, it is cut."""

    read_only_keys = frozenset({"digest", "library", "document", "version", "created"})

    url = WebAddress(allow_blank=False)
    canonical = Text(default="", allow_null=True)
    title = Text(default="", allow_null=True)
    language = Text(default="", allow_null=True)
    site_name = Text(default="", allow_null=True)
    byline = Text(default="", allow_null=True)
    published = Text(default="", allow_null=True)
    extractor = Text(allow_blank=False, max_length=limits.EXTRACTOR_CHARACTERS)
    paragraphs = Paragraphs()


class FoundAnchorShape(Body):
    """Where an engine found one annotation. `text` is not read: the server cuts it out of the snapshot."""

    read_only_keys = frozenset({"text", "snapshot"})

    annotation = Id()
    state = serializers.ChoiceField([choice for choice in State.choices if choice[0] != State.PENDING])
    start = PositionShape(allow_null=True, default=None)
    end = PositionShape(allow_null=True, default=None)


class AnchorsBody(Body):
    engine = WholeNumber(min_value=1, max_value=limits.POSITION)
    anchors = serializers.ListField(child=FoundAnchorShape(), max_length=limits.ANCHORS)


class AnchorsAnswer(serializers.Serializer[Any]):
    """Ids of annotations: stored; left as they were, since a newer engine found those; and gone."""

    saved = serializers.ListField(child=serializers.UUIDField())
    kept = serializers.ListField(child=serializers.UUIDField())
    missing = serializers.ListField(child=serializers.UUIDField())
