"""`python3 dev.py bench faults [NAME …] [--size N]`: faults and load at full size, a line of JSON for each.

Real servers and real databases as processes. All of it takes about a quarter of an hour on two cores.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.load import browsers, clients, devices, kills, outages, traffic

# name: the program, its full size, and what that counts
PROGRAMS: dict[str, tuple[Callable[[Path, int], dict[str, Any]], int, str]] = {
    "kills-sqlite": (kills.sqlite, 200, "kills of the server"),
    "kills-postgres": (kills.postgres, 100, "kills of server and database by turns"),
    "traffic-sqlite": (traffic.sqlite_for, 60, "seconds of 16 writers and 16 readers"),
    "hot-library": (traffic.hot_library, 20_000, "changes by 32 writers"),
    "stopped-postgres": (outages.stopped_postgres, 10, "seconds without a database"),
    "kills-chromium": (browsers.in_browser("chromium", clients.killed_browser), 30, "kills of the browser"),
    "kills-firefox": (browsers.in_browser("firefox", clients.killed_browser), 30, "kills of the browser"),
    "workers-chromium": (
        browsers.in_browser("chromium", clients.stopped_workers),
        20,
        "stops at each stage of sending",
    ),
    "workers-firefox": (
        browsers.in_browser("firefox", clients.stopped_workers),
        20,
        "stops at each stage of sending",
    ),
    "answers-chromium": (browsers.in_browser("chromium", clients.dropped_answers), 500, "answers dropped"),
    "answers-firefox": (browsers.in_browser("firefox", clients.dropped_answers), 500, "answers dropped"),
    "two-devices": (devices.in_two_browsers, 5000, "rows changed on both of two devices"),
    "first-sync-chromium": (devices.first_sync("chromium"), 50_000, "annotations to get"),
    "first-sync-firefox": (devices.first_sync("firefox"), 50_000, "annotations to get"),
    "read-only-postgres": (outages.read_only_postgres, 10, "seconds of a read-only database"),
}
# What has to be nought in every answer that has it.
NOUGHT = (
    "lost", "duplicates", "5xx", "locked", "missed", "read out of order or twice", "beyond the head",
    "foreign keys broken", "versions without a change", "differing", "lost by the restore",
    "differing after the restore", "progress went back",
)  # fmt: skip


def main() -> int:
    """The exit code is 1 where anything was lost."""
    parser = argparse.ArgumentParser(prog="dev.py bench faults", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(PROGRAMS)} (default: all)")
    parser.add_argument("--size", type=int, help="instead of the full one")
    chosen = parser.parse_args()
    if unknown := set(chosen.names) - PROGRAMS.keys():
        parser.error(f"there is no {min(unknown)}")
    bad = 0
    for name in chosen.names or PROGRAMS:
        program, full, counted = PROGRAMS[name]
        size = chosen.size or full
        print(f"{name}: {size} {counted}", file=sys.stderr)
        with tempfile.TemporaryDirectory(prefix="faults-") as folder:
            told = program(Path(folder), size)
        fine = not any(told.get(key) for key in NOUGHT) and told.get("recovered", True)
        fine = fine and str(told.get("integrity", "ok")).startswith("ok")
        print(json.dumps({"name": name, "size": size, "fine": fine, **told}), flush=True)
        bad += not fine
    return 1 if bad else 0


if __name__ == "__main__":
    raise SystemExit(main())
