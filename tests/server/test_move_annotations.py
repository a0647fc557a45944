"""Annotations moved to another library: whole, told in both, and nothing comes to life twice."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from annotator import search
from annotator.errors import NotAllowed, NotThere
from annotator.models import Annotation, Decision, Document, Event, Library, Snapshot, Tombstone
from annotator.models.annotations import Review, State
from annotator.models.libraries import Membership, Role
from annotator.paragraphs import Paragraph, Position, digest
from annotator.selection import Selection
from annotator.services.annotations import delete_annotation
from annotator.services.deeds import Outcome, do
from annotator.services.jobs import advance, start_deed
from annotator.services.moving import move_annotation
from annotator.services.placing import Found
from annotator.services.reviewing import decide, reply_to
from annotator.services.snapshots import FoundAnchor, save_anchors
from annotator.services.undoing import events_of, undo
from annotator.uuid7 import uuid7
from tests.server.people import (
    EDITED,
    PAGE,
    URL,
    Json,
    Person,
    highlight,
    joins,
    refused,
    said,
    staff,
    target,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def other(ada: Person, editor: Person) -> Library:
    """Another shared library of Ada's, in which the editor writes too."""
    library = Library.objects.create(name="Archive")
    joins(ada, library, Role.OWNER)
    joins(editor, library, Role.EDITOR)
    return library


@pytest.fixture
def row(group: Library, editor: Person) -> Annotation:
    """The editor's highlight in the first library."""
    editor.saves_page(library=group.pk)
    made = editor.highlights(group.pk, tags=["sommet"], note="Pourquoi ?", motivation="commenting")
    return Annotation.objects.get(pk=made["id"])


def moved(row: Annotation, to: Library, actor: Person) -> Outcome:
    arguments = {"library": str(to.pk)}
    return do(name="move", rows=[row], actor=actor.user, arguments=arguments, outcome=Outcome())


def taken_back(outcome: Outcome, actor: Person) -> Outcome:
    return undo(events=events_of(deed=outcome.deed, actor=actor.user), actor=actor.user, outcome=Outcome())


def fresh(row: Annotation) -> Annotation:
    return Annotation.objects.get(pk=row.pk)


def feed(who: Person, library: Library, since: int = 0) -> dict[str, Json]:
    """What became of each row after a version, as a device reads it."""
    page = said(who.get(f"libraries/{library.pk}/changes", since=since, limit=100))
    return {change["id"]: change for change in page["changes"]}


def stand(row: Annotation) -> Any:
    """Everything of an annotation that a reader could notice."""
    now = fresh(row)
    anchor = now.anchor
    return (
        now.library_id, now.document_id, now.review, now.state, now.quote_exact, now.snapshot_digest,
        now.start_paragraph, now.end_offset, sorted(tag.name for tag in now.tags.all()),
        anchor and (anchor.engine, anchor.state, anchor.snapshot.digest, anchor.start_paragraph, anchor.text),
        sorted(now.decisions.values_list("reviewer", "review", "reason", "reply")),
        sorted(str(one.pk) for one in now.replies.all()),
    )  # fmt: skip


def test_it_is_whole_in_the_new_library_and_keeps_its_id_and_revision(
    row: Annotation, other: Library, editor: Person
) -> None:
    before = said(editor.get(f"libraries/{row.library_id}/annotations/{row.pk}"))
    assert moved(row, other, editor).done == 1
    there = said(editor.get(f"libraries/{other.pk}/annotations/{row.pk}"))
    for part in ("id", "revision", "created", "author", "note", "tags", "target", "url", "anchor"):
        assert there[part] == before[part], part
    assert fresh(row).document.library == other
    text = editor.get(f"libraries/{other.pk}/snapshots/{digest(PAGE)}")
    assert text.status_code == 200, "the paragraphs that it was made on came along"
    assert fresh(row).document.title == "Le sommet"


def test_both_feeds_tell_it(row: Annotation, group: Library, other: Library, editor: Person) -> None:
    group.refresh_from_db()
    moved(row, other, editor)
    gone = feed(editor, group, group.version)[str(row.pk)]
    assert gone["deleted"]
    assert "row" not in gone
    come = feed(editor, other)[str(row.pk)]
    assert come["row"]["library"] == str(other.pk)
    assert come["row"]["document"] in feed(editor, other)


def test_a_device_that_still_has_it_cannot_bring_it_back_to_life(
    row: Annotation, group: Library, other: Library, editor: Person
) -> None:
    moved(row, other, editor)
    path = f"libraries/{group.pk}/annotations/{row.pk}"
    for headers in ({"If_None_Match": "*"}, {"If_Match": '"1"'}, {}):
        refused(editor.put(path, highlight(note="late"), **headers), 409)
    assert editor.get(path).status_code == 404
    assert editor.delete(path).status_code == 204, "what is wanted is so already"
    assert Annotation.objects.get().library == other
    assert fresh(row).deleted is None


