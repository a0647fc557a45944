"""What somebody does who is new in the group *Reviewers*, with a mouse, from signing in to an export.

By itself it is a test on a small library; `dev.py bench review` is the same at full size, in both languages,
with pictures of every page at both widths, light and dark.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from tests.e2e.axe import AT_REST
from tests.e2e.browsers.chromium import ChromiumPage
from tests.e2e.desk import fill, sign_in
from tests.e2e.server import PASSWORD, Server

DESK: Final = "/admin/annotator"
WIDTHS: Final = {1280: 900, 390: 844}  # and how high
MANY: Final = 20
# As docs/review.md tells an administrator; they review the seed story too.
JOINED: Final = f"""
from django.contrib.auth.models import Group
from annotator.models import Library, Membership, User
for name, language in (("rita", "en"), ("luc", "fr")):
    user = User.objects.create_user(name, password={PASSWORD!r}, is_staff=True, language=language)
    user.groups.add(Group.objects.get(name="Reviewers"))
    for library in Library.objects.filter(memberships__user__username="ada").distinct():
        Membership.objects.create(library=library, user=user, role="reviewer")
"""
# What sticks out to the right of a page that should need no scrolling sideways.
_WIDER: Final = """(() => {
  const wide = document.documentElement.clientWidth + 1;
  if (document.documentElement.scrollWidth <= wide) return [];
  return [...document.body.querySelectorAll("*")]
    .filter((one) => one.getBoundingClientRect().right > wide)
    .map((one) => `${one.tagName}.${one.className}`).slice(0, 8);
})()"""


def prepare(server: Server, articles: int, annotations: int) -> None:
    """The seed story, a generated library, and two who are new: Rita reads English, Luc French."""
    server.manage("loadseeds", "--user", "ada", "--base-url", server.address, "--verbosity", "0")
    fill(server, articles, annotations)
    server.manage("shell", "--no-imports", "--command", JOINED)


class FirstReview:
    """One person's first review. Raises AssertionError where a page leads nowhere or is too wide."""

    def __init__(
        self, page: ChromiumPage, server: Server, user: str, pictures: Path, schemes: Sequence[str]
    ) -> None:
        self.page, self.server, self.user = page, server, user
        self.pictures, self.schemes = pictures, schemes

    def run(self) -> list[dict[str, Any]]:
        """All of it; what was exported."""
        self.find_what_broke()
        self.attach_one()
        self.approve_twenty()
        return self.export_them()

    def find_what_broke(self) -> None:
        """From the site's own first page, by what is to be clicked there."""
        page = self.page
        sign_in(page, self.server, "/", self.user)
        self.look("home")
        self.follow("header nav a[href^='/admin/']", "/admin/")
        self.look("first-page")
        self.follow(".counts li:nth-child(3) a", "changed=1")
        assert page.evaluate("document.querySelectorAll('#result_list tbody tr').length") > 0
        self.look("broken")
        self.follow("#changelist-filter a[href*='state=orphaned']", "state=orphaned")
        for days in (7, 30):  # of a small library, less breaks in a day
            if not page.evaluate("document.querySelector('#result_list tbody tr') !== null"):
                self.look("none-broken")
                self.follow(f"#changelist-filter a[href*='changed={days}']", f"changed={days}")

    def attach_one(self) -> None:
        """Read where it was made and in the whole article; its words still stand in the latest text."""
        page = self.page
        self.follow("#result_list a.quoted", "/change/")
        assert page.evaluate("document.querySelectorAll('.excerpted mark').length") > 0
        self.look("orphan")
        self.follow("#content a[href*='/document/']", "/document/")
        self.look("article")
        page.evaluate("history.back()")
        page.wait_for("location.pathname.includes('/annotation/')")
        self.follow(".deeds a.button", "/attach/")
        self.look("attach")
        page.click(".deed-form .default")
        page.wait_for("document.querySelector('.messagelist .success') !== null")
        assert page.evaluate("document.querySelector('.facts .state.s-exact') !== null")
        self.look("attached")

    def approve_twenty(self) -> None:
        """Of those that wait; the answer leads to them."""
        page = self.page
        self.follow(f"#desk-nav a[href='{DESK}/annotation/']", f"{DESK}/annotation/")
        self.follow("#changelist-filter a[href*='queue=unreviewed']", "queue=unreviewed")
        self.look("unreviewed")
        for index in range(MANY):
            page.click(f"#result_list tbody tr:nth-child({index + 1}) input[name=_selected_action]")
        page.has_text(str(MANY), ".action-counter")
        self.look("twenty")
        choose(page, "approve")
        page.wait_for("document.querySelector('.messagelist .undo') !== null")
        self.look("approved")

    def export_them(self) -> list[dict[str, Any]]:
        """What was just approved, and nothing else."""
        page = self.page
        self.follow(".messagelist a.touched", "deed=")
        assert page.evaluate("document.querySelectorAll('#result_list tbody tr').length") == MANY
        page.click("#action-toggle")
        self.look("the-twenty")
        written = page.downloaded(lambda: choose(page, "export_json"))
        found: list[dict[str, Any]] = json.loads(written)
        return found

    def follow(self, selector: str, into: str) -> None:
        """Click a link, and wait for the page behind it."""
        self.page.click(selector)
        self.page.wait_for(
            "(into) => location.href.includes(into) && document.readyState === 'complete'", into
        )

    def look(self, name: str) -> None:
        """Pictures of the page as it is, at each width; none may need scrolling sideways."""
        for width, height in WIDTHS.items():
            self.page.set_viewport(width, height)
            wider = self.page.evaluate(_WIDER)
            for scheme in self.schemes:
                self.page.color_scheme(scheme)
                self.page.evaluate(AT_REST)
                self.page.screenshot(self.pictures / f"{name}-{self.user}-{width}-{scheme}.png")
            assert wider == [], (self.page.url, width)
        self.page.color_scheme("light")
        self.page.set_viewport(1280, 900)


def choose(page: ChromiumPage, deed: str) -> None:
    """The deed of that name, by the keyboard: a list that is open is not a part of the page."""
    option = f"document.querySelector('select[name=action] option[value={deed}]')"
    words = str(page.evaluate(f"{option}.text"))
    page.click("#searchbar")
    for _ in range(10):
        page.press("Tab")
        if page.evaluate("document.activeElement.name") == "action":
            break
    page.type(words.split()[0])
    assert page.evaluate("document.activeElement.value") == deed
    page.press("Tab")
    page.press("Enter")
