"""One Chromium with our extension, a server, and pages with fifty highlights: where all is measured."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Playwright

from annotator.paragraphs import Paragraph, digest, quote_at
from annotator.uuid7 import uuid7
from bench.painting import trace
from bench.painting.pages import HIGHLIGHTS, Highlight, as_html, paragraphs_of
from devtools.places import EXTENSION_BUILDS
from tests.e2e.browsers.chromium import Chromium, ChromiumPage
from tests.e2e.databases import SqliteTemplate
from tests.e2e.idle_tab import Idled, IdleTab
from tests.e2e.reader import Reader
from tests.e2e.server import PASSWORD, Server
from tests.e2e.site import Site

_PATIENCE = 60.0
_BATCH = 5  # Each write looks into a snapshot of two megabytes.
_SETTLING = 2.0
"""Seconds after the answer, in which the page is judged and sent: they count for the longest task."""

_RESTING = """new Promise((done) => {
  requestIdleCallback(() => setTimeout(() => requestIdleCallback(() => done(true)), 100));
})"""
# In a page of the extension: when the background has noted where all highlights of a tab stand.
_NOTE = """
globalThis.noted = {};
chrome.storage.session.onChanged.addListener((changes) => {
  const now = performance.timeOrigin + performance.now();
  for (const [key, { newValue }] of Object.entries(changes))
    if (Object.keys(newValue?.placed ?? {}).length > 0) noted[key] ??= now;
});
"""
# Starts our script as the extension does on open tabs when a site is allowed. In the content script's own
# world it is noted when the page's annotations are at hand and when a range is painted.
_START = """async (url) => {
  const { id } = (await chrome.tabs.query({})).find((tab) => tab.url === url);
  const target = { tabId: id };
  const watch = () => {
    const now = () => performance.timeOrigin + performance.now();
    const bench = { atHand: null, painted: [] };
    globalThis.bench = bench;
    const send = chrome.runtime.sendMessage.bind(chrome.runtime);
    chrome.runtime.sendMessage = async (message, ...rest) => {
      const answer = await send(message, ...rest);
      if (message.name === 'page.visit') bench.atHand ??= now();
      return answer;
    };
    const ranges = new Set();
    const add = Highlight.prototype.add;
    Highlight.prototype.add = function (range) {
      add.call(this, range);
      if (!ranges.has(range)) bench.painted.push(now());
      ranges.add(range);
    };
  };
  await chrome.scripting.executeScript({ target, func: watch });
  const mark = () => performance.mark('bench-start');
  await chrome.scripting.executeScript({ target, world: 'MAIN', func: mark });
  const start = performance.timeOrigin + performance.now();
  await chrome.scripting.executeScript({ target, files: ['/content-scripts/content.js'] });
  return { id, start };
}"""
_SEEN = """async (id, count) => {
  const target = { tabId: id };
  const [{ result }] = await chrome.scripting.executeScript({ target, func: () => globalThis.bench });
  return result.painted.length >= count && result;
}"""
_DESCRIBE = """(places) => places.map(([at, from, to]) => {
  const element = document.querySelectorAll('h1, h2, p')[at];
  const point = (offset) => {
    const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      if (offset <= node.data.length) return [node, offset];
      offset -= node.data.length;
    }
  };
  const range = document.createRange();
  range.setStart(...point(from));
  range.setEnd(...point(to));
  return peer.describe(range).filter(({ type }) => type !== 'RangeSelector');
})"""
_PAINT = """async (selectors) => {
  const start = performance.now();
  const painted = await peer.paintAll(selectors);
  return { milliseconds: performance.now() - start, painted: painted.filter(Boolean).length };
}"""


@dataclass(frozen=True)
class Trip:
    """Milliseconds since our script was started: annotations at hand, first and last range, all answered."""

    at_hand: float
    first: float
    last: float
    answered: float


class Desk:
    """Ours and theirs on the same pages: `/ours/…` has the highlights, `/theirs/…` is the same page."""

    def __init__(self, browser: Chromium, server: Server, site: Site, peer: str) -> None:
        self._browser, self._server, self._site, self._peer = browser, server, site, peer

    def keep(self, name: str, page: list[Paragraph], highlights: list[Highlight]) -> None:
        """Store a page and its highlights on the server, from where the extension has them."""
        api = self._server.api_of("ada")
        paragraphs = paragraphs_of(page)
        told = [{"kind": one.kind, "text": one.text, "article": True} for one in paragraphs]
        url, name = self._site.url(f"/ours/{name}"), digest(paragraphs)
        body = {"url": url, "title": "A long page", "extractor": "annotator-2", "paragraphs": told}
        assert api.put(f"libraries/me/snapshots/{name}", body).status == 201
        items = [_written(paragraphs, one, url, name) for one in highlights]
        for at in range(0, len(items), _BATCH):
            answer = api.post("libraries/me/annotations/batch", {"items": items[at : at + _BATCH]})
            assert {one["status"] for one in answer.json["results"]} == {201}, answer

    def connect(self) -> None:
        """Sign the extension in; from then on it starts on no page by itself, but when it is measured."""
        reader = Reader(self._browser, self._server)
        reader.connect()
        reader.wait_until_sent()
        self._panel = self._browser.open_extension_page("manifest.json")
        self._panel.evaluate("chrome.scripting.unregisterContentScripts()")
        self._panel.evaluate(f"(() => {{ {_NOTE} }})()")

    def show(self, name: str, page: list[Paragraph]) -> None:
        """What both addresses of this page answer from now on."""
        for whose in ("ours", "theirs"):
            self._site.add(f"/{whose}/{name}", as_html(page))

    def describe(self, name: str, highlights: list[Highlight]) -> Any:
        """The highlights in the other client's own words, made by its own code on the page as it is now."""
        with self._their_page(name) as tab:
            # The headline of the page comes before its paragraphs.
            places = [[one.start.paragraph + 1, one.start.offset, one.end.offset] for one in highlights]
            return tab.evaluate(_DESCRIBE, places)

    def ours(self, name: str, painted: int) -> Trip:
        """One visit in a new tab, until `painted` ranges are painted and all highlights answered."""
        with self._tab(f"/ours/{name}") as tab:
            return self._visit(tab, painted)

    def busy(self, name: str, painted: int) -> trace.Busy:
        """The same with a trace, and for a while longer: what is kept of a page is judged after painting."""
        with self._tab(f"/ours/{name}") as tab:
            recording = trace.Trace(tab.session)
            self._visit(tab, painted)
            time.sleep(_SETTLING)
            return recording.busy()

    def theirs(self, name: str, selectors: Any) -> float:
        """Milliseconds of the other client's anchoring and painting, with everything at hand."""
        with self._their_page(name) as tab:
            return float(tab.evaluate(_PAINT, selectors)["milliseconds"])

    def idle(self, name: str, seconds: int, *, redrawn: bool) -> Idled:
        """What our script costs while the page changes every second, its highlights painted."""
        with self._tab(f"/ours/{name}") as tab:
            self._visit(tab, HIGHLIGHTS)
            time.sleep(_SETTLING)
            return IdleTab(tab, self._browser.extension_url(""), redrawn=redrawn).idle(seconds)

    def _visit(self, tab: ChromiumPage, painted: int) -> Trip:
        begun = self._panel.evaluate(_START, tab.url)
        seen = self._panel.wait_for(_SEEN, begun["id"], painted, timeout=_PATIENCE)
        noted = self._panel.wait_for("(key) => noted[key]", f"reading:{begun['id']}", timeout=_PATIENCE)
        moments = (seen["atHand"], seen["painted"][0], seen["painted"][painted - 1], noted)
        return Trip(*(moment - begun["start"] for moment in moments))

    @contextmanager
    def _their_page(self, name: str) -> Iterator[ChromiumPage]:
        with self._tab(f"/theirs/{name}") as tab:
            tab.session.send("Runtime.evaluate", {"expression": self._peer})
            yield tab

    @contextmanager
    def _tab(self, path: str) -> Iterator[ChromiumPage]:
        """A new tab, once the browser has laid the page out and rests."""
        tab = self._browser.open(self._site.url(path))
        assert isinstance(tab, ChromiumPage)
        try:
            tab.wait_for(_RESTING)
            yield tab
        finally:
            tab.close()


