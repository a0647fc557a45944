"""The drivers keep their word in both browsers, shown with a tiny extension and pages of the tests' own."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.browsers.interface import Browser, Page, PageError, Timeout
from tests.e2e.server import Server
from tests.e2e.site import Site

FIXTURES = Path(__file__).parent / "fixtures"
QUOTE = "The bridge was closed on Monday."


@pytest.fixture(scope="module")
def extension(browser_name: str) -> Path:
    """In place of the real extension: one that uses what it uses, in 60 lines."""
    return FIXTURES / "extension"


@pytest.fixture
def page(shared_browser: Browser, site: Site) -> Iterator[Page]:
    site.add("/bridge", (FIXTURES / "page.html").read_text("utf-8"))
    page = shared_browser.open(site.url("/bridge"))
    yield page
    page.close()


def events(page: Page) -> list[tuple[str, str, bool, str | None]]:
    return [tuple(event) for event in page.evaluate("window.events")]


def test_it_evaluates_expressions_functions_and_promises(page: Page) -> None:
    assert page.evaluate("1 + 1") == 2
    assert page.evaluate("Promise.resolve({ a: [null, '🦊'] })") == {"a": [None, "🦊"]}
    assert page.evaluate("(a, b) => a + b", "x", "y") == "xy"
    assert page.evaluate("undefined") is None
    assert page.evaluate("false") is False
    with pytest.raises(PageError, match="no such luck"):
        page.evaluate("(() => { throw new Error('no such luck') })()")


def test_it_waits_for_what_comes_and_says_what_did_not(page: Page) -> None:
    page.evaluate("void setTimeout(() => { document.title = 'later' }, 200)")
    page.wait_for("document.title === 'later'")
    with pytest.raises(Timeout, match="never there"):
        page.wait_for("document.title === 'never there'", timeout=0.2)


def test_it_clicks_and_types_as_a_user_does(page: Page) -> None:
    page.click("#button")
    assert ("click", "button", True, None) in events(page)
    page.double_click("#button")
    assert ("dblclick", "button", True, None) in events(page)
    page.fill("#field", "é “🦊” new")
    assert page.evaluate("document.querySelector('#field').value") == "é “🦊” new"
    page.press("Control+a")
    page.press("Shift+ArrowLeft")
    page.press("Backspace")
    assert page.evaluate("document.querySelector('#field').value") != "é “🦊” new"
    assert all(trusted for _, _, trusted, _ in events(page))


def test_it_refuses_to_click_what_cannot_be_clicked(page: Page) -> None:
    cover = '<div style="position: fixed; inset: 0"></div>'
    page.evaluate("(html) => void document.body.insertAdjacentHTML('beforeend', html)", cover)
    for selector in ("#away", "#nowhere", "#button"):
        with pytest.raises(Timeout):
            page.click(selector, timeout=0.3)
    assert events(page) == []


@pytest.mark.parametrize(
    ("start", "end", "occurrence", "within", "selected"),
    [
        ("closed on", None, 1, "#first", "closed on"),
        (QUOTE, None, 2, "body", QUOTE),
        ("Nobody knows", "again, said", 1, "body", "Nobody knows when it will open again, said"),
        ("🦊 Trains", None, 1, "body", "🦊 Trains"),
        ("« for now »", None, 1, "body", "«\u00a0for now\u00a0»"),
        ("the evening.", "on Monday", 1, "body", "the evening.\n\nThe bridge was closed on Monday"),
        ("last paragraph.", None, 1, "body", "last paragraph."),
    ],
)
def test_it_selects_text_with_the_mouse(
    page: Page, start: str, end: str | None, occurrence: int, within: str, selected: str
) -> None:
    page.select_text(start, end, within=within, occurrence=occurrence)
    assert page.evaluate("getSelection().toString()").split() == selected.split()
    if occurrence == 2:
        assert page.evaluate("getSelection().anchorNode.parentElement.closest('p').id") == "second"


def test_it_selects_backward_from_inside_a_link(page: Page) -> None:
    assert page.select_text("mayor of the town", "evening", backward=True).split()[0] == "mayor"


def test_it_finds_the_place_of_a_text_far_down_the_page(page: Page) -> None:
    page.click_at(page.point_of_text("the last paragraph"))
    assert ("click", "last", True, None) in events(page)


def test_it_clicks_a_button_inside_a_closed_shadow_root(page: Page) -> None:
    page.select_text(QUOTE, occurrence=2)
    page.accessibility_click("Highlight in yellow")
    page.wait_for("CSS.highlights.size === 1")
    assert page.painted("harness-") == [{"name": "harness-yellow", "text": QUOTE}]
    assert page.evaluate("getSelection().anchorNode.parentElement.closest('p').id") == "second"
    assert {"Highlight in yellow", "Write a note", "Press"} <= set(page.accessible_names())


def test_it_drives_a_small_window_of_the_extension(shared_browser: Browser, page: Page) -> None:
    page.select_text(QUOTE)
    page.accessibility_click("Write a note")
    note = shared_browser.wait_for_page("*/note.html")
    note.fill("#note", "privé")
    assert shared_browser.evaluate_in_extension("chrome.storage.local.get('note')") == {"note": "privé"}
    note.click("#done")
    shared_browser.wait_until_closed(note)


def test_it_drives_an_extension_page_and_grants_what_it_asks_for(browser: Browser) -> None:
    options = browser.open_extension_page("options.html")
    assert options.evaluate("chrome.runtime.id") == browser.extension_id
    holds = "chrome.permissions.contains({ origins: ['https://example.org/*'] })"
    assert options.evaluate(holds) is False
    options.click("#permit")
    options.has_text("permitted: true")
    assert options.evaluate(holds) is True


def test_it_grants_sites_without_anybody_asking(browser: Browser) -> None:
    browser.grant_sites("https://*/*")
    assert browser.evaluate_in_extension("chrome.permissions.contains({ origins: ['https://*/*'] })") is True


def test_it_sees_the_window_of_a_sign_in(browser: Browser, site: Site) -> None:
    site.add(
        "/authorize",
        "<a id=yes href=#>Yes</a>"
        "<script>yes.href = new URL(location).searchParams.get('back') + '?code=7'</script>",
    )
    browser.evaluate_in_extension(
        "(authorize) => chrome.storage.local.set({ authorize })", site.url("/authorize")
    )
    options = browser.open_extension_page("options.html")
    options.click("#sign-in")
    browser.wait_for_page("*/authorize*").click("#yes")
    options.has_text("?code=7")


def test_a_toolbar_click_reaches_the_extension_with_its_tab(shared_browser: Browser, page: Page) -> None:
    shared_browser.click_toolbar_icon(page)
    other = shared_browser.open_extension_page("options.html")
    other.wait_for("chrome.storage.local.get('clickedOn').then((found) => found.clickedOn)")
    assert other.evaluate("chrome.storage.local.get('clickedOn')") == {"clickedOn": page.url}


def test_a_stopped_background_starts_again_when_it_is_needed(browser: Browser) -> None:
    options = browser.open_extension_page("options.html")
    options.wait_for("chrome.storage.local.get('starts').then(({ starts }) => starts === 1)")
    browser.stop_background()
    assert options.wait_for("chrome.runtime.sendMessage('hello')") == "awake"
    options.wait_for("chrome.storage.local.get('starts').then(({ starts }) => starts === 2)")


@pytest.mark.parametrize("ending", ["restart", "kill"])
def test_what_the_extension_stored_survives_the_browser(browser: Browser, site: Site, ending: str) -> None:
    browser.evaluate_in_extension("chrome.storage.local.set({ kept: '🦊' })")
    if ending == "kill":
        browser.kill()
        browser.start()
        # Firefox writes down what it granted some seconds later: killed before, it has forgotten it.
        browser.grant_sites("http://*/*")
    else:
        browser.restart()
    assert browser.evaluate_in_extension("chrome.storage.local.get('kept')") == {"kept": "🦊"}
    page = browser.open(site.add("/bridge", (FIXTURES / "page.html").read_text("utf-8")))
    page.select_text(QUOTE)
    page.accessibility_click("Highlight in yellow")


def test_killing_leaves_no_process(browser: Browser, tmp_path: Path) -> None:
    browser.kill()
    running = subprocess.run(["ps", "-eo", "stat,args"], capture_output=True, text=True, check=True).stdout
    mine = [line for line in running.splitlines() if str(tmp_path) in line and not line.startswith("Z")]
    browser.start()
    assert mine == []


def test_site_test_is_a_plain_http_site_outside_of_any_secure_context(
    shared_browser: Browser, site: Site
) -> None:
    site.add("/bridge", (FIXTURES / "page.html").read_text("utf-8"))
    page = shared_browser.open(site.url("/bridge", host="site.test"))
    assert page.evaluate("[isSecureContext, typeof crypto.randomUUID]") == [False, "undefined"]
    assert shared_browser.open(site.url("/bridge")).evaluate("isSecureContext") is True
    page.select_text(QUOTE)
    page.accessibility_click("Highlight in yellow")
    page.wait_for("CSS.highlights.size === 1")


def test_it_sets_the_viewport_and_the_color_scheme(page: Page, screenshots: Path) -> None:
    assert page.evaluate("[innerWidth, innerHeight]") == [1280, 800]
    page.set_viewport(700, 500)
    page.wait_for("innerWidth === 700 && innerHeight === 500")
    for scheme in ("dark", "light"):
        page.color_scheme(scheme)
        assert page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches") is (scheme == "dark")
        assert page.screenshot(screenshots / f"{scheme}.png").read_bytes().startswith(b"\x89PNG")


def test_pages_come_and_go(shared_browser: Browser, page: Page, site: Site) -> None:
    other = shared_browser.open(site.add("/other", "<title>Other</title>"))
    assert {page, other} <= set(shared_browser.pages())
    other.close()
    assert other not in shared_browser.pages()
    page.goto(site.url("/other"))
    assert page.url == site.url("/other")
    site.add("/other", "<title>Changed</title>")
    page.reload()
    assert page.evaluate("document.title") == "Changed"


@pytest.mark.databases("sqlite", "postgres")
def test_the_server_stops_starts_again_and_keeps_its_rows(server: Server) -> None:
    ada = server.api_of("ada")
    assert ada.get("me").json["user"]["name"] == "ada"
    assert server.api().get("me").status == 401
    assert "GET /api/v1/me? 200" in server.access_log()
    server.stop()
    server.start()
    assert ada.get("me").status == 200
    server.kill()
    server.start()
    assert ada.get("me").status == 200
    assert [
        row["username"]
        for row in server.query("select username from annotator_user where username = ?", "bob")
    ]


def test_the_server_can_write_down_what_it_is_sent(server: Server) -> None:
    server.record()
    server.api().put("libraries/me/annotations/nonsense", {"note": "privé"})
    [request] = server.requests()
    assert (request.method, request.path) == ("PUT", "/api/v1/libraries/me/annotations/nonsense")
    assert "priv" in request.body
