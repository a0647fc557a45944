"""More than one library: what is made goes to the one that is chosen, and to no other."""

from __future__ import annotations

from pathlib import Path

from tests.e2e.browsers.interface import Browser, Page, wait_until
from tests.e2e.reader import Reader, wait_for_painted
from tests.e2e.server import Server

FIRST = "Daech n’est pas tombé mais Daech vacille"
LAST = "Les deux offensives pourraient donc se superposer"
THIRD = "constituera un revers sanglant pour Daech"
LOOK = "Show it beside the page"
OFFERS = ("Highlight in yellow", "Change to yellow", "Yellow", "Add a note", "Delete")
NAME = "Foreign desk"
# In order of their names: the own one, the one that is only read, the one that is written in.
_SHARE = f"""
from annotator.models import Library, Membership, User
ada, bob = User.objects.get(username="ada"), User.objects.get(username="bob")
for name, role in (("Archive", "reader"), ({NAME!r}, "editor")):
    library = Library.objects.create(name=name)
    Membership.objects.create(library=library, user=bob, role="owner")
    Membership.objects.create(library=library, user=ada, role=role)
print(library.pk)
"""
_TAKE_OUT = f"""
from annotator.models import Membership
Membership.objects.get(library__name={NAME!r}, user__username="ada").delete()
"""


def test_a_highlight_goes_to_the_chosen_library_and_the_reader_sees_which_it_is(
    reader: Reader, browser: Browser, server: Server, screenshots: Path
) -> None:
    desk = server.manage("shell", "--no-imports", "--command", _SHARE).split()[-1]
    story = reader.open()
    reader.highlight(story, FIRST)
    panel = reader.panel(story)
    panel.has_text("which is private")
    panel.accessibility_click("Sync now")
    panel.wait_for("document.querySelectorAll('.library option').length === 3", timeout=20)
    panel.screenshot(screenshots / "own.png")

    _next_library(panel)
    panel.has_text("In this library you may read, not write.")
    story.bring_to_front()
    wait_for_painted(story, "")
    story.select_text(FIRST)
    panel.bring_to_front()
    panel.screenshot(screenshots / "read-only.png")
    assert not any(name in OFFERS for name in story.accessible_names())
    _next_library(panel)
    panel.has_text("its members see it")

    story.bring_to_front()
    reader.highlight(story, LAST, color="blue")
    story.screenshot(screenshots / "toolbar.png")
    assert _icon(browser, story) == ["1", f"Annotator: highlights on this page: 1 · Library: {NAME}"]
    panel.bring_to_front()
    panel.has_text("Everything is on the server.", timeout=20)
    panel.screenshot(screenshots / "shared.png")
    bob = server.api_of("bob")
    [mine] = server.api_of("ada").annotations()
    assert mine["target"]["quote"]["exact"] == FIRST
    [theirs] = bob.annotations(desk)
    assert (theirs["target"]["quote"]["exact"], theirs["author"]["name"]) == (LAST, "ada")

    bobs = {key: mine[key] for key in ("motivation", "url", "color", "target", "tags", "parent")}
    assert bob.post(f"libraries/{desk}/annotations", {**bobs, "note": "mine alone"}).status == 201
    panel.accessibility_click("Sync now")
    panel.has_text("By bob")
    story.bring_to_front()
    wait_for_painted(story, f"{FIRST} | {LAST}")
    story.click_at(story.point_of_text(FIRST))
    wait_until(lambda: LOOK in story.accessible_names() or None, what=lambda: "the toolbar")
    assert not any(name in OFFERS for name in story.accessible_names())
    story.screenshot(screenshots / "of-another.png")

    story.press("Escape")
    server.stop()
    reader.highlight(story, THIRD, color="pink")
    server.manage("shell", "--no-imports", "--command", _TAKE_OUT)
    server.start()
    panel.bring_to_front()
    panel.accessibility_click("Sync now")
    panel.has_text(f"You are no longer a member of “{NAME}”", timeout=20)
    panel.has_text("1 annotation that you made in it never reached the server")
    panel.has_text("which is private")
    panel.screenshot(screenshots / "left.png")
    panel.accessibility_click("Copy as Markdown")
    panel.has_text("1 copied as Markdown")
    panel.accessibility_click("Remove")
    panel.accessibility_click("Really remove, for good")
    panel.wait_for("!document.body.innerText.includes('no longer a member')")
    story.bring_to_front()
    wait_for_painted(story, FIRST)


def _next_library(panel: Page) -> None:
    """By the keyboard alone, as in any list of choices."""
    panel.bring_to_front()
    panel.evaluate("document.querySelector('.library select').focus()")
    panel.press("ArrowDown")


def _icon(browser: Browser, page: Page) -> list[str]:
    """What stands on the icon for this tab, and what it says when the mouse rests on it."""
    script = """async (url) => {
      const tabId = (await chrome.tabs.query({})).find((tab) => tab.url === url).id;
      return [await chrome.action.getBadgeText({ tabId }), await chrome.action.getTitle({ tabId })];
    }"""
    return list(browser.evaluate_in_extension(script, page.url))
