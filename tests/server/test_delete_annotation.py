"""DELETE …/annotations/{id} and POST …/restore."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from annotator.models.annotations import Annotation, Review
from annotator.models.events import Event, Tombstone
from annotator.models.libraries import Library
from annotator.uuid7 import uuid7
from tests.server.people import Person, refused, said

pytestmark = pytest.mark.django_db


def test_it_is_gone_for_everyone_and_kept_for_undo(ada: Person) -> None:
    made = ada.highlights(note="à garder")
    path = f"libraries/me/annotations/{made['id']}"
    response = ada.delete(path, if_match='"1"')
    assert (response.status_code, response["ETag"], response.content) == (204, '"2"', b"")
    refused(ada.get(path), 404)
    assert said(ada.get("libraries/me/annotations"))["annotations"] == []
    assert Annotation.objects.get().note == "à garder"


def test_a_repeated_delete_answers_the_same_whatever_its_precondition(ada: Person) -> None:
    made = ada.highlights()
    path = f"libraries/me/annotations/{made['id']}"
    first, again = ada.delete(path, if_match='"1"'), ada.delete(path, if_match='"1"')
    assert (first.status_code, first["ETag"]) == (again.status_code, again["ETag"])
    assert Event.objects.filter(verb="delete").count() == 1


def test_a_stale_delete_is_refused(ada: Person) -> None:
    made = ada.highlights()
    path = f"libraries/me/annotations/{made['id']}"
    ada.patch(path, {"note": "new words"})
    response = ada.delete(path, if_match='"1"')
    refused(response, 412)
    assert response["ETag"] == '"2"'
    assert ada.get(path).status_code == 200


def test_undo_brings_it_back_as_it_was(ada: Person) -> None:
    ada.saves_page()
    made = ada.highlights(note="mot", tags=["t"], color="purple")
    path = f"libraries/me/annotations/{made['id']}"
    ada.delete(path)
    back = said(ada.post(f"{path}/restore"))
    same = ("note", "tags", "color", "target", "anchor", "created")
    assert [back[name] for name in same] == [made[name] for name in same]
    assert back["revision"] == 3
    again = ada.post(f"{path}/restore")
    assert (again.status_code, again["ETag"]) == (200, '"3"')
    assert [event.verb for event in Event.objects.order_by("created")] == ["create", "delete", "restore"]


def test_undo_ends_after_thirty_days(ada: Person) -> None:
    made = ada.highlights()
    path = f"libraries/me/annotations/{made['id']}"
    ada.delete(path)
    Annotation.objects.update(deleted=timezone.now() - timedelta(days=31))
    refused(ada.post(f"{path}/restore"), 404)


def test_deleting_what_was_purged_is_done_and_what_never_was_is_not_there(ada: Person) -> None:
    gone = uuid7()
    Tombstone.objects.create(library=ada.library, version=1, kind="annotation", row=gone)
    assert ada.delete(f"libraries/me/annotations/{gone}").status_code == 204
    refused(ada.delete(f"libraries/me/annotations/{uuid7()}"), 404)


def test_only_the_author_deletes_and_brings_back(editor: Person, reviewer: Person, group: Library) -> None:
    made = editor.highlights(group.pk)
    path = f"libraries/{group.pk}/annotations/{made['id']}"
    refused(reviewer.delete(path), 403)
    editor.delete(path)
    refused(reviewer.delete(path), 404)
    refused(reviewer.post(f"{path}/restore"), 404)


def test_what_is_hidden_looks_deleted_to_other_readers(
    editor: Person, reader: Person, reviewer: Person, group: Library
) -> None:
    made = editor.highlights(group.pk)
    Annotation.objects.update(review=Review.HIDDEN)
    path = f"libraries/{group.pk}/annotations/{made['id']}"
    refused(reader.get(path), 404)
    refused(reader.delete(path), 404)
    assert said(reader.get(f"libraries/{group.pk}/annotations"))["annotations"] == []
    assert editor.get(path).status_code == 200
    assert reviewer.get(path).status_code == 200