@contextmanager
def desk(playwright: Playwright, folder: Path, peer: str) -> Iterator[Desk]:
    """A desk with everything that it needs, and nothing of it left afterwards."""
    template = SqliteTemplate(folder)
    server = Server(folder, template.url)
    server.manage("migrate", "--verbosity=0")
    account = f"User.objects.create_superuser('ada', 'ada@example.org', {PASSWORD!r})"
    imports = "from annotator.models.users import User"
    server.manage("shell", "--no-imports", "--command", f"{imports}\n{account}\n")
    profile = folder / "profile"
    profile.mkdir()
    site = Site()
    browser = Chromium(playwright, EXTENSION_BUILDS["chromium"], profile)
    try:
        server.start()
        browser.start()
        yield Desk(browser, server, site, peer)
    finally:
        browser.abandon()
        server.stop()
        site.close()


def _written(paragraphs: list[Paragraph], one: Highlight, url: str, snapshot: str) -> dict[str, Any]:
    start, end = one.after_headline()
    quote = quote_at(paragraphs, start, end)
    target = {
        "snapshot": snapshot,
        "start": {"paragraph": start.paragraph, "offset": start.offset},
        "end": {"paragraph": end.paragraph, "offset": end.offset},
        "quote": {"exact": quote.exact, "prefix": quote.prefix, "suffix": quote.suffix},
    }
    annotation = {"motivation": "highlighting", "url": url, "color": "yellow", "target": target}
    return {"method": "PUT", "id": str(uuid7()), "if_none_match": "*", "annotation": annotation}
