"""What an end-to-end test may do with a browser: the same words for Chromium and for Firefox.

Everything a user does goes through the mouse and the keyboard of the browser itself (`isTrusted` is true);
`evaluate` is for looking, not for doing. Coordinates are CSS pixels in the viewport, times are seconds.
"""

from __future__ import annotations

import fnmatch
import json
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from tests.e2e.browsers import page_scripts

Point = tuple[float, float]
T = TypeVar("T")
PATIENCE = 20.0  # How long a thing may take before a test fails; most take a tenth of a second.
_SETTLE = 0.05  # What stands at one place this long has stopped moving.
_GLIDE_STEPS = 8


class PageError(Exception):
    """A script threw in the page, or the page is gone."""


class Timeout(AssertionError):
    """Something that a test waited for did not happen."""


class Page(ABC):
    """One tab or one small window."""

    # --- where it is -----------------------------------------------------------------------------------

    @property
    @abstractmethod
    def url(self) -> str: ...

    @abstractmethod
    def goto(self, url: str) -> None:
        """Navigate and wait for the page's `load`."""

    @abstractmethod
    def reload(self) -> None: ...

    @abstractmethod
    def bring_to_front(self) -> None: ...

    @abstractmethod
    def close(self) -> None: ...

    @abstractmethod
    def set_viewport(self, width: int, height: int) -> None: ...

    @abstractmethod
    def color_scheme(self, scheme: str) -> None:
        """Make `prefers-color-scheme` answer "light" or "dark"."""

    @abstractmethod
    def screenshot(self, path: Path | str) -> Path:
        """Write the viewport as PNG; folders are made as needed."""

    # --- looking ---------------------------------------------------------------------------------------

    def evaluate(self, script: str, *arguments: object) -> Any:
        """Evaluate a JavaScript expression in the page's own world; promises are awaited.

        With arguments, `script` is a function and is called with them. Answers and arguments are JSON values;
        `undefined` comes back as None. In a page of the extension, `chrome.*` is there. Raises PageError.
        """
        words = ", ".join(json.dumps(argument) for argument in arguments)
        expression = f"({script})({words})" if arguments else f"({script})"
        answer = self._evaluate(f"(async () => JSON.stringify((await {expression}) ?? null))()")
        return json.loads(answer)

    @abstractmethod
    def _evaluate(self, expression: str) -> str: ...

    def wait_for(self, predicate: str, *arguments: object, timeout: float = PATIENCE) -> Any:
        """Evaluate until the answer is true, and return it; a page that is just navigating is asked again."""
        last: object = None

        def ask() -> Any:
            nonlocal last
            try:
                last = self.evaluate(predicate, *arguments)
            except PageError as error:
                last = error
                return None
            return last

        return wait_until(
            ask,
            timeout=timeout,
            what=lambda: f"{predicate!r} on {self.url}; last: {last!r}; it shows:\n{self._excerpt()}",
        )

    def _excerpt(self) -> str:
        try:
            return str(self.evaluate("document.body.innerText.slice(0, 2000)"))
        except PageError as error:
            return f"nothing: {error}"

    def text(self, selector: str = "body") -> str:
        """The visible text of the first match; waits for it to be there."""
        return str(self.wait_for(page_scripts.VISIBLE_TEXT, selector)["text"])

    def has_text(self, words: str, selector: str = "body", timeout: float = PATIENCE) -> None:
        """Wait until the first match of `selector` shows `words`."""
        self.wait_for(page_scripts.SHOWS, selector, words, timeout=timeout)

    def painted(self, prefix: str = "") -> list[dict[str, str]]:
        """Every range in the page's CSS highlights whose name starts with `prefix`, in page order.

        Each is `{"name", "text"}`, the text as the DOM holds it.
        """
        return list(self.evaluate(page_scripts.PAINTED, prefix))

    # --- mouse -----------------------------------------------------------------------------------------

    @abstractmethod
    def move_mouse(self, point: Point) -> None: ...

    @abstractmethod
    def mouse_down(self, count: int = 1) -> None: ...

    @abstractmethod
    def mouse_up(self, count: int = 1) -> None: ...

    def click_at(self, point: Point, *, times: int = 1) -> None:
        self.move_mouse(point)
        for count in range(1, times + 1):
            self.mouse_down(count)
            self.mouse_up(count)

    def click(self, selector: str, timeout: float = PATIENCE) -> None:
        """Scroll the first match into view and click its middle; waits until it is there and uncovered."""
        self.click_at(self._point_of(selector, timeout))

    def double_click(self, selector: str) -> None:
        self.click_at(self._point_of(selector), times=2)

    def mouse_drag(self, start: Point, end: Point) -> None:
        """Press at `start`, move to `end` in a few steps, let go."""
        self.move_mouse(start)
        self.mouse_down()
        for step in range(1, _GLIDE_STEPS + 1):
            part = step / _GLIDE_STEPS
            self.move_mouse((start[0] + (end[0] - start[0]) * part, start[1] + (end[1] - start[1]) * part))
        self.mouse_up()

    def select_text(
        self,
        start: str,
        end: str | None = None,
        *,
        within: str = "body",
        occurrence: int = 1,
        backward: bool = False,
    ) -> str:
        """Select by dragging the mouse from the start of the text `start` to its end, or to the end of `end`.

        White space counts as one space wherever it stands, as on screen. `occurrence` tells twins of `start`
        apart, 1 being the first inside `within`; `end` is looked for after it. `backward` drags from the end,
        for text that begins inside a link (a link is dragged, not selected). Returns what is selected and
        raises AssertionError when that is not what was asked for. The text has to fit into the viewport.
        """
        place = self.wait_for(page_scripts.PLACE_OF_TEXT, start, end, within, occurrence)
        first, last = tuple(place["first"]), tuple(place["last"])
        self.mouse_drag(*((last, first) if backward else (first, last)))
        selected = str(self.evaluate("getSelection().toString()"))
        assert selected.split() == place["text"].split(), f"selected {selected!r}, wanted {place['text']!r}"
        return selected

    def point_of_text(self, words: str, *, within: str = "body", occurrence: int = 1) -> Point:
        """The middle of the first line of some text, scrolled into view: where to click a highlight."""
        x, y = self.wait_for(page_scripts.PLACE_OF_TEXT, words, None, within, occurrence)["middle"]
        return (x, y)

    def _point_of(self, selector: str, timeout: float = PATIENCE) -> Point:
        def look() -> Point:
            x, y = self.wait_for(page_scripts.CLICKABLE_POINT, selector, timeout=timeout)
            return (x, y)

        return at_rest(look, timeout=timeout, what=lambda: f"{selector} to stand still")

    # --- keyboard --------------------------------------------------------------------------------------

    @abstractmethod
    def press(self, keys: str) -> None:
        """One key with its modifiers: "Enter", "Control+a", "Shift+ArrowRight"."""

    @abstractmethod
    def type(self, text: str) -> None:
        """Type into whatever has the focus, character by character."""

    def fill(self, selector: str, text: str) -> None:
        """Click a field, select what it holds, and type over it."""
        self.wait_for("document.readyState === 'complete'")
        self.click(selector)
        self.press("Control+a")
        self.press("Delete")
        self.type(text)

    # --- inside closed shadow roots ----------------------------------------------------------------------

    @abstractmethod
    def accessible_names(self) -> list[str]:
        """The accessible names of all visible buttons, those in closed shadow roots too, in page order."""

    def accessibility_click(self, name: str, timeout: float = PATIENCE) -> None:
        """Click the button with this accessible name, wherever it is, with the mouse; waits for it."""
        self.click_at(
            at_rest(
                lambda: self._middle_of_button(name),
                timeout=timeout,
                what=lambda: f"a button {name!r}; there are {self.accessible_names()}",
            )
        )

    def point_of_button(self, name: str) -> Point | None:
        """Where it is now, to press there whatever lies over it by then; None where it is not."""
        return self._middle_of_button(name)

    @abstractmethod
    def _middle_of_button(self, name: str) -> Point | None: ...


