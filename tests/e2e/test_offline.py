"""Nothing is lost: what the toolbar called saved outlives the server, the browser, and both."""

from tests.e2e.browsers.interface import Browser, wait_until
from tests.e2e.reader import Reader, painted_text, wait_for_painted
from tests.e2e.server import Server

FIRST, SECOND, THIRD = "Daech n’est pas tombé", "un revers sanglant pour Daech", "François Hollande a prévenu"


def test_what_was_made_without_the_server_reaches_it_once(
    reader: Reader, browser: Browser, server: Server
) -> None:
    # Chromium writes a permission down some seconds after it was given; a reader gave it long ago.
    browser.restart()
    story = reader.open()
    server.stop()
    for color, words in (("green", FIRST), ("blue", SECOND), ("pink", THIRD)):
        reader.highlight(story, words, color=color)
    panel = reader.panel(story)
    panel.has_text("Not sent yet")
    panel.accessibility_click(f"Edit: {SECOND}")
    panel.fill("textarea", "made while the server was away")
    panel.has_text("Saved")
    expected = painted_text(story)

    browser.kill()
    server.start()
    browser.start()
    story = reader.open()
    wait_for_painted(story, expected)
    api = server.api_of("ada")
    rows = wait_until(
        lambda: (len(rows := api.annotations()) == 3 and rows) or None,
        what=lambda: f"three rows on the server; there are {len(api.annotations())}",
        timeout=60,
    )
    assert {row["target"]["quote"]["exact"]: row["note"] for row in rows} == {
        FIRST: "",
        SECOND: "made while the server was away",
        THIRD: "",
    }
    reader.wait_until_sent()
    assert len(api.annotations()) == 3


def test_signing_in_on_a_second_browser_brings_the_highlights(browser: Browser, server: Server) -> None:
    """What another device wrote is painted here after the next sync."""
    reader = Reader(browser, server)
    reader.connect()
    story = reader.open()
    reader.highlight(story, FIRST, color="green")
    reader.wait_until_sent()
    api = server.api_of("ada")
    [row] = api.annotations()
    answer = api.patch(
        f"libraries/me/annotations/{row['id']}", {"color": "purple", "note": "elsewhere"}, If_Match='"1"'
    )
    assert answer.status == 200, answer
    options = browser.open_extension_page("options.html")
    options.accessibility_click("Sync now")
    options.close()
    story.wait_for("CSS.highlights.get('annotator-purple')?.size === 1")
    reader.panel(story).has_text("elsewhere")
