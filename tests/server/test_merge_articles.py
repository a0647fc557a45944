"""Two articles made one and split again: nothing is lost on the way, and every device follows by the feed."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from annotator.errors import Invalid, NotAllowed, NotThere
from annotator.models import Annotation, Document, Event, Library, Snapshot
from annotator.models.annotations import State
from annotator.paragraphs import Paragraph, digest
from annotator.services.annotations import delete_annotation, restore_annotation
from annotator.services.deeds import Outcome
from annotator.services.merging import merge_documents, split_document
from annotator.services.undoing import events_of, undo
from annotator.uuid7 import uuid7
from tests.server.people import PAGE, URL, Json, Person, highlight, said, staff, target

pytestmark = pytest.mark.django_db
MOBILE = "https://m.example.org/story"
LATER = [PAGE[0], Paragraph("p", "Entre-temps, autre chose."), *PAGE[1:]]


class Feed:
    """What a device knows that reads the feed: articles by id, and annotations by id."""

    def __init__(self, who: Person, library: Library) -> None:
        self.who, self.library, self.since = who, library, 0
        self.articles: dict[str, Json] = {}
        self.annotations: dict[str, Json] = {}
        self.of_text: dict[str, str] = {}

    def read(self) -> Feed:
        page: Json = {"more": True}
        while page["more"]:
            page = said(self.who.get(f"libraries/{self.library.pk}/changes", since=self.since, limit=3))
            self.since = page["next"]
            for change in page["changes"]:
                self.take(change)
        return self

    def take(self, change: Json) -> None:
        if change["kind"] == "snapshot":
            self.of_text[change["row"]["digest"]] = change["row"]["document"]
            return
        known = self.articles if change["kind"] == "document" else self.annotations
        known.pop(change["id"], None)
        if not change["deleted"]:
            known[change["id"]] = change["row"]

    def told(self) -> Any:
        """Addresses of each article, and which one each annotation is of."""
        return (
            {id: set(row["aliases"]) for id, row in self.articles.items()},
            {id: row["document"] for id, row in self.annotations.items()},
        )


@pytest.fixture
def two(group: Library, editor: Person) -> tuple[Document, Document]:
    """The same story at two addresses, a highlight and its answer on each; the second seen later."""
    made = []
    for url, paragraphs in ((URL, PAGE), (MOBILE, LATER)):
        editor.saves_page(paragraphs, library=group.pk, url=url, title=f"Le sommet, {url[8]}")
        start = paragraphs.index(PAGE[1])
        place = target((start, 0), (start, 41), paragraphs)
        one = editor.highlights(group.pk, url=url, target=place)
        answer = highlight(motivation="replying", url=url, note="Oui", target={}, parent=one["id"])
        assert editor.put(f"libraries/{group.pk}/annotations/{uuid7()}", answer).status_code == 201
        made.append(Document.objects.get(aliases__url=url))
    return made[0], made[1]


def merged(two: tuple[Document, Document], actor: Person) -> Outcome:
    outcome = Outcome()
    merge_documents(into=two[0], other=two[1], actor=actor.user, deed=outcome.deed)
    return outcome


def taken_back(outcome: Outcome, actor: Person) -> Outcome:
    return undo(events=events_of(deed=outcome.deed, actor=actor.user), actor=actor.user, outcome=Outcome())


def test_a_merged_article_has_the_addresses_texts_and_annotations_of_both(
    two: tuple[Document, Document], reviewer: Person
) -> None:
    merged(two, reviewer)
    one = Document.objects.get()
    assert one.pk == two[0].pk
    assert set(one.aliases.values_list("url", flat=True)) == {URL, MOBILE}
    assert one.annotations.count() == 4
    assert set(one.snapshots.values_list("digest", flat=True)) == {digest(PAGE), digest(LATER)}
    event = Event.objects.get(verb="merge")
    assert (event.row, event.actor) == (one.pk, reviewer.user)


def test_highlights_are_looked_for_in_the_latest_text_of_both(
    two: tuple[Document, Document], reviewer: Person
) -> None:
    """Whichever of the two takes in the other."""
    for into, other in (two, two[::-1]):
        merge_documents(into=into, other=other, actor=reviewer.user)
        rows = Annotation.objects.exclude(quote_exact="")
        latest = Snapshot.objects.get(digest=digest(LATER))
        assert [row.anchor and row.anchor.snapshot for row in rows] == [latest, latest]
        assert State.PENDING not in {row.state for row in rows}
        taken_back_last(reviewer)


def taken_back_last(actor: Person) -> None:
    """The last merge, which had no number, undone by splitting."""
    one = Document.objects.get()
    event = Event.objects.filter(verb="merge").latest("created")
    assert event.before is not None
    split_document(document=one, addresses=event.before["addresses"], actor=actor.user, merged=event.before)


def test_every_device_follows_a_merge_and_its_undo(
    two: tuple[Document, Document], reviewer: Person, editor: Person, group: Library
) -> None:
    device = Feed(editor, group).read()
    before = device.told()
    outcome = merged(two, reviewer)
    articles, documents = device.read().told()
    assert articles == {str(two[0].pk): {URL, MOBILE}}
    assert set(documents.values()) == {str(two[0].pk)}
    assert set(device.of_text.values()) == {str(two[0].pk)}
    assert device.told() == Feed(editor, group).read().told(), "as for a device that begins now"
    assert taken_back(outcome, reviewer).done == 1
    assert device.read().told() == before
    assert device.of_text == {digest(PAGE): str(two[0].pk), digest(LATER): str(two[1].pk)}
    assert device.told() == Feed(editor, group).read().told()


def test_what_is_made_at_the_other_address_from_then_on_is_of_the_merged_article(
    two: tuple[Document, Document], reviewer: Person, editor: Person, group: Library
) -> None:
    outcome = merged(two, reviewer)
    late = editor.highlights(group.pk, url=MOBILE, target=target())
    assert late["document"] == str(two[0].pk)
    taken_back(outcome, reviewer)
    there = said(editor.get(f"libraries/{group.pk}/annotations/{late['id']}"))
    assert there["document"] == str(two[1].pk), "it goes where it was made"


def test_an_undone_merge_leaves_both_as_they_were(two: tuple[Document, Document], reviewer: Person) -> None:
    def stand() -> Any:
        texts = Snapshot.objects.order_by("digest", "document").values_list(
            "digest", "document", "url", "created"
        )
        rows = Annotation.objects.order_by("pk").values_list("pk", "document", "state", "revision")
        said_of = Document.objects.order_by("pk").values_list("pk", "url", "site", "title", "title_words")
        return list(texts), list(rows), list(said_of)

    before = stand()
    taken_back(merged(two, reviewer), reviewer)
    assert stand() == before


def test_a_text_that_both_had_is_kept_once_and_given_back_twice(
    two: tuple[Document, Document], reviewer: Person, editor: Person, group: Library
) -> None:
    editor.saves_page(PAGE, library=group.pk, url=MOBILE)
    assert Snapshot.objects.filter(digest=digest(PAGE)).count() == 2
    outcome = merged(two, reviewer)
    assert Snapshot.objects.filter(digest=digest(PAGE)).count() == 1
    taken_back(outcome, reviewer)
    again = Snapshot.objects.filter(digest=digest(PAGE))
    assert set(again.values_list("document", "url")) == {(two[0].pk, URL), (two[1].pk, MOBILE)}


def test_what_lies_deleted_moves_along_and_can_still_be_restored(
    two: tuple[Document, Document], reviewer: Person, editor: Person
) -> None:
    row = two[1].annotations.exclude(quote_exact="")[0]
    delete_annotation(annotation=row, actor=editor.user)
    merged(two, reviewer)
    back = restore_annotation(annotation=row, actor=editor.user).row
    assert back.document_id == two[0].pk
    assert back.state in (State.EXACT, State.MOVED)


def test_an_article_that_a_canonical_link_joined_is_split_by_its_addresses(
    group: Library, editor: Person, reviewer: Person
) -> None:
    editor.saves_page(library=group.pk)
    editor.saves_page(LATER, library=group.pk, url=f"{URL}?page=2", canonical=URL)
    one = Document.objects.get()
    row = editor.highlights(group.pk, url=f"{URL}?page=2")  # made on the first text, at the second address
    outcome = Outcome()
    new = split_document(
        document=one, addresses=[f"{URL}?page=2"], actor=reviewer.user, deed=outcome.deed
    ).row
    assert Annotation.objects.get(pk=row["id"]).document == new
    assert set(new.snapshots.values_list("digest", flat=True)) == {digest(PAGE), digest(LATER)}
    assert list(one.snapshots.values_list("digest", flat=True)) == [digest(PAGE)]
    assert taken_back(outcome, reviewer).done == 1
    assert Document.objects.get().pk == one.pk


def test_it_refuses_what_cannot_be_merged_or_split(
    two: tuple[Document, Document], reviewer: Person, editor: Person, ada: Person
) -> None:
    one, other = two
    with pytest.raises(Invalid, match="other"):
        merge_documents(into=one, other=one, actor=reviewer.user)
    with pytest.raises(NotAllowed):
        merge_documents(into=one, other=other, actor=editor.user)
    ada.saves_page(url=MOBILE)
    elsewhere = Document.objects.get(library=ada.library)
    with pytest.raises(NotThere):
        merge_documents(into=one, other=elsewhere, actor=ada.user)
    for addresses in ([MOBILE], [URL]):
        with pytest.raises(Invalid, match="addresses"):
            split_document(document=one, addresses=addresses, actor=reviewer.user)
    with pytest.raises(NotAllowed):
        split_document(document=one, addresses=[URL], actor=editor.user)
    assert Document.objects.count() == 3


def test_a_merge_that_somebody_went_on_from_is_left_alone(
    two: tuple[Document, Document], reviewer: Person, group: Library, editor: Person
) -> None:
    outcome = merged(two, reviewer)
    assert taken_back(outcome, reviewer).done == 1
    assert taken_back(outcome, reviewer).refused, "it was taken back already"


def test_the_desk_asks_says_what_will_happen_and_offers_the_way_back(
    two: tuple[Document, Document], reviewer: Person
) -> None:
    browser = staff(reviewer)
    page = f"/admin/annotator/document/{two[0].pk}/merge/"
    assert str(two[1].pk) in browser.get(page, {"q": "sommet"}).content.decode()
    assert str(two[1].pk) in browser.get(page, {"q": MOBILE}).content.decode()
    html = browser.get(page, {"other": str(two[1].pk)}).content.decode()
    assert "2 highlights and notes of the other article" in html
    assert MOBILE in html
    html = browser.post(page, {"other": str(two[1].pk)}, follow=True).content.decode()
    assert 'class="undo"' in html
    event = Event.objects.get(verb="merge")
    html = browser.post(f"/admin/annotator/annotation/undo/{event.deed}/", follow=True).content.decode()
    assert "The deed was taken back." in html
    assert Document.objects.count() == 2


def test_the_desk_splits_what_is_chosen(two: tuple[Document, Document], reviewer: Person) -> None:
    merged(two, reviewer)
    browser = staff(reviewer)
    page = f"/admin/annotator/document/{two[0].pk}/split/"
    assert "2 highlights and notes" in browser.get(page).content.decode()
    html = browser.post(page, {"address": [URL, MOBILE]}, follow=True).content.decode()
    assert "one has to stay" in html
    browser.post(page, {"address": [MOBILE]})
    assert Document.objects.get(aliases__url=MOBILE).annotations.count() == 2
    undo_of_split = Event.objects.get(verb="split")
    browser.post(f"/admin/annotator/annotation/undo/{undo_of_split.deed}/")
    assert Document.objects.get().annotations.count() == 4


def test_merging_costs_the_same_number_of_queries_whatever_the_number_of_highlights(
    two: tuple[Document, Document], reviewer: Person, editor: Person, group: Library
) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as spent:
            merged(two, reviewer)
        taken_back_last(reviewer)
        return len(spent)

    few = cost()
    for _ in range(10):
        editor.highlights(group.pk, url=MOBILE, target=target())
    assert cost() == few
