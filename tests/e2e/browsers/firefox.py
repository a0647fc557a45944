"""Firefox through WebDriver BiDi, and where that does not reach, scripts in the browser's own windows."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.e2e.browsers import firefox_profile
from tests.e2e.browsers.bidi import Bidi
from tests.e2e.browsers.firefox_page import FirefoxPage
from tests.e2e.browsers.firefox_process import FirefoxProcess
from tests.e2e.browsers.interface import Browser, Page, wait_until


class Firefox(Browser):
    """A Firefox of its own process group, with the extension packed into its profile."""

    name = "firefox"

    def __init__(self, extension: Path, profile: Path) -> None:
        """`profile` is a folder: empty, or a copy of one that `prepare_profile` filled."""
        self.profile = profile
        self.extension_id = firefox_profile.gecko_id(extension)
        firefox_profile.write_preferences(profile, extension)
        firefox_profile.install(profile, extension)
        self._process: FirefoxProcess | None = None
        self._pages: dict[str, FirefoxPage] = {}

    @property
    def bidi(self) -> Bidi:
        assert self._process is not None, "the browser is not running"
        return self._process.bidi

    def start(self) -> None:
        assert self._process is None, "the browser is running already"
        self._process = FirefoxProcess(self.profile)
        self.bidi.send(
            "browsingContext.setViewport", userContexts=["default"], viewport={"width": 1280, "height": 800}
        )
        wait_until(
            lambda: self.in_browser(f"WebExtensionPolicy.getByID({json.dumps(self.extension_id)})?.active"),
            what=lambda: f"Firefox to load {self.extension_id}",
        )

    def close(self) -> None:
        if self._process is not None:
            self._forget().close()

    def reinstall(self, extension: Path) -> None:
        assert self._process is None, "the browser is running"
        firefox_profile.install(self.profile, extension)

    def kill(self) -> None:
        self._forget().kill()

    def abandon(self) -> None:
        # A polite end right after the start takes up to five seconds.
        if self._process is not None:
            self.kill()

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

    def press_command(self, page: Page, keys: str) -> None:
        page.bring_to_front()
        assert isinstance(page, FirefoxPage)
        *modifiers, letter = keys.split("+")
        wanted = {"modifiers": ",".join(one.lower() for one in modifiers), "key": letter}
        page.in_window(
            f"""(() => {{
              const wanted = Object.entries({json.dumps(wanted)});
              const ours = [...document.querySelectorAll("keyset[id^=ext-keyset-id-] > key")];
              ours.find((key) => wanted.every(([name, is]) => key.getAttribute(name) === is)).doCommand();
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

    def _forget(self) -> FirefoxProcess:
        assert self._process is not None, "the browser is not running"
        process, self._process = self._process, None
        self._pages.clear()
        return process
