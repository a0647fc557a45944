"""`python3 dev.py bench hostile [NAME …] [--size N]`: hostile and random input at full size.

A line of JSON for each. `schema-…`: the API against its own OpenAPI document, on a real server. `sync-…`: two
devices and the API. `fuzz-…`: random bytes at every door.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.load import contract
from tests.load.by_pytest import tests_of
from tests.load.programs import Programs, run

PROGRAMS: Programs = {
    "schema-sqlite": (contract.sqlite, 200, "examples for each operation"),
    "schema-postgres": (contract.postgres, 200, "examples for each operation"),
    "sync-sqlite": (tests_of("test_sync_model.py", "STORIES", "sqlite"), 300, "stories"),
    "sync-postgres": (tests_of("test_sync_model.py", "STORIES", "postgres"), 300, "stories"),
    "fuzz-sqlite": (tests_of("test_fuzz.py", "FUZZ_EXAMPLES", "sqlite"), 3000, "examples for each test"),
    "fuzz-postgres": (tests_of("test_fuzz.py", "FUZZ_EXAMPLES", "postgres"), 3000, "examples for each test"),
}

if __name__ == "__main__":
    raise SystemExit(run("hostile", __doc__ or "", PROGRAMS))
