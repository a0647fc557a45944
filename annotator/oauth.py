"""OAuth 2 for the extension: one public client, and what django-oauth-toolkit leaves open."""

import hashlib
import re
from collections.abc import Iterable
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.db import transaction
from oauth2_provider.models import get_access_token_model, get_application_model, get_refresh_token_model
from oauth2_provider.oauth2_validators import OAuth2Validator

CLIENT_ID = "annotator-extension"
_CHROMIUM_ID = re.compile(r"[a-p]{32}")


def redirect_uris(extension_ids: Iterable[str]) -> list[str]:
    """Where `identity.launchWebAuthFlow` of the extensions with these ids wants a sign-in to end.

    Chromium: `https://<id>.chromiumapp.org/`. Firefox: SHA-1 of the add-on's id under `extensions.allizom.org`.
    """
    addresses = []
    for one in extension_ids:
        if _CHROMIUM_ID.fullmatch(one):
            addresses.append(f"https://{one}.chromiumapp.org/")
        else:
            # Firefox chose SHA-1 to name the address; it protects nothing.
            name = hashlib.sha1(one.encode(), usedforsecurity=False).hexdigest()
            addresses.append(f"https://{name}.extensions.allizom.org/")
    return addresses


def ensure_client(sender: AppConfig | None = None, *, using: str = "default", **kwargs: object) -> None:
    """Make the extension's client, or bring its addresses up to date with the settings. Runs after `migrate`."""
    application = get_application_model()
    application.objects.using(using).update_or_create(
        client_id=CLIENT_ID,
        defaults={
            "name": "Annotator",
            "client_type": application.CLIENT_PUBLIC,
            "authorization_grant_type": application.GRANT_AUTHORIZATION_CODE,
            "client_secret": "",
            "redirect_uris": " ".join(redirect_uris(settings.EXTENSION_IDS)),
            "skip_authorization": False,
        },
    )


class Validator(OAuth2Validator):  # type: ignore[misc]  # the toolkit has no types
    """The toolkit's rules, and two more: the deactivated get nothing, and a lost refresh answer can be asked again.

    Only hashes of tokens are stored, so that the pair which a refresh made cannot be told a second time, as the toolkit
    would do within the grace period (it answers empty tokens). A repeated refresh makes a new pair instead and takes
    back the one whose answer was lost; whoever still uses that one shows that two parties hold the same token, and
    reuse protection ends the whole family.
    """

    def validate_refresh_token(
        self, refresh_token: str, client: Any, request: Any, *args: Any, **kwargs: Any
    ) -> bool:
        """Whether the token may be used now."""
        valid = super().validate_refresh_token(refresh_token, client, request, *args, **kwargs)
        return bool(valid and request.user is not None and request.user.is_active)

    def _save_bearer_token(self, token: dict[str, Any], request: Any, *args: Any, **kwargs: Any) -> None:
        refreshed = getattr(request, "refresh_token_instance", None)
        if refreshed is not None:
            _take_back_successor(refreshed.pk)
        super()._save_bearer_token(token, request, *args, **kwargs)


def _take_back_successor(refresh_token_id: int) -> None:
    """Revoke the pair that a refresh with this token made before, if it did. Runs in the transaction that saves."""
    assert transaction.get_connection().in_atomic_block
    tokens, accesses = get_refresh_token_model().objects, get_access_token_model().objects
    # The lock makes two refreshes with one token wait for each other.
    tokens.select_for_update().filter(pk=refresh_token_id).first()
    for access in accesses.select_for_update().filter(source_refresh_token=refresh_token_id):
        for successor in tokens.filter(access_token=access):
            successor.revoke()
        accesses.filter(pk=access.pk).delete()
