"""`python3 dev.py bench hostile [NAME …] [--size N]`: hostile and random input at full size.

A line of JSON for each. `schema-…`: the API against its own OpenAPI document, on a real server.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.load import contract
from tests.load.programs import Programs, run

PROGRAMS: Programs = {
    "schema-sqlite": (contract.sqlite, 200, "examples for each operation"),
    "schema-postgres": (contract.postgres, 200, "examples for each operation"),
}

if __name__ == "__main__":
    raise SystemExit(run("hostile", __doc__ or "", PROGRAMS))
