"""`python3 dev.py bench faults [NAME …] [--size N]`: faults and load at full size, a line of JSON for each.

Real servers and real databases as processes. All of it takes about half an hour on two cores.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.e2e.browsers.clocks import TEN_YEARS
from tests.load import browsers, clients, devices, full_disks, kills, outages, traffic
from tests.load.programs import Programs, run

PROGRAMS: Programs = {
    "kills-sqlite": (kills.sqlite, 200, "kills of the server"),
    "kills-postgres": (kills.postgres, 200, "kills, every other one of the database"),
    "traffic-sqlite": (traffic.sqlite_for, 60, "seconds of 16 writers and 16 readers"),
    "hot-library": (traffic.hot_library, 20_000, "changes by 32 writers"),
    "stopped-postgres": (outages.stopped_postgres, 10, "seconds without a database"),
    "full-sqlite": (full_disks.sqlite, 10, "seconds of a full disk (needs the right to mount)"),
    "full-postgres": (full_disks.postgres, 10, "seconds of a full disk (needs the right to mount)"),
    "read-only-postgres": (outages.read_only_postgres, 10, "seconds of a read-only database"),
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
    "two-devices": (devices.in_two_browsers(), 5000, "rows changed on both of two devices"),
    "clocks": (
        devices.in_two_browsers((TEN_YEARS, -TEN_YEARS)),
        500,
        "rows changed on both of two devices, one ten years ahead, one behind",
    ),
    "first-sync-chromium": (devices.first_sync("chromium"), 50_000, "annotations to get"),
    "first-sync-firefox": (devices.first_sync("firefox"), 50_000, "annotations to get"),
}

if __name__ == "__main__":
    raise SystemExit(run("faults", __doc__ or "", PROGRAMS))
