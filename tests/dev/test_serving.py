"""`dev.py run` ends cleanly: Ctrl-C is how it ends, and nothing it started stays."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from devtools.places import EXTENSION_BUILDS, ROOT


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def children_of(parent: int) -> list[int]:
    listed = subprocess.run(["ps", "-eo", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
    parents = {int(pid): int(of) for pid, of in (line.split() for line in listed.splitlines())}
    found = [parent]
    for pid in found:
        found += [child for child, of in parents.items() if of == pid]
    return found[1:]


def hears_ctrl_c() -> None:
    """What a shell puts into the background is deaf to it, and so is what that starts: tests may be."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.mark.skipif(
    not all((folder / "manifest.json").exists() for folder in EXTENSION_BUILDS.values()),
    reason="the extension is not built: python3 dev.py build",
)
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_serves_until_ctrl_c_and_leaves_nothing_behind(tmp_path: Path, number: signal.Signals) -> None:
    port = free_port()
    environment = {
        name: value
        for name, value in os.environ.items()
        if name not in {"DATABASE_URL", "ANNOTATOR_SECRET_KEY", "ANNOTATOR_DATA", "ANNOTATOR_DEMO"}
    }
    log = tmp_path / "log"
    with log.open("wb") as output:
        running = subprocess.Popen(
            [sys.executable, "dev.py", "run", "--port", str(port)],
            cwd=ROOT, env={**environment, "ANNOTATOR_DATA": str(tmp_path / "data")},
            stdin=subprocess.DEVNULL, stdout=output, stderr=output, preexec_fn=hears_ctrl_c,
        )  # fmt: skip
    try:
        while f"Serving on http://127.0.0.1:{port}" not in log.read_text():
            assert running.poll() is None, log.read_text()
            time.sleep(0.1)
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/demo/euronews-raqa") as answer:
            assert answer.status == 200
        children = children_of(running.pid)
        assert children
        running.send_signal(number)
        assert running.wait(20) == 0
        assert [pid for pid in children if Path(f"/proc/{pid}").exists()] == []
        assert "Sign in once" in log.read_text()
    finally:
        running.kill()
        running.wait()
