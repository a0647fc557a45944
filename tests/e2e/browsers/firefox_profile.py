"""A Firefox profile in which an unsigned extension is installed for good, and nothing leaves the machine."""

from __future__ import annotations

import json
import uuid
import zipfile
from pathlib import Path

# Which moz-extension:// host the extension gets; a new random one in every profile otherwise.
_INTERNAL_UUID = uuid.uuid5(uuid.NAMESPACE_URL, "annotator-tests")


def gecko_id(extension: Path) -> str:
    manifest = json.loads((extension / "manifest.json").read_text("utf-8"))
    found: str = manifest["browser_specific_settings"]["gecko"]["id"]
    return found


def origin() -> str:
    return f"moz-extension://{_INTERNAL_UUID}"


def install(profile: Path, extension: Path) -> None:
    """Pack the extension into the profile.

    An add-on installed through the debugging protocol would be gone after a restart; this one stays, and so
    does what it stores.
    """
    package = profile / "extensions" / f"{gecko_id(extension)}.xpi"
    package.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(package, "w") as archive:
        for file in sorted(path for path in extension.rglob("*") if path.is_file()):
            archive.write(file, file.relative_to(extension))


def write_preferences(profile: Path, extension: Path | None = None) -> None:
    """Write `user.js`, which counts anew at every start."""
    preferences = dict(_PREFERENCES)
    if extension is not None:
        preferences["extensions.webextensions.uuids"] = json.dumps({gecko_id(extension): str(_INTERNAL_UUID)})
    lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});" for name, value in preferences.items()]
    (profile / "user.js").write_text("\n".join(lines) + "\n", "utf-8")


_PREFERENCES: dict[str, bool | int | str] = {
    # An unsigned package in the profile is installed and enabled without a question.
    "xpinstall.signatures.required": False,
    "extensions.autoDisableScopes": 0,
    "extensions.startupScanScopes": 15,
    # `permissions.request` says yes without a prompt; it still needs a user's gesture.
    "extensions.webextOptionalPermissionPrompts": False,
    # A plain-http site that is not 127.0.0.1; whatever else has a name goes to a proxy that is not there.
    "network.dns.localDomains": "site.test",
    "network.proxy.type": 1,
    "network.proxy.http": "127.0.0.1",
    "network.proxy.http_port": 9,
    "network.proxy.ssl": "127.0.0.1",
    "network.proxy.ssl_port": 9,
    "network.proxy.no_proxies_on": "127.0.0.1,localhost,site.test",
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    # A killed browser starts again with an empty tab, without asking and without safe mode.
    "browser.sessionstore.resume_from_crash": False,
    "toolkit.startup.max_resumed_crashes": -1,
    "browser.startup.page": 0,
    "browser.startup.homepage": "about:blank",
    "browser.aboutwelcome.enabled": False,
    "browser.shell.checkDefaultBrowser": False,
    "browser.warnOnQuit": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "toolkit.telemetry.reportingpolicy.firstRun": False,
    "app.update.disabledForTesting": True,
    # What a browser does for itself after every start costs more than many a test: none of it is under test.
    "app.normandy.enabled": False,
    "browser.discovery.enabled": False,
    "browser.newtab.preload": False,
    "browser.newtabpage.enabled": False,
    "browser.safebrowsing.downloads.enabled": False,
    "browser.safebrowsing.malware.enabled": False,
    "browser.safebrowsing.phishing.enabled": False,
    "browser.search.update": False,
    "browser.topsites.contile.enabled": False,
    "browser.translations.enable": False,
    "dom.ipc.processPrelaunch.enabled": False,
    "extensions.blocklist.enabled": False,
    "extensions.getAddons.cache.enabled": False,
    "identity.fxaccounts.enabled": False,
    "services.settings.server": "data:,#",
    "toolkit.telemetry.enabled": False,
    "toolkit.telemetry.unified": False,
    # JSON as plain text: the viewer would replace an extension's document by one without its rights.
    "devtools.jsonview.enabled": False,
    "dom.disable_open_during_load": False,
    "intl.accept_languages": "en-US, en",
}
