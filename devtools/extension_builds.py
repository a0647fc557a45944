"""The extension's packages and its two builds, each made again only when what it is made from changed."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from devtools.places import EXTENSION, EXTENSION_BUILDS, ROOT, child_environment, extension_tool, npm_command
from devtools.progress import run_with_progress
from devtools.stamps import digest_of, is_stamped, write_stamp

_NOT_SOURCES = {"node_modules", ".output", ".wxt", "test-results"}


def prepare_node_packages() -> None:
    """`npm ci`, when the lock file or Node itself changed."""
    stamp = EXTENSION / "node_modules" / ".annotator.stamp"
    npm = npm_command()
    digest = digest_of([EXTENSION / "package-lock.json", EXTENSION / "package.json"])
    if is_stamped(stamp, digest):
        return
    run_with_progress(
        "Installing the extension's packages",
        [*npm, "ci", "--no-audit", "--no-fund", "--loglevel=http"],
        cwd=EXTENSION,
        environment=child_environment(),
        describe=lambda line: line.strip()[:60],
    )
    write_stamp(stamp, digest)


def build_extension() -> None:
    """Both browsers' folders under `extension/.output`, fresh with regard to every file of `extension/`."""
    with _one_at_a_time():
        digest = digest_of(sources())
        for browser, folder in EXTENSION_BUILDS.items():
            # Beside the folder, not in it: what is in the folder goes into the packed extension.
            stamp = folder.parent / f"{browser}.stamp"
            if is_stamped(stamp, digest) and (folder / "manifest.json").is_file():
                continue
            run_with_progress(
                f"Building the extension for {browser.capitalize()}",
                [*extension_tool("wxt", "bin/wxt.mjs"), "build", "-b", browser],
                cwd=EXTENSION,
                environment=child_environment(),
            )
            write_stamp(stamp, digest)


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Two runs in one checkout would write into the same folders; the second waits, and finds it done."""
    if sys.platform == "win32":
        yield
        return
    import fcntl

    folder = EXTENSION / ".output"
    folder.mkdir(exist_ok=True)
    with (folder / "build.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def sources() -> Iterator[Path]:
    """Every file a build may read, in a fixed order: the extension's own, and the version's one source."""
    yield ROOT / "annotator" / "__init__.py"
    yield from sorted((ROOT / "annotator").rglob("*.json"))  # Lists that both languages read.
    for folder, subfolders, names in os.walk(EXTENSION):
        subfolders[:] = sorted(set(subfolders) - _NOT_SOURCES)
        yield from (Path(folder, name) for name in sorted(names))
