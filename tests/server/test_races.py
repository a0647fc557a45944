"""The same deed twice at the same time: one row, no 500."""

from __future__ import annotations

from functools import partial

import pytest

from annotator.models.annotations import Annotation, Tag
from annotator.models.documents import Document, Snapshot
from annotator.models.libraries import Library, Membership
from annotator.uuid7 import uuid7
from tests.server.people import PAGE, Json, Person, highlight, person
from tests.server.threads import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def status(who: Person, path: str, body: Json, **headers: str) -> int:
    return who.put(path, body, **headers).status_code


@pytest.fixture
def ada() -> Person:
    one = person("ada")
    assert one.library
    return one


def test_one_id_put_six_times_is_one_row(ada: Person) -> None:
    path, body = f"libraries/me/annotations/{uuid7()}", highlight(tags=["a", "b"])
    statuses = at_once([lambda: ada.put(path, body, if_none_match="*").status_code] * 6)
    assert sorted(statuses) == [200] * 5 + [201]
    assert Annotation.objects.count() == Document.objects.count() == 1
    assert Tag.objects.count() == 2


def test_one_id_with_two_contents_is_one_row_and_a_412(ada: Person) -> None:
    path = f"libraries/me/annotations/{uuid7()}"
    bodies = [highlight(note=str(number)) for number in range(4)]
    statuses = at_once([partial(status, ada, path, body, if_none_match="*") for body in bodies])
    assert sorted(statuses) == [201, 412, 412, 412]


def test_one_id_in_two_libraries_is_one_row_and_a_409(ada: Person) -> None:
    other = person("other")
    assert other.library
    path = f"libraries/me/annotations/{uuid7()}"
    statuses = at_once([partial(status, who, path, highlight()) for who in (ada, other)])
    assert sorted(statuses) == [201, 409]


def test_edits_of_one_revision_are_one_edit(ada: Person) -> None:
    made = ada.highlights()
    path = f"libraries/me/annotations/{made['id']}"
    bodies = [highlight(note=str(number)) for number in range(6)]
    statuses = at_once([partial(status, ada, path, body, if_match='"1"') for body in bodies])
    assert sorted(statuses) == [200] + [412] * 5
    assert Annotation.objects.get().revision == 2


def test_one_snapshot_saved_six_times_is_one(ada: Person) -> None:
    statuses = at_once([lambda: ada.saves_page(PAGE).status_code] * 6)
    assert sorted(statuses) == [200] * 5 + [201]
    assert Snapshot.objects.count() == Document.objects.count() == 1


def test_the_own_library_asked_for_six_times_is_one() -> None:
    new = person("new")
    statuses = at_once([lambda: new.get("me").status_code] * 6)
    assert statuses == [200] * 6
    assert Library.objects.filter(personal_of=new.user).count() == 1
    assert Membership.objects.filter(user=new.user).count() == 1
