"""WebDriver BiDi over a websocket: commands in, answers out, one at a time. https://w3c.github.io/webdriver-bidi/"""

from __future__ import annotations

import contextlib
import json
from typing import Any

import websocket

_ANSWER_SECONDS = 60.0


class BidiError(Exception):
    """The browser refused a command; `code` is the specification's error code, such as "no such frame"."""

    def __init__(self, method: str, code: str, message: str) -> None:
        super().__init__(f"{method}: {code}: {message}")
        self.code = code


class Bidi:
    """One connection and its session."""

    def __init__(self, url: str) -> None:
        """`url` is the websocket that the browser announced, without a path."""
        # Firefox refuses connections that carry a web page's Origin.
        self._socket = websocket.create_connection(
            f"{url}/session", suppress_origin=True, timeout=_ANSWER_SECONDS, enable_multithread=False
        )
        self._last = 0
        # An alert or "leave this page?" must not stop a test that did not ask for it.
        self.send(
            "session.new", capabilities={"alwaysMatch": {"unhandledPromptBehavior": {"default": "accept"}}}
        )

    def send(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Send one command and wait for its answer; events in between are dropped. Raises BidiError."""
        self._last += 1
        self._socket.send(json.dumps({"id": self._last, "method": method, "params": parameters}))
        while True:
            message = json.loads(self._socket.recv())
            if message.get("id") != self._last:
                continue
            if message["type"] == "error":
                raise BidiError(method, message["error"], message["message"])
            result: dict[str, Any] = message["result"]
            return result

    def evaluate(self, context: str, expression: str) -> Any:
        """Evaluate in a browsing context and return a string, number, boolean or None; promises are awaited.

        Raises BidiError, with the code "javascript error" when the script threw.
        """
        answer = self.send(
            "script.evaluate", expression=expression, target={"context": context}, awaitPromise=True
        )
        if answer["type"] == "exception":
            raise BidiError("script.evaluate", "javascript error", answer["exceptionDetails"]["text"])
        return answer["result"].get("value")

    def close(self) -> None:
        with contextlib.suppress(Exception):
            self._socket.close()
