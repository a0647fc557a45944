"""The main job: highlight the story, come back after a restart, find it on the server."""

from pathlib import Path
from typing import Any

import pytest

from tests.e2e.browsers.interface import Browser
from tests.e2e.reader import Reader, painted_text, wait_for_painted
from tests.e2e.server import Server
from tests.e2e.site import Site

WITHIN_ONE = "Daech n’est pas tombé mais Daech vacille"
TWICE = "la ville syrienne de Raqa est maintenant elle aussi dans le collimateur"
BOLD_AND_LINK = ("contrôlée par le", "commencé")
ACROSS_TWO = ("pourraient donc se superposer :", "« Ajourd’hui")
EMOJI = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Emoji</title>
<article><h1>🎉</h1><p>😀 👩‍👩‍👧 𝕆ne, then the second 🇫🇷 sentence.</p></article>"""


def cut(paragraphs: list[dict[str, Any]], target: dict[str, Any]) -> str:
    """What stands between a target's positions; offsets count code points, as Python's strings do."""
    (a, i), (b, j) = [(target[edge]["paragraph"], target[edge]["offset"]) for edge in ("start", "end")]
    if a == b:
        return str(paragraphs[a]["text"][i:j])
    middle = [paragraph["text"] for paragraph in paragraphs[a + 1 : b]]
    return "\n\n".join([paragraphs[a]["text"][i:], *middle, paragraphs[b]["text"][:j]])


@pytest.mark.databases("sqlite", "postgres")
def test_what_was_highlighted_is_painted_again_after_a_restart_and_stands_on_the_server(
    browser: Browser, server: Server, screenshots: Path
) -> None:
    reader = Reader(browser, server)
    reader.connect()
    story = reader.open()
    reader.highlight(story, WITHIN_ONE, color="green")
    reader.highlight(story, TWICE, color="blue", occurrence=2)
    reader.highlight(story, *BOLD_AND_LINK, color="pink")
    reader.highlight(story, *ACROSS_TWO, color="purple")
    expected = painted_text(story)
    story.screenshot(screenshots / "highlighted.png")

    reader.open_toolbar(story, WITHIN_ONE)
    story.screenshot(screenshots / "toolbar.png")
    reader.press_in_toolbar(story, "Add a note")
    note = reader.note_place(story, WITHIN_ONE)
    note.fill("textarea", "Qui parle ? *À vérifier*")
    note.fill('input[role="combobox"]', "citation")
    note.press("Enter")
    # The note and the tags each say so.
    note.wait_for("document.querySelectorAll('.save-state.saved').length === 2")
    note.screenshot(screenshots / "note.png")
    note.close()

    story.reload()
    wait_for_painted(story, expected)
    reader.wait_until_sent()
    browser.restart()
    story = reader.open()
    wait_for_painted(story, expected)
    assert story.painted("annotator-green") == [{"name": "annotator-green", "text": WITHIN_ONE}]
    story.screenshot(screenshots / "after-restart.png")
    panel = reader.panel(story)
    panel.has_text("À vérifier")
    panel.has_text("citation")
    panel.screenshot(screenshots / "panel.png")

    api = server.api_of("ada")
    rows = api.annotations()
    assert len(rows) == 4
    for row in rows:
        assert row["anchor"]["state"] == "exact"
        snapshot = api.get(f"libraries/me/snapshots/{row['target']['snapshot']}").json
        assert cut(snapshot["paragraphs"], row["target"]) == row["target"]["quote"]["exact"]
    by_color = {row["color"]: row for row in rows}
    assert by_color["green"]["note"] == "Qui parle ? *À vérifier*"
    assert by_color["green"]["tags"] == ["citation"]
    assert by_color["green"]["motivation"] == "commenting"
    twice = by_color["blue"]["target"]
    assert twice["quote"]["exact"] == TWICE
    # The standfirst says the same; the paragraph below goes on to "Paris".
    snapshot = api.get(f"libraries/me/snapshots/{twice['snapshot']}").json
    assert "Paris cet après-midi" in snapshot["paragraphs"][twice["start"]["paragraph"]]["text"]
    assert by_color["purple"]["target"]["quote"]["exact"].split() == " ".join(ACROSS_TWO).split()


def test_a_note_and_its_paragraph_are_found_in_the_admin(
    reader: Reader, browser: Browser, server: Server, screenshots: Path
) -> None:
    story = reader.open()
    reader.highlight(story, WITHIN_ONE, color="green")
    reader.wait_until_sent()

    admin = browser.open(server.url("/admin/annotator/annotation/"))
    admin.has_text(WITHIN_ONE)
    admin.screenshot(screenshots / "list.png")
    admin.click("#result_list a.quoted")
    admin.has_text("maintenant qu’il faut accroître nos efforts")
    admin.has_text("Lancement de la première étape")  # the paragraph after it
    assert admin.wait_for("document.querySelector('mark')?.textContent") == WITHIN_ONE
    admin.screenshot(screenshots / "annotation.png")


def test_a_selection_grown_with_the_keyboard_is_highlighted_whole(reader: Reader) -> None:
    story = reader.open()
    story.select_text("Les deux")
    for _ in " offensives":
        story.press("Shift+ArrowRight")
    reader.press_in_toolbar(story, "Highlight in yellow")
    wait_for_painted(story, "Les deux offensives")


def test_emoji_before_the_quote_do_not_shift_it(
    reader: Reader, browser: Browser, server: Server, site: Site
) -> None:
    """On a plain-http site that is not 127.0.0.1, where a page has no secure context."""
    site.add("/emoji", EMOJI)
    page = browser.open(site.url("/emoji", host="site.test"))
    assert page.evaluate("isSecureContext") is False
    reader.highlight(page, "the second 🇫🇷 sentence", color="orange")
    page.reload()
    wait_for_painted(page, "the second 🇫🇷 sentence")
    reader.wait_until_sent()
    target = server.api_of("ada").annotations()[0]["target"]
    text = "😀 👩‍👩‍👧 𝕆ne, then the second 🇫🇷 sentence."
    assert target["start"] == {"paragraph": 1, "offset": text.index("the second")}
    assert text[target["start"]["offset"] : target["end"]["offset"]] == "the second 🇫🇷 sentence"


def test_a_deleted_highlight_comes_back_with_undo(reader: Reader, server: Server) -> None:
    story = reader.open()
    reader.highlight(story, WITHIN_ONE, color="green")
    reader.open_toolbar(story, WITHIN_ONE)
    reader.press_in_toolbar(story, "Change to pink")
    story.wait_for("CSS.highlights.get('annotator-pink')?.size === 1")
    reader.open_toolbar(story, WITHIN_ONE)
    reader.press_in_toolbar(story, "Delete")
    wait_for_painted(story, "")
    reader.press_in_toolbar(story, "Undo")
    wait_for_painted(story, WITHIN_ONE)
    reader.wait_until_sent()
    rows = server.api_of("ada").annotations()
    assert [(row["color"], row["target"]["quote"]["exact"]) for row in rows] == [("pink", WITHIN_ONE)]
