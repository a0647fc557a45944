"""The pages for everybody: sign-in, the own articles, reading one, connecting a browser."""

import re

import pytest
from django.core.management import call_command
from django.test import Client, override_settings
from django.urls import reverse

from annotator.models import Annotation, Document, User
from annotator.models.annotations import Review
from annotator.services.libraries import own_library
from tests.server.people import Person, staff, target

pytestmark = pytest.mark.django_db
CSP = "Content-Security-Policy"


def signed_in(who: Person) -> Client:
    browser = Client(SERVER_NAME="localhost")
    browser.force_login(who.user)
    return browser


def shown(browser: Client, address: str) -> str:
    response = browser.get(address)
    assert response.status_code == 200, address
    return response.content.decode()


def article() -> str:
    return f"/articles/{Document.objects.get().pk}/"


def test_somebody_new_is_told_what_this_is_and_where_to_sign_in() -> None:
    html = shown(Client(SERVER_NAME="localhost"), "/")
    assert reverse("site:sign-in") in html
    assert reverse("site:connect") in html


def test_signing_in_leads_to_where_one_wanted_to_go_and_out_again() -> None:
    User.objects.create_user("mia", password="a long password")
    browser = Client(SERVER_NAME="localhost", enforce_csrf_checks=True)
    page = shown(browser, "/sign-in/?next=/connect/")
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    assert token is not None
    form = {"csrfmiddlewaretoken": token[1], "username": "mia", "password": "a long password"}
    assert browser.post("/sign-in/", {**form, "next": "/connect/"})["Location"] == "/connect/"
    home = shown(browser, "/")
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', home)
    assert token is not None
    assert browser.post("/sign-out/", {"csrfmiddlewaretoken": token[1]})["Location"] == "/"
    assert "mia" not in shown(browser, "/")


def test_a_wrong_password_is_said_without_saying_which_part_was_wrong() -> None:
    User.objects.create_user("mia", password="a long password")
    browser = Client(SERVER_NAME="localhost")
    answers = set()
    for name in ("mia", "nobody"):
        html = browser.post("/sign-in/", {"username": name, "password": "wrong"}).content.decode()
        found = re.search(r'role="alert">(.*?)</div>', html, re.DOTALL)
        assert found is not None
        answers.add(found[1])
    assert len(answers) == 1


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_signing_in_never_leads_to_another_site(elsewhere: str) -> None:
    User.objects.create_user("mia", password="a long password")
    form = {"username": "mia", "password": "a long password", "next": elsewhere}
    assert Client(SERVER_NAME="localhost").post("/sign-in/", form)["Location"] == "/"


def test_home_lists_the_own_articles_with_their_counts_and_nobody_elses(
    ada: Person, stranger: Person
) -> None:
    ada.saves_page()
    for _ in range(3):
        ada.highlights()
    html = shown(signed_in(ada), "/")
    assert "Le sommet" in html
    assert "3 highlights and notes" in html
    assert "Le sommet" not in shown(signed_in(stranger), "/")


def test_a_reader_counts_and_reads_only_what_is_not_hidden(ada: Person, reader: Person) -> None:
    library = reader.user.memberships.get().library_id
    ada.saves_page(library=library)
    ada.highlights(library=library)
    ada.highlights(library=library, note="nicht für alle", motivation="commenting")
    Annotation.objects.exclude(note="").update(review=Review.HIDDEN)
    assert "1 highlight or note" in shown(signed_in(reader), "/")
    assert "nicht für alle" not in shown(signed_in(reader), article())
    assert "nicht für alle" in shown(signed_in(ada), article())


def test_a_long_list_goes_on_and_shows_each_article_once(ada: Person) -> None:
    for number in range(65):
        ada.highlights(url=f"https://example.org/story-{number}")
    browser, address, seen = signed_in(ada), "/", []
    for _ in range(5):
        html = shown(browser, address)
        seen += re.findall(r'href="/articles/([0-9a-f-]+)/"', html)
        older = re.search(r'rel="next" href="([^"]+)"', html)
        if older is None:
            break
        address = "/" + older[1]
    assert len(seen) == len(set(seen)) == 65


@pytest.mark.parametrize("before", ["x", "~", "2026-01-01~x", "2026-99-01T00:00:00Z~" + "0" * 32, "%00~%00"])
def test_a_mangled_place_in_the_list_is_its_beginning(ada: Person, before: str) -> None:
    ada.highlights()
    assert "fr.example.org" in shown(signed_in(ada), f"/?before={before}")


