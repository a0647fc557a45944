"""Serializer fields that take a JSON type for what it is: no number is a text, no text a number."""

import uuid
from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers


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


@extend_schema_field(OpenApiTypes.UUID)
class Id(serializers.UUIDField):
    """A UUID as a JSON string of 36 characters."""

    def to_internal_value(self, data: Any) -> uuid.UUID:
        """Raises ValidationError for other spellings."""
        if not isinstance(data, str) or len(data) != 36:
            self.fail("invalid", value=data)
        return uuid.UUID(str(super().to_internal_value(data)))


class Body(serializers.Serializer[Any]):
    """A JSON object; a key that nobody reads is refused rather than lost."""

    # Keys that a client may send back as it got them; they are the server's to set.
    read_only_keys: frozenset[str] = frozenset()

    def to_internal_value(self, data: Any) -> Any:
        """Raises ValidationError for other types and for unknown keys."""
        if isinstance(data, dict):
            unknown = data.keys() - self.fields.keys() - self.read_only_keys
            if unknown:
                raise serializers.ValidationError({name: ["is not known here"] for name in sorted(unknown)})
        return super().to_internal_value(data)
