"""A server that is reached at another address: nothing of what the browser holds stays behind."""

from __future__ import annotations

from tests.e2e.browsers.interface import Browser
from tests.e2e.reader import Reader
from tests.e2e.server import Server
from tests.e2e.site import Site

PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>News</title>
<article><h1>News</h1><p>Work on the bridge starts in May.</p><p>It ends in June.</p></article>"""
_SLOW = 20.0


def test_what_was_not_sent_goes_along_to_the_servers_new_address(
    reader: Reader, browser: Browser, server: Server, site: Site
) -> None:
    site.add("/news", PAGE)
    page = browser.open(site.url("/news"))
    reader.highlight(page, "Work on the bridge")
    reader.wait_until_sent()
    server.stop()
    reader.highlight(page, "It ends in June.", color="blue")

    server.move()
    reader.address = server.address
    options = browser.open_extension_page("options.html")
    options.has_text("1 change not sent yet")
    options.accessibility_click("The server has another address now")
    reader.enter_address(options)
    options.accessibility_click("Connect")
    # The cookie of the server's own pages knows no port: who was signed in there still is.
    consent = browser.wait_for_page(f"{server.address}/oauth/authorize/*", timeout=_SLOW)
    consent.accessibility_click("Connect")
    options.bring_to_front()
    options.has_text("Signed in as ada", timeout=_SLOW)
    options.has_text("Everything is on the server.", timeout=_SLOW)
    quotes = [row["target"]["quote"]["exact"] for row in server.api_of("ada").annotations()]
    assert sorted(quotes) == ["It ends in June.", "Work on the bridge"]
    kept = browser.evaluate_in_extension("indexedDB.databases()")
    assert len([one for one in kept if one["name"].startswith("library-")]) == 1
