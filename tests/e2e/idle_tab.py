"""A tab that nobody looks at, on a page that changes every second: what our script costs there.

Chromium only. An hour is simulated: the browser's own clock for the page jumps from one timer to the next,
for the page's script and for ours alike. The page's process is measured, its garbage collected first.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Error as PlaywrightError

from tests.e2e.browsers.chromium import ChromiumPage
from tests.e2e.browsers.interface import wait_until

# Each second a clock's text, a list that turns over, and a class: text, nodes and attributes, far from any
# highlight. Redrawn, also one paragraph of the page is put in anew, with whatever was painted in it.
_BEAT = """(redrawn) => {
  const ticker = document.createElement("aside");
  ticker.innerHTML = "<p>0</p><ul><li>one</li><li>two</li></ul>";
  document.body.append(ticker);
  globalThis.beats = 0;
  setInterval(() => {
    beats++;
    ticker.firstChild.firstChild.data = `${beats} seconds`;
    const item = document.createElement("li");
    item.textContent = `news of second ${beats}`;
    ticker.lastChild.append(item);
    ticker.lastChild.firstChild.remove();
    ticker.className = beats % 2 ? "odd" : "even";
    const paragraphs = redrawn ? document.querySelectorAll("article p") : [];
    const one = paragraphs[beats % paragraphs.length];
    one?.replaceWith(one.cloneNode(true));
  }, 1000);
}"""
_SAMPLING = 100
"""Microseconds."""


@dataclass(frozen=True)
class Idled:
    """What so many seconds cost. Milliseconds of our script in all, bytes of heap before and after."""

    beats: int
    script: float
    heap: tuple[int, int]
    nodes: tuple[int, int]
    listeners: tuple[int, int]

    @property
    def per_beat(self) -> float:
        return self.script / self.beats

    @property
    def growth(self) -> float:
        """0.05: five hundredths more than before."""
        return self.heap[1] / self.heap[0] - 1


class IdleTab:
    """A page that is painted already."""

    def __init__(self, page: ChromiumPage, origin: str, *, redrawn: bool = False) -> None:
        """`origin` of the extension."""
        self._page, self._session, self._origin = page, page.session, origin
        self._session.send("Profiler.enable")
        self._session.send("Profiler.setSamplingInterval", {"interval": _SAMPLING})
        page.evaluate(_BEAT, redrawn)

    def idle(self, seconds: int, warm: int = 600) -> Idled:
        """`warm` seconds first: code is compiled, and the text of a page that was redrawn is kept, once."""
        self._pass(warm)
        before = self._state()
        beats = self._page.evaluate("beats")
        self._session.send("Profiler.start")
        self._pass(seconds)
        profile = self._session.send("Profiler.stop")["profile"]
        after = self._state()
        counted = int(self._page.evaluate("beats")) - int(beats)
        heap, nodes, listeners = zip(before, after, strict=True)
        return Idled(counted, self._ours(profile), heap, nodes, listeners)

    def _pass(self, seconds: int) -> None:
        ended: list[Any] = []
        self._session.once("Emulation.virtualTimeBudgetExpired", lambda told: ended.append(told))
        policy = {"policy": "advance", "budget": seconds * 1000}
        self._session.send("Emulation.setVirtualTimePolicy", policy)
        wait_until(self._hears(ended), what=lambda: f"{seconds} seconds to pass", timeout=600)

    def _hears(self, ended: list[Any]) -> Callable[[], bool]:
        def look() -> bool:
            # A round trip, in which Playwright hears of events.
            with suppress(PlaywrightError):
                self._session.send("Browser.getVersion")
            return bool(ended)

        return look

    def _state(self) -> tuple[int, int, int]:
        self._session.send("HeapProfiler.collectGarbage")
        counters = self._session.send("Memory.getDOMCounters")
        used = int(self._session.send("Runtime.getHeapUsage")["usedSize"])
        return used, int(counters["nodes"]), int(counters["jsEventListeners"])

    def _ours(self, profile: dict[str, Any]) -> float:
        """Milliseconds in functions of ours and in whatever they called."""
        nodes = {node["id"]: node for node in profile["nodes"]}
        own: dict[int, int] = {}
        for sample, delta in zip(profile["samples"], profile["timeDeltas"], strict=True):
            own[sample] = own.get(sample, 0) + delta

        def under(identity: int, ours: bool) -> int:
            node = nodes[identity]
            ours = ours or node["callFrame"]["url"].startswith(self._origin)
            inside = sum(under(child, ours) for child in node.get("children", []))
            return inside + (own.get(identity, 0) if ours else 0)

        return under(profile["nodes"][0]["id"], False) / 1000
