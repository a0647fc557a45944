"""The index follows what is written, and holds nothing of what is gone."""

from __future__ import annotations

import io
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from annotator.models.annotations import Annotation, Review
from annotator.models.libraries import Library
from annotator.models.search import Searched
from annotator.search import index, paging
from annotator.services.purging import TRASH
from tests.server.people import URL, Person, highlight, person, said
from tests.server.test_delete_account import whole_database

pytestmark = pytest.mark.django_db


def found(who: Person, query: str, library: object = "me") -> list[str]:
    return [row["id"] for row in said(who.get(f"libraries/{library}/annotations", q=query))["annotations"]]


def run(command: str, *words: str) -> str:
    out = io.StringIO()
    call_command(command, *words, stdout=out)
    return out.getvalue()


def test_what_is_saved_is_found_at_once_and_what_was_edited_no_longer(ada: Person) -> None:
    made = ada.highlights(note="Quittengelee", tags=["Obst"])["id"]
    assert found(ada, "quittengelee") == found(ada, "tag:obst") == [made]
    ada.patch(f"libraries/me/annotations/{made}", {"note": "Apfelmus", "tags": ["Mus"]})
    assert found(ada, "quittengelee") == found(ada, "tag:obst") == []
    assert found(ada, "apfelmus tag:mus ministres") == [made]


def test_what_is_deleted_is_not_found_until_it_is_brought_back(ada: Person) -> None:
    made = ada.highlights(note="Quittengelee")["id"]
    ada.delete(f"libraries/me/annotations/{made}")
    assert found(ada, "quittengelee") == []
    assert not Searched.objects.exists()
    ada.post(f"libraries/me/annotations/{made}/restore")
    assert found(ada, "quittengelee") == [made]
    assert run("verify") == "The index agrees with all 1 annotations.\n"


def test_what_was_hidden_is_found_by_its_author_and_reviewers_alone(
    editor: Person, reader: Person, reviewer: Person, group: Library
) -> None:
    made = editor.highlights(group.pk, note="Quittengelee")["id"]
    Annotation.objects.update(review=Review.HIDDEN)
    assert found(editor, "quittengelee", group.pk) == found(reviewer, "quittengelee", group.pk) == [made]
    assert found(reader, "quittengelee", group.pk) == []


def test_nobody_finds_what_is_in_libraries_of_others(ada: Person, stranger: Person, editor: Person) -> None:
    ada.highlights(note="Quittengelee")
    for query in (
        "quittengelee",
        "-nothing",
        "author:ada",
        "title:sommet",
        "site:fr.example.org",
        "after:2000",
    ):
        assert found(stranger, query) == found(editor, query) == []


def test_a_new_title_is_found_and_the_old_one_not(ada: Person) -> None:
    ada.saves_page(title="Murmeltier")
    made = ada.highlights()["id"]
    assert found(ada, "title:murmeltier") == [made]
    ada.saves_page(title="Windbeutel")
    assert found(ada, "title:murmeltier") == []
    assert found(ada, "title:windbeutel") == [made]


def test_an_answer_keeps_nothing_of_what_was_answered_in_the_index(
    editor: Person, reader: Person, group: Library
) -> None:
    made = editor.highlights(group.pk, note="Quittengelee")["id"]
    reader.post(
        f"libraries/{group.pk}/annotations", {"motivation": "replying", "parent": made, "note": "Apfelmus"}
    )
    call_command("deleteaccount", "ed", "--yes", stdout=io.StringIO())
    assert [row.note for row in Searched.objects.all()] == ["apfelmus"]
    assert "agrees" in run("verify")


@pytest.mark.django_db(transaction=True)
def test_after_purging_and_compacting_no_word_is_left_in_the_database() -> None:
    ada = person("ada")
    gone = ada.highlights(note="Quittengelee", tags=["Murmeltierhaus"], url="https://example.org/gone")
    kept = ada.highlights(note="Bratapfel")["id"]
    assert b"quittengelee" in whole_database()  # as the index folds it
    ada.delete(f"libraries/me/annotations/{gone['id']}")
    Annotation.objects.filter(pk=gone["id"]).update(deleted=timezone.now() - TRASH - timedelta(days=1))
    call_command("purge", "--compact", stdout=io.StringIO())
    left = whole_database().lower()
    assert b"quittengelee" not in left
    assert b"murmeltierhaus" not in left
    assert b"bratapfel" in left
    assert found(ada, "bratapfel") == [kept]


