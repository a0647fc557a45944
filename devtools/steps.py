"""One step of `dev.py test` and `check`: a command, what it lacks, what it counted; and the table of all."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
import xml.etree.ElementTree as xml
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from devtools.places import ROOT, child_environment
from devtools.progress import say

_LIMIT_SECONDS = 900.0  # A step that hangs is a failure, not a reason to wait for ever.
_STOP_SECONDS = 20.0
_NOTHING_COLLECTED = 5  # pytest's exit code when `-k` leaves no test.


@dataclass(frozen=True)
class Step:
    """A command with a name; one check, unless it writes `report`, a JUnit file that counts its tests."""

    name: str
    command: Sequence[str]
    cwd: Path = ROOT
    environment: dict[str, str] = field(default_factory=dict)
    report: Path | None = None
    missing: str | None = None  # Why this machine cannot run it, and what to install.


@dataclass
class Result:
    name: str
    passed: int = 0
    failed: int = 0
    skipped: int = 0
    seconds: float = 0.0
    reasons: list[str] = field(default_factory=list)


def run_steps(steps: Sequence[Step], *, require_all: bool) -> int:
    """Run every step, whatever the ones before it said, and print the table; 1 when something failed.

    With `require_all` a skipped test or step is a failure too.
    """
    results = []
    for step in steps:
        say(f"\n=== {step.name} " + "=" * max(3, 90 - len(step.name)))
        results.append(_run(step))
    _print_table(results)
    total = Counter[str]()
    for result in results:
        total.update(passed=result.passed, failed=result.failed, skipped=result.skipped)
    if require_all and total["skipped"]:
        say("Skipped tests count as failures here (--require-all).")
    say(f"{total['passed']} passed, {total['failed']} failed, {total['skipped']} skipped")
    return 1 if total["failed"] or (require_all and total["skipped"]) else 0


def _run(step: Step) -> Result:
    result = Result(step.name)
    if step.missing is not None:
        say(f"skipped: {step.missing}")
        result.skipped, result.reasons = 1, [step.missing]
        return result
    if step.report is not None:
        step.report.parent.mkdir(parents=True, exist_ok=True)
        step.report.unlink(missing_ok=True)
    started = time.monotonic()
    code = _run_within_limit(step)
    result.seconds = time.monotonic() - started
    if step.report is not None and step.report.exists():
        _count(step.report, result)
    elif code == 0:
        result.passed = 1
    if code not in (0, _NOTHING_COLLECTED) and not result.failed:
        result.failed = 1
        result.reasons.append(f"exit code {code}")
    return result


def _run_within_limit(step: Step) -> int:
    child = subprocess.Popen(
        step.command, cwd=step.cwd, env=child_environment(**step.environment), start_new_session=True
    )
    try:
        return child.wait(_LIMIT_SECONDS)
    except subprocess.TimeoutExpired:
        say(f"{step.name} did not end within {_LIMIT_SECONDS:.0f} s: stopped")
        return -1
    finally:
        if child.poll() is None:  # Ctrl-C or the limit: nothing it started may stay.
            _end(child)


def _end(child: subprocess.Popen[bytes]) -> None:
    """As Ctrl-C would, so that pytest closes its browsers and servers; then for good."""
    if sys.platform == "win32":
        child.terminate()
        child.wait()
        return
    child.send_signal(signal.SIGINT)
    with contextlib.suppress(subprocess.TimeoutExpired):
        child.wait(_STOP_SECONDS)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()


def _count(report: Path, result: Result) -> None:
    skips = Counter[str]()
    for case in xml.parse(report).iter("testcase"):
        skipped = case.find("skipped")
        if case.find("failure") is not None or case.find("error") is not None:
            result.failed += 1
            result.reasons.append(f"FAILED {case.get('classname', '')} {case.get('name', '')}")
        elif skipped is not None:
            result.skipped += 1
            skips[f"skipped: {skipped.get('message') or case.get('name')}"] += 1
        else:
            result.passed += 1
    result.reasons += [f"{reason} ({count})" for reason, count in skips.items()]


def _print_table(results: Sequence[Result]) -> None:
    width = max(len(result.name) for result in results)
    say(f"\n{'step':<{width}}  passed  failed  skipped  seconds")
    for result in results:
        numbers = f"{result.passed:>6}  {result.failed:>6}  {result.skipped:>7}  {result.seconds:>7.1f}"
        say(f"{result.name:<{width}}  {numbers}")
        for reason in result.reasons:
            say(f"{'':<{width}}    {reason}")
    seconds = sum(result.seconds for result in results)
    say(f"{'':<{width}}  {'':>6}  {'':>6}  {'':>7}  {seconds:>7.1f}\n")
