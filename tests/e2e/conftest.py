"""What every end-to-end test can ask for: `browser` (each in turn), `server`, `site`, `screenshots`."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import pytest
from playwright.sync_api import Playwright, sync_playwright

from devtools.extension_builds import build_extension
from devtools.places import EXTENSION_BUILDS
from tests.databases import ThrowawayPostgres
from tests.e2e.browsers.chromium import Chromium
from tests.e2e.browsers.firefox import Firefox
from tests.e2e.browsers.firefox_process import prepare_profile
from tests.e2e.browsers.interface import Browser
from tests.e2e.connected import Connected, connect_once
from tests.e2e.databases import PostgresTemplate, SqliteTemplate, Template
from tests.e2e.proxy import Proxy
from tests.e2e.reader import Reader
from tests.e2e.server import ROOT, Server
from tests.e2e.site import Site
from tests.made_once import made_once


class NewBrowser(Protocol):
    def __call__(self, folder: Path, used: Path | None = None) -> Browser: ...


RESULTS = ROOT / "test-results" / "e2e"


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """One test for each browser and each database that the command line and the test's marks leave."""
    if "browser_name" in metafunc.fixturenames:
        mark = metafunc.definition.get_closest_marker("only")
        assert mark is None or mark.kwargs.get("reason"), "say why the test is for one browser only"
        names = mark.args if mark else ("chromium", "firefox")
        metafunc.parametrize("browser_name", names, scope="module")
    if "database" in metafunc.fixturenames:
        mark = metafunc.definition.get_closest_marker("databases")
        default = (os.environ.get("ANNOTATOR_TEST_DATABASE", "sqlite"),)
        metafunc.parametrize("database", mark.args if mark else default, scope="function")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out, without calling it a skip, what is about a browser that was not asked for."""
    asked = config.getoption("--browser")
    if asked:
        left_out = [item for item in items if (_browser_of(item) or "none") not in asked]
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]
    for item in items:
        # On one worker, so that PostgreSQL is made once (with `--dist loadgroup`).
        if "postgres" in item.nodeid.rpartition("[")[2]:
            item.add_marker(pytest.mark.xdist_group("postgres"))
    # The drivers' own tests are many and short: at the end they keep all workers busy to the last.
    items.sort(key=lambda item: item.path.name == "test_harness.py")


def _browser_of(item: pytest.Item) -> str | None:
    call = getattr(item, "callspec", None)
    return call.params.get("browser_name") if call is not None else None


# --- browsers -------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="session")
def used_firefox_profile() -> Path:
    return made_once("firefox", prepare_profile)


@pytest.fixture(scope="session")
def builds() -> dict[str, Path]:
    """The real extension, built from the sources as they are now."""
    build_extension()
    return EXTENSION_BUILDS


@pytest.fixture(scope="module")
def extension(browser_name: str, builds: dict[str, Path]) -> Path:
    """The folder of the extension that `browser` loads."""
    return builds[browser_name]


@pytest.fixture(scope="module")
def new_browser(browser_name: str, extension: Path, request: pytest.FixtureRequest) -> NewBrowser:
    """Makes a browser, not started yet, with the extension in a new profile inside the folder it is given.

    `used` is a profile to copy.
    """

    def make(folder: Path, used: Path | None = None) -> Browser:
        profile = folder / "profile"
        if browser_name == "firefox" and used is None:
            used = request.getfixturevalue("used_firefox_profile")
        if used is None:
            profile.mkdir()
        else:
            shutil.copytree(used, profile, symlinks=True)
        if browser_name == "chromium":
            return Chromium(request.getfixturevalue("playwright"), extension, profile)
        return Firefox(extension, profile)

    return make


@pytest.fixture(scope="module")
def shared_browser(new_browser: NewBrowser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A running browser for all tests of a module that leave nothing behind in its profile."""
    browser = new_browser(tmp_path_factory.mktemp("shared"))
    try:
        browser.start()
        yield browser
    finally:
        browser.abandon()


