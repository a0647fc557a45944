"""A reviewer at the desk, by keyboard, and what the desk is filled with."""

from __future__ import annotations

from tests.e2e.browsers.interface import Page
from tests.e2e.server import PASSWORD, Server

FILLED = """
from annotator.models import Library, Membership, User
from annotator.models.libraries import Role
from tests.generated import fill
ada, bob = (User.objects.get(username=name) for name in ("ada", "bob"))
library = Library.objects.create(name="Newsroom")
for user, role in ((ada, Role.OWNER), (bob, Role.EDITOR)):
    Membership.objects.create(library=library, user=user, role=role)
fill(library=library, authors=[bob], articles={articles}, annotations={annotations})
"""
FOCUSED = "(document.activeElement?.innerText || document.activeElement?.ariaLabel || '').trim()"


def fill(server: Server, articles: int = 20, annotations: int = 400) -> None:
    """A library that Ada owns, with Bob's highlights."""
    script = FILLED.format(articles=articles, annotations=annotations)
    server.manage("shell", "--no-imports", "--command", script)


def sign_in(page: Page, server: Server, address: str = "/admin/", user: str = "ada") -> None:
    """Through the site's own page."""
    page.goto(server.url(f"/sign-in/?next={address}"))
    page.fill("#id_username", user)
    page.fill("#id_password", PASSWORD)
    page.press("Enter")
    page.wait_for("(path) => location.pathname === path", address)


def sign_out(page: Page) -> None:
    """By the desk's own button."""
    page.click("#logout-form button")
    page.wait_for("document.querySelector('#logout-form') === null")


def tab_to(page: Page, words: str, most: int = 90) -> None:
    """Press Tab until what has the focus is called so."""
    for _ in range(most):
        page.press("Tab")
        if page.evaluate(FOCUSED).startswith(words):
            return
    raise AssertionError(f"{words!r} is not reached by {most} times Tab on {page.url}")
