"""`dev.py run --browser`: a real browser with the extension loaded, in a profile that lasts."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

from devtools.places import EXTENSION_BUILDS, Unprepared
from devtools.progress import say

# Branded Chrome dropped --load-extension, and release Firefox refuses unsigned add-ons: neither is listed.
_NAMES = {
    "chromium": ["chromium", "chromium-browser", "brave-browser"],
    "firefox": ["firefox-esr", "firefox-developer-edition", "firefox-nightly"],
}
_FIREFOX_PREFERENCES = {
    "browser.aboutwelcome.enabled": False,
    "browser.shell.checkDefaultBrowser": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "extensions.autoDisableScopes": 0,
    "extensions.startupScanScopes": 15,
    "xpinstall.signatures.required": False,
}


def open_browser(name: str, data: Path, address: str) -> subprocess.Popen[bytes]:
    """Start the browser at `address`, leading its own process group; its profile is `data`/browser-NAME."""
    if sys.platform.startswith("linux") and not (
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    ):
        raise Unprepared("There is no screen here to open a browser on: leave out --browser.")
    program = _find(name)
    profile = data / f"browser-{name}"
    profile.mkdir(parents=True, exist_ok=True)
    folder = EXTENSION_BUILDS[name]
    if name == "chromium":
        arguments = [
            f"--user-data-dir={profile}", f"--load-extension={folder}", "--no-first-run",
            "--no-default-browser-check", *_as_root(),
        ]  # fmt: skip
    else:
        _install_into_profile(folder, profile)
        arguments = ["--no-remote", "--profile", str(profile)]
    say(f"Opening {program} with the profile {profile}")
    return subprocess.Popen(
        [program, *arguments, address], start_new_session=True,
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip


def _find(name: str) -> str:
    for candidate in _NAMES[name]:
        if found := shutil.which(candidate):
            return found
    raise Unprepared(
        f"No {name.capitalize()} that takes an unpacked extension was found ({', '.join(_NAMES[name])}).\n"
        "  Debian: sudo apt install chromium firefox-esr. Any other: load the folder above by hand."
    )


def _as_root() -> list[str]:
    return ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []


def _install_into_profile(folder: Path, profile: Path) -> None:
    """Put the extension into a Firefox profile, packed: a temporary add-on would end with the browser."""
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    package = profile / "extensions" / f"{manifest['browser_specific_settings']['gecko']['id']}.xpi"
    package.parent.mkdir(exist_ok=True)
    with zipfile.ZipFile(package, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(path for path in folder.rglob("*") if path.is_file()):
            archive.write(file, file.relative_to(folder))
    lines = [
        f"user_pref({json.dumps(key)}, {json.dumps(value)});" for key, value in _FIREFOX_PREFERENCES.items()
    ]
    (profile / "user.js").write_text("\n".join(lines) + "\n", "utf-8")
