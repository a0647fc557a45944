"""Deeds of reviewers: each an Event, each taken back as one, none overwriting another reviewer's."""

from __future__ import annotations

import uuid

import pytest
from django.test import Client
from django.urls import reverse

from annotator.errors import Invalid, NotAllowed, NotThere
from annotator.models import Annotation, AnnotationTag, Decision, Event, Job, Library, Tag
from annotator.models.annotations import Motivation, Review, State
from annotator.models.libraries import Role
from annotator.paragraphs import Paragraph
from annotator.selection import Selection
from annotator.services.amending import Spot, attach, recolor, retag, spots_of
from annotator.services.annotations import delete_annotation, restore_annotation
from annotator.services.deeds import DEEDS, NAMES, Outcome, do
from annotator.services.documents import latest_snapshot
from annotator.services.jobs import advance, cancel, start_deed, start_undo
from annotator.services.reviewing import decide, reply_to
from annotator.services.tagging import rename
from annotator.services.undoing import CHANGED_SINCE, events_of, undo
from tests.server.people import PAGE, Json, Person, joins, person, staff, target

pytestmark = pytest.mark.django_db
LIST = "/admin/annotator/annotation/"


@pytest.fixture
def row(group: Library, editor: Person) -> Annotation:
    """The editor's highlight in the shared library."""
    editor.saves_page(library=group.pk)
    return Annotation.objects.get(pk=editor.highlights(group.pk, tags=["sommet"])["id"])


@pytest.fixture
def second(group: Library) -> Person:
    """Another reviewer."""
    return joins(person("second"), group, Role.REVIEWER)


def fresh(row: Annotation) -> Annotation:
    return Annotation.objects.get(pk=row.pk)


def tags(row: Annotation) -> set[str]:
    return set(fresh(row).tags.values_list("name", flat=True))


def taken_back(outcome: Outcome, actor: Person) -> Outcome:
    return undo(events=events_of(deed=outcome.deed, actor=actor.user), actor=actor.user, outcome=Outcome())


def done(name: str, row: Annotation, actor: Person, **arguments: object) -> Outcome:
    return do(name=name, rows=[row], actor=actor.user, arguments=arguments, outcome=Outcome())


# --- decisions ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("review", [Review.APPROVED, Review.FLAGGED, Review.HIDDEN])
def test_a_decision_is_shown_told_and_costs_the_author_no_edit(
    row: Annotation, reviewer: Person, review: Review
) -> None:
    before = fresh(row)
    decide(annotation=row, actor=reviewer.user, review=review, reason="Which source?")
    after = fresh(row)
    assert after.review == review
    assert after.revision == before.revision
    assert after.version > before.version
    event = Event.objects.exclude(verb="create").get()
    assert (event.actor, event.row) == (reviewer.user, row.pk)
    assert event.before is not None
    assert event.before["review"] == "none"


def test_deciding_the_same_twice_is_one_deed(row: Annotation, reviewer: Person) -> None:
    for changed in (True, False):
        saved = decide(annotation=row, actor=reviewer.user, review=Review.APPROVED)
        assert saved.changed is changed
    assert Event.objects.filter(verb="approve").count() == 1


def test_two_reviewers_who_differ_are_both_kept_and_the_stricter_shows(
    row: Annotation, reviewer: Person, second: Person
) -> None:
    decide(annotation=row, actor=reviewer.user, review=Review.HIDDEN)
    decide(annotation=row, actor=second.user, review=Review.APPROVED)
    assert fresh(row).review == Review.HIDDEN
    assert set(Decision.objects.values_list("reviewer__username", "review")) == {
        ("rev", "hidden"),
        ("second", "approved"),
    }
    decide(annotation=row, actor=reviewer.user, review=Review.NONE)
    assert fresh(row).review == Review.APPROVED
    html = staff(second).get(LIST, {"queue": "differ"}).content.decode()
    assert "Les ministres" not in html.split('id="result_list"')[-1].split("</table>")[0]


def test_both_decisions_stand_in_the_list_by_name(row: Annotation, reviewer: Person, second: Person) -> None:
    decide(annotation=row, actor=reviewer.user, review=Review.FLAGGED, reason="Source?")
    decide(annotation=row, actor=second.user, review=Review.APPROVED)
    html = staff(second).get(LIST, {"queue": "differ"}).content.decode()
    cells = html.split('id="result_list"')[1]
    for words in ("flagged", "approved", ">rev<", ">second<"):
        assert words in cells