@pytest.mark.django_db(transaction=True)
def test_a_restored_backup_can_be_searched(tmp_path: Path) -> None:
    ada = person("ada")
    ada.saves_page(title="Windbeutel")
    made = ada.highlights(note="Quittengelee")["id"]
    call_command("backup", str(tmp_path / "backup"), stdout=io.StringIO())
    ada.patch(f"libraries/me/annotations/{made}", {"note": "Apfelmus"})
    ada.highlights(note="Apfelmus")
    call_command("restore", str(tmp_path / "backup"), "--replace", stdout=io.StringIO())
    assert found(ada, "quittengelee title:windbeutel") == [made]
    assert found(ada, "apfelmus") == []
    assert "agrees" in run("verify")


def damage() -> None:
    """A row that is missing, one that is wrong, as a crash or a hand in the database may leave them."""
    first, second, *_ = Searched.objects.order_by("pk")
    Searched.objects.filter(pk=first.pk).update(note="nonsense")
    Searched.objects.filter(pk=second.pk)._raw_delete(Searched.objects.db)
    if connection.vendor == "sqlite":
        index.forget_rows()


def test_a_wrong_index_is_noticed_and_put_right(ada: Person) -> None:
    ids = [ada.highlights(note=f"Quittengelee {number}")["id"] for number in range(3)]
    damage()
    with pytest.raises(CommandError, match="wrong about 2 of 3"):
        run("verify")
    assert "2 put right" in run("reindex")
    assert "agrees" in run("verify")
    assert found(ada, "quittengelee") == ids[::-1]
    assert "0 put right" in run("reindex")


def test_a_damaged_index_is_in_nobodys_way_who_writes(ada: Person) -> None:
    ids = [ada.highlights(note=f"Quittengelee {number}")["id"] for number in range(3)]
    damage()
    assert ada.patch(f"libraries/me/annotations/{ids[0]}", {"note": "Apfelmus"}).status_code == 200
    assert ada.delete(f"libraries/me/annotations/{ids[2]}").status_code == 204
    assert found(ada, "apfelmus") == [ids[0]]


def test_reindexing_goes_on_from_the_place_that_a_line_named(
    ada: Person, stranger: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("annotator.services.indexing.CHUNK", 2)
    for who in (ada, stranger):
        for _ in range(3):
            who.highlights(note="Quittengelee")
    lines = run("reindex").splitlines()
    assert lines[0].startswith("2 of 6 ")
    assert lines[3].startswith("6 of 6 ")
    place = lines[1].split()[-1]  # the first library is done
    index.clear()
    assert "3 annotations looked at, 3 put right" in run("reindex", "--after", place)
    assert Searched.objects.count() == 3
    with pytest.raises(CommandError, match="what a line"):
        run("reindex", "--after", "here")


def test_what_is_missing_goes_into_the_index_after_a_migration(ada: Person) -> None:
    made = ada.highlights(note="Quittengelee")["id"]
    index.clear()
    assert found(ada, "quittengelee") == []
    call_command("migrate", verbosity=0)
    assert found(ada, "quittengelee") == [made]


def test_a_search_costs_the_same_queries_however_many_are_found(
    ada: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paging, "WINDOW", 3)  # both ways of asking are taken

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert ada.get("libraries/me/annotations", q="ministres bruxelles -rien").status_code == 200
        return len(queries)

    costs = []
    for more in (5, 12):
        for number in range(more):
            ada.highlights(tags=[f"t{number}"], url=f"{URL}/{number}")
        costs.append(cost())
    assert costs[0] == costs[1]
    assert costs[0] <= 18


@pytest.mark.parametrize("window", [0, 1, 2, 4])
def test_where_the_looking_through_ends_changes_no_answer(
    ada: Person, monkeypatch: pytest.MonkeyPatch, window: int
) -> None:
    ids = [ada.highlights(note="pair" if number % 2 else "impair")["id"] for number in range(7)]
    monkeypatch.setattr(paging, "WINDOW", window)
    got: list[str] = []
    more: dict[str, str] = {}
    for _ in range(4):
        page = said(ada.get("libraries/me/annotations", q="impair ministres", limit=1, **more))
        got += [row["id"] for row in page["annotations"]]
        more = {"cursor": page["cursor"]}
    assert got == ids[::-2]
    assert page["cursor"] is None


def test_a_repeated_write_leaves_one_entry(ada: Person) -> None:
    made = ada.highlights(note="Quittengelee")["id"]
    for _ in range(2):
        ada.put(f"libraries/me/annotations/{made}", highlight(note="Quittengelee"))
    assert Searched.objects.count() == 1
