"""What the OpenAPI document cannot see by itself."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension, OpenApiSerializerExtension


class BearerScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # registers itself, untyped
    """Bearer tokens."""

    target_class = "annotator.api.authentication.BearerAuthentication"
    name = "bearer"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """A personal token, or an access token of OAuth 2."""
        return {"type": "http", "scheme": "bearer"}


class StrictBody(OpenApiSerializerExtension):  # type: ignore[no-untyped-call]  # registers itself, untyped
    """Bodies take the keys that they know, the server's own ones unread, and no others."""

    target_class = "annotator.api.fields.Body"
    match_subclasses = True

    def map_serializer(self, auto_schema: Any, direction: str) -> dict[str, Any]:
        """The serializer's own schema, closed."""
        told: dict[str, Any] = auto_schema._map_serializer(self.target, direction, bypass_extensions=True)
        unread: dict[str, Any] = {name: {} for name in sorted(self.target.read_only_keys)}
        return told | {
            "properties": told["properties"] | unread,
            "additionalProperties": False,
            **self.target.rules,
        }


def require_bodies(result: Any, generator: Any, request: Any, public: bool) -> Any:
    """PATCH needs its body, too; only an operation without a body has none."""
    for operations in result["paths"].values():
        if body := operations.get("patch", {}).get("requestBody"):
            body["required"] = True
    return result
