"""The demo story with everything that news sites do to stories."""

import re
from itertools import combinations

import pytest
from django.test import Client

from annotator.site import story as stories
from annotator.site.demo import KNOWN, load

HEADER = "Content-Security-Policy"


def page(changes: str = "", status: int = 200) -> str:
    response = Client(SERVER_NAME="localhost").get("/demo/euronews-raqa", {"changes": changes})
    assert response.status_code == status
    return response.content.decode()


def text(html: str) -> str:
    """The words of the article, without markup and white space's ways."""
    html = re.sub(r"<(head|svg|button)\b.*?</\1>", " ", html, flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_the_page_opened_by_itself_and_the_one_served_say_the_same() -> None:
    served = page()
    assert "<!-- body" not in served
    assert text(re.sub(r"<!--.*?-->", "", stories.write(load()))) == text(served)


def test_ads_are_between_other_paragraphs_than_before() -> None:
    before, after = page(), page("ads")
    assert re.search(r"réunis à</p>\s*</header>\s*<div[^>]*>\s*<aside", before)
    assert not re.search(r"réunis à</p>\s*</header>\s*<div[^>]*>\s*<aside", after)
    for words in (stories.DAECH, stories.OFFENSIVES, stories.HOLLANDE):
        assert re.search(rf"</aside>\s*<p>[^<]*{words}", after)


def test_other_stories_are_recommended() -> None:
    assert "Netanyahu" not in page("related")
    assert "abeilles" in page("related")


def test_both_typos_are_mended_and_nothing_else() -> None:
    before, after = text(page()), text(page("typos"))
    assert after == before.replace("Ajourd’hui", "Aujourd’hui").replace(
        "a déclare Ashton", "a déclaré Ashton"
    )
    assert after != before


def test_typography_becomes_plain_in_texts_and_markup_stays() -> None:
    after = page("typography")
    body = after.split("</style>")[1].split("<footer")[0]
    assert "Daech n'est pas tombé" in body
    assert "<strong>commencé</strong>" in body
    article = body.split("article-content")[1].split("</article>")[0]
    assert not set(text(article)) & set("«»’\u00a0\u202f")


def test_the_standfirst_goes_so_that_its_sentence_stands_once() -> None:
    assert page().count("étaient réunis à") == 2
    assert page("standfirst").count("étaient réunis à") == 1


def test_two_paragraphs_change_places() -> None:
    before, after = page(), page("moved")
    assert before.index(stories.DAECH) < before.index(stories.HOLLANDE)
    assert after.index(stories.DAECH) > after.index(stories.HOLLANDE)
    assert sorted(text(before)) == sorted(text(after))


def test_the_last_paragraph_is_gone() -> None:
    assert stories.HOLLANDE not in page("deleted")


def test_the_redesign_has_other_elements_and_the_same_sentences() -> None:
    after = page("redesign")
    assert "<p>" not in after
    assert "<article" not in after
    for block in load().body:
        assert text(block) in text(after)


def test_late_text_is_not_in_the_page_until_its_script_puts_it_there() -> None:
    after = page("late")
    visible = re.sub(r"<template.*?</template>", "", after, flags=re.DOTALL)
    assert stories.DAECH not in visible
    assert stories.DAECH in after
    assert 'data-delay="1500"' in after


def test_the_page_drawn_by_script_holds_two_stories_and_an_empty_main_part() -> None:
    after = page("spa")
    assert re.search(r"<main[^>]*></main>", after)
    assert '"/demo/peniche"' in after
    assert Client(SERVER_NAME="localhost").get("/demo/peniche").status_code == 200


@pytest.mark.parametrize("pair", list(combinations(KNOWN, 2)))
def test_changes_can_be_joined(pair: tuple[str, str]) -> None:
    after = page(",".join(pair))
    assert after.count("<html") == after.count("</html>") == 1
    assert "{{" not in after


def test_all_at_once() -> None:
    assert "Aujourd" in page(",".join(KNOWN))


def test_an_unknown_change_says_which_there_are() -> None:
    after = page("ads,<script>alert(1)</script>", status=404)
    assert "<script>alert" not in after
    for name in KNOWN:
        assert f"?changes={name}" in after


def test_the_page_has_a_strict_policy_of_its_own_with_a_new_nonce_each_time() -> None:
    client = Client(SERVER_NAME="localhost")
    policies = [client.get("/demo/euronews-raqa?changes=spa")[HEADER] for _ in range(2)]
    assert policies[0] != policies[1]
    assert "unsafe" not in policies[0]
    assert policies[0].startswith("default-src 'none'")
    html = page("spa")
    assert html.count("<script nonce=") == html.count("<script") > 0


def test_every_variant_names_the_one_address_of_the_story() -> None:
    for changes in ("", "ads", "redesign", "spa"):
        assert 'rel="canonical" href="http://localhost/demo/euronews-raqa"' in page(changes)
