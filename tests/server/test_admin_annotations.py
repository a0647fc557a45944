"""Annotations on the review desk: the list, and each in its paragraph."""

import re
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from annotator.models import Annotation, Event, Library, PersonalToken, Snapshot
from annotator.models.annotations import Review, State
from annotator.services.annotations import delete_annotation
from tests.server.people import EDITED, PAGE, Person, highlight, staff, target

pytestmark = pytest.mark.django_db
LIST = "/admin/annotator/annotation/"


@pytest.fixture
def desk(ada: Person) -> Client:
    """Ada's browser, with Ada on the staff."""
    return staff(ada)


def shown(browser: Client, address: str, **query: str) -> str:
    response = browser.get(address, query)
    assert response.status_code == 200, (address, response.status_code)
    return response.content.decode()


def page_of(annotation: Annotation) -> str:
    return reverse("admin:annotator_annotation_change", args=[annotation.pk])


def only() -> Annotation:
    return Annotation.objects.get()


def test_the_list_shows_quote_note_colour_tags_site_state_author(ada: Person, desk: Client) -> None:
    ada.saves_page()
    ada.highlights(color="pink", note="Vraiment ?", tags=["sommet"], motivation="commenting")
    html = shown(desk, LIST)
    for words in (
        "Les ministres se sont réunis à Bruxelles.",
        "Vraiment ?",
        '<span class="chip c-pink">pink</span>',
        "sommet",
        "fr.example.org",
        "in its place",
        "ada",
    ):
        assert words in html


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"q": "reunis BRUXELLES"}, True),
        ({"q": "Paris"}, False),
        ({"state": "exact"}, True),
        ({"state": "orphaned"}, False),
        ({"review": "none"}, True),
        ({"review": "flagged"}, False),
        ({"color": "pink"}, True),
        ({"color": "blue"}, False),
        ({"site": "fr.example.org"}, True),
        ({"site": "example.net"}, False),
        ({"tags__name": "x", "q": "\u200b"}, False),
    ],
)
def test_search_and_filters_find_what_they_name(
    ada: Person, desk: Client, query: dict[str, str], found: bool
) -> None:
    ada.saves_page()
    ada.highlights(color="pink", tags=["sommet"])
    response = desk.get(LIST, query)
    if "tags__name" in query:  # not a filter of the desk
        assert response.status_code in {302, 400}
        return
    assert ("Les ministres se sont" in response.content.decode()) is found


def test_filters_by_tag_author_and_day(ada: Person, desk: Client) -> None:
    ada.highlights(tags=["sommet"])
    html = shown(desk, LIST)
    tag = only().tags.get()
    assert f"tag={tag.pk}" in html
    assert "made=7" in html
    assert "Les ministres" in shown(desk, LIST, tag=str(tag.pk))
    assert "Les ministres" in shown(desk, LIST, author=str(ada.user.pk))
    assert "Les ministres" in shown(desk, LIST, made="1")
    Annotation.objects.update(created=timezone.now() - timedelta(days=2))
    assert "Les ministres" not in shown(desk, LIST, made="1")


def test_it_is_marked_in_its_paragraph_between_its_neighbours(ada: Person, desk: Client) -> None:
    ada.saves_page()
    ada.highlights(target=target((2, 4), (2, 13)))
    html = shown(desk, page_of(only()))
    assert ">ministres</mark> se sont réunis à Bruxelles. Puis ils sont partis.</p>" in html
    assert 'data-paragraph="1"' in html
    assert 'data-paragraph="3"' in html
    assert 'data-paragraph="0"' not in html


def test_a_highlight_over_two_paragraphs_is_marked_in_both(ada: Person, desk: Client) -> None:
    ada.saves_page()
    ada.highlights(target=target((1, 42), (2, 13)))
    html = shown(desk, page_of(only()))
    assert ">Ils ont parlé longtemps.</mark></p>" in html
    assert ">Les ministres</mark> se sont" in html
    assert 'data-paragraph="0"' in html
    assert 'data-paragraph="3"' in html


def test_an_emoji_before_the_quote_does_not_shift_the_mark(ada: Person, desk: Client) -> None:
    ada.saves_page()
    ada.highlights(target=target((0, 10), (0, 21)))
    assert f">{PAGE[0].text[10:21]}</mark>" in shown(desk, page_of(only()))


def test_it_says_what_stands_there_in_a_later_text(ada: Person, desk: Client) -> None:
    ada.saves_page()
    ada.highlights()
    ada.saves_page(EDITED)
    html = shown(desk, page_of(only()))
    assert only().state == State.EXACT
    assert "In the text as read on" in html
    assert html.count(">Les ministres se sont réunis à Bruxelles.</mark>") == 2
    assert "PUBLICITÉ" in html


def test_without_its_snapshot_the_quote_is_shown_with_its_context(ada: Person, desk: Client) -> None:
    ada.highlights()
    html = shown(desk, page_of(only()))
    assert "has not arrived" in html
    assert ">Les ministres se sont réunis à Bruxelles.</mark>" in html
    assert "not yet looked at" in html


def test_note_replies_and_history_are_shown(ada: Person, desk: Client) -> None:
    made = ada.highlights(note="**fort**", motivation="commenting")
    ada.highlights(motivation="replying", parent=made["id"], note="une *réponse*", target={"snapshot": ""})
    html = shown(desk, page_of(Annotation.objects.get(pk=made["id"])))
    assert "<strong>fort</strong>" in html
    assert "<em>réponse</em>" in html
    event = Event.objects.get(row=made["id"])
    assert reverse("admin:annotator_event_change", args=[event.pk]) in html


