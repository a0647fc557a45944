"""The review desk and the reading page say what became of a highlight, and show what changed."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from annotator.models import Annotation, Snapshot
from annotator.models.annotations import State
from annotator.paragraphs import Paragraph, digest
from tests.server.people import EDITED, PAGE, Person, said, staff, target

pytestmark = pytest.mark.django_db

# The quote is "Les ministres se sont réunis à Bruxelles."; here the editor wrote another one.
REWRITTEN = [
    PAGE[0],
    Paragraph("p", "Les présidents se sont réunis à Paris. Ils ont parlé longtemps."),
    *PAGE[2:],
]
PLACE = {"start": {"paragraph": 1, "offset": 0}, "end": {"paragraph": 1, "offset": 38}}
GONE = [PAGE[0], Paragraph("p", "Rien de tout cela n'a eu lieu."), *PAGE[3:]]


@pytest.fixture
def desk(ada: Person) -> Client:
    return staff(ada)


def finds(ada: Person, on: list[Paragraph], state: str, **place: Any) -> None:
    """What an extension sends after it looked at this text."""
    body = {"engine": 1, "anchors": [{"annotation": str(only().pk), "state": state, **place}]}
    assert said(ada.put(f"libraries/me/snapshots/{digest(on)}/anchors", body))["saved"]


def only() -> Annotation:
    return Annotation.objects.get()


def page(browser: Client, **query: str) -> str:
    response = browser.get(reverse("admin:annotator_annotation_change", args=[only().pk]), query)
    assert response.status_code == 200
    return response.content.decode()


def article(browser: Client) -> str:
    return browser.get(f"/articles/{only().document_id}/").content.decode()


def removed(words: str) -> str:
    return f'<del><span class="said">[removed:]</span>{words}<span class="said">[end]</span></del>'


def added(words: str) -> str:
    return f'<ins><span class="said">[added:]</span>{words}<span class="said">[end]</span></ins>'


def test_edited_shows_the_old_and_the_new_sentence_with_the_words_that_differ(
    ada: Person, desk: Client
) -> None:
    ada.saves_page()
    ada.highlights()
    ada.saves_page(REWRITTEN)
    finds(ada, REWRITTEN, "edited", **PLACE)
    html = page(desk)
    assert "It stands there with other words." in html
    old = f"Les {removed('ministres')} se sont réunis à {removed('Bruxelles')}."
    new = f"Les {added('présidents')} se sont réunis à {added('Paris')}."
    assert f'dir="auto">{old}</blockquote>' in html
    assert f'dir="auto">{new}</blockquote>' in html
    assert ">Les présidents se sont réunis à Paris.</mark>" in html
    shown_while_reading = article(desk)
    assert removed("Bruxelles") + added("Paris") in shown_while_reading


def test_an_orphan_can_still_be_read_in_its_old_paragraph(ada: Person, desk: Client) -> None:
    ada.saves_page()
    ada.highlights()
    ada.saves_page(GONE)
    finds(ada, GONE, "orphaned")
    for html in (page(desk), article(desk)):
        assert ">Les ministres se sont réunis à Bruxelles.</mark> Ils ont parlé longtemps.</p>" in html
    assert "Its text is gone from the page." in page(desk)
    assert f'id="m-{only().pk}"' in article(desk)
    # The paragraph itself, without its neighbours, under the text as it is now.
    assert article(desk).index("Rien de tout cela") < article(desk).index("It stood in:")
    assert "Puis ils sont partis" not in article(desk)


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("moved", "Every word is the same, but it stands elsewhere now."),
        ("ambiguous", "Several places are equally good."),
        ("exact", "Every word is the same, in its place."),
    ],
)
def test_every_other_state_is_said_in_words(ada: Person, desk: Client, state: str, words: str) -> None:
    ada.saves_page()
    ada.highlights()
    ada.saves_page(EDITED)
    place = (
        {}
        if state == "ambiguous"
        else {"start": {"paragraph": 3, "offset": 0}, "end": {"paragraph": 3, "offset": 41}}
    )
    finds(ada, EDITED, state, **place)
    html = page(desk)
    assert words in html
    assert "<del>" not in html
    assert "<ins>" not in html


def test_pending_says_that_nobody_has_looked(ada: Person, desk: Client) -> None:
    ada.highlights()
    assert "Nobody has opened the changed page" in page(desk)


def test_each_state_can_be_asked_for_in_the_list(ada: Person, desk: Client) -> None:
    ada.saves_page()
    ada.highlights()
    ada.saves_page(GONE)
    finds(ada, GONE, "orphaned")
    address = reverse("admin:annotator_annotation_changelist")
    for state in State.values:
        html = desk.get(address, {"state": state}).content.decode()
        assert ("Les ministres" in html) is (state == "orphaned"), state
        assert f"state={state}" in html


def history(ada: Person) -> None:
    """Made on the page, rewritten, and then gone."""
    ada.saves_page()
    ada.highlights()
    ada.saves_page(REWRITTEN)
    finds(ada, REWRITTEN, "edited", **PLACE)
    ada.saves_page(GONE)
    finds(ada, GONE, "orphaned")


def test_the_history_tells_of_every_text_what_stood_there_and_what_changed(ada: Person, desk: Client) -> None:
    history(ada)
    html = page(desk)
    listed = html[html.index('<ol class="standings">') : html.index("</ol>")]
    newest, rewritten, made = listed.split("<li")[1:]
    assert "orphaned" in newest
    assert "<blockquote" not in newest
    assert "edited" in rewritten
    assert removed("ministres") + added("présidents") in rewritten
    assert "made on this text" in made
    assert "Les ministres se sont réunis à Bruxelles." in made
    for text, item in ((GONE, newest), (REWRITTEN, rewritten), (PAGE, made)):
        assert f'href="?snapshot={digest(text)}#texts"' in item
    assert 'aria-current="true"' in newest


def test_it_is_drawn_in_the_text_that_was_chosen(ada: Person, desk: Client) -> None:
    history(ada)
    assert ">Les présidents se sont réunis à Paris.</mark>" not in page(desk)
    chosen = page(desk, snapshot=digest(REWRITTEN))
    assert ">Les présidents se sont réunis à Paris.</mark> Ils ont parlé" in chosen
    assert "no place of it is known there" in page(desk, snapshot=digest(GONE))


@pytest.mark.parametrize("digest", ["0" * 64, "x", "\x00", "../..", "a" * 10_000])
def test_another_text_is_not_there(ada: Person, desk: Client, digest: str) -> None:
    ada.saves_page()
    ada.highlights()
    address = reverse("admin:annotator_annotation_change", args=[only().pk])
    assert desk.get(address, {"snapshot": digest}).status_code == 404


def test_a_text_of_another_library_is_not_there(ada: Person, stranger: Person, desk: Client) -> None:
    stranger.saves_page(GONE)
    ada.saves_page()
    ada.highlights()
    address = reverse("admin:annotator_annotation_change", args=[only().pk])
    assert desk.get(address, {"snapshot": digest(GONE)}).status_code == 404


def test_what_changed_is_escaped(ada: Person, desk: Client) -> None:
    hostile = [
        PAGE[0],
        Paragraph("p", "Les <script>alert(1)</script> se sont réunis à Bruxelles."),
        *PAGE[2:],
    ]
    ada.saves_page()
    ada.highlights()
    ada.saves_page(hostile)
    end = len(hostile[1].text)
    finds(ada, hostile, "edited", start={"paragraph": 1, "offset": 0}, end={"paragraph": 1, "offset": end})
    for html in (page(desk), article(desk)):
        assert "<script>alert" not in html
        assert "script&gt;" in html


def test_a_history_costs_the_same_queries_however_long_it_is(ada: Person, desk: Client) -> None:
    ada.saves_page()
    ada.highlights(target=target((3, 2), (3, 20)))
    counts = []
    for more in (2, 8):
        for number in range(more):
            ada.saves_page([*PAGE, Paragraph("p", f"Ajout {more} {number}")])
        with CaptureQueriesContext(connection) as queries:
            page(desk)
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert Snapshot.objects.count() == 11


def test_orphans_cost_the_reading_page_one_query_more(ada: Person, desk: Client) -> None:
    ada.saves_page()
    for paragraph in (1, 2, 3):
        ada.highlights(target=target((paragraph, 0), (paragraph, 20)))
    address = f"/articles/{Annotation.objects.values_list('document', flat=True)[0]}/"
    with CaptureQueriesContext(connection) as before:
        desk.get(address)
    ada.saves_page([Paragraph("p", "Tout autre chose.")])
    Annotation.objects.update(state="orphaned", anchor=None)
    with CaptureQueriesContext(connection) as after:
        html = desk.get(address).content.decode()
    assert html.count("It stood in:") == 3
    assert len(after) == len(before) + 1
