"""Pages that draw their own text: highlights follow it, and nothing of ours is in the way."""

from __future__ import annotations

from tests.e2e.browsers.interface import Browser
from tests.e2e.reader import Reader, wait_for_painted
from tests.e2e.server import Server
from tests.e2e.site import Site

# Draws its text anew each second, as a page does whose framework thinks that its state has changed. It counts
# the changes inside its body that are not of its own making.
REDRAWN = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Live</title>
<body><h1>Live</h1><article id="root"></article>
<script>
const texts = ["The first paragraph stays as it is.", "The second one <b>stays</b> too, every second of it."];
const draw = () => { root.innerHTML = texts.map((text) => `<p>${text}</p>`).join(""); };
let drawn = 0, foreign = 0;
const observer = new MutationObserver((records) => { foreign += records.length; });
draw();
observer.observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true });
const foreigners = () => { foreign += observer.takeRecords().length; };
const again = () => { foreigners(); draw(); observer.takeRecords(); drawn++; };
// Not before it was visited once: a selection does not survive it.
if (sessionStorage.visited) setInterval(again, 1000);
sessionStorage.visited = "yes";
</script></body></html>"""


def test_a_page_that_draws_its_text_anew_keeps_its_highlights_and_its_nodes(
    reader: Reader, browser: Browser, site: Site
) -> None:
    page = browser.open(site.add("/live", REDRAWN))
    selected = page.select_text("The first", "paragraph")
    reader.press_in_toolbar(page, "Highlight in yellow")
    page.reload()
    for _ in range(3):
        drawn = page.evaluate("drawn")
        page.wait_for("(before) => drawn > before + 1", drawn)
        wait_for_painted(page, selected)
    assert page.evaluate("foreign") == 0


def test_a_page_that_draws_itself_is_painted_again_when_the_reader_comes_back(
    reader: Reader, server: Server
) -> None:
    story = reader.open()
    reader.highlight(story, "Les deux offensives", color="blue")
    story.goto(server.url("/demo/euronews-raqa?changes=spa"))
    wait_for_painted(story, "Les deux offensives")
    story.click("#stories-nav a[href*=peniche]")
    story.has_text("péniche", "h1")
    wait_for_painted(story, "")
    story.evaluate("history.back()")
    wait_for_painted(story, "Les deux offensives")