@pytest.fixture
def browser(new_browser: NewBrowser, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Browser]:
    """A running browser with the extension in a new profile. A failure leaves screenshots of its pages."""
    used = _connected(request).profile if "reader" in request.fixturenames else None
    browser = new_browser(tmp_path, used)
    try:
        browser.start()
        yield browser
        if request.node.stash.get(_FAILED, False):
            # The test may have killed the browser: its own failure is the one to show.
            with contextlib.suppress(Exception):
                for number, page in enumerate(browser.pages()):
                    page.screenshot(RESULTS / "failed" / f"{_file_name(request)}-{number}.png")
    finally:
        browser.abandon()


# --- server ---------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A PostgreSQL server: the one in DATABASE_URL, or one of our own."""
    if url := os.environ.get("DATABASE_URL"):
        yield url
        return
    with ThrowawayPostgres() as postgres:
        yield postgres.url


@pytest.fixture(scope="session")
def sqlite_template() -> SqliteTemplate:
    return SqliteTemplate(made_once("template", lambda made: Server(made, SqliteTemplate(made).url).fill()))


@pytest.fixture(scope="session")
def postgres_template(
    postgres_url: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[PostgresTemplate]:
    template = PostgresTemplate(postgres_url)
    Server(tmp_path_factory.mktemp("template"), template.url).fill()
    yield template
    template.close()


@pytest.fixture
def database_url(database: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """An empty database of the test's own, with the accounts `ada` and `bob`."""
    if "reader" in request.fixturenames:
        assert database == "sqlite", "whoever is connected already is so on SQLite"
        yield _connected(request).copy_database(tmp_path)
        return
    template: Template = request.getfixturevalue(f"{database}_template")
    url = template.copy(tmp_path)
    yield url
    template.drop(url)


@pytest.fixture
def server(database_url: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Server]:
    """A running server. A failed test leaves its log."""
    port = _connected(request).port if "reader" in request.fixturenames else None
    server = Server(tmp_path, database_url, port)
    server.start()
    try:
        yield server
        if request.node.stash.get(_FAILED, False):
            (RESULTS / "failed").mkdir(parents=True, exist_ok=True)
            (RESULTS / "failed" / f"{_file_name(request)}.log").write_text(server.log(), "utf-8")
    finally:
        server.stop()


@pytest.fixture
def proxy(server: Server) -> Iterator[Proxy]:
    """Between a browser and `server`, where answers can be lost."""
    proxy = Proxy(server)
    yield proxy
    proxy.close()


@pytest.fixture
def reader(browser: Browser, server: Server) -> Reader:
    """Ada at `browser`, who connected it to `server` some time ago."""
    return Reader(browser, server)


@pytest.fixture(scope="session")
def connected_browsers() -> dict[str, Connected]:
    return {}


def _connected(request: pytest.FixtureRequest) -> Connected:
    """What connecting left behind, for this test's browser; made by a worker's first that asks for it."""
    made: dict[str, Connected] = request.getfixturevalue("connected_browsers")
    name: str = request.getfixturevalue("browser_name")
    if name not in made:
        folder = request.getfixturevalue("tmp_path_factory").mktemp(f"connected-{name}")
        template = request.getfixturevalue("sqlite_template")
        made[name] = connect_once(template, request.getfixturevalue("new_browser"), folder)
    return made[name]


# --- pages and pictures ---------------------------------------------------------------------------------


@pytest.fixture
def site() -> Iterator[Site]:
    """A web site of the test's own."""
    site = Site()
    yield site
    site.close()


@pytest.fixture
def screenshots(request: pytest.FixtureRequest) -> Path:
    """A folder for this test's pictures, under `test-results`, to be looked at by people."""
    folder = RESULTS / _file_name(request)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


_FAILED = pytest.StashKey[bool]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    report: pytest.TestReport = yield  # type: ignore[assignment]  # pluggy sends the report in
    if report.when == "call":
        item.stash[_FAILED] = report.failed
    return report  # type: ignore[return-value]  # and wants it back


def _file_name(request: pytest.FixtureRequest) -> str:
    return "".join(
        letter if letter.isalnum() or letter in "-_" else "-" for letter in request.node.name
    ).strip("-")