def test_a_flag_needs_a_reason_which_its_author_reads_as_a_reply(
    row: Annotation, reviewer: Person, editor: Person
) -> None:
    with pytest.raises(Invalid) as refused:
        decide(annotation=row, actor=reviewer.user, review=Review.FLAGGED, reason="  ")
    assert "reason" in refused.value.fields
    decide(annotation=row, actor=reviewer.user, review=Review.FLAGGED, reason="Which source?")
    changes: Json = editor.get(f"libraries/{row.library_id}/changes").json()
    told = {one["row"]["note"]: one["row"] for one in changes["changes"] if one["kind"] == "annotation"}
    assert told["Which source?"]["parent"] == str(row.pk)
    assert told[""]["review"] == "flagged"


@pytest.mark.parametrize("role", ["reader", "editor"])
def test_below_reviewer_nobody_decides(row: Annotation, role: str, request: pytest.FixtureRequest) -> None:
    who: Person = request.getfixturevalue(role)
    with pytest.raises(NotAllowed):
        decide(annotation=row, actor=who.user, review=Review.APPROVED)
    assert fresh(row).review == Review.NONE
    assert not Event.objects.filter(verb="approve").exists()


def test_strangers_learn_nothing(row: Annotation, stranger: Person) -> None:
    for name in DEEDS:
        outcome = done(name, row, stranger, reason="x", add=["x"], color="blue")
        assert (outcome.done, outcome.same) == (0, 0)
        assert outcome.refused == {str(NotThere()): 1}


def test_hidden_is_gone_for_readers_and_there_for_its_author(
    row: Annotation, reviewer: Person, reader: Person, editor: Person
) -> None:
    decide(annotation=row, actor=reviewer.user, review=Review.HIDDEN)
    path = f"libraries/{row.library_id}/annotations/{row.pk}"
    assert [who.get(path).status_code for who in (reader, editor, reviewer)] == [404, 200, 200]


# --- amending -------------------------------------------------------------------------------------------


def test_a_reviewer_retags_and_the_authors_old_device_is_told_to_merge(
    row: Annotation, reviewer: Person, editor: Person
) -> None:
    retag(annotation=row, actor=reviewer.user, add=["à vérifier"], remove=["sommet"])
    assert tags(row) == {"à vérifier"}
    path = f"libraries/{row.library_id}/annotations/{row.pk}"
    stale = editor.patch(path, {"note": "mine"}, if_match=f'"{row.revision}"')
    assert stale.status_code == 412


def test_authors_retag_their_own_and_readers_nothing(
    row: Annotation, editor: Person, reader: Person, reviewer: Person
) -> None:
    retag(annotation=row, actor=editor.user, add=["mine"])
    with pytest.raises(NotAllowed):
        retag(annotation=row, actor=reader.user, add=["not mine"])
    theirs = reviewer.highlights(row.library_id)
    with pytest.raises(NotAllowed):
        recolor(annotation=Annotation.objects.get(pk=theirs["id"]), actor=editor.user, color="blue")
    assert tags(row) == {"sommet", "mine"}


def test_a_colour_that_there_is_not_is_refused(row: Annotation, reviewer: Person) -> None:
    with pytest.raises(Invalid) as refused:
        recolor(annotation=row, actor=reviewer.user, color="beige")
    assert "color" in refused.value.fields


def test_a_lost_highlight_is_attached_to_words_of_the_latest_text(
    row: Annotation, reviewer: Person, editor: Person
) -> None:
    latest = [PAGE[0], Paragraph("p", "Ils se sont vus à Paris, et encore à Paris."), PAGE[3]]
    editor.saves_page(latest, library=row.library_id)
    assert fresh(row).state == State.PENDING
    text = latest_snapshot(row.document)
    assert text is not None
    spots = spots_of(text, "à  Paris")
    assert len(spots) == 2
    attach(annotation=row, actor=reviewer.user, digest=text.digest, spot=spots[1])
    after = fresh(row)
    assert (after.state, after.quote_exact, after.start_paragraph) == (State.EXACT, "à Paris", 1)
    assert after.start_offset == latest[1].text.rindex("à Paris")
    assert after.state_since is not None
    assert Event.objects.get(verb="attach").actor == reviewer.user


