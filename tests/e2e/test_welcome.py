"""The first minute: from the page where the reader was, through the server, back to that very page."""

from __future__ import annotations

from pathlib import Path

from tests.e2e.browsers.interface import Browser, wait_until
from tests.e2e.reader import Reader, wait_for_painted
from tests.e2e.server import Server

WORDS = "Daech n’est pas tombé mais Daech vacille"
_SLOW = 20.0


def test_the_first_minute_ends_with_a_highlight_on_the_page_where_it_began(
    browser: Browser, server: Server, screenshots: Path
) -> None:
    reader = Reader(browser, server)
    story = reader.open()
    # The newest of the tabs whose address the browser keeps to itself, since nothing is allowed yet.
    tab = browser.evaluate_in_extension(
        "chrome.tabs.query({})"
        ".then((tabs) => Math.max(...tabs.filter((tab) => !tab.url).map((tab) => tab.id)))"
    )
    panel = browser.open_extension_page(f"sidepanel.html?tab={tab}")
    panel.has_text("Connect to your server")
    panel.screenshot(screenshots / "unset.png")
    panel.accessibility_click("Begin")
    welcome = wait_until(
        lambda: next((page for page in browser.pages() if "welcome.html?" in page.url), None),
        what=lambda: "the welcome page",
    )
    welcome.has_text("Your server")
    welcome.screenshot(screenshots / "1-server.png")
    welcome.fill("#server", "127.0.0.1:1")
    welcome.press("Enter")
    welcome.has_text("No answer.", timeout=_SLOW)
    welcome.fill("#server", server.address)
    welcome.press("Enter")
    welcome.has_text("A window of", timeout=_SLOW)
    welcome.screenshot(screenshots / "2-sign-in.png")
    reader.pass_consent(welcome)
    welcome.has_text("A page to begin with", timeout=_SLOW)
    # Nobody clicked on the icon, so that the browser did not tell the page's address: it is typed.
    welcome.fill('.step.now input[inputmode="url"]', story.url)
    welcome.screenshot(screenshots / "3-sites.png")
    welcome.accessibility_click("Allow on http://127.0.0.1")
    welcome.has_text("Select some words")
    welcome.accessibility_click("Go to http://127.0.0.1")
    story.wait_for("document.visibilityState === 'visible'")
    reader.highlight(story, WORDS, color="blue")
    wait_for_painted(story, WORDS)
    welcome.bring_to_front()
    welcome.has_text(f"Kept. This is your newest highlight: {WORDS}")
    welcome.screenshot(screenshots / "4-highlight.png")
    welcome.accessibility_click("Keys and help")
    keys = browser.wait_for_page("*/help.html")
    keys.has_text("Highlight the selection")
    keys.screenshot(screenshots / "help.png")
