"""Run a long command quietly, but never silently: one line that moves, and the whole output on failure."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from devtools.places import Unprepared, child_environment

_QUIET_SECONDS = 5.0  # Without a terminal: how often a waiting line is printed.


def say(text: str = "") -> None:
    print(text, flush=True)


def run_with_progress(
    title: str,
    command: Sequence[str],
    *,
    cwd: Path,
    environment: Mapping[str, str] | None = None,
    describe: Callable[[str], str | None] = lambda line: None,
) -> str:
    """Run `command` and show `title` with the latest thing that `describe` made of its output lines.

    Returns the whole output. Raises Unprepared with the output's end when the command fails.
    """
    started = time.monotonic()
    shown = _MovingLine(title, started)
    child = subprocess.Popen(
        command,
        cwd=cwd,
        env=dict(environment or child_environment()),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    )
    lines: list[str] = []
    try:
        assert child.stdout is not None
        with shown, child.stdout:
            for line in child.stdout:
                lines.append(line)
                shown.detail = describe(line) or shown.detail
        code = child.wait()
    except BaseException:
        child.terminate()
        child.wait()
        raise
    if code:
        tail = "".join(lines[-60:]).rstrip()
        raise Unprepared(f"{title} failed (exit code {code}).\n  {' '.join(command)}\n\n{tail}")
    say(f"{title}: done in {time.monotonic() - started:.1f} s")
    return "".join(lines)


class _MovingLine:
    """Redraws one line on a terminal; elsewhere (CI, a pipe) prints a new one every few seconds."""

    def __init__(self, title: str, started: float) -> None:
        self._title, self._started, self.detail = title, started, ""
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._draw, daemon=True)
        self._terminal = sys.stdout.isatty()

    def __enter__(self) -> None:
        if not self._terminal:
            say(f"{self._title} ...")
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()
        if self._terminal:
            sys.stdout.write("\r\x1b[K")

    def _draw(self) -> None:
        while not self._stop.wait(0.2 if self._terminal else _QUIET_SECONDS):
            text = f"{self._title}: {time.monotonic() - self._started:.0f} s  {self.detail}"
            if self._terminal:
                sys.stdout.write(f"\r\x1b[K{text[:100]}")
                sys.stdout.flush()
            else:
                say(f"  {text}")
