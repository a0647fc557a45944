"""The programs of `tests/load` from a command line: names, `--size`, a line of JSON for each."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

# name: the program, its full size, and what that counts
Programs = Mapping[str, tuple[Callable[[Path, int], dict[str, Any]], int, str]]
# What has to be nought, or empty, in every answer that has it.
NOUGHT = (
    "lost", "duplicates", "5xx", "locked", "missed", "read out of order or twice", "beyond the head",
    "foreign keys broken", "versions without a change", "failures", "complaints", "crashes", "half written",
    "differing", "lost by the restore", "differing after the restore", "progress went back",
)  # fmt: skip


def run(name: str, about: str, programs: Programs) -> int:
    """The exit code is 1 where anything was lost or found."""
    parser = argparse.ArgumentParser(prog=f"dev.py bench {name}", description=about)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(programs)} (default: all)")
    parser.add_argument("--size", type=int, help="instead of the full one")
    chosen = parser.parse_args()
    if unknown := set(chosen.names) - programs.keys():
        parser.error(f"there is no {min(unknown)}")
    bad = 0
    for one in chosen.names or programs:
        program, full, counted = programs[one]
        size = chosen.size or full
        sys.stderr.write(f"{one}: {size} {counted}\n")
        with tempfile.TemporaryDirectory(prefix=f"{name}-") as folder:
            told = program(Path(folder), size)
        fine = not any(told.get(key) for key in NOUGHT) and told.get("recovered", True)
        fine = fine and str(told.get("integrity", "ok")).startswith("ok")
        sys.stdout.write(json.dumps({"name": one, "size": size, "fine": fine, **told}) + "\n")
        sys.stdout.flush()
        bad += not fine
    return 1 if bad else 0
