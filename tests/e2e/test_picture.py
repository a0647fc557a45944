"""The README's picture, made from the running thing: `python -m pytest tests/e2e/test_picture.py`, then
copy `test-results/e2e/test_the_readme_shows_what_a_reader_sees-chromium-sqlite/annotator.png` to `docs/`."""

from pathlib import Path

import pytest

from tests.e2e.browsers.interface import Browser
from tests.e2e.reader import Reader

SIDE_BY_SIDE = """<!doctype html><meta charset="utf-8"><title>Annotator</title>
<style>body { margin: 0; display: flex; }
img { height: 712px; width: 860px; object-fit: none; object-position: left top; }
img + img { width: 380px; border-left: 1px solid #bbb; }</style>
<img src="story.png" alt=""><img src="panel.png" alt="">"""
NOTE = "Qui parle ? La citation *n’est pas attribuée* dans l’article."


@pytest.mark.only("chromium", reason="one picture is enough")
def test_the_readme_shows_what_a_reader_sees(reader: Reader, browser: Browser, screenshots: Path) -> None:
    story = reader.open()
    story.set_viewport(860, 712)
    reader.highlight(story, "la ville syrienne de Raqa est maintenant", color="yellow", occurrence=2)
    reader.highlight(story, "Daech n’est pas tombé mais Daech vacille", color="green")
    reader.highlight(story, "pourraient donc se superposer", color="purple")
    reader.highlight(story, "a déclare Ashton Carter", color="pink")
    panel = reader.panel(story)
    panel.set_viewport(380, 712)
    panel.accessibility_click("Edit: Daech n’est pas tombé mais Daech vacille")
    panel.fill("textarea", NOTE)
    panel.fill('input[role="combobox"]', "citation")
    panel.press("Enter")
    panel.wait_for("document.querySelectorAll('.save-state.saved').length === 2")
    panel.accessibility_click("Done")
    reader.wait_until_sent()
    panel.wait_for("!document.body.innerText.includes('Not sent yet')")
    panel.evaluate("scrollTo(0, 0)")
    panel.screenshot(screenshots / "panel.png")
    story.bring_to_front()
    reader.open_toolbar(story, "pourraient donc se superposer")
    story.screenshot(screenshots / "story.png")

    (screenshots / "side-by-side.html").write_text(SIDE_BY_SIDE, "utf-8")
    both = browser.open((screenshots / "side-by-side.html").as_uri())
    both.set_viewport(1241, 712)
    both.wait_for("[...document.images].every((image) => image.complete && image.naturalWidth > 0)")
    assert both.screenshot(screenshots / "annotator.png").stat().st_size > 50_000
