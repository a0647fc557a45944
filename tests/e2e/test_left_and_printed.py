"""Pages that the browser keeps while the reader is elsewhere, and pages on paper."""

from __future__ import annotations

import base64
import re
import zlib

import pytest

from tests.e2e.browsers.chromium import ChromiumPage
from tests.e2e.browsers.interface import Browser
from tests.e2e.device import Device
from tests.e2e.reader import Reader, wait_for_painted
from tests.e2e.server import Server

WORDS = "Daech n’est pas tombé mais Daech vacille"
# `INKS.green` of extension/page/highlight-style.ts, as a share of 255.
GREEN = (70 / 255, 190 / 255, 80 / 255)


@pytest.mark.only("firefox", reason="Playwright starts Chromium without a cache of pages to come back to")
def test_a_page_that_comes_back_as_it_was_left_shows_what_was_changed_meanwhile(
    reader: Reader, browser: Browser, server: Server
) -> None:
    device = Device(browser, server, server.address)
    story = reader.open()
    reader.highlight(story, WORDS, color="green")
    story.evaluate("void addEventListener('pageshow', (event) => { globalThis.kept = event.persisted; })")
    story.evaluate("void setTimeout(() => location.assign('/'))")
    story.wait_for("location.pathname === '/'")
    [row] = device.rows("annotations")
    device.ask("annotation.write", id=row["id"], color="pink")
    story.bring_to_front()
    story.evaluate("void setTimeout(() => history.back())")
    story.wait_for("globalThis.kept === true")
    story.wait_for("CSS.highlights.get('annotator-pink')?.size === 1")
    assert story.painted("annotator-") == [{"name": "annotator-pink", "text": WORDS}]


@pytest.mark.only("chromium", reason="Firefox prints a copy of the page, without its custom highlights")
def test_highlights_are_printed_unless_they_are_hidden_and_the_toolbar_never(
    reader: Reader, browser: Browser
) -> None:
    story = reader.open()
    reader.highlight(story, WORDS, color="green")
    wait_for_painted(story, WORDS)
    assert "Add a note" in story.accessible_names()
    assert printed_count(story, GREEN) == 1
    browser.press_command(story, "Alt+Shift+S")
    wait_for_painted(story, "")
    assert printed_count(story, GREEN) == 0


def printed_count(page: ChromiumPage | object, color: tuple[float, float, float]) -> int:
    """In how many places of the printed page a colour is filled in."""
    assert isinstance(page, ChromiumPage)
    pdf = base64.b64decode(page.session.send("Page.printToPDF")["data"])
    found = 0
    for stream in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL):
        try:
            drawn = zlib.decompress(stream)
        except zlib.error:
            continue  # a font, or a picture
        for told in re.findall(rb"([\d.]+) ([\d.]+) ([\d.]+) rg\b", drawn):
            found += all(abs(float(one) - wanted) < 0.005 for one, wanted in zip(told, color, strict=True))
    return found