def test_attaching_to_a_text_that_is_no_longer_the_latest_is_refused(
    row: Annotation, reviewer: Person, editor: Person
) -> None:
    old = latest_snapshot(row.document)
    assert old is not None
    spot = spots_of(old, "Bruxelles")[0]
    editor.saves_page([*PAGE, Paragraph("p", "Plus tard.")], library=row.library_id)
    with pytest.raises(Invalid) as refused:
        attach(annotation=row, actor=reviewer.user, digest=old.digest, spot=spot)
    assert "snapshot" in refused.value.fields


def test_words_are_found_through_typography_and_after_an_emoji(row: Annotation) -> None:
    text = latest_snapshot(row.document)
    assert text is not None
    [spot] = spots_of(text, "samedi")
    assert PAGE[0].text[spot.start.offset : spot.end.offset] == "samedi"
    [quoted] = spots_of(text, "Rien n’est décidé")
    assert quoted.start.paragraph == 3
    assert spots_of(text, "   ") == []
    assert isinstance(quoted, Spot)


# --- undo -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["approve", "flag", "hide", "tag", "recolor"])
def test_every_deed_is_taken_back(row: Annotation, reviewer: Person, name: str) -> None:
    def state() -> tuple[object, ...]:
        now = fresh(row)
        return now.review, now.color, tags(row), Decision.objects.count(), living()

    def living() -> int:
        return Annotation.objects.alive().count()

    before = state()
    outcome = done(name, row, reviewer, reason="Why?", add=["x"], remove=["sommet"], color="pink")
    assert outcome.done == 1
    assert state() != before
    assert taken_back(outcome, reviewer).done == 1
    assert state() == before
    assert Event.objects.filter(verb="undo").exists()


def test_a_delete_is_taken_back_and_a_restore_too(row: Annotation, editor: Person) -> None:
    outcome = done("delete", row, editor)
    assert fresh(row).deleted is not None
    assert taken_back(outcome, editor).done == 1
    assert fresh(row).deleted is None


def test_undo_leaves_what_was_changed_since(row: Annotation, reviewer: Person, editor: Person) -> None:
    outcome = done("tag", row, reviewer, add=["x"])
    retag(annotation=row, actor=editor.user, add=["y"])
    assert taken_back(outcome, reviewer).refused == {"It was changed since.": 1}
    assert tags(row) == {"sommet", "x", "y"}


def test_undo_takes_back_only_what_the_deed_changed(
    row: Annotation, reviewer: Person, editor: Person
) -> None:
    outcome = done("recolor", row, reviewer, color="pink")
    editor.patch(f"libraries/{row.library_id}/annotations/{row.pk}", {"note": "written since"})
    assert taken_back(outcome, reviewer).done == 1
    assert (fresh(row).color, fresh(row).note) == ("yellow", "written since")


def test_nobody_takes_back_the_deed_of_another(row: Annotation, reviewer: Person, second: Person) -> None:
    outcome = done("approve", row, reviewer)
    assert taken_back(outcome, second).done == 0
    assert fresh(row).review == Review.APPROVED


# --- on the desk ----------------------------------------------------------------------------------------


def do_on_list(browser: Client, action: str, *rows: Annotation, **more: str) -> str:
    chosen = [str(row.pk) for row in rows]
    sent = {"action": action, "_selected_action": chosen, "index": "0", "select_across": "0", **more}
    return browser.post(LIST, sent, follow=True).content.decode()


def test_the_selected_ones_are_approved_with_a_message_and_an_undo(row: Annotation, reviewer: Person) -> None:
    browser = staff(reviewer)
    html = do_on_list(browser, "approve", row)
    assert "1 annotation was changed." in html
    event = Event.objects.get(verb="approve")
    address = reverse("admin:annotator_annotation_undo", args=[event.deed])
    assert address in html
    assert browser.get(address).status_code == 405
    browser.post(address)
    assert fresh(row).review == Review.NONE


def test_a_flag_asks_for_its_reason_first(row: Annotation, reviewer: Person) -> None:
    browser = staff(reviewer)
    asked = do_on_list(browser, "flag", row)
    assert '<textarea name="reason"' in asked
    assert fresh(row).review == Review.NONE
    chosen = {"action": "flag", "confirmed": "1", "_selected_action": str(row.pk)}
    assert "required" in browser.post(LIST, {**chosen, "reason": ""}, follow=True).content.decode()
    browser.post(LIST, {**chosen, "reason": "Source?"}, follow=True)
    assert fresh(row).review == Review.FLAGGED


