"""The context menu's entries for pages and links, beside the real background and server."""

from __future__ import annotations

import pytest

from tests.e2e.browsers.chromium import Chromium
from tests.e2e.browsers.interface import Browser
from tests.e2e.reader import Reader
from tests.e2e.server import Server
from tests.e2e.site import Site

LINKED = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Linked</title>
<article><h1>Linked</h1><p>Words of the page that a link leads to.</p></article></html>"""
CHOOSE = """async ([menuItemId, linkUrl]) => {
  const [tab] = await chrome.tabs.query({ active: true, lastFocusedWindow: true });
  chrome.contextMenus.onClicked.dispatch({ menuItemId, linkUrl }, tab);
}"""


@pytest.mark.only(
    "chromium", reason="no driver opens a browser's own menu; only Chromium's worker can be told"
)
def test_notes_are_begun_on_a_page_and_on_the_page_that_a_link_leads_to(
    reader: Reader, browser: Browser, server: Server, site: Site
) -> None:
    assert isinstance(browser, Chromium)
    linked = site.add("/linked", LINKED)
    story = reader.open()
    [worker] = browser.context.service_workers
    for entry, link, words in [("page-note", None, "On the story"), ("link-note", linked, "On the other")]:
        story.bring_to_front()
        worker.evaluate(CHOOSE, [entry, link])
        # Without a hand's click no panel opens: then it is a window.
        note = browser.wait_for_page("*/note.html?*")
        note.wait_for("document.activeElement.tagName === 'TEXTAREA'")
        note.type(words)
        note.has_text("Saved")
        note.close()
    reader.wait_until_sent()
    notes = {(row["url"], row["note"], row["motivation"]) for row in server.api_of("ada").annotations()}
    assert notes == {
        (story.url, "On the story", "describing"),
        (linked, "On the other", "describing"),
    }
    assert browser.wait_for_page(linked)
