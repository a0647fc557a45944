"""The story after an editor had it: each highlight is where its words are, or is said to be gone."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from tests.e2e.browsers.interface import Browser, Page, wait_until
from tests.e2e.reader import Reader
from tests.e2e.server import Server

# Beginning, end, and which of the twins.
HIGHLIGHTS: dict[str, tuple[str, str | None, int]] = {
    "headline": ("Raqa en ligne de mire", None, 1),
    "standfirst": ("Alors que la bataille finale", None, 1),
    "twin": ("la ville syrienne de Raqa", None, 2),
    "link": ("contrôlée par le", "commencé", 1),
    "sentence": ("Daech n’est pas tombé mais Daech vacille", None, 1),
    "second": ("La perte à terme de Mossoul", None, 1),
    "tweet": ("Lancement de la première étape", None, 1),
    "across": ("pourraient donc se superposer :", "en tant que", 1),
    "typo": ("a déclare Ashton Carter", None, 1),
    "end": ("avec le même sens de l’urgence", None, 1),
    "hollande": ("De son côté François Hollande", None, 1),
    "danger": ("danger du retour dans leurs pays", None, 1),
}
COLORS = ("yellow", "green", "blue", "pink", "purple", "orange")
EXACT = {name: {"exact"} for name in HIGHLIGHTS}
# What each change may do to which highlight; everything else stays exact.
CHANGES: dict[str, dict[str, set[str]]] = {
    "ads": {},
    "related": {},
    "typos": {"typo": {"edited"}, "across": {"edited"}},
    "typography": {},
    "standfirst": {"standfirst": {"moved"}},
    "redesign": {},
    "moved": {name: {"exact", "moved"} for name in ("sentence", "second", "hollande", "danger")},
    "deleted": {"hollande": {"orphaned"}, "danger": {"orphaned"}},
    "late": {},
    "spa": {},
    "ads,related,redesign": {},
    "moved,typos,ads": {
        **{name: {"exact", "moved"} for name in ("sentence", "second", "hollande", "danger")},
        "typo": {"edited"},
        "across": {"edited"},
    },
}
# The second copy goes on to Paris within its own paragraph; the standfirst ends before.
TWIN_IN_ITS_PARAGRAPH = """(color) => [...CSS.highlights.get(color)].some((range) =>
  range.toString() === 'la ville syrienne de Raqa'
  && range.startContainer.parentElement.closest('p, div').textContent.includes('Paris cet'))"""
READINGS = "chrome.storage.session.get(null)"


def test_every_highlight_is_where_its_words_are_or_is_said_to_be_gone(
    reader: Reader, browser: Browser, server: Server, screenshots: Path
) -> None:
    story = reader.open()
    selected = _highlight_all(reader, story)
    reader.wait_until_sent()
    rows = server.api_of("ada").annotations()
    names = {row["id"]: _name_of(row, selected) for row in rows}
    assert sorted(names.values()) == sorted(HIGHLIGHTS)
    story.set_viewport(1280, 2400)
    background = browser.open_extension_page("manifest.json")
    story.bring_to_front()
    for changes, expected in CHANGES.items():
        story.goto(server.url(f"/demo/euronews-raqa?changes={changes}"))
        allowed = {**EXACT, **expected}
        states = _wait_for_states(background, story, names, allowed)
        lost = {name for name, state in states.items() if state == "orphaned"}
        edited = {name for name, state in states.items() if state == "edited"}
        shown = " ".join(_painted(story))
        for name in set(HIGHLIGHTS) - lost - edited:
            assert _words(selected[name]) in shown, (changes, name, shown)
        assert len(story.painted("annotator-edited")) == _ranges(edited), changes
        if edited:
            assert "a déclaré Ashton Carter" in shown, shown
            assert "superposer Aujourd hui nous en tant que" in shown, shown
        assert story.evaluate(TWIN_IN_ITS_PARAGRAPH, f"annotator-{_color('twin')}"), changes
        if changes == "moved":
            assert "moved" in states.values()
        story.screenshot(screenshots / f"{changes}.png")


def _highlight_all(reader: Reader, story: Page) -> dict[str, str]:
    return {
        name: reader.highlight(story, start, end, occurrence=occurrence, color=_color(name))
        for name, (start, end, occurrence) in HIGHLIGHTS.items()
    }


def _color(name: str) -> str:
    return COLORS[list(HIGHLIGHTS).index(name) % len(COLORS)]


def _name_of(row: dict[str, Any], selected: dict[str, str]) -> str:
    quote = _words(row["target"]["quote"]["exact"])
    return next(name for name, text in selected.items() if _words(text) == quote)


def _wait_for_states(
    background: Page, story: Page, names: dict[str, str], allowed: dict[str, set[str]]
) -> dict[str, str]:
    """What the background found on this page, once it is one of what may be. `background` has its rights."""
    states: dict[str, str] = {}

    def are_allowed() -> bool | None:
        readings = background.evaluate(READINGS)
        states.clear()
        for key, reading in readings.items():
            if not key.startswith("reading:") or reading["url"] != story.url:
                continue
            states.update({names[id]: place["state"] for id, place in reading["placed"].items()})
        known = states.keys() == allowed.keys()
        return (known and all(states[name] in allowed[name] for name in states)) or None

    def wrong() -> str:
        bad = {name: (state, allowed[name]) for name, state in states.items() if state not in allowed[name]}
        return f"the states on {story.url}; these are otherwise: {bad}; known are {len(states)}"

    wait_until(are_allowed, what=wrong, timeout=15)
    # What is known is painted a moment later.
    found = {name for name, state in states.items() if state not in ("orphaned", "ambiguous")}
    wait_until(lambda: len(_painted(story)) == _ranges(found) or None, what=lambda: f"{found} to be painted")
    return states


def _painted(page: Page) -> list[str]:
    """The words that have a colour, in page order; an edited highlight has its underline beside it."""
    return [_words(one["text"]) for one in page.painted("annotator-") if one["name"] != "annotator-edited"]


def _wait_for_words(page: Page, words: list[str]) -> None:
    wait_until(lambda: _painted(page) == words or None, what=lambda: f"{_painted(page)} to be {words}")


def _ranges(names: set[str]) -> int:
    """A highlight has a range for each of its paragraphs."""
    return len(names) + ("across" in names)


def _words(text: str) -> str:
    """Letters and numbers alone: typography and white space may be other ones."""
    return " ".join(re.findall(r"\w+", text))


def test_an_edited_and_a_lost_highlight_are_explained_in_the_panel_and_attached_again(
    reader: Reader, server: Server, screenshots: Path
) -> None:
    story = reader.open()
    reader.highlight(story, "a déclare Ashton Carter", color="green")
    reader.highlight(story, "danger du retour dans leurs pays", color="pink")
    reader.wait_until_sent()
    story.goto(server.url("/demo/euronews-raqa?changes=typos,deleted"))
    panel = reader.panel(story)
    panel.has_text("The words have changed")
    panel.wait_for("document.querySelector('del')?.innerText.includes('déclare')")
    panel.wait_for("document.querySelector('ins')?.innerText.includes('déclaré')")
    panel.click(".origin summary")
    panel.has_text("De son côté François Hollande a prévenu")
    for scheme in ("light", "dark"):
        panel.color_scheme(scheme)
        panel.screenshot(screenshots / f"panel-{scheme}.png")

    attach = "Attach here: danger du retour dans leurs pays"
    panel.accessibility_click(attach)
    panel.has_text("Nothing is selected on the page")
    story.bring_to_front()
    story.select_text("Les deux offensives")
    panel.bring_to_front()
    panel.accessibility_click(attach)
    panel.has_text("Attached to the selection")
    panel.has_text("2 highlights")
    panel.screenshot(screenshots / "attached.png")
    story.bring_to_front()
    story.wait_for("[...(CSS.highlights.get('annotator-pink') ?? [])].join() === 'Les deux offensives'")
    reader.wait_until_sent()
    rows = {row["color"]: row for row in server.api_of("ada").annotations()}
    assert rows["pink"]["target"]["quote"]["exact"] == "Les deux offensives"
    assert rows["pink"]["anchor"]["state"] == "exact"

    panel.bring_to_front()
    panel.press("Control+z")
    panel.has_text("Undone")
    panel.has_text("1 highlight")
    reader.wait_until_sent()
    rows = {row["color"]: row for row in server.api_of("ada").annotations()}
    assert rows["pink"]["target"]["quote"]["exact"] == "danger du retour dans leurs pays"


def test_another_device_reads_the_old_paragraphs_from_the_server_once(
    reader: Reader, browser: Browser, server: Server
) -> None:
    story = reader.open()
    reader.highlight(story, "danger du retour dans leurs pays", color="pink")
    reader.wait_until_sent()
    # What a browser has that was signed out is nothing, as on another device.
    options = browser.open_extension_page("options.html")
    options.accessibility_click("Sign out and forget")
    options.accessibility_click("Sign out")
    options.has_text("The first minute")
    story.close()
    options.accessibility_click("Connect")
    # The server still knows this browser's user.
    consent = browser.wait_for_page(f"{server.address}/oauth/authorize/*", timeout=20)
    consent.accessibility_click("Connect")
    options.bring_to_front()
    options.has_text("Signed in as ada", timeout=20)
    options.close()
    story = reader.open("/demo/euronews-raqa?changes=deleted")
    panel = reader.panel(story)
    panel.has_text("Not found on this page")
    panel.click(".origin summary")
    panel.has_text("De son côté François Hollande a prévenu")
    story.reload()
    panel.has_text("De son côté François Hollande a prévenu")
    asked = [line for line in server.access_log() if line.startswith("GET") and "/snapshots/" in line]
    assert len(asked) == 1, asked


def test_reviewers_see_what_became_of_the_highlights(reader: Reader, server: Server) -> None:
    story = reader.open()
    reader.highlight(story, "a déclare Ashton Carter", color="green")
    reader.highlight(story, "danger du retour dans leurs pays", color="pink")
    reader.highlight(story, "Les deux offensives", color="blue")
    reader.wait_until_sent()
    story.goto(server.url("/demo/euronews-raqa?changes=typos,deleted"))
    api = server.api_of("ada")
    seen: dict[str, str] = {}

    def agree() -> bool:
        seen.update({row["color"]: row["anchor"]["state"] for row in api.annotations()})
        return seen == {"green": "edited", "pink": "orphaned", "blue": "exact"}

    # What is not found is reported once the page has been quiet for a while.
    wait_until(lambda: agree() or None, what=lambda: f"the states on the server; they are {seen}", timeout=20)
    [document] = {row["document"] for row in api.annotations()}
    assert len(api.get(f"libraries/me/documents/{document}").json["snapshots"]) == 2
