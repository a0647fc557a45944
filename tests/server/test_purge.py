"""`manage.py purge`, and a chunk of it after a write: content goes after 30 days, its news after 180."""

from __future__ import annotations

import io
import json
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from annotator.models.annotations import Anchor, Annotation, AnnotationTag, Tag
from annotator.models.documents import Snapshot
from annotator.models.events import Event, Tombstone
from annotator.models.libraries import Library
from annotator.paragraphs import Paragraph, digest
from annotator.services import housekeeping
from annotator.services.purging import TOMBSTONES, TRASH
from tests.server.people import EDITED, PAGE, Json, Person, highlight, refused, said

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def purge() -> None:
    call_command("purge", stdout=io.StringIO())


def delete(who: Person, made: Json, ago: timedelta, library: object = "me") -> None:
    assert who.delete(f"libraries/{library}/annotations/{made['id']}").status_code == 204
    Annotation.objects.filter(pk=made["id"]).update(deleted=timezone.now() - ago)


def changes(who: Person, since: int = 0, library: object = "me") -> list[Json]:
    told: list[Json] = said(who.get(f"libraries/{library}/changes", since=since))["changes"]
    return told


def test_what_was_deleted_a_month_ago_goes_with_all_that_tells_of_it(ada: Person) -> None:
    ada.saves_page()
    made = ada.highlights(note="words of mine", tags=["mine"])
    delete(ada, made, TRASH + DAY)
    purge()
    for rows in (Annotation, AnnotationTag, Tag, Anchor, Event):
        assert not rows.objects.exists(), rows
    assert Tombstone.objects.get().row.hex == made["id"].replace("-", "")


def test_what_was_deleted_since_can_still_be_brought_back(ada: Person) -> None:
    made = ada.highlights(note="words of mine")
    delete(ada, made, TRASH - DAY)
    purge()
    assert ada.post(f"libraries/me/annotations/{made['id']}/restore").status_code == 200
    assert said(ada.get(f"libraries/me/annotations/{made['id']}"))["note"] == "words of mine"


def test_the_feed_tells_of_it_at_the_place_where_it_did_before(ada: Person) -> None:
    made = ada.highlights()
    delete(ada, made, TRASH + DAY)
    before, head = changes(ada), Library.objects.get().version
    purge()
    after = changes(ada)
    assert [(one["id"], one["version"], one["deleted"]) for one in after] == [
        (one["id"], one["version"], one["deleted"]) for one in before
    ]
    assert Library.objects.get().version == head
    assert changes(ada, since=head) == []


def test_deleting_it_again_is_still_fine_and_putting_it_makes_it_anew(ada: Person) -> None:
    made = ada.highlights()
    delete(ada, made, TRASH + DAY)
    purge()
    path = f"libraries/me/annotations/{made['id']}"
    assert ada.delete(path).status_code == 204
    assert ada.put(path, highlight()).status_code == 201
    assert not Tombstone.objects.exists()


def test_the_replies_of_others_stay(editor: Person, reader: Person, group: Library) -> None:
    made = editor.highlights(group.pk, note="words of mine", tags=["mine"])
    reply = {"motivation": "replying", "parent": made["id"], "note": "an answer"}
    answer = said(reader.post(f"libraries/{group.pk}/annotations", reply))
    delete(editor, made, TRASH + DAY, group.pk)
    purge()
    assert said(reader.get(f"libraries/{group.pk}/annotations/{answer['id']}"))["note"] == "an answer"
    kept = json.dumps([*Annotation.objects.filter(pk=made["id"]).values()], default=str)
    assert "of mine" not in kept
    assert "ministres" not in kept
    assert not Tag.objects.exists()
    delete(reader, answer, TRASH + DAY, group.pk)
    purge()
    assert not Annotation.objects.exists()


def test_of_old_texts_the_first_the_last_and_those_that_are_named_stay(ada: Person) -> None:
    pages = [[*PAGE, Paragraph("p", str(number))] for number in range(5)]
    for paragraphs in pages:
        assert ada.saves_page(paragraphs).status_code == 201
    ada.saves_page(EDITED)
    named = highlight()
    named["target"]["snapshot"] = digest(pages[2])
    assert ada.post("libraries/me/annotations", named).status_code == 201
    Snapshot.objects.exclude(digest=digest(pages[4])).update(created=timezone.now() - TRASH - DAY)
    purge()
    kept = Snapshot.objects.order_by("version").values_list("digest", flat=True)
    assert list(kept) == [digest(one) for one in (pages[0], pages[2], pages[4], EDITED)]
    assert Tombstone.objects.filter(kind="snapshot").count() == 2


def test_after_180_days_the_news_goes_and_who_was_away_that_long_is_told(ada: Person) -> None:
    made = ada.highlights()
    here = Library.objects.get().version
    delete(ada, made, TOMBSTONES + DAY)
    purge()
    purge()
    assert not Tombstone.objects.exists()
    refused(ada.get("libraries/me/changes", since=here), 410)
    assert changes(ada, since=here + 1) == []
    assert [one["kind"] for one in changes(ada)] == ["document"]


def test_more_than_a_chunk_goes_at_once(ada: Person) -> None:
    for _ in range(130):
        ada.highlights()
    Annotation.objects.update(deleted=timezone.now() - TRASH - DAY)
    purge()
    assert not Annotation.objects.exists()
    assert Tombstone.objects.count() == 130


def test_a_write_clears_a_little_away(ada: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(housekeeping, "FIRST_AFTER", 0.0)
    monkeypatch.setattr(housekeeping, "_next", {})
    delete(ada, ada.highlights(), TRASH + DAY)
    monkeypatch.setattr(housekeeping, "_next", {})
    kept = ada.highlights()["id"]
    assert [str(one.pk) for one in Annotation.objects.all()] == [kept]


def test_purging_that_fails_is_not_the_writers_trouble(ada: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(**arguments: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(housekeeping, "FIRST_AFTER", 0.0)
    monkeypatch.setattr(housekeeping, "_next", {})
    monkeypatch.setattr(housekeeping, "purge_chunk", broken)
    assert ada.highlights()
