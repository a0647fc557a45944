"""Chromium through Playwright and CDP."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import json
import os
import shutil
import signal
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import BrowserContext, CDPSession, Playwright
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Page as PlaywrightPage

from tests.e2e.browsers.interface import PATIENCE, Browser, Page, PageError, Point, wait_until

_ARGUMENTS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
    "--disable-default-apps",
    "--disable-features=HttpsUpgrades,HttpsFirstBalancedModeAutoEnable",
    # Nothing leaves the machine. site.test is a plain-http site that is not 127.0.0.1: no secure context.
    "--host-resolver-rules=MAP site.test 127.0.0.1, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]
_SIZE = {"width": 1280, "height": 800}


class Chromium(Browser):
    """A persistent context, so that closing and starting again is what a user's restart is."""

    name = "chromium"

    def __init__(self, playwright: Playwright, extension: Path, profile: Path) -> None:
        self._playwright = playwright
        self._extension = extension
        self.profile = profile
        self.extension_id = extension_id(extension)
        self._context: BrowserContext | None = None
        self._pages: dict[PlaywrightPage, ChromiumPage] = {}
        self._allow_what_is_asked()

    @property
    def context(self) -> BrowserContext:
        assert self._context is not None, "the browser is not running"
        return self._context

    def start(self) -> None:
        assert self._context is None, "the browser is running already"
        self._context = self._playwright.chromium.launch_persistent_context(
            self.profile,
            headless=True,
            executable_path=shutil.which(os.environ.get("CHROMIUM") or "chromium"),
            args=[
                *_ARGUMENTS,
                f"--disable-extensions-except={self._extension}",
                f"--load-extension={self._extension}",
            ],
            viewport={"width": _SIZE["width"], "height": _SIZE["height"]},
        )
        self._context.set_default_timeout(PATIENCE * 1000)

    def close(self) -> None:
        if self._context is not None:
            self._context.close()
            self._forget()

    def reinstall(self, extension: Path) -> None:
        assert self._context is None, "the browser is running"
        self._extension = extension
        # While the version is the same, Chromium would go on with the worker's script that it has in store.
        shutil.rmtree(self.profile / "Default" / "Service Worker", ignore_errors=True)

    def kill(self) -> None:
        for number in self._processes():
            with contextlib.suppress(ProcessLookupError):
                os.kill(number, signal.SIGKILL)
        wait_until(lambda: not self._processes(), what=lambda: "Chromium's processes to be gone")
        with contextlib.suppress(PlaywrightError):
            self.context.close()
        self._forget()
        # What a killed browser leaves behind would make the next one believe that it still runs.
        for lock in self.profile.glob("Singleton*"):
            lock.unlink()

    def pages(self) -> list[Page]:
        self.context.cookies("http://127.0.0.1")  # A round trip, in which Playwright hears of new pages.
        return [self._wrap(page) for page in self.context.pages if not page.is_closed()]

    def new_page(self) -> Page:
        return self._wrap(self.context.new_page())

    def extension_url(self, path: str) -> str:
        return f"chrome-extension://{self.extension_id}/{path}"

    def grant_sites(self, *origins: str) -> None:
        page = self._wrap(self.context.new_page())
        page.goto(self.extension_url("manifest.json"))
        page.session.send(
            "Runtime.evaluate",
            {
                "expression": f"chrome.permissions.request({{ origins: {json.dumps(origins)} }})",
                "awaitPromise": True,
                "userGesture": True,
            },
        )
        page.close()

    def click_toolbar_icon(self, page: Page) -> None:
        page.bring_to_front()
        session = self._browser_session()
        # The icon belongs to the tab, which is another kind of target than the page in it.
        tabs = session.send("Target.getTargets", {"filter": [{"type": "tab"}]})["targetInfos"]
        active = [tab for tab in tabs if tab["url"] == page.url and tab["embedderData"]["tabActive"]]
        assert len(active) == 1, f"{len(active)} active tabs show {page.url}"
        session.send("Extensions.triggerAction", {"id": self.extension_id, "targetId": active[0]["targetId"]})

    def press_command(self, page: Page, keys: str) -> None:
        page.bring_to_front()
        worker = wait_until(
            lambda: next(iter(self.context.service_workers), None), what=lambda: "the service worker"
        )
        worker.evaluate(
            """async (keys) => {
              const commands = await chrome.commands.getAll();
              const { name } = commands.find(({ shortcut }) => shortcut === keys);
              const [tab] = await chrome.tabs.query({ active: true, lastFocusedWindow: true });
              chrome.commands.onCommand.dispatch(name, tab);
            }""",
            keys,
        )

    def stop_background(self) -> None:
        def workers() -> list[str]:
            return [
                target["targetId"]
                for target in session.send("Target.getTargets")["targetInfos"]
                if target["type"] == "service_worker" and target["url"].startswith(self.extension_url(""))
            ]

        def are_stopped() -> bool:
            """A page that was about to ask something starts it again at once, under the same name."""
            for worker in workers():
                with contextlib.suppress(PlaywrightError):  # gone by itself meanwhile
                    session.send("Target.closeTarget", {"targetId": worker})
            return not workers()

        session = self._browser_session()
        wait_until(are_stopped, what=lambda: "the service worker to stop")

    def _browser_session(self) -> CDPSession:
        assert self.context.browser is not None
        return self.context.browser.new_browser_cdp_session()

    def _wrap(self, page: PlaywrightPage) -> ChromiumPage:
        if page not in self._pages:
            self._pages[page] = ChromiumPage(page)
        return self._pages[page]

    def _forget(self) -> None:
        self._context = None
        self._pages.clear()

    def _allow_what_is_asked(self) -> None:
        """Have `permissions.request` answer yes by itself: its dialog would hang without a screen."""
        manifest = json.loads((self._extension / "manifest.json").read_text("utf-8"))
        granted = {
            "api": manifest.get("permissions", []),
            "explicit_host": ["http://*/*", "https://*/*"],
            "manifest_permissions": [],
            "scriptable_host": [],
        }
        settings = {
            "granted_permissions": granted,
            "runtime_granted_permissions": granted,
            "location": 8,  # an unpacked extension from the command line
            "path": str(self._extension),
        }
        preferences = self.profile / "Default" / "Preferences"
        if preferences.exists():  # a profile that was used before
            return
        preferences.parent.mkdir(parents=True, exist_ok=True)
        preferences.write_text(
            json.dumps({"extensions": {"settings": {self.extension_id: settings}}}), "utf-8"
        )

    def _processes(self) -> list[int]:
        """The browser's own processes: the one with our profile on its command line, and its descendants."""
        parents: dict[int, int] = {}
        roots = []
        marker = f"--user-data-dir={self.profile}".encode()
        for folder in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError, ValueError):
                state, parent = (folder / "stat").read_text("utf-8", "replace").rsplit(")", 1)[1].split()[:2]
                if state != "Z":
                    parents[int(folder.name)] = int(parent)
                    if marker in (folder / "cmdline").read_bytes().split(b"\0"):
                        roots.append(int(folder.name))
        found = set(roots)
        while grown := {child for child, parent in parents.items() if parent in found} - found:
            found |= grown
        return sorted(found)


