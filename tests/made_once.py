"""What takes long to make and is only copied afterwards: made by the first process of a run that needs it."""

from __future__ import annotations

import atexit
import fcntl
import os
import shutil
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path


def made_once(name: str, make: Callable[[Path], object]) -> Path:
    """The folder of this name, which `make` fills; who comes second waits. It goes with the run."""
    shared = _shared()
    folder, done = shared / name, shared / f"{name}.done"
    with (shared / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            shutil.rmtree(folder, ignore_errors=True)  # of a maker that was stopped
            folder.mkdir()
            make(folder)
            done.touch()
    return folder


@cache
def _shared() -> Path:
    """The data folder that all workers of a run have; a program beside pytest has one of its own."""
    given = os.environ.get("ANNOTATOR_DATA")
    folder = Path(given) / "made-once" if given else Path(tempfile.mkdtemp(prefix="annotator-made-"))
    folder.mkdir(parents=True, exist_ok=True)
    if not given:
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder
