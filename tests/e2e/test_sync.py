"""Two devices, two users, a first sync, a restored server: whose rows go where, and that none is lost."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.browsers.firefox import Firefox
from tests.e2e.browsers.interface import Browser, Page, wait_until
from tests.e2e.device import Device
from tests.e2e.proxy import Fate, Proxy
from tests.e2e.reader import Reader
from tests.e2e.server import TOKENS, Server
from tests.load import devices
from tests.load.libraries import fill_library

# Of one try: what is to be sent, and whether the server has moved to another address.
_REQUESTS = 2
WORDS = "Daech n’est pas tombé"


@pytest.fixture
def other_device(server: Server, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Device]:
    """A Firefox beside the browser of the test."""
    if shutil.which("firefox-esr") is None:
        pytest.skip("the second device is a Firefox: apt-get install firefox-esr")
    profile = tmp_path / "other"
    shutil.copytree(request.getfixturevalue("used_firefox_profile"), profile, symlinks=True)
    firefox = Firefox(request.getfixturevalue("builds")["firefox"], profile)
    try:
        firefox.start()
        yield Device(firefox, server, server.address)
    finally:
        firefox.abandon()


@pytest.mark.only("chromium", reason="the other device is a Firefox")
def test_a_chromium_and_a_firefox_that_were_apart_end_alike_and_a_restored_server_gets_all_back(
    browser: Browser, other_device: Device, server: Server, tmp_path: Path
) -> None:
    token = fill_library(server, "ada", 20)
    here = Device(browser, server, server.address)
    told = devices.apart_and_restored(server, here, other_device, token, tmp_path, 20)
    assert told["rows"] == 20, told
    assert told["lost"] == told["differing"] == told["duplicates"] == 0, told
    assert told["lost by the restore"] == told["differing after the restore"] == 0, told


def test_a_first_sync_shows_how_far_it_is_and_goes_on_where_its_worker_was_stopped(
    browser: Browser, server: Server, proxy: Proxy, screenshots: Path
) -> None:
    size = 1_200
    token = fill_library(server, "ada", size)
    device = Device(browser, server, proxy.address)
    arrest = proxy.arrest("since=500", with_answer=True)
    device.connect(token)
    device.ask("sync.now")
    arrest.wait()
    options = browser.open_extension_page("options.html")
    options.has_text("Getting your annotations from the server: 4")
    _pictures(options, screenshots, "options")
    browser.stop_background()
    arrest.end(goes_on=False)
    panel = browser.open_extension_page("sidepanel.html")
    panel.has_text("Everything is on the server.")
    device.ask("sync.now")
    device.pull()
    assert len(device.ids()) == size
    # What had come before the worker was stopped is not asked for again.
    asked = [line for line in server.access_log() if "changes?since=0&" in line]
    assert len(asked) == 1, asked


def test_another_user_of_the_browser_never_sends_the_first_ones_rows(
    browser: Browser, server: Server, proxy: Proxy
) -> None:
    ada, bob = fill_library(server, "ada", 3), TOKENS["bob"]
    device = Device(browser, server, proxy.address)
    device.connect(ada)
    device.pull()
    proxy.fate = lambda method, path: Fate.REQUEST_LOST
    began, thought = time.monotonic(), "Ada's own thought"
    letters = [thought[:end] for end in range(1, len(thought) + 1)]
    for id in device.ids():
        device.ask_all("annotation.write", [{"id": id, "note": note} for note in letters], together=1)
    # Not a try for every letter: at most one in a second. (Firefox repeats by itself what got no answer.)
    if browser.name == "chromium":
        assert 1 <= proxy.lost <= _REQUESTS * (2 + time.monotonic() - began), proxy.lost
    device.connect(bob)
    proxy.fate = lambda method, path: Fate.PASSES
    server.record()
    for _ in range(3):
        device.ask("sync.now")
    wait_until(
        lambda: any("/changes" in one.path for one in server.requests()), what=lambda: "Bob's first sync"
    )
    assert server.api(bob).annotations() == []
    assert not any("Ada's own thought" in one.body for one in server.requests())

    device.connect(ada)
    device.synchronise()
    assert [row["note"] for row in server.api(ada).annotations()] == ["Ada's own thought"] * 3


def test_a_refresh_whose_answer_was_lost_keeps_the_reader_signed_in_and_signing_out_ends_the_tokens(
    browser: Browser, server: Server, proxy: Proxy
) -> None:
    reader = Reader(browser, server, address=proxy.address)
    reader.connect()
    device = Device(browser, server, proxy.address)
    old = _tokens(device)
    device.expire_token()
    arrest = proxy.arrest("/oauth/token", with_answer=True)
    story = reader.open()
    reader.highlight(story, WORDS)
    arrest.wait()
    arrest.end(goes_on=False)
    device.synchronise()
    new = _tokens(device)
    assert new["access"] != old["access"]
    assert new["refresh"] != old["refresh"]
    assert [row["target"]["quote"]["exact"] for row in server.api(new["access"]).annotations()] == [WORDS]

    options = browser.open_extension_page("options.html")
    options.accessibility_click("Sign out and forget")
    options.accessibility_click("Sign out")
    options.has_text("Signed out. Nothing of this account is left in this browser.")
    for tokens in (old, new):
        assert server.api(tokens["access"]).get("me").status == 401
    refreshed = server.api().send(
        "POST", "/oauth/token/",
        f"grant_type=refresh_token&client_id=annotator-extension&refresh_token={new['refresh']}".encode(),
        {"Content_Type": "application/x-www-form-urlencoded"},
    )  # fmt: skip
    assert refreshed.status == 400, refreshed
    assert device.rows("annotations") == []


def _tokens(device: Device) -> dict[str, Any]:
    [connection] = device.rows("connection")
    tokens: dict[str, Any] = connection["tokens"]
    return tokens


def _pictures(page: Page, folder: Path, name: str) -> None:
    for scheme in ("light", "dark"):
        for width in (1280, 390):
            page.color_scheme(scheme)
            page.set_viewport(width, 800)
            page.screenshot(folder / f"{name}-{scheme}-{width}.png")
