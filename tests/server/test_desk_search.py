"""Searching at the desk: annotations best first with the hits marked; articles and texts too."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from annotator import search
from annotator.models import Annotation, Library
from annotator.search import paging
from annotator.services.indexing import index_annotations
from annotator.uuid7 import uuid7
from tests.server.people import EDITED, URL, Person, staff

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)
LIST = "/admin/annotator/annotation/"


@pytest.fixture
def rows(ada: Person) -> list[str]:
    """Notes from the oldest on. Those of even number have both words side by side."""
    ada.saves_page()
    notes = [f"Nr. {n}: " + ("pomme verte" if n % 2 == 0 else "verte, la pomme") for n in range(130)]
    first = Annotation.objects.get(pk=ada.highlights(note="x", motivation="commenting")["id"])
    made = first.created
    columns = {field.attname: getattr(first, field.attname) for field in Annotation._meta.concrete_fields}
    new = [
        Annotation(
            **columns
            | {"id": uuid7(), "version": 1000 + n, "note": note, "created": made + (n - 200) * SECOND}
        )
        for n, note in enumerate(notes, 1)
    ]
    Annotation.objects.bulk_create(new)
    index_annotations(library_id=ada.library.pk, ids=[row.pk for row in new])
    return notes


def numbers(html: str) -> list[int]:
    """Which of the notes a list shows, in its order."""
    shown = html.split('id="result_list"')[-1].split("</table>")[0]
    return [int(n) for n in re.findall(r"Nr\. (\d+)", re.sub(r"<[^>]+>", "", shown))]


def link(html: str, name: str) -> str:
    """Where the link of this name leads."""
    found = re.search(rf'<a[^>]* href="([^"]*)"[^>]*>{name}</a>', html)
    assert found, name
    return unescape(found[1])


def best_first() -> list[int]:
    return [*range(128, -1, -2), *range(129, 0, -2)]


@pytest.mark.parametrize("window", [10, 3000])
def test_the_best_come_first_page_by_page_and_back(
    rows: list[str], ada: Person, window: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paging, "WINDOW", window)
    browser = staff(ada)
    pages = [browser.get(LIST, {"q": "pomme verte"}).content.decode()]
    assert 'rel="prev"' not in pages[0]
    while 'rel="next"' in pages[-1]:
        pages.append(browser.get(LIST + link(pages[-1], "Next page")).content.decode())
    assert [numbers(page) for page in pages] == [best_first()[at : at + 50] for at in (0, 50, 100)]
    last = browser.get(LIST + link(pages[0], "Last page")).content.decode()
    assert numbers(last) == best_first()[-50:]
    before = browser.get(LIST + link(last, "Previous page")).content.decode()
    assert numbers(before) == best_first()[30:80]
    first = browser.get(LIST + link(before, "Previous page")).content.decode()
    assert numbers(first) == best_first()[:30]
    assert 'rel="prev"' not in first


def test_the_newest_first_is_a_link_and_stays_with_the_next_search(rows: list[str], ada: Person) -> None:
    browser = staff(ada)
    html = browser.get(LIST, {"q": "pomme verte"}).content.decode()
    html = browser.get(LIST + link(html, "newest first")).content.decode()
    assert numbers(html) == [*range(129, 79, -1)]
    assert '<input type="hidden" name="o" value="newest">' in html
    html = browser.get(LIST + link(html, "best first")).content.decode()
    assert numbers(html)[0] == 128
    assert "newest first" not in browser.get(LIST).content.decode(), "without a search there is one order"


@pytest.mark.parametrize("query", ["pomme verte", "pomme", "pomme or verte"])
def test_previous_and_next_go_through_the_list_as_it_is_shown(
    rows: list[str], ada: Person, query: str
) -> None:
    """Also from the last of the best to the first of the others."""
    browser = staff(ada)
    page = browser.get(LIST, {"q": query}).content.decode()
    shown = numbers(page) + numbers(browser.get(LIST + link(page, "Next page")).content.decode())
    for at in (0, 4, 5, 64, 65):
        note = rows[shown[at]]
        row = Annotation.objects.get(note=note)
        href = re.search(rf'href="({row.pk}/change/[^"]*)"', page)
        address = unescape(href[1]) if href else None
        if address is None:
            continue
        html = browser.get(LIST + address).content.decode()
        for name, other in (("Previous", at - 1), ("Next", at + 1)):
            if other < 0:
                assert 'rel="prev"' not in html
                continue
            key = urlsplit(link(html, name)).path.split("/")[-3]
            assert Annotation.objects.get(pk=key).note == rows[shown[other]]


def test_hits_are_marked_in_quote_note_and_tags(ada: Person) -> None:
    ada.saves_page()
    ada.highlights(note=f"{'x ' * 200}Bruxelles <b>2</b>", motivation="commenting", tags=["bruxelles"])
    html = staff(ada).get(LIST, {"q": "bruxelles"}).content.decode()
    hits = re.findall(r'<mark class="hit">([^<]*)</mark>', html)
    assert sorted(hits) == ["Bruxelles", "Bruxelles", "bruxelles"]
    assert "&lt;b&gt;" in html
    assert '<mark class="hit">' not in staff(ada).get(LIST, {"q": "tag:x or state:exact"}).content.decode()


def test_several_libraries_are_one_ranked_list(rows: list[str], ada: Person, group: Library) -> None:
    ada.saves_page(library=group.pk)
    ada.highlights(group.pk, note="Nr. 1000: pomme verte", motivation="commenting")
    ada.highlights(group.pk, note="Nr. 1001: verte pomme", motivation="commenting")
    browser = staff(ada)
    assert numbers(browser.get(LIST, {"q": "pomme verte"}).content.decode())[:2] == [1000, 128]
    only = browser.get(LIST, {"q": "pomme verte", "library": str(group.pk)}).content.decode()
    assert numbers(only) == [1000, 1001]


def test_a_ranked_page_costs_a_fixed_number_of_queries(rows: list[str], ada: Person) -> None:
    browser = staff(ada)

    def cost(**query: str) -> int:
        with CaptureQueriesContext(connection) as spent:
            assert browser.get(LIST, query).status_code == 200
        return len(spent)

    cost(q="pomme verte")
    few = cost(q='"Nr. 4"')
    assert cost(q="pomme verte") <= few + 1
    assert cost(q="pomme verte", p="end") <= few + 1


@pytest.mark.parametrize(
    "place", ["after~", "after~x", "before~2-1-x", "before~", "after~0-99999999999999999-0", "~"]
)
def test_a_place_that_no_link_of_ours_wrote_is_the_first_page(
    rows: list[str], ada: Person, place: str
) -> None:
    html = staff(ada).get(LIST, {"q": "pomme verte", "p": place}).content.decode()
    assert numbers(html) == best_first()[:50]


# --- articles and texts ---------------------------------------------------------------------------------


@pytest.fixture
def articles(ada: Person) -> Client:
    """Ada's browser, with three articles."""
    ada.saves_page(url=URL, title="Élections : le Sénat vote")
    ada.saves_page(EDITED, url="https://www.example.net/b?utm_source=x", title="Le sénat de Rome")
    ada.saves_page(url="https://news.example.org/c", title="Vote blanc")
    return staff(ada)


