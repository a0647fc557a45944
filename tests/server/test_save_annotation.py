"""PUT and PATCH …/annotations/{id}, and POST …/annotations."""

from __future__ import annotations

import pytest

from annotator.models.annotations import Annotation
from annotator.models.documents import DocumentAlias
from annotator.models.events import Event, Tombstone
from annotator.models.libraries import Library
from annotator.services.libraries import own_library
from annotator.uuid7 import uuid7
from tests.server.people import PAGE, URL, Person, highlight, refused, said, target

pytestmark = pytest.mark.django_db


def test_it_makes_a_highlight_and_answers_it_as_stored(ada: Person) -> None:
    ada.saves_page()
    id = uuid7()
    body = highlight(note="**gras**", tags=["syrie", "Été"], color="green", target=target((3, 2), (3, 19)))
    response = ada.put(f"libraries/me/annotations/{id}", body, if_none_match="*")
    assert response.status_code == 201
    assert response["ETag"] == '"1"'
    made = said(response)
    assert made["id"] == str(id)
    assert made["author"] == {"id": str(ada.user.pk), "name": "ada"}
    assert made["tags"] == ["syrie", "Été"]
    assert made["target"] == body["target"]
    assert made["anchor"]["state"] == "exact"
    assert made["anchor"]["text"] == "Rien n'est décidé"
    assert said(ada.get(f"libraries/me/annotations/{id}")) == made


def test_its_offsets_cut_the_quote_out_of_the_snapshot(ada: Person) -> None:
    ada.saves_page()
    after_the_emoji = target((0, 12), (0, 21))
    made = ada.highlights(target=after_the_emoji)
    row = Annotation.objects.get(pk=made["id"])
    assert PAGE[0].text[row.start_offset : row.end_offset] == row.quote_exact == "de samedi"


def test_it_takes_a_highlight_over_two_paragraphs(ada: Person) -> None:
    ada.saves_page()
    made = ada.highlights(target=target((0, 10), (1, 13)))
    assert made["anchor"]["state"] == "exact"
    assert made["anchor"]["text"] == "😀 de samedi\n\nLes ministres"


def test_the_second_of_two_equal_sentences_stays_the_second(ada: Person) -> None:
    ada.saves_page()
    made = ada.highlights(target=target((2, 0), (2, 41)))
    assert made["anchor"]["start"] == {"paragraph": 2, "offset": 0}


def test_a_repeated_create_is_answered_with_200_and_changes_nothing(ada: Person) -> None:
    id, body = uuid7(), highlight(tags=["b", "a"])
    first = ada.put(f"libraries/me/annotations/{id}", body, if_none_match="*")
    again = ada.put(f"libraries/me/annotations/{id}", body, if_none_match="*")
    assert (first.status_code, again.status_code) == (201, 200)
    assert said(first) == said(again)
    assert first["ETag"] == again["ETag"]
    assert Annotation.objects.count() == 1
    assert Event.objects.filter(row=id).count() == 1


def test_an_edit_with_the_current_revision_moves_revision_and_version(ada: Person) -> None:
    made = ada.highlights()
    response = ada.put(f"libraries/me/annotations/{made['id']}", highlight(color="pink"), if_match='"1"')
    edited = said(response)
    assert response.status_code == 200
    assert response["ETag"] == '"2"'
    assert edited["revision"] == 2
    assert edited["version"] > made["version"]
    assert edited["color"] == "pink"


def test_a_stale_edit_is_refused_with_the_current_etag(ada: Person) -> None:
    made = ada.highlights()
    ada.put(f"libraries/me/annotations/{made['id']}", highlight(color="pink"), if_match='"1"')
    late = ada.put(f"libraries/me/annotations/{made['id']}", highlight(color="blue"), if_match='"1"')
    assert refused(late, 412)["code"] == "stale"
    assert late["ETag"] == '"2"'
    assert Annotation.objects.get(pk=made["id"]).color == "pink"


def test_an_edit_that_is_stored_already_is_answered_whatever_its_precondition(ada: Person) -> None:
    made = ada.highlights()
    path = f"libraries/me/annotations/{made['id']}"
    ada.put(path, highlight(color="pink"), if_match='"1"')
    retried = ada.put(path, highlight(color="pink"), if_match='"1"')
    assert retried.status_code == 200
    assert retried["ETag"] == '"2"'
    assert Event.objects.filter(row=made["id"]).count() == 2


