"""Searching in the browser: the site's page and the desk's list."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from annotator.models import User
from annotator.models.annotations import Annotation, Review
from annotator.models.libraries import Library
from tests.server.people import Person
from tests.server.test_site import shown, signed_in

pytestmark = pytest.mark.django_db


def test_results_show_the_hits_in_quote_note_and_tags_and_lead_to_the_place(ada: Person) -> None:
    ada.saves_page()
    made = ada.highlights(note="Réunis ? Vraiment ?", tags=["réunis"])
    html = shown(signed_in(ada), "/search/?q=reunis")
    assert 'Les ministres se sont <mark class="hit">réunis</mark> à Bruxelles.' in html
    assert '<mark class="hit">Réunis</mark> ? Vraiment ?' in html
    assert '<span class="tag"><bdi><mark class="hit">réunis</mark></bdi></span>' in html
    address = f"/articles/{made['document']}/"
    assert f'href="{address}#n-{made["id"]}"' in html
    assert f'id="n-{made["id"]}"' in shown(signed_in(ada), address)
    assert 'value="reunis"' in html


def test_the_box_is_on_every_page_of_those_who_are_signed_in(ada: Person) -> None:
    for address in ("/", "/connect/", "/search/"):
        assert 'role="search"' in shown(signed_in(ada), address)
    assert 'role="search"' not in shown(Client(SERVER_NAME="localhost"), "/")
    assert Client(SERVER_NAME="localhost").get("/search/?q=x")["Location"].startswith("/sign-in/")


def test_all_own_libraries_are_searched_and_no_others(
    ada: Person, reader: Person, stranger: Person, group: Library
) -> None:
    ada.highlights(note="Quittengelee daheim")
    ada.highlights(group.pk, note="Quittengelee am Tisch")
    ada.highlights(group.pk, note="Quittengelee im Keller")
    Annotation.objects.filter(note__contains="Keller").update(review=Review.HIDDEN)
    assert shown(signed_in(ada), "/search/?q=quittengelee").count("<li ") == 3
    mine = shown(signed_in(reader), "/search/?q=quittengelee")
    assert "am Tisch" in mine
    assert "daheim" not in mine
    assert "Keller" not in mine
    assert "Nothing was found" in shown(signed_in(stranger), "/search/?q=quittengelee")


def test_a_long_list_goes_on_and_shows_each_once(ada: Person) -> None:
    for number in range(45):
        ada.highlights(note=f"Nr. {number}.")
    browser, address, seen = signed_in(ada), "/search/?q=ministres", []
    for _ in range(5):
        html = shown(browser, address)
        seen += re.findall(r"Nr\. (\d+)\.", html)
        more = re.search(r'rel="next" href="([^"]+)"', html)
        if more is None:
            break
        address = "/search/" + more[1].replace("&amp;", "&")
    assert seen == [str(number) for number in range(44, -1, -1)]
    assert "Nr. 44." in shown(browser, "/search/?q=ministres&from=nonsense")


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ('"ouvert', "A quotation mark is not closed"),
        ("tag:", "Nothing stands right behind tag:"),
        ("color:<b>", "does not know “&lt;b&gt;”"),
        ("x" * 201, "at most 200 characters"),
        ("a\0b", "no text has"),
        ("author:\0", "no text has"),
    ],
)
def test_a_query_that_cannot_be_read_is_explained(ada: Person, query: str, says: str) -> None:
    response = signed_in(ada).get("/search/", {"q": query})
    html = response.content.decode()
    assert response.status_code == 400
    assert says in html
    assert "How to search" in html


def test_it_is_explained_in_french(ada: Person) -> None:
    User.objects.filter(pk=ada.user.pk).update(language="fr")
    ada.user.refresh_from_db()
    html = signed_in(ada).get("/search/", {"q": '"ouvert'}).content.decode()
    assert "Un guillemet n’est pas fermé" in html
    assert "Comment chercher" in html


def test_what_users_wrote_is_text_also_in_results(ada: Person) -> None:
    ada.saves_page(title="<script>alert(1)</script>")
    ada.highlights(note="<img src=x onerror=alert(1)> mot", tags=["<b>mot</b>"])
    html = shown(signed_in(ada), "/search/?q=mot%20%3Cscript%3E%20or%20mot")
    assert "<script>alert" not in html
    assert "<img src=x" not in html
    assert '&lt;b&gt;<mark class="hit">mot</mark>&lt;/b&gt;' in html


def test_the_desk_finds_the_same_and_explains_the_same(ada: Person) -> None:
    User.objects.filter(pk=ada.user.pk).update(is_staff=True)
    ada.user.refresh_from_db()
    ada.highlights(note="Quittengelee", color="pink")
    ada.highlights(note="Apfelmus")
    browser, where = signed_in(ada), "/admin/annotator/annotation/?q="
    html = shown(browser, where + "color:pink or nichts")
    assert "Quittengelee" in html
    assert "Apfelmus" not in html
    html = shown(browser, where + '"ouvert')
    assert "A quotation mark is not closed" in html
    assert "Apfelmus" not in html
