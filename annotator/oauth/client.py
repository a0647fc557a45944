"""The one client that signs in here: the extension."""

import hashlib
import re
from collections.abc import Iterable

from django.apps import AppConfig
from django.conf import settings
from oauth2_provider.models import get_application_model

CLIENT_ID = "annotator-extension"
_CHROMIUM_ID = re.compile(r"[a-p]{32}")


def redirect_uris(extension_ids: Iterable[str]) -> list[str]:
    """Where `identity.launchWebAuthFlow` of the extensions with these ids wants a sign-in to end.

    Chromium: `https://<id>.chromiumapp.org/`. Firefox: SHA-1 of the add-on's id under
    `extensions.allizom.org`.
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
    """Make the extension's client, or bring its addresses up to date with the settings.

    Runs after `migrate`.
    """
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
