"""Bearer tokens, and nothing else: personal ones (`ann_…`) and those of OAuth 2."""

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from oauth2_provider.models import get_access_token_model
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from annotator.models.users import User
from annotator.services.tokens import PREFIX, personal_token

if TYPE_CHECKING:  # the framework's views import this module
    from rest_framework.views import APIView


@dataclass(frozen=True, slots=True)
class Credential:
    """What a token allows: `read`, `write`."""

    scopes: frozenset[str]


class BearerAuthentication(BaseAuthentication):
    """`Authorization: Bearer …` (RFC 6750, section 2.1)."""

    def authenticate(self, request: Request) -> tuple[User, Credential] | None:
        """The caller; None without a header. Raises AuthenticationFailed for a token that opens nothing."""
        header = request.META.get("HTTP_AUTHORIZATION", "")
        if not header:
            return None
        scheme, _, token = header.partition(" ")
        if scheme.lower() != "bearer" or not token or not token.isascii():
            raise AuthenticationFailed("Only bearer tokens are taken: Authorization: Bearer …")
        found = _personal(token) if token.startswith(PREFIX) else _of_oauth(token, request)
        if found is None:
            raise AuthenticationFailed("This token is unknown, expired or revoked.")
        return found

    def authenticate_header(self, request: Request) -> str:
        """For the 401's `WWW-Authenticate`; says whether a token was there at all (section 3)."""
        refused = ', error="invalid_token"' if request.META.get("HTTP_AUTHORIZATION") else ""
        return f'Bearer realm="annotator"{refused}'


class HasScope(BasePermission):
    """Reading needs the scope `read`, everything else `write`."""

    def has_permission(self, request: Request, view: "APIView") -> bool:
        """Raises PermissionDenied where the token allows less than the request does."""
        needed = "read" if request.method in SAFE_METHODS else "write"
        if isinstance(request.auth, Credential) and needed in request.auth.scopes:
            return True
        raise PermissionDenied(f"This token does not allow to {needed}.", code="insufficient_scope")


def _personal(token: str) -> tuple[User, Credential] | None:
    row = personal_token(token=token)
    return (row.user, Credential(frozenset(row.scope.split()))) if row else None


def _of_oauth(token: str, request: Request) -> tuple[User, Credential] | None:
    checksum = hashlib.sha256(token.encode()).hexdigest()
    row: Any = get_access_token_model().objects.select_related("user").filter(token_checksum=checksum).first()
    if row is None or row.is_expired() or row.user is None or not row.user.is_active:
        return None
    if row.resource and not row.allows_audience(request.build_absolute_uri(request.path)):  # RFC 8707
        return None
    return row.user, Credential(frozenset(row.scope.split()))