def test_search_finds_it_where_it_is_now(
    row: Annotation, group: Library, other: Library, editor: Person
) -> None:
    moved(row, other, editor)
    for library, found in ((group, []), (other, [row.pk])):
        rows = search.annotations(Annotation.objects.filter(library=library), "pourquoi", [library.pk])
        assert [one.pk for one in rows] == found
    everywhere = search.annotations(Annotation.objects.all(), "tag:sommet", [other.pk])
    assert everywhere.count() == 1


def test_answers_go_along_and_do_not_go_alone(
    row: Annotation, other: Library, editor: Person, ada: Person
) -> None:
    answer = reply_to(annotation=row, actor=ada.user, note="Parce que.").row
    gone = reply_to(annotation=row, actor=ada.user, note="Non.").row
    delete_annotation(annotation=gone, actor=ada.user)
    with pytest.raises(NotAllowed, match="Answers go along"):
        move_annotation(annotation=answer, to=other, actor=ada.user)
    moved(row, other, editor)
    for one in (answer, gone):
        assert fresh(one).library == other
        assert fresh(one).document == fresh(row).document


def test_nobody_loses_what_they_wrote(
    row: Annotation, group: Library, other: Library, editor: Person, ada: Person, reviewer: Person
) -> None:
    """Everybody who wrote in the thread has to belong to the new library."""
    reply_to(annotation=row, actor=reviewer.user, note="Source ?")
    outcome = moved(row, other, editor)
    assert list(outcome.refused) == [
        "Somebody who wrote this, or answered it, does not belong to that library."
    ]
    assert fresh(row).library == group
    joins(reviewer, other, Role.READER)
    assert moved(row, other, editor).done == 1


@pytest.mark.parametrize("there", [None, *Role])
@pytest.mark.parametrize("here", [None, *Role])
def test_who_may_move_what_somebody_else_wrote(
    row: Annotation, other: Library, group: Library, stranger: Person, here: Role | None, there: Role | None
) -> None:
    """A reviewer of the old library who is at least an editor in the new one."""
    for library, role in ((group, here), (other, there)):
        if role is not None:
            joins(stranger, library, role)
    may = here in Role.at_least(Role.REVIEWER) and there in Role.at_least(Role.EDITOR)
    assert (moved(row, other, stranger).done == 1) is may
    assert (fresh(row).library == other) is may


def test_an_editor_moves_the_own_ones(row: Annotation, other: Library, editor: Person) -> None:
    Membership.objects.filter(user=editor.user, library=other).update(role=Role.READER)
    assert moved(row, other, editor).done == 0
    Membership.objects.filter(user=editor.user, library=other).update(role=Role.EDITOR)
    Membership.objects.filter(user=editor.user, library=row.library).update(role=Role.READER)
    assert moved(row, other, editor).done == 0


def test_a_library_of_others_is_not_there(row: Annotation, editor: Person) -> None:
    with pytest.raises(NotThere):
        move_annotation(annotation=row, to=Library.objects.create(name="x"), actor=editor.user)
    assert list(moved(row, Library.objects.create(name="y"), editor).refused) == [NotThere().message]


def test_undo_brings_everything_back(
    row: Annotation, group: Library, other: Library, ada: Person, reviewer: Person, editor: Person
) -> None:
    """What was decided too, and where an engine had found it in the latest text."""
    editor.saves_page(EDITED, library=group.pk)
    decide(annotation=row, actor=ada.user, review=Review.APPROVED)
    decide(annotation=row, actor=ada.user, review=Review.FLAGGED, reason="Quelle source ?")
    latest, row_target = Snapshot.objects.get(digest=digest(EDITED)), target((2, 0), (2, 30), EDITED)
    from_ = row_target["start"]
    place = Found(State.EDITED, *spots(from_, row_target["end"]))
    save_anchors(
        library=group, author=editor.user, digest=latest.digest, engine=3,
        anchors=[FoundAnchor(row.pk, place)],
    )  # fmt: skip
    before = stand(row)
    outcome = moved(row, other, ada)
    assert outcome.done == 1
    now = fresh(row)
    assert (now.review, now.state) == (Review.NONE, State.EDITED)
    assert not Decision.objects.exists()
    back = taken_back(outcome, ada)
    assert (back.done, back.refused) == (1, {})
    assert stand(row) == before
    assert feed(editor, other)[str(row.pk)]["deleted"]
    assert not feed(editor, group)[str(row.pk)]["deleted"]
    assert not Tombstone.objects.filter(library=group).exists()
    assert taken_back(outcome, ada).refused, "it was taken back already"


def spots(*told: Json) -> list[Any]:
    return [Position(one["paragraph"], one["offset"]) for one in told]


def test_the_history_goes_along_and_the_old_library_keeps_one_line(
    row: Annotation, group: Library, other: Library, editor: Person
) -> None:
    moved(row, other, editor)
    assert set(Event.objects.filter(library=other, row=row.pk).values_list("verb", flat=True)) == {
        "create",
        "receive",
    }
    left = Event.objects.get(library=group, row=row.pk)
    assert (left.verb, left.before, left.after) == ("move", None, {"library": str(other.pk)})


