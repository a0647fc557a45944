"""Keys: the browser's own for the commands, and single ones in the toolbar once the keyboard is in it."""

from __future__ import annotations

from tests.e2e.browsers.interface import Browser, Page, wait_until
from tests.e2e.reader import Reader, wait_for_painted
from tests.e2e.server import Server

WORDS = "Daech n’est pas tombé mais Daech vacille"
HIGHLIGHT = "Alt+Shift+H"
HIDE = "Alt+Shift+S"
HOST_HAS_FOCUS = "document.activeElement === document.documentElement.lastElementChild"


def test_a_highlight_is_made_coloured_deleted_and_hidden_by_keys_alone(
    reader: Reader, browser: Browser, server: Server
) -> None:
    story = reader.open()
    # Two tabs of one address could not be told apart by it.
    other = reader.open("/demo/euronews-raqa?other")
    story.bring_to_front()
    story.select_text(WORDS)
    browser.press_command(story, HIGHLIGHT)
    wait_for_painted(story, WORDS)
    browser.press_command(story, HIGHLIGHT)
    story.wait_for(HOST_HAS_FOCUS)
    story.press("3")
    wait_for_color(story, "blue")
    story.press("d")
    wait_for_painted(story, "")
    wait_until(lambda: "Undo" in story.accessible_names(), what=lambda: "the toolbar to offer it")
    story.press("z")
    wait_for_color(story, "blue")
    story.press("Escape")
    assert story.evaluate("document.activeElement === document.body")

    browser.press_command(story, HIDE)
    wait_for_painted(story, "")
    assert "hidden" in icon_title(browser, story)
    story.reload()
    story.wait_for("document.readyState === 'complete'")
    other.goto(server.url("/demo/euronews-raqa?other"))
    wait_for_painted(other, WORDS)
    assert "hidden" not in icon_title(browser, other)
    wait_for_painted(story, "")
    browser.press_command(story, HIDE)
    wait_for_painted(story, WORDS)
    wait_until(lambda: "hidden" not in icon_title(browser, story), what=lambda: "the icon to say so no more")


def wait_for_color(page: Page, color: str) -> None:
    expected = [{"name": f"annotator-{color}", "text": WORDS}]
    wait_until(lambda: page.painted("annotator-") == expected, what=lambda: f"{WORDS} in {color}")


def icon_title(browser: Browser, page: Page) -> str:
    title = browser.evaluate_in_extension(
        """async (url) => {
          const tab = (await chrome.tabs.query({})).find((one) => one.url === url);
          return chrome.action.getTitle({ tabId: tab.id });
        }""",
        page.url,
    )
    return str(title)
