"""Real browsers for the programs of `dev.py bench faults`; the tests have theirs from fixtures."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from devtools.extension_builds import build_extension
from devtools.places import EXTENSION_BUILDS
from tests.e2e.browsers.chromium import Chromium
from tests.e2e.browsers.clocks import with_clock
from tests.e2e.browsers.firefox import Firefox
from tests.e2e.browsers.firefox_process import prepare_profile
from tests.e2e.browsers.interface import Browser
from tests.e2e.device import Device
from tests.e2e.proxy import Proxy
from tests.e2e.site import Site
from tests.load import clients
from tests.load.processes import running_server

Told = dict[str, Any]


@contextmanager
def running(name: str, folder: Path, clock: int = 0) -> Iterator[Browser]:
    """A browser with the extension as its sources are now, and a profile in `folder`.

    `clock` is by how many seconds the extension's clock is ahead.
    """
    build_extension()
    extension = with_clock(EXTENSION_BUILDS[name], folder, clock) if clock else EXTENSION_BUILDS[name]
    profile = folder / "profile"
    profile.mkdir(parents=True)
    with ExitStack() as stack:
        browser: Browser
        if name == "chromium":
            playwright = stack.enter_context(sync_playwright())
            browser = Chromium(playwright, extension, profile)
        else:
            prepare_profile(profile)
            browser = Firefox(extension, profile)
        browser.start()
        stack.callback(browser.abandon)
        yield browser


@contextmanager
def connected(name: str, folder: Path) -> Iterator[tuple[clients.Deeds, Proxy]]:
    """A reader at a browser that is connected to a server of its own through a proxy."""
    with ExitStack() as stack:
        server = stack.enter_context(running_server(folder / "server"))
        proxy = Proxy(server)
        stack.callback(proxy.close)
        site = Site()
        stack.callback(site.close)
        browser = stack.enter_context(running(name, folder))
        device = Device(browser, server, proxy.address)
        device.connect(server.manage("createtoken", "ada"))
        # Chromium writes a permission down some seconds after it was given.
        browser.restart()
        device.forget_page()
        yield clients.Deeds(device, site), proxy


def in_browser(
    name: str, program: Callable[[clients.Deeds, Proxy, int], Told]
) -> Callable[[Path, int], Told]:
    """One of the programs of `clients`, as the bench calls it."""

    def run(folder: Path, size: int) -> Told:
        with connected(name, folder) as (deeds, proxy):
            return program(deeds, proxy, size)

    return run
