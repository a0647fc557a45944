"""Settings that would be unsafe stop the start, with a line that says what to do."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

STRONG = "kT9vX2mQ7wLp4Zr8Yb1Nc6Hd3Fs5Gj0KaEuRiOtPyMxWzVqBnCl"


def started(folder: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Load the settings in a process of their own, with nothing in the environment but this."""
    environment = {"PATH": os.environ["PATH"], "ANNOTATOR_DATA": str(folder)} | variables
    return subprocess.run(
        [sys.executable, "-c", "from annotator import settings; print(settings.ALLOWED_HOSTS)"],
        env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("variables", "words"),
    [
        ({}, "No secret key"),
        ({"ANNOTATOR_SECRET_KEY": "secret"}, "too weak"),
        ({"ANNOTATOR_SECRET_KEY": "a" * 60}, "too weak"),
        ({"ANNOTATOR_SECRET_KEY": STRONG, "ANNOTATOR_HOSTS": "*"}, "wildcards"),
        ({"ANNOTATOR_SECRET_KEY": STRONG, "ANNOTATOR_HOSTS": "a.example,.b.example"}, "wildcards"),
        (
            {"ANNOTATOR_SECRET_KEY": STRONG, "ANNOTATOR_DEBUG": "1", "ANNOTATOR_HOSTS": "a.example"},
            "ANNOTATOR_DEBUG",
        ),
        (
            {
                "ANNOTATOR_SECRET_KEY": STRONG,
                "ANNOTATOR_DEBUG": "1",
                "ANNOTATOR_PUBLIC_URL": "https://a.example",
            },
            "ANNOTATOR_DEBUG",
        ),
        ({"ANNOTATOR_SECRET_KEY": STRONG, "ANNOTATOR_DEBUG": "maybe"}, "ANNOTATOR_DEBUG has to be 1 or 0"),
        ({"ANNOTATOR_SECRET_KEY": STRONG, "ANNOTATOR_LOG": "xml"}, "ANNOTATOR_LOG has to be text or json"),
        ({"ANNOTATOR_SECRET_KEY": STRONG, "ANNOTATOR_PUBLIC_URL": "ftp://a.example"}, "ANNOTATOR_PUBLIC_URL"),
    ],
)
def test_it_refuses_to_start(tmp_path: Path, variables: dict[str, str], words: str) -> None:
    done = started(tmp_path, **variables)
    assert done.returncode != 0
    assert words in done.stderr


def test_it_starts_with_the_secret_that_was_made_for_it(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text(STRONG + "\n")
    done = started(tmp_path, ANNOTATOR_PUBLIC_URL="https://notes.example/")
    assert done.returncode == 0, done.stderr
    assert "notes.example" in done.stdout


@pytest.mark.django_db
def test_the_database_is_set_up_for_writers_that_meet() -> None:
    if connection.vendor != "sqlite":
        assert connection.settings_dict["OPTIONS"]["pool"]["max_size"] > 1
        assert connection.settings_dict["CONN_MAX_AGE"] == 0  # the pool keeps them
        return
    with connection.cursor() as cursor:
        told = {}
        for pragma in ("journal_mode", "synchronous", "foreign_keys", "secure_delete"):
            cursor.execute(f"PRAGMA {pragma}")
            told[pragma] = cursor.fetchone()[0]
    assert told == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1}
    assert connection.settings_dict["OPTIONS"]["transaction_mode"] == "IMMEDIATE"


@pytest.mark.databases("sqlite")
@pytest.mark.parametrize("weaker", ["journal_mode=DELETE", "synchronous=NORMAL"])
def test_it_refuses_a_database_that_is_less_durable(tmp_path: Path, weaker: str) -> None:
    code = (
        "import django; from annotator import settings; "
        f"settings.DATABASES['default']['OPTIONS']['init_command'] += 'PRAGMA {weaker};'; "
        "django.setup(); from django.db import connection; connection.cursor()"
    )
    environment = {
        "PATH": os.environ["PATH"], "ANNOTATOR_DATA": str(tmp_path), "ANNOTATOR_SECRET_KEY": STRONG,
        "DJANGO_SETTINGS_MODULE": "annotator.settings",
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode != 0
    assert "SQLite runs with" in done.stderr
