"""`dev.py package`: what is given to the browsers' stores. The same sources make the same bytes."""

from __future__ import annotations

import json
import re
import subprocess
import zipfile
from collections.abc import Iterable
from pathlib import Path

from devtools.extension_builds import build_extension, sources
from devtools.places import EXTENSION_BUILDS, ROOT, child_environment, node, npm_command
from devtools.progress import run_with_progress, say
from devtools.stamps import digest_of, is_stamped, write_stamp

PACKAGES = ROOT / "dist"
LINTER = ROOT / "devtools" / "store_lint"

# The first moment a zip file can tell: when a file was written says nothing about what is in it.
_THE_TIME = (1980, 1, 1, 0, 0, 0)
_HOW_TO_BUILD = """\
How to build this extension again, file by file the same

Needed: Node {node} with its npm, nothing else. Then, in this folder:

    cd extension
    npm ci
    node node_modules/wxt/bin/wxt.mjs build -b firefox
    node node_modules/wxt/bin/wxt.mjs build -b chromium

The extension is then in extension/.output/firefox-mv3 and extension/.output/chromium-mv3. The package for
Chromium's store has no "key" in its manifest, which only gives the unpacked extension a fixed id.

`npm ci` installs what package-lock.json pins by digest; nothing is fetched while building. The version stands
in annotator/__init__.py; the lists in annotator/ are read by the server and by the extension.
"""


def package(folder: Path = PACKAGES) -> list[Path]:
    """Build both browsers' extensions and write the two store packages and the sources; returns the files."""
    build_extension()
    folder.mkdir(parents=True, exist_ok=True)
    name = f"annotator-{_version()}"
    written = [
        _write(folder / f"{name}-{browser}.zip", _built(built)) for browser, built in EXTENSION_BUILDS.items()
    ]
    written.append(_write(folder / f"{name}-sources.zip", _sources()))
    for file in written:
        say(f"{file.relative_to(ROOT) if file.is_relative_to(ROOT) else file}  {file.stat().st_size:,} bytes")
    return written


def lint() -> int:
    """Mozilla's own checks on the build for Firefox; 1 for an error, a warning or a notice."""
    build_extension()
    _prepare_linter()
    done = subprocess.run(
        [str(node()), str(LINTER / "node_modules/web-ext/bin/web-ext.js"), "lint", "--no-input",
         "--no-config-discovery", "--output=json", "--source-dir", str(EXTENSION_BUILDS["firefox"])],
        cwd=LINTER, env=child_environment(), capture_output=True, text=True, check=False,
    )  # fmt: skip
    found = json.loads(done.stdout)
    for kind in ("errors", "warnings", "notices"):
        for one in found[kind]:
            say(f"{kind}: {one.get('file', '')} {one.get('line', '')}: {one['code']} {one['message']}")
    summary = found["summary"]
    say(", ".join(f"{summary[kind]} {kind}" for kind in ("errors", "warnings", "notices")))
    return 1 if any(summary.values()) else 0


def _prepare_linter() -> None:
    """In a folder of its own: a linter with more packages than all else together is not needed to build."""
    stamp = LINTER / "node_modules" / ".annotator.stamp"
    digest = digest_of([LINTER / "package-lock.json", LINTER / "package.json"])
    if is_stamped(stamp, digest):
        return
    run_with_progress(
        "Installing the stores' linter",
        [*npm_command(), "ci", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=http"],
        cwd=LINTER,
        environment=child_environment(),
        describe=lambda line: line.strip()[:60],
    )
    write_stamp(stamp, digest)


def _version() -> str:
    found = re.search(r'^__version__ = "([^"]+)"$', (ROOT / "annotator/__init__.py").read_text("utf-8"), re.M)
    assert found is not None, "annotator/__init__.py has no __version__"
    return found[1]


def _built(folder: Path) -> Iterable[tuple[str, bytes]]:
    for file in folder.rglob("*"):
        if file.is_file():
            content = file.read_bytes()
            name = file.relative_to(folder).as_posix()
            yield name, _without_key(content) if name == "manifest.json" else content


def _without_key(manifest: bytes) -> bytes:
    """A store gives each extension its own id, and refuses one that brings a key."""
    fields = json.loads(manifest)
    if fields.pop("key", None) is None:
        return manifest
    return json.dumps(fields, ensure_ascii=False, separators=(",", ":")).encode()


def _sources() -> Iterable[tuple[str, bytes]]:
    version = subprocess.run([str(node()), "--version"], capture_output=True, text=True, check=True).stdout
    yield "BUILD.txt", _HOW_TO_BUILD.format(node=version.strip().removeprefix("v")).encode()
    yield "LICENSE", (ROOT / "LICENSE").read_bytes()
    for file in sources():
        if not file.name.startswith(".") or file.name == ".npmrc":
            yield file.relative_to(ROOT).as_posix(), file.read_bytes()


def _write(file: Path, content: Iterable[tuple[str, bytes]]) -> Path:
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, bytes_ in sorted(content):
            entry = zipfile.ZipInfo(name, _THE_TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3  # As on Unix, wherever it is written.
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, bytes_, compresslevel=9)
    return file
