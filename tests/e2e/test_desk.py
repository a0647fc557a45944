"""The review desk in real browsers: a first review, one by keyboard, and pages that anybody can use."""

from __future__ import annotations

import uuid
from pathlib import Path

import pytest

from tests.e2e.axe import faults
from tests.e2e.browsers.interface import Browser, Page
from tests.e2e.desk import fill, sign_in, tab_to
from tests.e2e.server import Server

DESK = "/admin/annotator"
DEEDS = {"annotation": ("attach",), "document": ("split", "merge")}  # Those with pages of their own.
LOADED = "document.readyState === 'complete'"  # The arrow keys are a script's.


@pytest.mark.only(
    "chromium", reason="the desk is plain pages and forms; that they are read elsewhere, test_main_job shows"
)
def test_a_new_reviewer_finds_what_broke_attaches_one_and_approves_twenty(
    browser: Browser, server: Server, screenshots: Path
) -> None:
    fill(server)
    page = browser.new_page()
    sign_in(page, server)
    page.screenshot(screenshots / "first-page.png")
    page.click(".counts li:nth-child(3) a")  # broken since yesterday
    page.wait_for("location.search.includes('changed=1')")
    page.goto(server.url(f"{DESK}/annotation/?state=orphaned&queue=broken"))
    page.click("#result_list a.quoted")
    page.has_text("Where it was made")
    assert page.evaluate("document.querySelectorAll('.excerpted mark').length") > 0
    page.screenshot(screenshots / "orphan.png")
    attach(page)
    page.goto(server.url(f"{DESK}/annotation/?queue=unreviewed"))
    for index in range(20):
        page.click(f"#result_list tbody tr:nth-child({index + 1}) input[name=_selected_action]")
    page.has_text("20 of 50 selected")
    page.screenshot(screenshots / "twenty.png")
    choose(page, "App")
    page.has_text("20 annotations were changed.")
    page.screenshot(screenshots / "approved.png")
    assert approved(server) == 20
    page.click(".undo button")
    # The next page says the same, without a way back.
    page.wait_for("document.querySelector('.messagelist') !== null && !document.querySelector('.undo')")
    page.has_text("20 annotations were changed.")
    assert approved(server) == 0


def attach(page: Page) -> None:
    """The words still stand in the text; the highlight had lost its place."""
    page.click(".deeds a.button")
    page.has_text("It stands in")
    page.click(".deed-form .default")
    page.has_text("1 annotation was changed.")
    page.has_text("in its place", ".facts .state")


def choose(page: Page, beginning: str) -> None:
    """The deed whose name begins so, by the keyboard: a list that is open is not a part of the page."""
    page.click("#searchbar")
    for _ in range(10):
        page.press("Tab")
        if page.evaluate("document.activeElement.name") == "action":
            break
    page.type(beginning)
    page.press("Tab")
    page.press("Enter")


def approved(server: Server) -> int:
    """How many Ada approved."""
    [row] = server.query(
        "SELECT COUNT(*) AS times FROM annotator_decision d JOIN annotator_user u ON d.reviewer_id = u.id"
        " WHERE d.review = 'approved' AND u.username = 'ada'"
    )
    return int(row["times"])


@pytest.mark.only("chromium", reason="which keys a browser knows is not ours; one is enough")
def test_ten_annotations_are_reviewed_by_keyboard_alone(browser: Browser, server: Server) -> None:
    fill(server, articles=3, annotations=40)
    page = browser.new_page()
    sign_in(page, server, f"{DESK}/annotation/")
    page.goto(server.url(f"{DESK}/annotation/?queue=unreviewed"))
    page.wait_for("document.readyState === 'complete'")
    first = str(page.evaluate("document.querySelector('#result_list a.quoted').innerText"))
    tab_to(page, first.strip())
    page.press("Enter")
    for number in range(10):
        page.has_text("Where it was made")
        page.wait_for(LOADED)
        page.press("Tab")
        page.press("Enter")  # "Skip to main content" is the first thing on a page
        tab_to(page, "Approve")
        page.press("Enter")
        page.has_text("1 annotation was changed.")
        assert approved(server) == number + 1
        was = page.url
        page.wait_for(LOADED)
        page.press("ArrowRight")
        page.wait_for("(was) => location.href !== was", was)
    page.goto(server.url(f"{DESK}/document/"))
    page.click("#result_list a")
    page.has_text("Open the live page")
    page.wait_for(LOADED)
    for step in (1, 2):
        page.press("ArrowRight")
        places = "[...document.querySelectorAll('mark[id]')].indexOf(document.activeElement)"
        assert page.evaluate(places) == step - 1
    page.press("Enter")
    assert page.evaluate("document.activeElement.className").startswith("note")


@pytest.mark.only("chromium", reason="axe looks at the page's markup and colours, which are the same in both")
def test_axe_finds_nothing_on_any_page_light_or_dark(
    browser: Browser, server: Server, screenshots: Path
) -> None:
    fill(server, articles=3, annotations=60)
    page = browser.new_page()
    sign_in(page, server)
    found = faults(page)
    lists = ("annotation", "document", "snapshot", "tag", "event", "job", "library", "personaltoken", "user")
    for name in lists:
        page.goto(server.url(f"{DESK}/{name}/"))
        found += faults(page, screenshots / f"{name}s")
        if page.evaluate("document.querySelector('#result_list tbody a') !== null"):
            page.click("#result_list tbody a")
            page.wait_for("location.pathname.includes('/change/') && document.readyState === 'complete'")
            found += faults(page, screenshots / name)
            row = page.url.split("change/")[0]
            for deed in DEEDS.get(name, ()):
                page.goto(f"{row}{deed}/")
                found += faults(page)
    article, other = (
        uuid.UUID(row["id"])
        for row in server.query("SELECT CAST(id AS TEXT) AS id FROM annotator_document")[:2]
    )
    asked = (f"{DESK}/document/{article}/merge/?other={other}", f"{DESK}/annotation/?q=le+ministre")
    rest = ("/", f"/articles/{article}/", "/connect/", "/nothing", f"{DESK}/personaltoken/browsers/")
    for path in (*asked, *rest):
        page.goto(server.url(path))
        found += faults(page)
    assert found == []
