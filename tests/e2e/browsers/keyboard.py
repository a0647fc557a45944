"""Key names as in `KeyboardEvent.key`, for WebDriver: https://www.w3.org/TR/webdriver2/#keyboard-actions"""

from __future__ import annotations

_SPECIAL = {
    "Backspace": "\ue003", "Tab": "\ue004", "Enter": "\ue007", "Shift": "\ue008", "Control": "\ue009",
    "Alt": "\ue00a", "Escape": "\ue00c", "PageUp": "\ue00e", "PageDown": "\ue00f", "End": "\ue010",
    "Home": "\ue011", "ArrowLeft": "\ue012", "ArrowUp": "\ue013", "ArrowRight": "\ue014",
    "ArrowDown": "\ue015", "Insert": "\ue016", "Delete": "\ue017", "Meta": "\ue03d", "Space": " ",
    **{f"F{number}": chr(0xE030 + number) for number in range(1, 13)},
}  # fmt: skip


def chord(keys: str) -> list[dict[str, str]]:
    """The key actions of "Control+Shift+a": all down in order, all up in reverse."""
    names = [name if name else "+" for name in keys.split("+")] if keys != "+" else ["+"]
    values = [_SPECIAL.get(name, name) for name in names]
    for name, value in zip(names, values, strict=True):
        if len(value) != 1:
            raise ValueError(f"no key is called {name!r}")
    down = [{"type": "keyDown", "value": value} for value in values]
    up = [{"type": "keyUp", "value": value} for value in reversed(values)]
    return [*down, *up]


def typing(text: str) -> list[dict[str, str]]:
    """The key actions that type a text, one code point after the other; a line feed is Enter."""
    return [action for letter in text for action in chord("Enter" if letter == "\n" else letter)]