def test_creating_with_a_taken_id_and_other_content_is_refused(ada: Person) -> None:
    made = ada.highlights()
    path = f"libraries/me/annotations/{made['id']}"
    response = ada.put(path, highlight(note="other"), if_none_match="*")
    refused(response, 412)
    assert response["ETag"] == '"1"'


def test_an_edit_of_what_was_never_stored_is_refused_without_an_etag(ada: Person) -> None:
    response = ada.put(f"libraries/me/annotations/{uuid7()}", highlight(), if_match='"3"')
    refused(response, 412)
    assert "ETag" not in response


def test_weak_tags_never_match_and_lists_do(ada: Person) -> None:
    made = ada.highlights()
    path = f"libraries/me/annotations/{made['id']}"
    refused(ada.put(path, highlight(color="pink"), if_match='W/"1"'), 412)
    assert ada.put(path, highlight(color="pink"), if_match='"9", "1"').status_code == 200
    assert ada.put(path, highlight(color="blue"), if_match="*").status_code == 200


@pytest.mark.parametrize("header", ["3", '"1', "abc", '"1" "2"', '"a", b'])
def test_a_precondition_that_is_none_is_refused(ada: Person, header: str) -> None:
    refused(ada.put(f"libraries/me/annotations/{uuid7()}", highlight(), if_match=header), 400, "If-Match")


def test_a_representation_can_be_put_back_as_it_was_answered(ada: Person) -> None:
    made = ada.highlights(tags=["x"])
    again = ada.put(f"libraries/me/annotations/{made['id']}", made)
    assert again.status_code == 200
    assert said(again) == made


def test_what_the_server_sets_cannot_be_sent(ada: Person) -> None:
    body = highlight() | {
        "review": "approved",
        "version": 99,
        "revision": 7,
        "created": "1999-01-01T00:00:00Z",
    }
    body |= {"author": {"id": str(uuid7()), "name": "somebody else"}, "anchor": {"state": "moved"}}
    made = said(ada.put(f"libraries/me/annotations/{uuid7()}", body))
    assert (made["review"], made["revision"], made["author"]["name"]) == ("none", 1, "ada")
    assert made["created"] > "2020"
    assert made["anchor"]["state"] == "pending"


def test_every_row_gets_a_version_of_its_own(ada: Person) -> None:
    made = [ada.highlights() for _ in range(3)]
    assert len({one["version"] for one in made}) == 3
    assert own_library(user=ada.user).version == made[-1]["version"]


def test_a_page_note_has_no_place(ada: Person) -> None:
    body = {"motivation": "describing", "url": URL, "note": "Lu.", "target": None}
    made = said(ada.put(f"libraries/me/annotations/{uuid7()}", body))
    assert made["target"] == {"snapshot": None, "start": None, "end": None, "quote": None}
    assert made["anchor"]["state"] == "exact"


def test_a_reply_stands_on_its_parents_page(ada: Person) -> None:
    made = ada.highlights()
    reply = {"motivation": "replying", "parent": made["id"], "note": "Vraiment ?"}
    answered = said(ada.put(f"libraries/me/annotations/{uuid7()}", reply))
    assert answered["document"] == made["document"]
    assert answered["url"] == URL


def test_a_reply_needs_a_parent_that_is_there(ada: Person, stranger: Person) -> None:
    foreign = stranger.highlights()
    for parent in (str(uuid7()), foreign["id"]):
        reply = {"motivation": "replying", "parent": parent, "note": "?", "url": URL}
        refused(ada.put(f"libraries/me/annotations/{uuid7()}", reply), 400, "parent")
    refused(ada.put(f"libraries/me/annotations/{uuid7()}", highlight(parent=str(uuid7()))), 400, "parent")


def test_the_address_may_be_spelled_in_other_ways(ada: Person) -> None:
    ada.saves_page()
    made = ada.highlights(url="https://FR.example.org/story?utm_source=mail#top")
    assert made["anchor"]["state"] == "exact"
    assert DocumentAlias.objects.count() == 1


