"""Every page of the extension, as it runs, for those who see it dark, hear it, or have only a keyboard."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.e2e.axe import faults
from tests.e2e.browsers.interface import Browser, Page
from tests.e2e.reader import Reader

WORDS = "Daech n’est pas tombé mais Daech vacille"
# All that the Tab key has to reach; of radio buttons and tabs it is one of each group.
_REACHABLE = """[...document.querySelectorAll("button, input, select, textarea, summary, a[href]")]
  .filter((one) => one.checkVisibility() && one.tabIndex >= 0 && one.type !== "radio")
  .map((one) => (one.id || one.ariaLabel || one.textContent).trim())"""
# After the last one comes the browser's own bar, from where a driver's keys do not come back.
_FOCUSED = """(() => { if (!document.hasFocus()) return "";
  const one = document.activeElement;
  return (one.id || one.ariaLabel || one.textContent).trim(); })()"""


@pytest.mark.only("chromium", reason="axe looks at the page's markup and colours, which are the same in both")
def test_axe_finds_nothing_in_any_page_light_or_dark(
    reader: Reader, browser: Browser, screenshots: Path
) -> None:
    story = reader.open()
    reader.highlight(story, WORDS, color="green")
    panel = reader.panel(story)
    panel.has_text("1 highlight")
    mine = str(panel.evaluate("document.querySelector('[data-id]').dataset.id"))
    panel.accessibility_click(f"Edit: {WORDS}")
    assert faults(panel, screenshots / "panel") == []
    panel.close()
    for path, words in (
        ("sidepanel.html?view=everything", WORDS),
        (f"note.html?id={mine}", WORDS),
        ("options.html", "Signed in as"),
        ("welcome.html", "Your first highlight"),
        ("help.html", "Highlight the selection"),
    ):
        page = browser.open_extension_page(path)
        page.has_text(words)
        assert faults(page, screenshots / path.split(".", maxsplit=1)[0]) == []
        page.close()


def test_the_tab_key_reaches_everything_in_the_panel_and_a_note_is_written_without_a_mouse(
    reader: Reader,
) -> None:
    story = reader.open()
    reader.highlight(story, WORDS, color="green")
    panel = reader.panel(story)
    panel.has_text("1 highlight")
    panel.wait_for("document.readyState === 'complete'")
    wanted = set(panel.evaluate(_REACHABLE))
    assert f"Edit: {WORDS}" in wanted
    reached: list[str] = []
    while not wanted <= set(reached) and len(reached) < 3 * len(wanted):
        panel.press("Tab")
        reached.append(str(panel.evaluate(_FOCUSED)))
    assert wanted <= set(reached)
    _tab_to(panel, f"Edit: {WORDS}", key="Shift+Tab")
    panel.press("Enter")
    panel.wait_for("document.activeElement.tagName === 'TEXTAREA'")
    panel.type("sans souris")
    panel.has_text("Saved")
    panel.press("Escape")
    panel.wait_for(f"document.activeElement.ariaLabel === {f'Edit: {WORDS}'!r}")
    panel.press("Control+z")
    panel.has_text("Undone")
    panel.wait_for("!document.body.innerText.includes('sans souris')")
    _tab_to(panel, "tab-page", key="Shift+Tab")
    panel.press("ArrowRight")
    panel.has_text("Search everything")
    _tab_to(panel, f"Copy as Markdown: {WORDS}")
    panel.press("Enter")
    panel.has_text("1 copied as Markdown")


def _tab_to(page: Page, name: str, *, key: str = "Tab") -> None:
    for _ in range(60):
        if page.evaluate(_FOCUSED) == name:
            return
        page.press(key)
    raise AssertionError(f"the Tab key never came to {name!r}")