def test_what_a_role_does_not_allow_is_refused_row_by_row(
    row: Annotation, editor: Person, reviewer: Person
) -> None:
    mine = Annotation.objects.get(pk=reviewer.highlights(row.library_id)["id"])
    html = do_on_list(staff(reviewer), "delete", row, mine)
    assert "1 annotation was changed." in html
    assert "1 was left as it is:" in html
    assert fresh(row).deleted is None
    assert fresh(mine).deleted is not None


@pytest.mark.parametrize("sent", ["", "nonsense", "delete_selected"])
def test_a_deed_that_there_is_not_does_nothing(row: Annotation, reviewer: Person, sent: str) -> None:
    assert "Choose what to do." in do_on_list(staff(reviewer), sent, row)
    before = Event.objects.count()
    browser = staff(reviewer)
    assert "Choose what to do." in browser.post(
        reverse("admin:annotator_annotation_do", args=[row.pk]), {"deed": sent}, follow=True
    ).content.decode()  # fmt: skip
    assert Event.objects.count() == before


def test_ids_that_are_none_and_ids_of_others_are_left_out(
    row: Annotation, reviewer: Person, stranger: Person
) -> None:
    hers = Annotation.objects.get(pk=stranger.highlights()["id"])
    browser = staff(reviewer)
    sent = {"action": "approve", "_selected_action": ["x", "'", str(hers.pk)], "index": "0"}
    assert "Nothing was selected." in browser.post(LIST, sent, follow=True).content.decode()
    assert fresh(hers).review == Review.NONE
    own_page = reverse("admin:annotator_annotation_do", args=[hers.pk])
    assert browser.post(own_page, {"deed": "approve"}).status_code == 404


def test_from_the_page_of_one_it_is_flagged_answered_and_comes_back(
    row: Annotation, reviewer: Person, editor: Person
) -> None:
    browser = staff(reviewer)
    address = reverse("admin:annotator_annotation_do", args=[row.pk])
    browser.post(address, {"deed": "flag", "reason": "Which source?"})

    def waiting(queue: str) -> bool:
        html = browser.get(LIST, {"queue": queue}).content.decode()
        return "1 result" in html

    assert (waiting("mine"), waiting("awaiting"), waiting("answered")) == (True, True, False)
    reply_to(annotation=row, actor=editor.user, note="The own page of the agency.")
    assert (waiting("mine"), waiting("awaiting"), waiting("answered")) == (True, False, True)
    page = browser.get(reverse("admin:annotator_annotation_change", args=[row.pk])).content.decode()
    for words in ("Which source?", "The own page of the agency.", "(author)"):
        assert words in page
    answer = reverse("admin:annotator_annotation_reply", args=[row.pk])
    browser.post(answer, {"note": "**Merci**"})
    assert Annotation.objects.filter(motivation=Motivation.REPLYING).count() == 3


def test_an_orphan_is_attached_from_its_page(row: Annotation, reviewer: Person, editor: Person) -> None:
    editor.saves_page([PAGE[0], PAGE[3]], library=row.library_id)
    browser = staff(reviewer)
    address = reverse("admin:annotator_annotation_attach", args=[row.pk])
    assert (
        address in browser.get(reverse("admin:annotator_annotation_change", args=[row.pk])).content.decode()
    )
    assert "do not stand in" in browser.get(address, {"words": "nowhere"}).content.decode()
    found = browser.get(address, {"words": "Rien n'est décidé"}).content.decode()
    assert ">Rien n&#x27;est décidé</mark>" in found
    text = latest_snapshot(row.document)
    assert text is not None
    sent = {"digest": text.digest, "spot": "0"}
    browser.post(f"{address}?words=Rien n'est décidé", sent, follow=True)
    assert fresh(row).state == State.EXACT
    assert fresh(row).quote_exact == "Rien n'est décidé"


# --- tags -----------------------------------------------------------------------------------------------


def test_a_tag_is_renamed_everywhere_and_merged_only_when_said(
    row: Annotation, reviewer: Person, editor: Person
) -> None:
    both = editor.highlights(row.library_id, tags=["sommet", "réunion"], target=target((2, 0), (2, 13)))
    tag = Tag.objects.get(name="sommet")
    with pytest.raises(Invalid) as refused:
        rename(tag=tag, actor=reviewer.user, name="réunion")
    assert "name" in refused.value.fields
    renamed = rename(tag=tag, actor=reviewer.user, name="réunion", merge=True)
    assert (renamed.annotations, renamed.merged) == (2, True)
    assert tags(row) == {"réunion"}
    assert set(Annotation.objects.get(pk=both["id"]).tags.values_list("name", flat=True)) == {"réunion"}
    assert not Tag.objects.filter(name="sommet").exists()
    assert Event.objects.get(verb="merge").after == {"name": "réunion", "annotations": 2}


