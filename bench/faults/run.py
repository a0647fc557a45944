"""`python3 dev.py bench faults [NAME …] [--size N]`: faults and load at full size, a line of JSON for each.

Real servers and real databases as processes. All of it takes about half an hour on two cores.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.load import full_disks, kills, outages, traffic
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
}

if __name__ == "__main__":
    raise SystemExit(run("faults", __doc__ or "", PROGRAMS))
