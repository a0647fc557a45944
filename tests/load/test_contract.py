"""The API against its own document, at a small size; `python3 dev.py bench hostile` has the full one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.load import contract


def kept(told: dict[str, Any], cases: int) -> None:
    assert told["complaints"] == [], "\n".join(told["complaints"])
    assert told["failures"] == told["5xx"] == 0, told
    assert told["operations"] == told["of"] >= 16, told
    assert told["cases"] > cases, told


@pytest.mark.databases("sqlite")
def test_every_operation_keeps_its_word_at_the_edges_of_its_document(tmp_path: Path) -> None:
    kept(contract.sqlite(tmp_path, 1, "coverage"), 1000)


@pytest.mark.databases("postgres")
def test_every_operation_keeps_its_word_about_random_requests(tmp_path: Path) -> None:
    kept(contract.postgres(tmp_path, 4, "fuzzing"), 60)
