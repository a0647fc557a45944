"""PUT and GET …/snapshots/{digest}, and which document a page belongs to."""

from __future__ import annotations

from dataclasses import replace

import pytest

from annotator.models.annotations import Annotation
from annotator.models.documents import Document, DocumentAlias, Snapshot
from annotator.paragraphs import Paragraph, digest
from tests.server.people import EDITED, PAGE, URL, Person, highlight, page, refused, said, target

pytestmark = pytest.mark.django_db
OTHER = [Paragraph("h1", "Tout autre chose"), Paragraph("p", "Un texte sans rapport aucun.")]


def test_it_keeps_the_paragraphs_exactly(ada: Person) -> None:
    strange = [
        Paragraph("p", "insécables :\u00a0«\u202fici\u202f»\u00a0! e\u0301 non composé \u200b\u202eobscur"),
        Paragraph("pre", "a\n\tb  c\n"),
        Paragraph("cell", ""),
        Paragraph("p", "🎈", article=False),
    ]
    response = ada.saves_page(strange)
    assert response.status_code == 201
    read = said(ada.get(f"libraries/me/snapshots/{digest(strange)}"))
    assert [Paragraph(**one) for one in read["paragraphs"]] == strange
    assert {key: read[key] for key in said(response)} == said(response)


def test_a_repeated_snapshot_is_answered_with_200_and_moves_nothing(ada: Person) -> None:
    first = ada.saves_page()
    version = ada.library.version
    again = ada.saves_page()
    assert (first.status_code, again.status_code) == (201, 200)
    assert said(first) == said(again)
    ada.library.refresh_from_db()
    assert ada.library.version == version


