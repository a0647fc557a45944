"""Firefox through WebDriver BiDi, and where that does not reach, scripts in the browser's own windows."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
from pathlib import Path
from typing import Any

from tests.e2e.browsers import firefox_profile
from tests.e2e.browsers.bidi import Bidi, BidiError
from tests.e2e.browsers.firefox_page import FirefoxPage
from tests.e2e.browsers.interface import Browser, Page, wait_until

_START_SECONDS = 40.0
_CLOSE_SECONDS = 15.0


class Firefox(Browser):
    """A Firefox of its own process group, with the extension packed into its profile."""

    name = "firefox"

    def __init__(self, extension: Path, profile: Path) -> None:
        self._profile = profile
        self.extension_id = firefox_profile.gecko_id(extension)
        firefox_profile.write_profile(profile, extension)
        self._process: subprocess.Popen[bytes] | None = None
        self._bidi: Bidi | None = None
        self._pages: dict[str, FirefoxPage] = {}

    @property
    def bidi(self) -> Bidi:
        assert self._bidi is not None, "the browser is not running"
        return self._bidi

    def start(self) -> None:
        assert self._process is None, "the browser is running already"
        log = self._profile / "firefox.log"
        program = shutil.which(os.environ.get("FIREFOX") or "firefox-esr")
        assert program is not None, "firefox-esr is not installed"
        with log.open("wb") as output:
            self._process = subprocess.Popen(
                [program, "--headless", "--no-remote", "--profile", str(self._profile),
                 "--remote-debugging-port=0", "--remote-allow-system-access"],
                stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True,
                env={**os.environ, "HOME": str(self._profile), "LC_ALL": "C.UTF-8", "LANGUAGE": "en"},
            )  # fmt: skip
        announced = wait_until(
            lambda: re.search(r"WebDriver BiDi listening on (ws://\S+)", log.read_text("utf-8", "replace")),
            timeout=_START_SECONDS,
            what=lambda: f"Firefox to start: {log.read_text('utf-8', 'replace')[-2000:]}",
        )
        self._bidi = Bidi(announced[1])
        self.bidi.send(
            "browsingContext.setViewport", userContexts=["default"], viewport={"width": 1280, "height": 800}
        )
        wait_until(
            lambda: self.in_browser(f"WebExtensionPolicy.getByID({json.dumps(self.extension_id)})?.active"),
            what=lambda: f"Firefox to load {self.extension_id}",
        )

    def close(self) -> None:
        if self._process is None:
            return
        with contextlib.suppress(BidiError, OSError):
            self.bidi.send("browser.close")
        try:
            self._process.wait(_CLOSE_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()
            raise
        self._forget()

    def kill(self) -> None:
        assert self._process is not None, "the browser is not running"
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._forget()

    def pages(self) -> list[Page]:
        contexts = self.bidi.send("browsingContext.getTree", maxDepth=0)["contexts"]
        return [self._wrap(entry["context"]) for entry in contexts]

    def new_page(self) -> Page:
        return self._wrap(self.bidi.send("browsingContext.create", type="tab")["context"])

    def extension_url(self, path: str) -> str:
        return f"{firefox_profile.origin()}/{path}"

    def grant_sites(self, *origins: str) -> None:
        self.in_browser(
            f"""(async () => {{
              const {{ ExtensionPermissions }} =
                ChromeUtils.importESModule("resource://gre/modules/ExtensionPermissions.sys.mjs");
              const sites = {{ permissions: [], origins: {json.dumps(origins)}, data_collection: [] }};
              await ExtensionPermissions.add({json.dumps(self.extension_id)}, sites, {self._extension});
            }})()"""
        )

    def click_toolbar_icon(self, page: Page) -> None:
        page.bring_to_front()
        assert isinstance(page, FirefoxPage)
        page.in_window(
            f"""(() => {{
              const {{ ExtensionParent }} = ChromeUtils.importESModule("resource://gre/modules/ExtensionParent.sys.mjs");
              const action = ExtensionParent.apiManager.global.browserActionFor({self._extension});
              action.triggerAction(window);
            }})()"""
        )

    def stop_background(self) -> None:
        self.in_browser(f"{self._extension}.terminateBackground({{ ignoreDevToolsAttached: true }})")

    def in_browser(self, script: str) -> Any:
        """Evaluate in the browser's first own window, with all the rights of the browser."""
        window = self.bidi.send("browsingContext.getTree", maxDepth=0, **{"moz:scope": "chrome"})["contexts"][
            0
        ]
        return self.bidi.evaluate(window["context"], script)

    @property
    def _extension(self) -> str:
        return f"WebExtensionPolicy.getByID({json.dumps(self.extension_id)}).extension"

    def _wrap(self, context: str) -> FirefoxPage:
        if context not in self._pages:
            self._pages[context] = FirefoxPage(self.bidi, context)
        return self._pages[context]

    def _forget(self) -> None:
        if self._bidi is not None:
            self._bidi.close()
        self._process = self._bidi = None
        self._pages.clear()
