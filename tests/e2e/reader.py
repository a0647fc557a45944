"""A reader at a browser: connects it, highlights, writes notes. By mouse and keyboard alone."""

from __future__ import annotations

import time
from dataclasses import dataclass

from tests.e2e.browsers.interface import Browser, Page, wait_until
from tests.e2e.server import PASSWORD, Server

_ADDRESS = 'input[inputmode="url"]'
_SLOW = 20.0
# The toolbar takes no click in its first 0.3 s: it would have been aimed at what stood there before.
_HAND = 0.4


@dataclass
class Reader:
    """Somebody with an account on `server` and a browser of their own."""

    browser: Browser
    server: Server
    user: str = "ada"
    # Where the browser believes the server to be; "": where it is.
    address: str = ""

    def __post_init__(self) -> None:
        self.address = self.address or self.server.address

    def connect(self) -> None:
        """The first minute: server address, test, sign in, all sites."""
        options = self.browser.open_extension_page("options.html")
        self.enter_address(options)
        options.accessibility_click("Test connection")
        options.has_text("answers. You can connect.", timeout=_SLOW)
        self.sign_in(options)
        if not options.evaluate("chrome.permissions.contains({origins: ['http://*/*', 'https://*/*']})"):
            options.accessibility_click("All sites")
            options.has_text("Annotator now works on all sites.")
        options.close()

    def enter_address(self, options: Page) -> None:
        """Type the server's address into the options page."""
        options.fill(_ADDRESS, self.address)

    def sign_in(self, options: Page) -> None:
        """From "Connect" through the server's own pages and back."""
        self.pass_consent(options)
        options.has_text(f"Signed in as {self.user}", timeout=_SLOW)

    def pass_consent(self, page: Page) -> None:
        """The same, on any page with that button."""
        page.accessibility_click("Connect")
        sign_in = self.browser.wait_for_page(f"{self.address}/sign-in/*", timeout=_SLOW)
        sign_in.fill("#id_username", self.user)
        sign_in.fill("#id_password", PASSWORD)
        sign_in.press("Enter")
        consent = self.browser.wait_for_page(f"{self.address}/oauth/authorize/*", timeout=_SLOW)
        consent.accessibility_click("Connect")
        page.bring_to_front()

    def open(self, path: str = "/demo/euronews-raqa", *, host: str = "127.0.0.1") -> Page:
        """Open a page of the server's own demo."""
        return self.browser.open(self.server.url(path, host=host))

    def highlight(
        self,
        page: Page,
        start: str,
        end: str | None = None,
        *,
        color: str = "yellow",
        occurrence: int = 1,
        backward: bool = False,
    ) -> str:
        """Drag over the words and click a colour; returns what was selected, once it is painted."""
        before = len(page.painted("annotator-"))
        selected = page.select_text(start, end, occurrence=occurrence, backward=backward)
        self.press_in_toolbar(page, f"Highlight in {color}")
        wait_until(
            lambda: len(page.painted("annotator-")) > before or None,
            what=lambda: f"{selected!r} to be painted; there is {page.painted('annotator-')}",
        )
        return selected

    def press_in_toolbar(self, page: Page, name: str) -> None:
        """Click a button of the toolbar, as soon as a hand could."""
        wait_until(lambda: name in page.accessible_names() or None, what=lambda: f"{name!r} in the toolbar")
        time.sleep(_HAND)
        page.accessibility_click(name)

    def open_toolbar(self, page: Page, words: str, *, occurrence: int = 1) -> None:
        """Click on a painted highlight."""
        time.sleep(_HAND)
        page.click_at(page.point_of_text(words, occurrence=occurrence))
        wait_until(
            lambda: "Delete" in page.accessible_names() or None, what=lambda: "the highlight's toolbar"
        )

    def panel(self, page: Page) -> Page:
        """The side panel for this page, opened as a tab, where both browsers let a test reach it."""
        tab = self.browser.evaluate_in_extension(
            "async (url) => (await chrome.tabs.query({})).find((tab) => tab.url === url).id", page.url
        )
        return self.browser.open_extension_page(f"sidepanel.html?tab={tab}")

    def note_place(self, page: Page, words: str) -> Page:
        """Where the note that was just asked for is typed: Firefox's small window, or Chromium's panel.

        No driver reaches into Chromium's own panel: that it opened is asserted, and it is shown as a tab.
        """
        if self.browser.name == "firefox":
            return self.browser.wait_for_page("*/note.html?*")
        wait_until(
            lambda: self.browser.evaluate_in_extension(
                "chrome.runtime.getContexts({contextTypes: ['SIDE_PANEL']}).then((open) => open.length)"
            ),
            what=lambda: "Chromium's side panel to open",
        )
        panel = self.panel(page)
        # The browser's own panel may still be loading: then this one hears too which note is wanted.
        edit = f"Edit: {words}"
        wait_until(
            lambda: (
                edit in panel.accessible_names() or panel.evaluate("!!document.querySelector('textarea')")
            ),
            what=lambda: "the highlight in the panel",
        )
        if not panel.evaluate("!!document.querySelector('textarea')"):
            panel.accessibility_click(edit)
        return panel

    def wait_until_sent(self) -> None:
        """Until nothing is left in the outbox."""
        options = self.browser.open_extension_page("options.html")
        options.has_text("Everything is on the server.", timeout=_SLOW)
        options.close()


def painted_text(page: Page) -> str:
    """Everything painted on a page, in page order, white space folded."""
    return " | ".join(" ".join(one["text"].split()) for one in page.painted("annotator-"))


def wait_for_painted(page: Page, expected: str) -> None:
    """Until exactly this is painted."""
    wait_until(
        lambda: painted_text(page) == expected or None,
        what=lambda: f"\n  {expected}\nto be painted at {page.url}; there is\n  {painted_text(page)}",
        timeout=_SLOW,
    )
