"""The fault and load programs at a small size; `python3 dev.py bench faults` runs them at their full one."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.server import ROOT
from tests.load import full_disks, kills, outages, traffic

ON_SQLITE = pytest.mark.databases("sqlite")
ON_POSTGRES = pytest.mark.databases("postgres")


def nothing_lost(told: dict[str, Any]) -> None:
    assert told["acknowledged"] > 20, told
    assert told["lost"] == told["duplicates"] == 0, told


@ON_SQLITE
def test_a_server_killed_under_writers_loses_nothing_on_sqlite(tmp_path: Path) -> None:
    told = kills.sqlite(tmp_path, 4)
    nothing_lost(told)
    assert told["integrity"] == "ok", told
    assert told["foreign keys broken"] == told["beyond the head"] == 0, told


@ON_POSTGRES
def test_a_server_and_a_database_killed_under_writers_lose_nothing(tmp_path: Path) -> None:
    told = kills.postgres(tmp_path, 4)
    nothing_lost(told)
    assert told["integrity"].startswith("ok"), told
    assert told["beyond the head"] == 0, told


@ON_SQLITE
def test_writers_and_readers_on_sqlite_never_meet_a_lock(tmp_path: Path) -> None:
    told = traffic.sqlite_for(tmp_path, 3)
    nothing_lost(told)
    assert told["5xx"] == told["locked"] == 0, told
    assert told["reads"] > 20, told


@ON_POSTGRES
def test_a_feed_reader_misses_nothing_of_a_hot_library(tmp_path: Path) -> None:
    told = traffic.hot_library(tmp_path, 100, writers=12)
    nothing_lost(told)
    assert told["missed"] == told["read out of order or twice"] == 0, told
    assert told["versions without a change"] == 0, told


@ON_POSTGRES
@pytest.mark.parametrize(
    ("outage", "seconds"),
    # A request waits up to 10 s for a connection before it is answered with 503.
    [(outages.stopped_postgres, 12), (outages.read_only_postgres, 2)],
)
def test_a_database_that_is_away_is_503_and_nothing_is_lost(
    tmp_path: Path, outage: Any, seconds: int
) -> None:
    told = outage(tmp_path, seconds)
    nothing_lost(told)
    assert told["503"] > 0, told
    assert told["recovered"], told


# A full disk is made by mounting a small one, which not everybody may; the limit on pages in
# tests/server/test_outages.py stands for it elsewhere.
if full_disks.can_mount():

    @ON_SQLITE
    def test_a_small_disk_whose_test_was_killed_is_taken_away_by_the_next(tmp_path: Path) -> None:
        small = tmp_path / "small disk"
        killed = (
            "import os, pathlib, signal\n"
            "from tests.load.full_disks import mounted_at\n"
            f"with mounted_at(pathlib.Path({str(small)!r}), 1 << 20) as there:\n"
            "    assert there\n"
            "    os.kill(os.getpid(), signal.SIGKILL)\n"
        )
        done = subprocess.run([sys.executable, "-c", killed], cwd=ROOT, check=False)
        assert done.returncode == -signal.SIGKILL
        assert small.is_mount()
        with full_disks.mounted_at(tmp_path / "mine", 1 << 20):
            full_disks.unmount_what_is_left()
            assert (tmp_path / "mine").is_mount()
        assert not small.exists()

    @pytest.mark.parametrize(
        "program",
        [
            pytest.param(full_disks.sqlite, marks=ON_SQLITE, id="sqlite"),
            pytest.param(full_disks.postgres, marks=ON_POSTGRES, id="postgres"),
        ],
    )
    def test_a_full_disk_is_503_and_nothing_is_lost(tmp_path: Path, program: Any) -> None:
        told = program(tmp_path, 1)
        nothing_lost(told)
        assert told["503"] > 0, told
        assert told["recovered"], told
        assert told.get("integrity", "ok") == "ok", told
