"""Benches are folders of `bench/` with a `run.py` or a `run.ts`; a new folder is a new name."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from devtools.extension_builds import prepare_node_packages
from devtools.places import ROOT, Unprepared, child_environment, node, python
from devtools.progress import say
from devtools.python_packages import prepare_for_development

BENCH = ROOT / "bench"


def bench(name: str | None, rest: Sequence[str]) -> int:
    """Run `bench/NAME/run.py` or `run.ts` with the remaining words as its options; or list all."""
    names = {script.parent.name: script for script in sorted(BENCH.glob("*/run.*")) if _runs(script)}
    if name is None:
        say("\n".join(names) or "No bench yet: make bench/NAME/run.py or run.ts.")
        return 0
    if name not in names:
        raise Unprepared(f"There is no bench {name!r}. There are: {', '.join(names) or 'none'}.")
    prepare_for_development()
    prepare_node_packages()
    return _hand_over(names[name], rest)


def anchor(rest: Sequence[str]) -> int:
    """Run `bench/anchoring/filter.ts` between our stdin and stdout.

    Stdout is the filter's alone: whatever preparing has to say goes to stderr.
    """
    script = BENCH / "anchoring" / "filter.ts"
    stdout, sys.stdout = sys.stdout, sys.stderr
    try:
        prepare_for_development()
    finally:
        sys.stdout = stdout
    return _hand_over(script, rest)


def _runs(script: Path) -> bool:
    return script.suffix in {".py", ".ts"}


def _hand_over(script: Path, rest: Sequence[str]) -> int:
    # Node runs TypeScript by leaving the types out.
    interpreter = (
        [str(python())] if script.suffix == ".py" else [str(node()), "--disable-warning=ExperimentalWarning"]
    )
    return subprocess.run(
        [*interpreter, str(script), *rest], cwd=ROOT, env=child_environment(), check=False
    ).returncode
