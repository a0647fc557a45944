"""The side panel beside the real page, background and server: what it lists and what can be done there."""

from __future__ import annotations

from pathlib import Path

from tests.e2e.reader import Reader
from tests.e2e.server import Server

WORDS = "Daech n’est pas tombé mais Daech vacille"
NOTE_AS_MARKDOWN = "document.querySelector('.note strong')?.textContent === 'pourquoi'"


def test_a_highlight_is_annotated_deleted_and_brought_back_in_the_panel(
    reader: Reader, server: Server, screenshots: Path
) -> None:
    story = reader.open()
    reader.highlight(story, WORDS, color="green")

    panel = reader.panel(story)
    panel.has_text("1 highlight")
    panel.accessibility_click(f"Edit: {WORDS}")
    panel.wait_for("document.activeElement.tagName === 'TEXTAREA'")
    panel.type("**pourquoi** ?")
    panel.has_text("Saved")
    panel.fill("input[role=combobox]", "syrie")
    panel.press("Enter")
    panel.has_text("Tag syrie added")
    panel.accessibility_click("Done")
    panel.wait_for(NOTE_AS_MARKDOWN)

    panel.accessibility_click(f"Delete: {WORDS}")
    panel.has_text("Nothing highlighted here yet")
    panel.accessibility_click("Undo")
    panel.has_text("1 highlight")
    panel.has_text("syrie")
    panel.wait_for(NOTE_AS_MARKDOWN)
    panel.accessibility_click("Note on this page")
    panel.wait_for("document.activeElement.tagName === 'TEXTAREA'")
    panel.type("Sur tout l’article")
    panel.has_text("Saved")
    panel.accessibility_click("Done")
    panel.has_text("Notes on the page")
    panel.screenshot(screenshots / "panel.png")
    panel.close()
    reader.wait_until_sent()
    notes = [row for row in server.api_of("ada").annotations() if row["motivation"] == "describing"]
    assert [(row["note"], row["url"]) for row in notes] == [("Sur tout l’article", story.url)]
    answer_twice(server)
    panel = reader.panel(story)
    panel.accessibility_click("Sync now")
    panel.has_text("2 replies", ".card.green .facts")
    panel.screenshot(screenshots / "replies.png")


def answer_twice(server: Server) -> None:
    """The highlight's note, on the server."""
    api = server.api_of("ada")
    [row] = [one for one in api.annotations() if one["motivation"] == "commenting"]
    for note in ("Quelle source ?", "Une agence."):
        answer = {
            "motivation": "replying",
            "url": row["url"],
            "note": note,
            "parent": row["id"],
            "target": {},
        }
        assert api.post("libraries/me/annotations", answer).status == 201