class ChromiumPage(Page):
    """A Playwright page, with a CDP session for what Playwright does not reach."""

    def __init__(self, page: PlaywrightPage) -> None:
        self._page = page
        self._session: CDPSession | None = None

    @property
    def session(self) -> CDPSession:
        if self._session is None:
            self._session = self._page.context.new_cdp_session(self._page)
        return self._session

    @property
    def url(self) -> str:
        return self._page.url

    def goto(self, url: str) -> None:
        self._page.goto(url)

    def reload(self) -> None:
        self._page.reload()

    def bring_to_front(self) -> None:
        self._page.bring_to_front()

    def close(self) -> None:
        self._page.close()

    def set_viewport(self, width: int, height: int) -> None:
        self._page.set_viewport_size({"width": width, "height": height})

    def color_scheme(self, scheme: str) -> None:
        self._page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")

    def screenshot(self, path: Path | str) -> Path:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        Path(path).write_bytes(base64.b64decode(self.session.send("Page.captureScreenshot")["data"]))
        return Path(path)

    def downloaded(self, deed: Callable[[], None]) -> str:
        """The text of the file that comes when this is done."""
        with self._page.expect_download() as coming:
            deed()
        return coming.value.path().read_text("utf-8")

    def _evaluate(self, expression: str) -> str:
        # Not Playwright's own evaluate, which the content security policy of extension pages would refuse.
        try:
            answer = self.session.send(
                "Runtime.evaluate", {"expression": expression, "awaitPromise": True, "returnByValue": True}
            )
        except PlaywrightError as error:
            raise PageError(str(error)) from error
        if "exceptionDetails" in answer:
            details = answer["exceptionDetails"]
            raise PageError(details.get("exception", {}).get("description") or details["text"])
        if "value" not in answer["result"]:
            raise PageError("the page went away before it answered")
        return str(answer["result"]["value"])

    def move_mouse(self, point: Point) -> None:
        # Only what is in front can be pointed at. Behind another tab a page has one frame a second, for which
        # the mouse waits.
        self.bring_to_front()
        self._page.mouse.move(*point)

    def mouse_down(self, count: int = 1) -> None:
        self._page.mouse.down(click_count=count)

    def mouse_up(self, count: int = 1) -> None:
        self._page.mouse.up(click_count=count)

    def press(self, keys: str) -> None:
        self._page.keyboard.press(keys)

    def type(self, text: str) -> None:
        self._page.keyboard.type(text)

    def accessible_names(self) -> list[str]:
        return [name for name, _ in self._buttons()]

    def _middle_of_button(self, name: str) -> Point | None:
        node = next((node for found, node in self._buttons() if found == name), None)
        return None if node is None else self._middle(node)

    def _buttons(self) -> list[tuple[str, int]]:
        """Names and DOM nodes of all buttons in the accessibility tree, closed roots included."""
        tree = self.session.send("Accessibility.getFullAXTree")["nodes"]
        return [
            (str(node.get("name", {}).get("value", "")), int(node["backendDOMNodeId"]))
            for node in tree
            if not node["ignored"] and node["role"]["value"] in {"button", "menuitem", "radio", "checkbox"}
        ]

    def _middle(self, node: int) -> Point | None:
        with contextlib.suppress(PlaywrightError):  # It may be gone again, or have no box.
            self.session.send("DOM.scrollIntoViewIfNeeded", {"backendNodeId": node})
            for quad in self.session.send("DOM.getContentQuads", {"backendNodeId": node})["quads"]:
                return (sum(quad[0::2]) / 4, sum(quad[1::2]) / 4)
        return None


def extension_id(folder: Path) -> str:
    """The id Chromium gives to an extension with a fixed manifest `key`: its digest in letters a to p."""
    key = json.loads((folder / "manifest.json").read_text("utf-8"))["key"]
    digest = hashlib.sha256(base64.b64decode(key)).hexdigest()[:32]
    return "".join(chr(ord("a") + int(letter, 16)) for letter in digest)


def _page_of(page: Page) -> ChromiumPage:
    assert isinstance(page, ChromiumPage)
    return page