def test_of_a_strangers_deed_the_old_library_keeps_that_it_was_done_and_nothing_of_the_text(
    row: Annotation, group: Library, other: Library, editor: Person, reviewer: Person
) -> None:
    do(name="tag", rows=[row], actor=reviewer.user, arguments={"add": ["x"], "remove": []}, outcome=Outcome())
    moved(row, other, editor)
    event = Event.objects.get(library=group, verb="tag")
    assert (event.actor, event.before, event.after) == (reviewer.user, None, None)


def test_into_a_shared_library_go_only_the_article_and_what_is_highlighted(
    ada: Person, group: Library
) -> None:
    """A page shows its reader's name around the article; the places are counted anew."""
    page = [Paragraph("p", "Bonjour Ada, 3 messages", article=False), *PAGE]
    ada.saves_page(page)
    made = ada.highlights(target=target((2, 0), (2, 41), page))
    row = Annotation.objects.get(pk=made["id"])
    outcome = moved(row, group, ada)
    assert [p["text"] for p in Snapshot.objects.get(library=group).paragraphs] == [p.text for p in PAGE]
    there = said(ada.get(f"libraries/{group.pk}/annotations/{row.pk}"))
    assert there["target"]["start"] == {"paragraph": 1, "offset": 0}
    assert there["target"]["snapshot"] == digest(PAGE)
    assert there["anchor"]["state"] == "exact"
    assert there["revision"] > made["revision"]
    taken_back(outcome, ada)
    again = said(ada.get(f"libraries/me/annotations/{row.pk}"))
    assert again["target"] == made["target"]
    assert again["anchor"] == made["anchor"]
    assert Snapshot.objects.filter(library=ada.library).count() == 1, "no second text of the same page"


def test_it_joins_the_article_that_the_new_library_has_at_another_address(
    row: Annotation, group: Library, other: Library, editor: Person
) -> None:
    editor.saves_page(EDITED, library=group.pk, url=f"{URL}?page=2", canonical=URL)
    editor.saves_page(EDITED, library=other.pk, url=f"{URL}?page=2")
    moved(row, other, editor)
    one = Document.objects.get(library=other)
    assert fresh(row).document == one
    assert set(one.aliases.values_list("url", flat=True)) == {URL, f"{URL}?page=2"}
    anchor = fresh(row).anchor
    assert anchor is not None
    assert anchor.snapshot.digest == digest(EDITED), "the latest of both"


def test_many_go_as_a_job_and_come_back_as_one(
    row: Annotation, group: Library, other: Library, editor: Person
) -> None:
    for _ in range(3):
        editor.highlights(group.pk)
    arguments = {"library": str(other.pk)}
    asked = Selection(document=str(row.document_id))
    job = start_deed(library=group, actor=editor.user, name="move", arguments=arguments, selection=asked)
    while advance(job_id=job.pk, actor=editor.user).status == "running":
        pass
    assert Annotation.objects.filter(library=other).count() == 4
    deed = job.parameters["number"]
    back = undo(events=events_of(deed=deed, actor=editor.user), actor=editor.user, outcome=Outcome())
    assert (back.done, Annotation.objects.filter(library=group).count()) == (4, 4)


def test_the_desk_asks_for_the_library_and_offers_only_the_own_ones(
    row: Annotation, group: Library, other: Library, ada: Person
) -> None:
    Library.objects.create(name="Elsewhere")
    browser = staff(ada)
    page = f"/admin/annotator/document/{row.document_id}/change/"
    assert "Move its highlights and notes" in browser.get(page).content.decode()
    change = f"/admin/annotator/annotation/{row.pk}/change/"
    html = browser.get(change).content.decode()
    assert "Archive" in html
    assert "Elsewhere" not in html
    asked = {"action": "move", "select_across": "1", "_selected_action": str(row.document_id)}
    address = f"/admin/annotator/annotation/?document={row.document_id}"
    html = browser.post(address, asked).content.decode()
    assert "To the library" in html
    sent = browser.post(address, {**asked, "confirmed": "1", "library": str(other.pk)})
    assert "/job/" in sent["Location"]
    browser.post(change.replace("change", "do"), {"deed": "move", "library": str(uuid7())})
    assert fresh(row).library == group
    browser.post(change.replace("change", "do"), {"deed": "move", "library": str(other.pk)})
    assert fresh(row).library == other


def test_moving_one_costs_the_same_whatever_else_stands_on_the_article(
    row: Annotation, group: Library, other: Library, editor: Person
) -> None:
    def cost() -> int:
        outcome = None
        with CaptureQueriesContext(connection) as spent:
            outcome = moved(row, other, editor)
        assert outcome.done == 1
        taken_back(outcome, editor)
        return len(spent)

    cost()  # the first one brings the text
    few = cost()
    for _ in range(10):
        editor.highlights(group.pk)
        editor.highlights(other.pk)
    assert cost() == few