def test_an_article_is_read_with_its_highlights_and_the_notes_beside_them(ada: Person) -> None:
    call_command("loadseeds", user="ada", verbosity=0)
    html = shown(signed_in(ada), article())
    assert "Daech n’est pas tombé mais Daech vacille</mark>" in html
    assert "Qui parle" in html
    assert "<strong>Mossoul</strong> d’abord" in html  # the page note
    assert "Jean-Yves" in html  # the reply
    # Where two lie over each other, the piece stands in both marks.
    assert re.search(r'<mark class="c-purple d1">(<mark class="c-pink d2"[^>]*>)Ajourd’hui', html)
    ids = re.findall(r' id="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    for key in re.findall(r'href="#(m-[^"]+)"', html):
        assert key in ids


def test_what_was_highlighted_across_paragraphs_is_drawn_in_each(ada: Person) -> None:
    ada.saves_page()
    ada.highlights(target=target((1, 42), (2, 13)))
    html = shown(signed_in(ada), article())
    assert ">Ils ont parlé longtemps.</mark>" in html
    assert ">Les ministres</mark>" in html


def test_a_highlight_without_a_place_is_listed_with_its_quote(ada: Person) -> None:
    ada.highlights()
    html = shown(signed_in(ada), article())
    assert "Not found in this text" in html
    assert "Les ministres se sont réunis" in html


def test_lines_around_the_article_are_folded_away_unless_highlighted(ada: Person) -> None:
    call_command("loadseeds", user="ada", verbosity=0)
    html = shown(signed_in(ada), article())
    assert "8 lines of the page around the article" in html
    folded = re.findall(r"<details class=\"around\">.*?</details>", html, re.DOTALL)
    assert "Newsletters" in folded[0]
    assert not any("<mark" in one for one in folded)


def test_an_article_of_others_is_not_there(ada: Person, stranger: Person) -> None:
    ada.highlights()
    assert signed_in(stranger).get(article()).status_code == 404
    assert Client(SERVER_NAME="localhost").get(article())["Location"].startswith("/sign-in/")


def test_the_set_up_page_names_this_servers_address() -> None:
    assert "<code>http://localhost</code>" in shown(Client(SERVER_NAME="localhost"), "/connect/")
    with override_settings(PUBLIC_URL="https://notes.example.org"):
        assert "https://notes.example.org" in shown(Client(SERVER_NAME="localhost"), "/connect/")


def test_every_page_has_the_policy_and_no_inline_script_or_style(ada: Person) -> None:
    ada.highlights()
    browser = staff(ada)
    for address in (
        "/",
        article(),
        "/search/?q=sommet",
        "/connect/",
        "/connected/",
        "/admin/",
        "/admin/annotator/annotation/",
    ):
        response = browser.get(address)
        policy = response[CSP]
        assert "unsafe" not in policy
        for part in ("default-src 'self'", "frame-ancestors 'none'", "base-uri 'none'", "object-src 'none'"):
            assert part in policy
        assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=", response.content.decode())


def test_consent_may_end_at_our_extensions_and_nowhere_else(ada: Person) -> None:
    policy = signed_in(ada).get("/sign-in/")[CSP]
    forms = next(part for part in policy.split("; ") if part.startswith("form-action")).split()[1:]
    assert forms[0] == "'self'"
    assert all(
        re.fullmatch(r"https://[0-9a-z]+\.(chromiumapp|extensions\.allizom)\.org", one) for one in forms[1:]
    )
    assert len(forms) == 3


def test_consent_says_who_asks_for_what_and_for_whom(ada: Person) -> None:
    query = {
        "client_id": "annotator-extension",
        "response_type": "code",
        "redirect_uri": "https://innbhmojjfokfaiakbfibjdgbfgolcom.chromiumapp.org/",
        "code_challenge": "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
        "code_challenge_method": "S256",
        "scope": "read write",
        "state": "s",
    }
    response = signed_in(ada).get("/oauth/authorize/", query)
    html = response.content.decode()
    for words in (
        "Connect this browser?",
        "<bdi>ada</bdi>",
        "Read your annotations",
        "Make and change annotations",
    ):
        assert words in html
    wrong = signed_in(ada).get("/oauth/authorize/", {**query, "client_id": "other"})
    assert wrong.status_code == 400
    assert "could not be connected" in wrong.content.decode()


def test_pages_speak_the_browsers_language(ada: Person) -> None:
    own_library(user=ada.user)
    html = signed_in(ada).get("/", headers={"accept-language": "fr"}).content.decode()
    assert '<html lang="fr">' in html
    assert "Vos articles" in html