def test_a_digest_of_other_paragraphs_is_refused(ada: Person) -> None:
    body = page(EDITED)
    refused(ada.put(f"libraries/me/snapshots/{digest(PAGE)}", body), 400, "digest")
    assert not Snapshot.objects.exists()
    assert not Document.objects.exists()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"url": "javascript:alert(1)"}, "url"),
        ({"url": "ftp://example.org/a"}, "url"),
        ({"url": 5}, "url"),
        ({"extractor": ""}, "extractor"),
        ({"title": ["a"]}, "title"),
        ({"paragraphs": []}, "paragraphs"),
        ({"paragraphs": "text"}, "paragraphs"),
        ({"paragraphs": [{"kind": "div", "text": ""}]}, "paragraphs.0.kind"),
        ({"paragraphs": [{"kind": [], "text": ""}]}, "paragraphs.0.kind"),
        ({"paragraphs": [{"kind": "p"}]}, "paragraphs.0.text"),
        ({"paragraphs": [{"kind": "p", "text": "a", "article": 1}]}, "paragraphs.0.article"),
        ({"paragraphs": [{"kind": "p", "text": "a", "color": 1}]}, "paragraphs.0.color"),
        ({"paragraphs": [7]}, "paragraphs.0"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_it_names_what_is_wrong(ada: Person, change: dict[str, object], field: str) -> None:
    refused(ada.put(f"libraries/me/snapshots/{digest(PAGE)}", page() | change), 400, field)
    assert not Document.objects.exists()


def test_what_a_page_says_of_itself_is_cut_rather_than_refused(ada: Person) -> None:
    ada.saves_page(title="t" * 5000, byline="b" * 5000, language="x" * 100, published="p" * 100)
    document = Document.objects.get()
    assert (len(document.title), len(document.byline)) == (2000, 500)
    assert ada.saves_page(title="t" * 5000).status_code == 200


def test_one_page_in_two_spellings_is_one_document(ada: Person) -> None:
    ada.saves_page()
    ada.saves_page(EDITED, url="https://fr.example.org/story?utm_campaign=x#p3")
    document = Document.objects.get()
    assert document.snapshots.count() == 2


def test_a_canonical_link_joins_two_addresses_of_one_text(ada: Person) -> None:
    ada.saves_page()
    ada.saves_page(url="https://fr.example.org/story/print", canonical=URL)
    document = Document.objects.get()
    assert {alias.url for alias in document.aliases.all()} == {URL, "https://fr.example.org/story/print"}


@pytest.mark.parametrize(
    "canonical",
    ["https://elsewhere.example/story", "https://fr.example.org/", "javascript:alert(1)", "not an address"],
)
def test_a_canonical_link_to_another_site_or_to_its_root_is_not_believed(ada: Person, canonical: str) -> None:
    ada.saves_page(canonical=canonical)
    assert [alias.url for alias in DocumentAlias.objects.all()] == [URL]


def test_a_canonical_link_to_another_text_is_not_believed(ada: Person) -> None:
    ada.saves_page()
    ada.saves_page(OTHER, url="https://fr.example.org/other", title="Autre", canonical=URL)
    assert Document.objects.count() == 2


def test_an_address_that_was_only_claimed_gives_way_to_the_page_seen_there(ada: Person) -> None:
    front = "https://fr.example.org/news"
    ada.saves_page(canonical=front)
    ada.saves_page(OTHER, url=front, title="Actualités")
    first, second = Document.objects.order_by("created")
    assert [alias.url for alias in second.aliases.all()] == [front]
    assert [alias.url for alias in first.aliases.all()] == [URL]


def test_a_highlight_that_came_first_is_checked_when_its_snapshot_comes(ada: Person) -> None:
    made = ada.highlights()
    assert made["anchor"] == {"state": "pending", "snapshot": None, "start": None, "end": None, "text": ""}
    ada.saves_page()
    now = said(ada.get(f"libraries/me/annotations/{made['id']}"))
    assert now["anchor"]["state"] == "exact"
    assert now["anchor"]["snapshot"] == digest(PAGE)
    assert now["version"] > made["version"]
    assert now["revision"] == made["revision"]


def test_a_highlight_that_came_first_and_was_wrong_is_placed_word_for_word(ada: Person) -> None:
    wrong = target((3, 2), (3, 19)) | {
        "start": {"paragraph": 1, "offset": 0},
        "end": {"paragraph": 1, "offset": 4},
    }
    made = ada.highlights(target=wrong)
    ada.saves_page()
    now = said(ada.get(f"libraries/me/annotations/{made['id']}"))
    assert now["anchor"]["state"] in {"exact", "moved"}
    assert now["anchor"]["text"] == "Rien n'est décidé"


def test_a_newer_snapshot_places_what_was_made_on_an_older_one(ada: Person) -> None:
    ada.saves_page()
    stays = ada.highlights(target=target((3, 2), (3, 19)))
    goes = ada.highlights(target=target((1, 42), (1, 66)))
    edited = [PAGE[0], Paragraph("p", "PUBLICITÉ"), replace(PAGE[1], text=PAGE[1].text[:41]), *PAGE[2:]]
    ada.saves_page(edited)
    anchors = {row["id"]: row["anchor"] for row in said(ada.get("libraries/me/annotations"))["annotations"]}
    assert anchors[stays["id"]]["snapshot"] == digest(edited)
    assert anchors[stays["id"]]["start"] == {"paragraph": 4, "offset": 2}
    assert anchors[stays["id"]]["text"] == "Rien n'est décidé"
    assert anchors[goes["id"]]["state"] == "pending"
    assert anchors[goes["id"]]["text"] == ""


def test_a_highlight_on_an_older_snapshot_is_placed_in_the_latest(ada: Person) -> None:
    ada.saves_page()
    ada.saves_page(EDITED)
    made = ada.highlights(target=target((3, 2), (3, 19)))
    assert made["target"]["snapshot"] == digest(PAGE)
    assert made["anchor"]["snapshot"] == digest(EDITED)
    assert made["anchor"]["start"] == {"paragraph": 4, "offset": 2}


def test_against_a_known_snapshot_a_place_outside_is_refused_and_named(ada: Person) -> None:
    ada.saves_page()
    wrong = {
        "target.start.paragraph": ({"paragraph": 4, "offset": 0}, {"paragraph": 5, "offset": 1}),
        "target.start.offset": ({"paragraph": 1, "offset": 67}, {"paragraph": 2, "offset": 1}),
        "target.end.offset": ({"paragraph": 1, "offset": 0}, {"paragraph": 1, "offset": 67}),
        "target.quote.exact": ({"paragraph": 1, "offset": 0}, {"paragraph": 1, "offset": 40}),
    }
    for field, (start, end) in wrong.items():
        body = highlight(target=target() | {"start": start, "end": end})
        refused(ada.post("libraries/me/annotations", body), 400, field)
    assert not Annotation.objects.exists()


def test_white_space_in_a_quote_does_not_count(ada: Person) -> None:
    ada.saves_page()
    spaced = target()
    spaced["quote"]["exact"] = spaced["quote"]["exact"].replace(" ", "\u00a0 \n")
    assert ada.highlights(target=spaced)["anchor"]["state"] == "exact"
