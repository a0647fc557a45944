"""`docs/threats.md` names tests; each of them has to be there."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NAMED = re.compile(r"`(tests/[\w/.]+\.py)?(?:::(\w+))?`")


def test_every_test_that_the_threats_name_exists() -> None:
    seen = 0
    for line in (ROOT / "docs" / "threats.md").read_text("utf-8").splitlines():
        file = ""
        for path, name in NAMED.findall(line):
            file = path or file
            if not path and not name:
                continue
            seen += 1
            assert (ROOT / file).is_file(), file
            if name:
                assert f"def {name}(" in (ROOT / file).read_text("utf-8"), f"{file}::{name}"
    assert seen > 30
