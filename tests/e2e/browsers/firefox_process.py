"""A running Firefox without a screen, and the connection to it."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import subprocess
from pathlib import Path

from tests.e2e.browsers import firefox_profile
from tests.e2e.browsers.bidi import Bidi, BidiError
from tests.e2e.browsers.interface import wait_until
from tests.processes import end_with_parent

_START_SECONDS = 40.0
_CLOSE_SECONDS = 15.0


class FirefoxProcess:
    """Started by making it, with a profile folder; ended by `close` or `kill`."""

    bidi: Bidi

    def __init__(self, profile: Path) -> None:
        log = profile / "firefox.log"
        program = shutil.which(os.environ.get("FIREFOX") or "firefox-esr")
        assert program is not None, "firefox-esr is not installed"
        with log.open("wb") as output:
            self._process = subprocess.Popen(
                [program, "--headless", "--no-remote", "--profile", str(profile),
                 "--remote-debugging-port=0", "--remote-allow-system-access"],
                stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True,
                preexec_fn=end_with_parent(signal.SIGKILL),
                env={**os.environ, "HOME": str(profile), "LC_ALL": "C.UTF-8", "LANGUAGE": "en"},
            )  # fmt: skip
        try:
            announced = wait_until(
                lambda: re.search(
                    r"WebDriver BiDi listening on (ws://\S+)", log.read_text("utf-8", "replace")
                ),
                timeout=_START_SECONDS,
                what=lambda: f"Firefox to start: {log.read_text('utf-8', 'replace')[-2000:]}",
            )
            self.bidi = Bidi(announced[1])
        except BaseException:
            self._kill_group()
            raise

    def close(self) -> None:
        """Ask it to end, and wait until everything is written."""
        with contextlib.suppress(BidiError, OSError):
            self.bidi.send("browser.close")
        try:
            self._process.wait(_CLOSE_SECONDS)
        finally:
            self.kill()

    def kill(self) -> None:
        """SIGKILL to it and to its content processes."""
        self._kill_group()
        self.bidi.close()

    def _kill_group(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()


def prepare_profile(profile: Path) -> None:
    """Let Firefox do once, without any extension, what it does in every new profile: copies start faster."""
    firefox_profile.write_preferences(profile)
    process = FirefoxProcess(profile)
    process.close()
