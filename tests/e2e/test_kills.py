"""Browsers killed, workers stopped, answers dropped: a small size of what `dev.py bench faults` does."""

from __future__ import annotations

from typing import Any

import pytest

from tests.e2e.browsers.interface import Browser
from tests.e2e.device import Device
from tests.e2e.proxy import Proxy
from tests.e2e.server import TOKENS, Server
from tests.e2e.site import Site
from tests.load import clients


@pytest.fixture
def device(browser: Browser, server: Server, proxy: Proxy) -> Device:
    """Connected to `server` through `proxy`."""
    device = Device(browser, server, proxy.address)
    device.connect(TOKENS["ada"])
    return device


def exactly_once(told: dict[str, Any]) -> None:
    assert told["acknowledged"] >= 3, told
    assert told["lost"] == told["duplicates"] == 0, told


def test_a_worker_stopped_while_it_sends_loses_nothing_and_sends_nothing_twice(
    device: Device, proxy: Proxy, site: Site
) -> None:
    deeds = clients.Deeds(device, site)
    exactly_once(clients.stopped_workers(deeds, proxy, 1))
    exactly_once(clients.dropped_answers(deeds, proxy, 6))


def test_a_browser_killed_while_it_sends_loses_nothing_and_sends_nothing_twice(
    device: Device, proxy: Proxy, site: Site
) -> None:
    device.browser.restart()  # Chromium writes a permission down some seconds after it was given.
    device.forget_page()
    exactly_once(clients.killed_browser(clients.Deeds(device, site), proxy, 3))
