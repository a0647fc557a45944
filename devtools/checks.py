"""Format, lint, types, missing migrations: what can be said without running a test."""

from __future__ import annotations

import subprocess

from devtools.extension_builds import prepare_node_packages
from devtools.places import EXTENSION, ROOT, child_environment, extension_tool, python
from devtools.python_packages import prepare_for_development
from devtools.steps import Step

# Enough for settings to load; nothing is stored with it.
SETTINGS_FOR_CHECKS = {"ANNOTATOR_SECRET_KEY": "only-for-checks-" * 4, "DATABASE_URL": "sqlite://:memory:"}


def check_steps() -> list[Step]:
    """Cheapest first."""
    python_ = str(python())
    return [
        Step("ruff format", [python_, "-m", "ruff", "format", "--check", "."]),
        Step("ruff lint", [python_, "-m", "ruff", "check", "."]),
        Step("biome format and lint", [*_biome("check"), "--error-on-warnings"], cwd=EXTENSION),
        Step("build of the extension", [python_, "dev.py", "build"]),  # Before tsc: it writes WXT's types.
        Step("tsc", [*extension_tool("typescript", "bin/tsc"), "--noEmit"], cwd=EXTENSION),
        Step("mypy", [python_, "-m", "mypy"], environment=SETTINGS_FOR_CHECKS),
        Step(
            "missing migrations",
            [python_, "manage.py", "makemigrations", "--check", "--dry-run"],
            environment=SETTINGS_FOR_CHECKS,
        ),
    ]


def write_house_style() -> int:
    """`dev.py format`: rewrite what can be rewritten by a machine; 1 when something is left to do by hand."""
    prepare_for_development()
    prepare_node_packages()
    python_ = str(python())
    commands = [
        ([python_, "-m", "ruff", "check", "--fix", "."], ROOT),
        ([python_, "-m", "ruff", "format", "."], ROOT),
        ([*_biome("check"), "--write"], EXTENSION),
    ]
    codes = [
        subprocess.run(command, cwd=cwd, env=child_environment(), check=False).returncode
        for command, cwd in commands
    ]
    return 1 if any(codes) else 0


def _biome(deed: str) -> list[str]:
    """All TypeScript of the project by the extension's rules, wherever it stands."""
    folders = [".", *(f"../{folder}" for folder in ("tests/extension", "bench") if (ROOT / folder).is_dir())]
    return [*extension_tool("@biomejs/biome", "bin/biome"), deed, *folders]
