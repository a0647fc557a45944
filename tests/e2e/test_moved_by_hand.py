"""What the engine leaves to the reader: words that stand twice, and a highlight that is moved by hand."""

from __future__ import annotations

from pathlib import Path

from tests.e2e.browsers.interface import Browser, Page, wait_until
from tests.e2e.reader import Reader
from tests.e2e.site import Site


def _minutes(*paragraphs: str) -> str:
    texts = "".join(f"<p>{text}</p>" for text in paragraphs)
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>Minutes</title><h1>Minutes</h1>{texts}'
    )


ADJOURNED = "The members rose and agreed to meet again in the week after next."
HARBOUR = "The harbour master asked for two more berths for the fishing boats."
BEFORE = _minutes(
    "The bridge is closed to carts until the new planks have been laid.",
    ADJOURNED,
    "Nobody had anything to say about the school roof this time.",
    HARBOUR,
)
AFTER = _minutes(
    "A word of thanks went to the gardeners for the lime trees.",
    ADJOURNED,
    "The lamps on the quay will be lit an hour earlier from October.",
    ADJOURNED,
    "Visitors are asked to leave their dogs outside the hall.",
    HARBOUR.replace("two more berths", "three more berths"),
)


def test_a_highlight_that_stands_twice_is_asked_about_and_any_can_be_moved_by_hand(
    reader: Reader, browser: Browser, site: Site, screenshots: Path
) -> None:
    page = browser.open(site.add("/minutes", BEFORE))
    reader.highlight(page, ADJOURNED, color="pink")
    reader.highlight(page, HARBOUR, color="green")
    site.add("/minutes", AFTER)
    page.reload()
    page.wait_for("[...(CSS.highlights.get('annotator-edited') ?? [])].join().includes('three more berths')")

    panel = reader.panel(page)
    panel.has_text("Is it this one?")
    panel.screenshot(screenshots / "unsure.png")
    _select_for(panel, page, f"Attach here: {ADJOURNED[:30]}", ADJOURNED, occurrence=2)
    panel.has_text("Attached to the selection")
    panel.has_text("2 highlights")
    page.bring_to_front()
    page.wait_for(SECOND_IS_PINK, ADJOURNED)

    # Its words changed, and it is a highlight like any other.
    reader.open_toolbar(page, "three more berths")
    page.screenshot(screenshots / "toolbar-on-edited.png")
    reader.press_in_toolbar(page, "Change to blue")
    page.wait_for("CSS.highlights.get('annotator-blue')?.size === 1")
    assert len(page.painted("annotator-edited")) == 1
    page.press("Escape")

    panel.bring_to_front()
    panel.accessibility_click(_named(panel, "Edit: The harbour"))
    _select_for(panel, page, "Use the selection instead: The harbour", "the lime trees")
    panel.has_text("Attached to the selection")
    panel.screenshot(screenshots / "instead.png")
    page.wait_for("[...CSS.highlights.get('annotator-blue')].join() === 'the lime trees'")
    panel.accessibility_click("Undo")
    panel.has_text("Undone")
    page.wait_for("[...CSS.highlights.get('annotator-blue')].join().includes('three more berths')")


SECOND_IS_PINK = """(words) => {
  const [range, ...others] = CSS.highlights.get("annotator-pink") ?? [];
  const copies = [...document.querySelectorAll("p")].filter((one) => one.textContent === words);
  return others.length === 0 && range !== undefined && copies[1].contains(range.startContainer);
}"""


def _select_for(panel: Page, page: Page, button: str, words: str, occurrence: int = 1) -> None:
    """Select on the page, then press a button of the panel by the beginning of its name."""
    page.bring_to_front()
    page.select_text(words, occurrence=occurrence)
    panel.bring_to_front()
    panel.accessibility_click(_named(panel, button))


def _named(panel: Page, beginning: str) -> str:
    """The whole name of a button: quotes in it are cut somewhere."""
    return wait_until(
        lambda: next((name for name in panel.accessible_names() if name.startswith(beginning)), None),
        what=lambda: f"a button {beginning!r}; there are {panel.accessible_names()}",
    )