def test_the_live_link_tells_the_page_nothing(ada: Person, desk: Client) -> None:
    ada.highlights()
    html = shown(desk, page_of(only()))
    link = re.search(r'class="live" href="([^"]+)" rel="noopener noreferrer"', html)
    assert link is not None
    # What follows `#` stays in the browser.
    words = "Les%20ministres%20se%20sont%20r%C3%A9unis%20%C3%A0%20Bruxelles."
    assert link[1] == f"https://fr.example.org/story#:~:text={words}"


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,x", " javascript:alert(1)"])
def test_an_address_that_is_not_http_is_no_link(ada: Person, desk: Client, address: str) -> None:
    ada.highlights()
    Annotation.objects.update(url=address)
    html = shown(desk, page_of(only()))
    assert f'href="{address}' not in html
    assert 'class="live"' not in html


def test_deleted_ones_are_in_their_authors_trash_alone(
    ada: Person, desk: Client, reviewer: Person, group: Library
) -> None:
    ada.highlights(library=group.pk)
    delete_annotation(annotation=only(), actor=ada.user)
    assert "Les ministres" not in shown(desk, LIST)
    assert "Les ministres" in shown(desk, LIST, queue="trash")
    assert "Restore" in shown(desk, page_of(only()))
    colleague = staff(reviewer)
    assert "Les ministres" not in shown(colleague, LIST, queue="trash")
    assert colleague.get(page_of(only())).status_code == 404


def test_hidden_ones_are_there_for_reviewers_and_not_for_readers(
    ada: Person, reader: Person, reviewer: Person
) -> None:
    library = reader.user.memberships.get().library
    ada.highlights(library=library.pk)
    Annotation.objects.update(review=Review.HIDDEN)
    assert "Les ministres" in shown(staff(reviewer), LIST)
    assert "Les ministres" not in shown(staff(reader), LIST)


def test_nothing_on_the_desk_changes_what_an_author_wrote(ada: Person, desk: Client) -> None:
    ada.highlights()
    assert desk.post(page_of(only()), {"note": "not mine"}).status_code in {200, 403}
    delete = reverse("admin:annotator_annotation_delete", args=[only().pk])
    assert desk.post(delete, {"post": "yes"}).status_code == 403
    assert desk.post(LIST, {"action": "delete_selected", "_selected_action": str(only().pk)}).status_code in {
        200,
        302,
    }
    assert only().note == ""
    assert desk.get(reverse("admin:annotator_annotation_add")).status_code == 403


@pytest.mark.parametrize("query", ["?q=%00", "?site=%00", "?state=%00", "?tag=%00x"])
def test_nul_in_a_query_is_a_bad_request_on_every_database(desk: Client, query: str) -> None:
    assert desk.get(LIST + query).status_code == 400


NONSENSE = (
    "tag=x", "made=x", "author='", "library=x", 'q="', "p=after~[", "p=before~[1,2]", "p=x", "until=x",
    "o=9.9", "nonsense=1", "queue=x",
)  # fmt: skip


@pytest.mark.parametrize("query", [f"?{one}" for one in NONSENSE])
def test_nonsense_in_a_query_is_never_a_server_error(desk: Client, query: str) -> None:
    assert desk.get(LIST + query, follow=True).status_code in {200, 400}


def many(ada: Person, number: int) -> None:
    for index in range(number):
        ada.highlights(note=f"note {index}", tags=[f"t{index}", "all"], motivation="commenting")


@pytest.mark.parametrize("path", ["annotation", "document", "snapshot", "tag", "library", "event"])
def test_a_list_costs_the_same_queries_however_long_it_is(
    ada: Person, desk: Client, path: str, django_assert_max_num_queries: pytest.FixtureRequest
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    ada.saves_page()
    counts = []
    for more in (1, 12):
        many(ada, more)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            shown(desk, f"/admin/annotator/{path}/")
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[0] <= 25


def test_an_article_costs_the_same_queries_however_much_is_highlighted(ada: Person, desk: Client) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    ada.saves_page()
    counts = []
    for more in (1, 12):
        many(ada, more)
        document = only_document()
        for address in (f"/admin/annotator/document/{document}/change/", f"/articles/{document}/"):
            with CaptureQueriesContext(connection) as queries:
                shown(desk, address)
            counts.append(len(queries))
    assert counts[:2] == counts[2:]


def only_document() -> str:
    return str(Annotation.objects.values_list("document", flat=True)[0])


def test_every_page_of_the_desk_opens_on_the_seeds(ada: Person, desk: Client) -> None:
    call_command("loadseeds", user="ada", verbosity=0)
    for annotation in Annotation.objects.all():
        shown(desk, page_of(annotation))
    snapshot = Snapshot.objects.get()
    html = shown(desk, reverse("admin:annotator_snapshot_change", args=[snapshot.pk]))
    assert html.count('data-paragraph="') == len(snapshot.paragraphs)
    assert "Daech vacille" in shown(desk, f"/admin/annotator/document/{snapshot.document_id}/change/")
    for event in Event.objects.all()[:3]:
        shown(desk, reverse("admin:annotator_event_change", args=[event.pk]))
    for name in ("document", "snapshot", "library", "tag", "event", "personaltoken"):
        shown(desk, f"/admin/annotator/{name}/")


def test_the_body_of_a_highlight_used_here_is_what_clients_send() -> None:
    assert highlight()["target"]["quote"]["exact"] == "Les ministres se sont réunis à Bruxelles."
    assert PersonalToken._meta.get_field("digest").editable is False
