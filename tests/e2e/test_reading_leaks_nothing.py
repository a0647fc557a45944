"""Reading leaks nothing: pages that nobody annotated stay between the reader and the page."""

import time

from tests.e2e.browsers.interface import Browser, wait_until
from tests.e2e.reader import Reader
from tests.e2e.server import Server
from tests.e2e.site import Site

PAGES = 50


def test_visiting_fifty_pages_sends_nothing_while_sync_is_paused(
    reader: Reader, browser: Browser, server: Server, site: Site
) -> None:
    reader.highlight(reader.open(), "Daech n’est pas tombé", color="green")
    reader.wait_until_sent()
    browser.evaluate_in_extension("chrome.storage.local.set({syncMinutes: 0}).then(() => true)")
    _settle(server)
    before = len(server.access_log())
    _visit(browser, site)
    assert server.access_log()[before:] == []


def test_what_periodic_sync_sends_does_not_depend_on_the_visits(
    reader: Reader, browser: Browser, server: Server, site: Site
) -> None:
    # Ten seconds: a browser keeps so short an alarm for an extension that is not from a store.
    browser.evaluate_in_extension(f"chrome.storage.local.set({{syncMinutes: {10 / 60}}}).then(() => true)")
    server.record()
    _wait_for_pull(server, 0)
    quiet = _shapes(server)
    seen = len(server.requests())
    _visit(browser, site)
    _wait_for_pull(server, seen)
    for request in server.requests():
        sent = " ".join([request.path, request.query, request.body, *request.headers.values()])
        assert "/read/" not in sent
        assert site.url("") not in sent
    # The question for the reader's libraries comes once a minute, in either part: by the clock alone.
    assert _shapes(server) <= quiet | {("GET", "/api/v1/me")}


def _visit(browser: Browser, site: Site) -> None:
    page = browser.new_page()
    for number in range(PAGES):
        address = site.add(
            f"/read/{number}",
            f"<!doctype html><html lang=en><title>Page {number}</title><article><h1>Page {number}</h1>"
            f"<p>Some words of page {number}, long enough to be an article's paragraph.</p></article>",
        )
        page.goto(address)
    page.close()


def _settle(server: Server) -> None:
    """Until the server has not been asked anything for two seconds."""
    last = (len(server.access_log()), time.monotonic())

    def quiet() -> bool:
        nonlocal last
        count = len(server.access_log())
        if count != last[0]:
            last = (count, time.monotonic())
        return time.monotonic() - last[1] > 2

    wait_until(quiet, what=lambda: "the server to be left alone", timeout=30)


def _wait_for_pull(server: Server, seen: int) -> None:
    def pulled() -> bool:
        return any(request.path.endswith("/changes") for request in server.requests()[seen:])

    wait_until(pulled, what=lambda: f"a periodic pull: {server.requests()[seen:]}", timeout=90)


def _shapes(server: Server) -> set[tuple[str, str]]:
    """What kinds of requests came: method and path."""
    return {(request.method, request.path) for request in server.requests()}
