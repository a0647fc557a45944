"""Serializer fields that take a JSON type for what it is: no number is a text, no text a number."""

import uuid
from collections.abc import Mapping
from typing import Any, Final

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from annotator import limits

# What the OpenAPI document tells of texts whose rule is the services'. Patterns are those of ECMA-262.
UUID7: Final = "^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-7[0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12}$"
NOT_BLANK: Final = r"[^\s\u001c-\u001f\u0085]"
_WEB_ADDRESS: Final = r"^[Hh][Tt][Tt][Pp][Ss]?://[^\s/?#\\@]+([/?#\\]\S*)?$"
_ENTITY_TAGS: Final = r'^(\*|(W/)?"[!#-~]*"(, ?(W/)?"[!#-~]*")*)$'
IF_MATCH: Final[dict[str, Any]] = {"type": "string", "pattern": _ENTITY_TAGS}
IF_NONE_MATCH: Final[dict[str, Any]] = {"type": "string", "const": "*"}


class Text(serializers.CharField):
    """A JSON string, kept exactly."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("trim_whitespace", False)
        kwargs.setdefault("allow_blank", True)
        super().__init__(**kwargs)

    def to_internal_value(self, data: Any) -> str:
        """Raises ValidationError for anything but a string."""
        if not isinstance(data, str):
            self.fail("invalid")
        return data


@extend_schema_field(
    {"type": "string", "format": "uri", "pattern": _WEB_ADDRESS, "maxLength": limits.URL_CHARACTERS}
)
class WebAddress(Text):
    """A page's address."""


@extend_schema_field(
    {"type": "string", "maxLength": limits.NOTE_BYTES, "description": f"At most {limits.NOTE_BYTES} bytes"}
)
class Note(Text):
    """Markdown."""


@extend_schema_field({"type": "string", "pattern": NOT_BLANK, "maxLength": limits.TAG_CHARACTERS})
class TagName(Text):
    """One tag."""


@extend_schema_field({"type": "string", "maxLength": limits.QUOTE_BYTES})
class QuotedText(Text):
    """What was highlighted."""


@extend_schema_field({"type": "string", "maxLength": limits.CONTEXT_CHARACTERS})
class QuotedContext(Text):
    """What stands before or after it."""


@extend_schema_field(IF_MATCH)
class IfMatch(Text):
    """The header in an item of a batch."""


@extend_schema_field(IF_NONE_MATCH)
class IfNoneMatch(Text):
    """The header in an item of a batch."""


class WholeNumber(serializers.IntegerField):
    """A JSON integer."""

    def to_internal_value(self, data: Any) -> int:
        """Raises ValidationError for anything but an integer."""
        if not isinstance(data, int) or isinstance(data, bool):
            self.fail("invalid")
        return data


class YesNo(serializers.BooleanField):
    """A JSON true or false."""

    def to_internal_value(self, data: Any) -> bool:
        """Raises ValidationError for anything but a boolean."""
        if not isinstance(data, bool):
            self.fail("invalid", input=data)
        return data


def uuid_from(text: object) -> uuid.UUID | None:
    """A UUID in its 36 characters (RFC 9562, section 4); None for anything else, also for other spellings."""
    try:
        found = uuid.UUID(text) if isinstance(text, str) else None
    except ValueError:
        return None
    return found if found is not None and str(found) == str(text).lower() else None


@extend_schema_field(OpenApiTypes.UUID)
class Id(serializers.UUIDField):
    """A UUID as a JSON string of 36 characters."""

    def to_internal_value(self, data: Any) -> uuid.UUID:
        """Raises ValidationError for other spellings."""
        found = uuid_from(data)
        if found is None:
            self.fail("invalid", value=data)
        return found


@extend_schema_field({"type": "string", "format": "uuid", "pattern": UUID7})
class ClientId(Id):
    """An id that a client made: UUIDv7. The services look at the version."""


class Body(serializers.Serializer[Any]):
    """A JSON object; a key that nobody reads is refused rather than lost."""

    # Keys that a client may send back as it got them; they are the server's to set.
    read_only_keys: frozenset[str] = frozenset()
    # What has to hold between keys, as JSON Schema beside the properties' own.
    rules: Mapping[str, Any] = {}

    def to_internal_value(self, data: Any) -> Any:
        """Raises ValidationError for other types and for unknown keys."""
        if isinstance(data, dict):
            unknown = data.keys() - self.fields.keys() - self.read_only_keys
            if unknown:
                raise serializers.ValidationError({name: ["is not known here"] for name in sorted(unknown)})
        return super().to_internal_value(data)