def tagged(row: Annotation) -> set[str]:
    """Also of a deleted one."""
    return set(AnnotationTag.objects.filter(annotation=row).values_list("tag__name", flat=True))


def test_an_undone_rename_gives_every_annotation_its_tags_back(
    row: Annotation, reviewer: Person, editor: Person, ada: Person
) -> None:
    """Also what lies deleted, and what was restored meanwhile; what somebody retagged since is left alone."""
    library = row.library_id
    in_trash, restored, since = (
        Annotation.objects.get(pk=editor.highlights(library, tags=["sommet"])["id"]) for _ in range(3)
    )
    for one in (in_trash, restored):
        delete_annotation(annotation=one, actor=editor.user)
    renamed = rename(tag=Tag.objects.get(name="sommet"), actor=reviewer.user, name="réunion")
    assert [tagged(one) for one in (row, in_trash, restored)] == [{"réunion"}] * 3
    restore_annotation(annotation=restored, actor=editor.user)
    retag(annotation=since, actor=ada.user, add=["x"])
    assert renamed.deed
    back = taken_back(Outcome(renamed.deed), reviewer)
    assert (back.done, back.refused) == (2, {CHANGED_SINCE: 1}), "the highlight and the tag"
    assert [tagged(one) for one in (row, in_trash, restored)] == [{"sommet"}] * 3
    assert tagged(since) == {"réunion", "x"}
    assert taken_back(Outcome(renamed.deed), reviewer).done == 0


def test_an_undone_merge_of_tags_leaves_both_on_what_had_both(
    row: Annotation, reviewer: Person, editor: Person
) -> None:
    made = [editor.highlights(row.library_id, tags=names) for names in (["réunion"], ["réunion", "sommet"])]
    one, both = (Annotation.objects.get(pk=each["id"]) for each in made)
    trash = Annotation.objects.get(pk=editor.highlights(row.library_id, tags=["réunion", "sommet"])["id"])
    delete_annotation(annotation=trash, actor=editor.user)
    renamed = rename(tag=Tag.objects.get(name="sommet"), actor=reviewer.user, name="réunion", merge=True)
    assert [tagged(each) for each in (row, one, both, trash)] == [{"réunion"}] * 4
    assert renamed.deed
    assert taken_back(Outcome(renamed.deed), reviewer).refused == {}
    assert tagged(row) == {"sommet"}
    assert tagged(one) == {"réunion"}
    assert tagged(both) == tagged(trash) == {"réunion", "sommet"}
    assert taken_back(Outcome(renamed.deed), reviewer).done == 0


def test_the_desk_offers_the_undo_of_a_rename(row: Annotation, reviewer: Person) -> None:
    browser = staff(reviewer)
    address = reverse("admin:annotator_tag_rename", args=[Tag.objects.get().pk])
    assert 'class="undo"' in browser.post(address, {"name": "réunion"}, follow=True).content.decode()
    deed = Event.objects.get(verb="rename").deed
    way_back = reverse("admin:annotator_annotation_undo", args=[deed])
    html = browser.post(way_back, follow=True).content.decode()
    assert "The deed was taken back." in html
    assert list(Tag.objects.values_list("name", flat=True)) == ["sommet"], "no empty tag is left"
    assert tags(row) == {"sommet"}


def test_readers_and_editors_rename_no_tags(row: Annotation, editor: Person) -> None:
    with pytest.raises(NotAllowed):
        rename(tag=Tag.objects.get(name="sommet"), actor=editor.user, name="x")
    browser = staff(editor)
    address = reverse("admin:annotator_tag_rename", args=[Tag.objects.get(name="sommet").pk])
    browser.post(address, {"name": "x"})
    assert tags(row) == {"sommet"}


# --- jobs -----------------------------------------------------------------------------------------------


@pytest.fixture
def many(row: Annotation, editor: Person) -> int:
    """So many highlights that one piece of a job does not do them all."""
    new = [Annotation(**{**vars_of(row), "id": uuid.uuid4(), "version": 10_000 + n}) for n in range(120)]
    Annotation.objects.bulk_create(new)
    Library.objects.filter(pk=row.library_id).update(version=20_000)
    return len(new) + 1