@pytest.mark.parametrize("kind", ["document", "snapshot"])
@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("senat", "ab"), ('"senat vote"', "a"), ("senat -rome", "a"), ("rome or blanc", "bc"), ("vot*", "ac"),
        ("title:elections", "a"), ("site:example.org", "ac"), ("site:example.net senat", "b"),
        ("http://example.net/b/", "b"), ("after:2020", "abc"), ("before:2020", ""), ("ena", ""), ("", "abc"),
    ],
)  # fmt: skip
def test_articles_and_texts_are_found_in_the_language_of_all_searches(
    articles: Client, kind: str, query: str, found: str
) -> None:
    html = articles.get(f"/admin/annotator/{kind}/", {"q": query}).content.decode()
    shown = html.split('id="result_list"')[-1].split("</table>")[0] if 'id="result_list"' in html else ""
    titles = {"a": "Élections", "b": "de Rome", "c": "Vote blanc"}
    assert {letter for letter, title in titles.items() if title in shown} == set(found)


@pytest.mark.parametrize("kind", ["document", "snapshot"])
@pytest.mark.parametrize(
    "query", ['"open', "tag:x", "color:pink", "author:ada", "is:orphaned", "note:x", "before:x"]
)
def test_what_the_lists_of_articles_do_not_know_is_told(articles: Client, kind: str, query: str) -> None:
    html = articles.get(f"/admin/annotator/{kind}/", {"q": query}).content.decode()
    assert "The search was not understood." in html
    assert 'id="result_list"' not in html


def test_articles_of_others_are_not_found(
    articles: Client, reader: Person, group: Library, ada: Person
) -> None:
    ada.saves_page(library=group.pk, url="https://example.org/shared", title="Le sénat partagé")
    html = staff(reader).get("/admin/annotator/document/", {"q": "senat"}).content.decode()
    assert "partagé" in html
    assert "Rome" not in html
    for address in ("https://example.net/b", "https://example.net/b?utm_source=y"):
        assert "Rome" not in staff(reader).get("/admin/annotator/document/", {"q": address}).content.decode()


def test_a_page_and_the_one_behind_it_hold_the_same_both_ways(rows: list[str], ada: Person) -> None:
    """In the words of the search itself, with any size of page."""
    libraries = [ada.library.pk]
    everything: Any = Annotation.objects.filter(library=ada.library)
    forward, place = [], None
    while True:
        leaf = search.leaf(everything, "pomme verte", libraries, place, 7)
        forward += leaf.rows
        if leaf.behind is None:
            break
        place = leaf.behind
    backward: list[Annotation] = []
    place = None
    while True:
        leaf = search.leaf(everything, "pomme verte", libraries, place, 9, backward=True)
        backward = leaf.rows + backward
        if leaf.before is None:
            break
        place = leaf.before
    assert forward == backward
    assert [search.place_of(row, "pomme verte").rank for row in forward] == [0] * 65 + [1] * 65