class Browser(ABC):
    """A browser with one extension and a profile that lasts from `start` to `start`."""

    profile: Path

    name: str
    extension_id: str

    @abstractmethod
    def start(self) -> None: ...

    @abstractmethod
    def close(self) -> None:
        """End as a user would: the browser finishes what it is writing."""

    @abstractmethod
    def kill(self) -> None:
        """SIGKILL to every process of the browser, at once."""

    def abandon(self) -> None:
        """End at the end of a test, when nobody will read the profile again. May be repeated."""
        self.close()

    def restart(self) -> None:
        self.close()
        self.start()

    @abstractmethod
    def reinstall(self, extension: Path) -> None:
        """While it does not run: from the next start on, the same extension is the one in this folder."""

    @abstractmethod
    def pages(self) -> list[Page]:
        """Every tab and small window, in the order in which they were opened."""

    @abstractmethod
    def new_page(self) -> Page: ...

    def open(self, url: str) -> Page:
        page = self.new_page()
        page.goto(url)
        return page

    @abstractmethod
    def extension_url(self, path: str) -> str: ...

    def open_extension_page(self, path: str) -> Page:
        """A page of the extension as a tab: `options.html`, `sidepanel.html`."""
        return self.open(self.extension_url(path))

    def wait_for_page(self, pattern: str, timeout: float = PATIENCE) -> Page:
        """The newest page whose address matches (`*` is anything): a consent window, a note's window."""

        def find() -> Page | None:
            return next((page for page in reversed(self.pages()) if fnmatch.fnmatch(page.url, pattern)), None)

        return wait_until(
            find,
            timeout=timeout,
            what=lambda: f"a page like {pattern}; open: {[page.url for page in self.pages()]}",
        )

    def wait_until_closed(self, page: Page, timeout: float = PATIENCE) -> None:
        wait_until(lambda: page not in self.pages(), timeout=timeout, what=lambda: "the page to close")

    def evaluate_in_extension(self, script: str, *arguments: object) -> Any:
        """`Page.evaluate` with the extension's rights, in a document of it that runs no script of its own."""
        page = self.open(self.extension_url("manifest.json"))
        try:
            return page.evaluate(script, *arguments)
        finally:
            page.close()

    @abstractmethod
    def grant_sites(self, *origins: str) -> None:
        """Give the extension sites (`http://*/*`) without anybody asking, for tests that are not about that.

        What the extension asks for by itself, with a user's gesture, is always answered yes.
        """

    @abstractmethod
    def click_toolbar_icon(self, page: Page) -> None:
        """The extension's `action` on this tab, with a user's gesture behind it."""

    @abstractmethod
    def press_command(self, page: Page, keys: str) -> None:
        """The browser's own key ("Alt+Shift+S") for one of the extension's commands, on this tab.

        No driver presses keys of the browser itself: Firefox is told by its own key element, Chromium's
        worker by the event that the key would fire.
        """

    @abstractmethod
    def stop_background(self) -> None:
        """End the service worker or event page, as the browser does when it has been idle."""


def at_rest(look: Callable[[], Point | None], *, what: Callable[[], str], timeout: float) -> Point:
    """Look for a place until it is the same twice: what is still moving would be missed by a click.

    Raises Timeout, naming `what` was waited for.
    """
    last: Point | None = None

    def same_again() -> Point | None:
        nonlocal last
        before, last = last, look()
        if last is not None and last == before:
            return last
        time.sleep(_SETTLE)
        return None

    return wait_until(same_again, timeout=timeout, what=what)


def wait_until(ask: Callable[[], T | None], *, what: Callable[[], str], timeout: float = PATIENCE) -> T:
    """Ask until the answer is true and return it. Raises Timeout, naming `what` was waited for."""
    deadline = time.monotonic() + timeout
    while True:
        if answer := ask():
            return answer
        if time.monotonic() > deadline:
            raise Timeout(f"waited {timeout:.0f} s for {what()}")
        time.sleep(0.05)