def vars_of(row: Annotation) -> dict[str, object]:
    return {field.attname: getattr(row, field.attname) for field in Annotation._meta.concrete_fields}


def driven(job: Job, who: Person) -> Job:
    for _ in range(500):
        if job.status not in ("waiting", "running"):
            break
        job = advance(job_id=job.pk, actor=who.user)
    return job


def test_a_deed_on_thousands_goes_in_pieces_and_is_taken_back_in_pieces(
    many: int, group: Library, reviewer: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("annotator.services.jobs.SECONDS", 0.02)
    asked = Selection.asked({"queue": "unreviewed"})
    job = start_deed(library=group, actor=reviewer.user, name="approve", arguments={}, selection=asked)
    first = advance(job_id=job.pk, actor=reviewer.user)
    assert 0 < first.done < many
    assert first.status == "running"
    ended = driven(first, reviewer)
    assert (ended.status, ended.done, ended.total) == ("done", many, many)
    assert Annotation.objects.filter(review=Review.APPROVED).count() == many
    number = uuid.UUID(job.parameters["number"])
    back = driven(start_undo(library=group, actor=reviewer.user, deed=number), reviewer)
    assert (back.status, back.result) == ("done", {"done": many, "same": 0, "refused": {}})
    assert Annotation.objects.filter(review=Review.NONE).count() == many


def test_a_stopped_job_does_no_more_and_keeps_what_it_did(
    many: int, group: Library, reviewer: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("annotator.services.jobs.SECONDS", 0.0001)
    job = start_deed(library=group, actor=reviewer.user, name="approve", arguments={}, selection=Selection())
    done_then = advance(job_id=job.pk, actor=reviewer.user).done
    assert cancel(job_id=job.pk, actor=reviewer.user).status == "cancelled"
    assert advance(job_id=job.pk, actor=reviewer.user).done == done_then
    assert Annotation.objects.filter(review=Review.APPROVED).count() == done_then < many


def test_a_job_takes_only_what_was_there_when_it_began(
    row: Annotation, group: Library, reviewer: Person, editor: Person
) -> None:
    job = start_deed(library=group, actor=reviewer.user, name="approve", arguments={}, selection=Selection())
    late = editor.highlights(group.pk)
    assert driven(job, reviewer).done == 1
    assert Annotation.objects.get(pk=late["id"]).review == Review.NONE


def test_nobody_drives_or_sees_the_job_of_another(
    row: Annotation, group: Library, reviewer: Person, second: Person
) -> None:
    job = start_deed(library=group, actor=reviewer.user, name="approve", arguments={}, selection=Selection())
    with pytest.raises(NotThere):
        advance(job_id=job.pk, actor=second.user)
    browser = staff(second)
    assert browser.get(reverse("admin:annotator_job_change", args=[job.pk])).status_code == 404
    assert browser.post(reverse("admin:annotator_job_advance", args=[job.pk])).status_code == 404


def test_all_that_a_list_finds_is_done_as_a_job_with_a_page(
    many: int, reviewer: Person, group: Library
) -> None:
    browser = staff(reviewer)
    sent = {"action": "approve", "_selected_action": "x", "select_across": "1"}
    asked = browser.post(f"{LIST}?color=yellow", {**sent, "index": "0"}).content.decode()
    assert f"{many} annotations" in asked
    response = browser.post(f"{LIST}?color=yellow", {**sent, "confirmed": "1"})
    job = Job.objects.get()
    assert response["Location"] == reverse("admin:annotator_job_change", args=[job.pk])
    advancing = reverse("admin:annotator_job_advance", args=[job.pk])
    told: Json = {"open": True}
    while told["open"]:
        told = browser.post(advancing, headers={"accept": "application/json"}).json()
    assert told == {"open": False, "done": many, "total": many}
    assert f"{many} annotations were changed" in browser.get(response["Location"]).content.decode()
    assert Event.objects.get(verb="job done").row == job.pk


def test_every_deed_has_a_name() -> None:
    assert DEEDS.keys() == NAMES.keys()


def test_deleted_ones_cannot_be_decided_on(row: Annotation, reviewer: Person, editor: Person) -> None:
    delete_annotation(annotation=row, actor=editor.user)
    with pytest.raises(NotThere):
        decide(annotation=row, actor=reviewer.user, review=Review.APPROVED)
