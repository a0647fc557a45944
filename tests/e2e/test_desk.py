"""The review desk in real browsers: a first review, one by keyboard, and pages that anybody can use."""

from __future__ import annotations

import os
import uuid
from pathlib import Path

import pytest

from tests.e2e.axe import faults
from tests.e2e.browsers.chromium import ChromiumPage
from tests.e2e.browsers.interface import Browser
from tests.e2e.desk import fill, sign_in, sign_out, tab_to
from tests.e2e.first_review import FirstReview, prepare
from tests.e2e.server import Server

DESK = "/admin/annotator"
DEEDS = {"annotation": ("attach",), "document": ("split", "merge")}  # Those with pages of their own.
LOADED = "document.readyState === 'complete'"  # The arrow keys are a script's.


# `dev.py bench review` sets another size, and looks at all.
SIZE = int(os.environ.get("REVIEW_ANNOTATIONS", "400"))
WHOLE = "REVIEW_ANNOTATIONS" in os.environ


@pytest.mark.only(
    "chromium", reason="the desk is plain pages and forms; that they are read elsewhere, test_main_job shows"
)
def test_a_new_reviewer_finds_what_broke_attaches_one_approves_twenty_and_exports_them(
    browser: Browser, server: Server, screenshots: Path
) -> None:
    prepare(server, SIZE // 20, SIZE)
    for user in ("rita", "luc") if WHOLE else ("luc",):
        page = browser.new_page()
        assert isinstance(page, ChromiumPage)
        review = FirstReview(page, server, user, screenshots, ("light", "dark") if WHOLE else ("light",))
        exported = review.run()
        assert {one["review"] for one in exported} == {"approved"}
        assert (len(exported), approved(server, user)) == (20, 20)
        page.click(".way-back button")
        page.wait_for("document.querySelector('.messagelist .success') !== null")
        assert approved(server, user) == 0
        sign_out(page)


def approved(server: Server, user: str = "ada") -> int:
    """How many this reviewer approved."""
    [row] = server.query(
        "SELECT COUNT(*) AS times FROM annotator_decision d JOIN annotator_user u ON d.reviewer_id = u.id"
        f" WHERE d.review = 'approved' AND u.username = '{user}'"
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
