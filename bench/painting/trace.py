"""How long the page's thread was busy in one piece, from a trace of the browser."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import CDPSession

from tests.e2e.browsers.interface import wait_until

_CATEGORIES = ["disabled-by-default-devtools.timeline", "devtools.timeline", "blink.user_timing"]
_PIECE = 1 << 22
START = "bench-start"
"""A mark that the page sets when our script is about to be started."""


_RENDERING = {"UpdateLayoutTree", "Layout", "PrePaint", "Paint", "Layerize", "Commit"}


@dataclass(frozen=True)
class Busy:
    """The longest tasks of a page's thread, in milliseconds of processor time.

    `script` is work that a script asked for, `rendering` is mostly the browser's own: styles, layout, paint.
    """

    script: float
    rendering: float


class Trace:
    """A trace of one page, from the moment it is made."""

    def __init__(self, session: CDPSession) -> None:
        self._session = session
        self._ended: list[dict[str, Any]] = []
        session.once("Tracing.tracingComplete", lambda told: self._ended.append(told))
        config = {"includedCategories": _CATEGORIES}
        session.send("Tracing.start", {"transferMode": "ReturnAsStream", "traceConfig": config})

    def busy(self) -> Busy:
        """End the trace. What the page's thread did since the page's mark START.

        The page has no work of its own by then, so every task is ours, or the browser's on our account.
        """
        self._session.send("Tracing.end")
        wait_until(self._has_ended, what=lambda: "the trace")
        events = json.loads(self._read(self._ended[0]["stream"]))["traceEvents"]
        [mark] = [event for event in events if event["name"] == START]
        thread = [event for event in events if _thread_of(event) == _thread_of(mark) and event["ph"] == "X"]
        after = [event for event in thread if event["ts"] > mark["ts"]]
        drawn = [event for event in after if event["name"] in _RENDERING]
        script = rendering = 0.0
        for task in (event for event in after if event["name"] == "RunTask"):
            own = sum(_cost(one) for one in drawn if task["ts"] <= one["ts"] < task["ts"] + task["dur"])
            if 2 * own > _cost(task):
                rendering = max(rendering, _cost(task))
            else:
                script = max(script, _cost(task))
        return Busy(script / 1000, rendering / 1000)

    def _has_ended(self) -> bool:
        # A round trip, in which Playwright hears of events.
        self._session.send("Runtime.evaluate", {"expression": "1"})
        return bool(self._ended)

    def _read(self, stream: str) -> str:
        pieces: list[str] = []
        while True:
            answer = self._session.send("IO.read", {"handle": stream, "size": _PIECE})
            pieces.append(answer["data"])
            if answer["eof"]:
                return "".join(pieces)


def _thread_of(event: dict[str, Any]) -> tuple[int, int]:
    return event["pid"], event["tid"]


def _cost(event: dict[str, Any]) -> float:
    """Microseconds of processor time: on a busy machine, a task also waits for its turn."""
    return float(event.get("tdur", event.get("dur", 0)))
