"""Tests of `tests/server` whose size stands in the environment, at their full one: on either database."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.e2e.server import ROOT


def tests_of(file: str, variable: str, database: str) -> Callable[[Path, int], dict[str, Any]]:
    """A program that runs the file's tests with its size in this variable; `complaints` is why it failed."""

    def program(folder: Path, size: int) -> dict[str, Any]:
        done = subprocess.run(
            [sys.executable, "-m", "pytest", f"tests/server/{file}", "-q", "-n", "0", "-x",
             "-p", "no:logging"],
            cwd=ROOT, env=os.environ | {variable: str(size), "ANNOTATOR_TEST_DATABASE": database},
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        passed = re.search(r"(\d+) passed", done.stdout)
        return {
            "passed": int(passed[1]) if passed else 0,
            "complaints": (done.stdout + done.stderr).splitlines()[-80:] if done.returncode else [],
        }

    return program
