"""One tab or window of Firefox."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

from tests.e2e.browsers.bidi import Bidi, BidiError
from tests.e2e.browsers.interface import Page, PageError, Point
from tests.e2e.browsers.keyboard import chord, typing

_ROLES = ", ".join(f"[role={role}]" for role in ("button", "menuitem", "radio", "checkbox"))
_BUTTONS = f"button, input[type=submit], input[type=checkbox], input[type=radio], {_ROLES}"
_NAME = """(button) => {
  const box = button.getBoundingClientRect();
  if (box.width === 0 || !button.checkVisibility({ visibilityProperty: true })) return "null";
  const root = button.getRootNode();
  const labels = (button.getAttribute("aria-labelledby") ?? "").split(" ").filter(Boolean);
  const texts = labels.map((id) => root.getElementById(id)?.textContent ?? "");
  for (const label of button.labels ?? []) texts.push(label.textContent);
  const typed = button.type === "submit" ? button.value : "";
  const own = button.getAttribute("aria-label") || texts.join(" ") || button.textContent || typed;
  return JSON.stringify(own.replace(/\\s+/g, " ").trim() || button.title);
}"""
# Firefox scrolls the page for a fixed element too, and the toolbar moves with its text: only where needed.
_MIDDLE = """(button) => {
  const shown = button.getBoundingClientRect();
  if (shown.top < 0 || shown.bottom > innerHeight) {
    button.scrollIntoView({ block: "nearest", behavior: "instant" });
  }
  const box = button.getBoundingClientRect();
  return JSON.stringify([box.left + box.width / 2, box.top + box.height / 2]);
}"""


class FirefoxPage(Page):
    """A top-level browsing context."""

    def __init__(self, bidi: Bidi, context: str) -> None:
        self._bidi = bidi
        self._context = context

    @property
    def url(self) -> str:
        return str(self._tree()["url"])

    def goto(self, url: str) -> None:
        self._send("browsingContext.navigate", url=url, wait="complete")

    def reload(self) -> None:
        self._send("browsingContext.reload", wait="complete")

    def bring_to_front(self) -> None:
        self._send("browsingContext.activate")

    def close(self) -> None:
        self._send("browsingContext.close")

    def set_viewport(self, width: int, height: int) -> None:
        self._send("browsingContext.setViewport", viewport={"width": width, "height": height})

    def color_scheme(self, scheme: str) -> None:
        self.bring_to_front()
        chosen = "dark" if scheme == "dark" else "light"
        self.in_window(
            f"void (gBrowser.selectedBrowser.browsingContext.prefersColorSchemeOverride = '{chosen}')"
        )
        self.wait_for(f"matchMedia('(prefers-color-scheme: {chosen})').matches")

    def screenshot(self, path: Path | str) -> Path:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        Path(path).write_bytes(base64.b64decode(self._send("browsingContext.captureScreenshot")["data"]))
        return Path(path)

    def in_window(self, script: str) -> Any:
        """Evaluate in the window around this page, with all the rights of the browser."""
        windows = self._bidi.send("browsingContext.getTree", maxDepth=0, **{"moz:scope": "chrome"})[
            "contexts"
        ]
        mine = self._tree()["clientWindow"]
        window = next(entry["context"] for entry in windows if entry["clientWindow"] == mine)
        return self._bidi.evaluate(window, script)

    def _evaluate(self, expression: str) -> str:
        try:
            return str(self._bidi.evaluate(self._context, expression))
        except BidiError as error:
            raise PageError(str(error)) from error

    def move_mouse(self, point: Point) -> None:
        self._pointer({"type": "pointerMove", "x": point[0], "y": point[1]})

    def mouse_down(self, count: int = 1) -> None:
        self._pointer({"type": "pointerDown", "button": 0})

    def mouse_up(self, count: int = 1) -> None:
        self._pointer({"type": "pointerUp", "button": 0})

    def click_at(self, point: Point, *, times: int = 1) -> None:
        # One sequence, because two clicks in two sequences are never a double click.
        press = [{"type": "pointerDown", "button": 0}, {"type": "pointerUp", "button": 0}]
        self._pointer({"type": "pointerMove", "x": point[0], "y": point[1]}, *press * times)

    def press(self, keys: str) -> None:
        self._keys(chord(keys))

    def type(self, text: str) -> None:
        self._keys(typing(text))

    def accessible_names(self) -> list[str]:
        return [name for name, _ in self._buttons()]

    def _middle_of_button(self, name: str) -> Point | None:
        node = next((node for found, node in self._buttons() if found == name), None)
        if node is None:
            return None
        x, y = json.loads(self._call(_MIDDLE, node))
        return (x, y)

    def _buttons(self) -> list[tuple[str, str]]:
        """Names of all visible buttons, with their nodes.

        BiDi hands out closed shadow roots with a node (`includeShadowTree`: "all") and looks inside them when
        they are named as `startNodes`; hosts are looked for under <html>, where the extension puts its own.
        """
        try:
            roots = [{"sharedId": root} for root in self._closed_roots()]
            places: list[dict[str, Any]] = [{}, *({"startNodes": [root]} for root in roots)]
            nodes = [
                node
                for place in places
                for node in self._send(
                    "browsingContext.locateNodes", locator={"type": "css", "value": _BUTTONS}, **place
                )["nodes"]
            ]
            named = [(json.loads(self._call(_NAME, node["sharedId"])), node["sharedId"]) for node in nodes]
        except (BidiError, PageError):  # The page was changing; whoever waits asks again.
            return []
        return [(name, node) for name, node in named if name is not None]

    def _closed_roots(self) -> list[str]:
        answer = self._bidi.send(
            "script.evaluate",
            expression="[...document.documentElement.children]",
            target={"context": self._context},
            awaitPromise=False,
            serializationOptions={"includeShadowTree": "all", "maxDomDepth": 0},
        )
        roots = [element["value"].get("shadowRoot") for element in answer["result"]["value"]]
        return [root["sharedId"] for root in roots if root is not None]

    def _call(self, function: str, node: str) -> str:
        answer = self._bidi.send(
            "script.callFunction",
            functionDeclaration=function,
            arguments=[{"sharedId": node}],
            target={"context": self._context},
            awaitPromise=False,
        )
        if answer["type"] == "exception":
            raise PageError(answer["exceptionDetails"]["text"])
        return str(answer["result"]["value"])

    def _pointer(self, *actions: dict[str, Any]) -> None:
        source = {"type": "pointer", "id": "mouse", "parameters": {"pointerType": "mouse"}}
        self._send("input.performActions", actions=[{**source, "actions": list(actions)}])

    def _keys(self, actions: list[dict[str, str]]) -> None:
        self._send("input.performActions", actions=[{"type": "key", "id": "keyboard", "actions": actions}])

    def _tree(self) -> dict[str, Any]:
        try:
            answer = self._bidi.send("browsingContext.getTree", root=self._context, maxDepth=0)
        except BidiError as error:
            raise PageError(str(error)) from error
        found: dict[str, Any] = answer["contexts"][0]
        return found

    def _send(self, method: str, **parameters: Any) -> dict[str, Any]:
        return self._bidi.send(method, context=self._context, **parameters)