def test_an_id_of_another_library_is_taken(ada: Person, stranger: Person) -> None:
    made = ada.highlights()
    response = stranger.put(f"libraries/me/annotations/{made['id']}", highlight(note="mine now"))
    assert refused(response, 409)["code"] == "taken"
    assert Annotation.objects.get().note == ""


def test_ids_of_other_versions_are_refused(ada: Person) -> None:
    id = "5d9b3d0e-4c3b-4b0e-8d6e-0a4c7d4d2b11"
    refused(ada.put(f"libraries/me/annotations/{id}", highlight()), 400, "id")
    refused(ada.put(f"libraries/me/annotations/{uuid7()}", highlight(id=str(uuid7()))), 400, "id")


def test_only_the_author_edits(editor: Person, reviewer: Person, group: Library) -> None:
    made = editor.highlights(group.pk)
    response = reviewer.put(f"libraries/{group.pk}/annotations/{made['id']}", highlight(note="better"))
    refused(response, 403)
    assert Annotation.objects.get().note == ""


def test_an_edit_brings_a_deleted_one_back_when_it_names_its_revision(ada: Person) -> None:
    made = ada.highlights()
    path = f"libraries/me/annotations/{made['id']}"
    deleted = ada.delete(path)
    assert deleted["ETag"] == '"2"'
    for headers in ({"if_match": '"1"'}, {"if_none_match": "*"}, {}):
        refused(ada.put(path, highlight(note="an edit made meanwhile"), **headers), 412)
    back = ada.put(path, highlight(note="an edit made meanwhile"), if_match='"2"')
    assert back.status_code == 200
    assert said(ada.get(path))["note"] == "an edit made meanwhile"


def test_what_was_purged_can_be_made_again(ada: Person) -> None:
    made = ada.highlights()
    library = own_library(user=ada.user)
    Tombstone.objects.create(
        library=library, version=library.version + 100, kind="annotation", row=made["id"]
    )
    Annotation.objects.all().delete()
    assert ada.put(f"libraries/me/annotations/{made['id']}", highlight()).status_code == 201
    assert not Tombstone.objects.exists()


def test_history_keeps_before_and_after(ada: Person) -> None:
    made = ada.highlights(note="un", tags=["a"])
    ada.put(f"libraries/me/annotations/{made['id']}", highlight(note="deux", tags=["b"]))
    create, edit = Event.objects.filter(row=made["id"]).order_by("created")
    assert create.after is not None
    assert edit.before is not None
    assert edit.after is not None
    assert (create.verb, create.before, create.after["note"]) == ("create", None, "un")
    assert (edit.verb, edit.before["note"], edit.after["note"]) == ("edit", "un", "deux")
    assert (edit.before["tags"], edit.after["tags"]) == (["a"], ["b"])
    assert edit.actor == ada.user


def test_patch_changes_only_what_it_names(ada: Person) -> None:
    ada.saves_page()
    made = ada.highlights(note="n", tags=["t"], color="green")
    changed = said(ada.patch(f"libraries/me/annotations/{made['id']}", {"color": "blue"}, if_match='"1"'))
    assert changed["color"] == "blue"
    assert [changed[name] for name in ("note", "tags", "target", "anchor")] == [
        made[name] for name in ("note", "tags", "target", "anchor")
    ]
    refused(ada.patch(f"libraries/me/annotations/{made['id']}", {"color": "pink"}, if_match='"1"'), 412)
    refused(ada.patch(f"libraries/me/annotations/{uuid7()}", {"color": "pink"}), 404)


def test_patch_wants_a_whole_target(ada: Person) -> None:
    made = ada.highlights()
    path = f"libraries/me/annotations/{made['id']}"
    refused(ada.patch(path, {"target": {"quote": {"prefix": "x"}}}), 400, "target.quote.exact")


def test_a_new_range_is_placed_anew(ada: Person) -> None:
    ada.saves_page()
    made = ada.highlights()
    moved = said(ada.patch(f"libraries/me/annotations/{made['id']}", {"target": target((2, 42), (2, 48))}))
    assert moved["anchor"]["text"] == "Puis i"
    assert moved["revision"] == 2


def test_post_makes_an_id(ada: Person) -> None:
    response = ada.post("libraries/me/annotations", highlight())
    assert response.status_code == 201
    assert response["Location"].endswith(said(response)["id"])
    assert ada.get(response["Location"]).status_code == 200
