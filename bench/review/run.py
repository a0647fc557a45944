"""`python3 dev.py bench review [--size N]`: the first hour of a new reviewer, in real Chromium, at full size.

Fills a server with the seed story and N annotations (default 10,000, twenty to an article). Two who are new
in the group *Reviewers*, one reading English and one French, find what broke since yesterday, read it in its
context, attach it again, approve twenty and export these. Pictures of every page, at 1280 and 390 pixels,
light and dark, are in the folder that it prints, to be looked at. The exit code is 1 where a page led nowhere
or was too wide.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TEST = "a_new_reviewer_finds"


def main() -> int:
    """The exit code."""
    parser = argparse.ArgumentParser(prog="dev.py bench review", description=__doc__)
    parser.add_argument("--size", type=int, default=10_000, help="annotations")
    chosen = parser.parse_args()
    began = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "tests/e2e/test_desk.py", "-k", TEST, "-q", "-n", "0"],
        cwd=ROOT, env=os.environ | {"REVIEW_ANNOTATIONS": str(chosen.size)}, check=False,
    )  # fmt: skip
    folders = sorted((ROOT / "test-results" / "e2e").glob(f"test_{TEST}*"))
    pictures = sum(len([*folder.glob("*.png")]) for folder in folders)
    print(f"{chosen.size} annotations, {pictures} pictures, {time.monotonic() - began:.0f} s: {folders[-1]}")
    return done.returncode


if __name__ == "__main__":
    raise SystemExit(main())
