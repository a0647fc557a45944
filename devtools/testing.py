"""`dev.py test` and `dev.py check`: which steps there are, and what each needs from the machine."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from devtools.checks import check_steps
from devtools.extension_builds import prepare_node_packages
from devtools.places import EXTENSION, RESULTS, ROOT, child_environment, extension_tool, python
from devtools.python_packages import prepare_for_development
from devtools.steps import Step, run_steps

_WORKERS = "2"  # pytest processes: the machines that this has to be quick on have two cores.
_BROWSER_WORKERS = "3"  # Browsers wait for pages, timers and servers a good part of their time.


def check() -> int:
    """Format, lint, types, missing migrations. Returns the exit code."""
    _prepare()
    return run_steps(check_steps(), require_all=True)


def test(*, quick: bool, require_all: bool, expression: str | None) -> int:
    """Everything; `expression` only tests so named.

    `quick`, for between two edits, leaves out PostgreSQL, browsers, and what kills and starts real servers.
    """
    _prepare()
    chosen = [] if expression is None else [expression]
    steps = [] if chosen else check_steps()
    steps += [_server_tests("sqlite", chosen, quick=quick), _extension_tests("node", chosen)]
    if not quick:
        steps += [
            _server_tests("postgres", chosen),
            _extension_tests("chromium", chosen),
            *([] if chosen else [_store_lint()]),
            _end_to_end("chromium", chosen),
            _end_to_end("firefox", chosen),
        ]
    # One folder for whatever the tests write, so that a stopped run leaves one thing to delete.
    with tempfile.TemporaryDirectory(prefix="annotator-test-") as folder:
        os.environ["ANNOTATOR_DATA"] = folder
        return run_steps(steps, require_all=require_all)


def _prepare() -> None:
    prepare_for_development()
    prepare_node_packages()


def _server_tests(database: str, chosen: list[str], *, quick: bool = False) -> Step:
    report = RESULTS / f"server-{database}.xml"
    return Step(
        f"server tests on {'SQLite' if database == 'sqlite' else 'PostgreSQL'}",
        [*_pytest(report, chosen), "-n", _WORKERS, "--dist", "worksteal", *_server_folders(database, quick)],
        environment={"ANNOTATOR_TEST_DATABASE": database},
        report=report,
        missing=_missing_postgres() if database == "postgres" else None,
    )


def _server_folders(database: str, quick: bool) -> list[str]:
    """What pytest is given. What waits for real processes comes first: a held-up worker's rest is stolen."""
    if quick:
        return ["tests/server"]
    if database == "sqlite":
        return ["tests/load", "tests/dev", "tests/server"]
    # Functions on text alone, and the commands of development, know no database: they have run already.
    return ["tests/load", "tests/server", "--ignore=tests/server/pure"]


def _extension_tests(project: str, chosen: list[str]) -> Step:
    report = RESULTS / f"extension-{project}.xml"
    names = [option for expression in chosen for option in ("-t", expression)]
    return Step(
        f"extension tests in {'Node' if project == 'node' else 'Chromium'}",
        [*extension_tool("vitest", "vitest.mjs"), "run", "--project", project, "--passWithNoTests", *names,
         "--reporter=default", "--reporter=junit", f"--outputFile.junit={report}"],
        cwd=EXTENSION,
        report=report,
        missing=_missing_browser("chromium") if project == "chromium" else None,
    )  # fmt: skip


def _store_lint() -> Step:
    return Step("Mozilla's lint of the extension", [str(python()), "dev.py", "package", "--lint"])


def _end_to_end(browser: str, chosen: list[str]) -> Step:
    report = RESULTS / f"e2e-{browser}.xml"
    # What needs no browser runs with the first.
    browsers = ["--browser", browser, *(["--browser", "none"] if browser == "chromium" else [])]
    return Step(
        f"end to end in {browser.capitalize()}",
        [*_pytest(report, chosen), "-n", _BROWSER_WORKERS, "--dist", "loadgroup", "tests/e2e", *browsers],
        report=report,
        missing=_missing_browser(browser),
    )


def _pytest(report: Path, chosen: list[str]) -> list[str]:
    names = [option for expression in chosen for option in ("-k", expression)]
    return [str(python()), "-m", "pytest", "-q", f"--junit-xml={report}", *names]


def _missing_postgres() -> str | None:
    answer = subprocess.run(
        [str(python()), "-m", "tests.databases"],
        cwd=ROOT, env=child_environment(), capture_output=True, text=True, check=False,
    )  # fmt: skip
    return None if answer.returncode == 0 else answer.stderr.strip() or "PostgreSQL cannot be started"


def _missing_browser(name: str) -> str | None:
    package = "firefox-esr" if name == "firefox" else "chromium"
    program = os.environ.get(name.upper()) or package
    return None if shutil.which(program) else f"no {package}: apt install {package} fonts-dejavu-core"
