"""A tab that is left open. The whole hour, with its time measured, is `dev.py bench idle`."""

from __future__ import annotations

import pytest

from tests.e2e.browsers.chromium import ChromiumPage
from tests.e2e.browsers.interface import Browser
from tests.e2e.idle_tab import IdleTab
from tests.e2e.reader import Reader, wait_for_painted

WORDS = "Daech n’est pas tombé mais Daech vacille"


@pytest.mark.only("chromium", reason="Firefox lets no driver set its clock or collect a page's garbage")
def test_a_page_that_changes_every_second_holds_no_more_after_ten_minutes(
    reader: Reader, browser: Browser
) -> None:
    story = reader.open()
    reader.highlight(story, WORDS)
    story.press("Escape")
    assert isinstance(story, ChromiumPage)
    told = IdleTab(story, browser.extension_url("")).idle(600, warm=120)
    assert told.beats >= 599
    assert told.growth < 0.05, told
    # Something kept of each second would be hundreds.
    assert told.nodes[1] < told.nodes[0] + 50, told
    assert told.listeners[1] < told.listeners[0] + 50, told
    wait_for_painted(story, WORDS)
