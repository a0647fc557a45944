"""What waits for whom, kept as decisions and replies come and go; and what asking for it costs."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from annotator.keyset import COUNTED, counted, counted_each
from annotator.models import Annotation, Decision, Library
from annotator.models.annotations import Flag, Review
from annotator.models.libraries import Role
from annotator.overview import QUESTIONS, counts
from annotator.selection import Selection
from annotator.services.annotations import delete_annotation, restore_annotation
from annotator.services.deeds import Outcome, do
from annotator.services.flags import settle_flags
from annotator.services.moving import move_annotation
from annotator.services.reviewing import decide, reply_to
from annotator.services.undoing import events_of, undo
from tests.generated import fill
from tests.server.people import Person, joins, person, staff

pytestmark = pytest.mark.django_db
LIST = "/admin/annotator/annotation/"


@pytest.fixture
def row(group: Library, editor: Person) -> Annotation:
    """The editor's highlight in the shared library."""
    editor.saves_page(library=group.pk)
    return Annotation.objects.get(pk=editor.highlights(group.pk)["id"])


def flag_on(row: Annotation) -> str | None:
    return Annotation.objects.get(pk=row.pk).flag


def flagged(row: Annotation, by: Person, reason: str = "Which source?") -> None:
    decide(annotation=row, actor=by.user, review=Review.FLAGGED, reason=reason)


def test_a_flag_waits_for_an_answer_of_the_author_and_nobody_else(
    row: Annotation, reviewer: Person, editor: Person
) -> None:
    assert flag_on(row) is None
    flagged(row, reviewer)
    reply_to(annotation=row, actor=reviewer.user, note="Anybody?")
    assert flag_on(row) == Flag.AWAITING
    answer = reply_to(annotation=row, actor=editor.user, note="The agency's.").row
    assert flag_on(row) == Flag.ANSWERED
    delete_annotation(annotation=answer, actor=editor.user)
    assert flag_on(row) == Flag.AWAITING
    restore_annotation(annotation=answer, actor=editor.user)
    assert flag_on(row) == Flag.ANSWERED


def test_another_flag_wants_another_answer(row: Annotation, reviewer: Person, editor: Person) -> None:
    flagged(row, reviewer)
    reply_to(annotation=row, actor=editor.user, note="The agency's.")
    flagged(row, reviewer, reason="Which agency?")
    assert flag_on(row) == Flag.AWAITING


def test_the_reason_is_no_answer_where_a_reviewer_flags_what_is_the_own(
    group: Library, reviewer: Person
) -> None:
    reviewer.saves_page(library=group.pk)
    own = Annotation.objects.get(pk=reviewer.highlights(group.pk)["id"])
    flagged(own, reviewer)
    assert flag_on(own) == Flag.AWAITING


def test_what_no_longer_shows_as_flagged_waits_for_nobody(row: Annotation, reviewer: Person) -> None:
    for review in (Review.HIDDEN, Review.NONE):
        flagged(row, reviewer)
        decide(annotation=row, actor=reviewer.user, review=review)
        assert flag_on(row) is None


def test_reviewers_differ_from_the_moment_on_that_they_do(row: Annotation, reviewer: Person) -> None:
    second = joins(person("second"), Library.objects.get(pk=row.library_id), Role.REVIEWER)

    def since() -> datetime | None:
        return Annotation.objects.get(pk=row.pk).differs_since

    flagged(row, reviewer)
    assert since() is None
    before = timezone.now()
    decide(annotation=row, actor=second.user, review=Review.APPROVED)
    told = since()
    assert told is not None
    assert told >= before
    flagged(row, reviewer, reason="Still, which source?")
    assert since() == told
    decide(annotation=row, actor=second.user, review=Review.NONE)
    assert since() is None


def test_a_move_takes_the_flag_off_and_its_undo_puts_it_back(
    row: Annotation, reviewer: Person, editor: Person, group: Library
) -> None:
    other = Library.objects.create(name="Other")
    for somebody in (reviewer, editor):
        joins(somebody, other, Role.REVIEWER)
    flagged(row, reviewer)
    reply_to(annotation=row, actor=editor.user, note="The agency's.")
    deed = uuid.uuid4()
    move_annotation(annotation=row, to=other, actor=reviewer.user, deed=deed)
    assert flag_on(row) is None
    undo(events=events_of(deed=deed, actor=reviewer.user), actor=reviewer.user, outcome=Outcome())
    assert flag_on(row) == Flag.ANSWERED


def test_rows_of_an_older_backup_are_put_into_the_queues(group: Library, editor: Person) -> None:
    fill(library=group, authors=[editor.user, person("other").user], articles=3, annotations=200)
    before = list(Annotation.objects.order_by("pk").values_list("flag", "differs_since__date"))
    assert {flag for flag, _ in before} == {None, *Flag.values}
    Annotation.objects.update(flag=None, differs_since=None)
    settle_flags(library_id=group.pk)
    after = list(Annotation.objects.order_by("pk").values_list("flag", "differs_since"))
    assert [flag for flag, _ in after] == [flag for flag, _ in before]
    assert [since is None for _, since in after] == [since is None for _, since in before]


def test_counting_many_questions_at_once_answers_as_asking_each(
    group: Library, editor: Person, reviewer: Person
) -> None:
    fill(library=group, authors=[editor.user, reviewer.user], articles=3, annotations=COUNTED + 300)
    rows = [Selection.asked(query).rows(reviewer.user) for query in QUESTIONS.values()]
    rows += [Annotation.objects.all(), Annotation.objects.none()]
    with CaptureQueriesContext(connection) as queries:
        told = counted_each(rows)
    assert len(queries) == 1
    assert told == [counted(one) for one in rows]
    assert told[-2:] == [COUNTED + 1, 0]
    assert all(told[:-1])
    assert counted_each([Annotation.objects.none()]) == [0]
    waiting, days = counts(reviewer.user)
    assert [one.count for one in waiting] == told[: len(QUESTIONS)]
    assert len(days) == 30


def test_the_first_page_asks_little_however_much_there_is(
    group: Library, editor: Person, reviewer: Person
) -> None:
    browser = staff(reviewer)
    few = queries_of(browser, "/admin/")
    fill(library=group, authors=[editor.user, reviewer.user], articles=5, annotations=300)
    assert queries_of(browser, "/admin/") - few <= 1  # which tags the latest have
    assert few <= 16


def queries_of(browser: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert browser.get(address).status_code == 200
    return len(queries)


INDEXES = {
    "awaiting": "annotation_by_flag",
    "answered": "annotation_by_flag",
    "differ": "annotation_differing",
}


@pytest.mark.parametrize(("queue", "index"), INDEXES.items())
def test_a_queue_is_read_from_its_index_and_asks_nothing_for_each_row(
    queue: str, index: str, group: Library, editor: Person, reviewer: Person, plan_of: Callable[[Any], str]
) -> None:
    fill(library=group, authors=[editor.user, reviewer.user], articles=5, annotations=2_000)
    rows = Selection.asked({"queue": queue}).rows(reviewer.user).filter(library=group)
    plan = plan_of(rows.order_by("-created", "-pk")[:51])
    assert index in plan
    for table in (Decision._meta.db_table, "CORRELATED"):
        assert table not in plan


@pytest.fixture
def plan_of() -> Callable[[Any], str]:
    """How the database goes about it, with what it knows of the rows by then."""

    def explained(rows: Any) -> str:
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        return str(rows.explain())

    return explained


def test_the_answer_to_a_deed_leads_to_what_it_was_done_to(
    row: Annotation, reviewer: Person, editor: Person
) -> None:
    other = editor.highlights(row.library_id, motivation="commenting", note="left alone")
    browser = staff(reviewer)
    sent = {"action": "approve", "index": "0", "_selected_action": [str(row.pk)]}
    page = browser.post(f"{LIST}?queue=unreviewed", sent, follow=True).content.decode()
    address = page.split('class="touched" href="')[1].split('"')[0]
    listed = browser.get(address).content.decode()
    assert f"{row.pk}/change/" in listed
    assert other["id"] not in listed
    assert 'class="undo way-back"' in listed
    stranger = staff(joins(person("second"), Library.objects.get(pk=row.library_id), Role.REVIEWER))
    theirs = stranger.get(address).content.decode()
    assert f"{row.pk}/change/" in theirs
    assert 'class="undo way-back"' not in theirs
    outsider = staff(person("outsider"))
    assert str(row.pk) not in outsider.get(address).content.decode()


def test_a_delete_offers_no_list_of_what_is_gone(row: Annotation, editor: Person) -> None:
    browser = staff(editor)
    sent = {"action": "delete", "index": "0", "_selected_action": [str(row.pk)]}
    page = browser.post(LIST, sent, follow=True).content.decode()
    assert 'class="undo"' in page
    assert 'class="touched"' not in page
    assert do(name="restore", rows=[row], actor=editor.user, arguments={}, outcome=Outcome()).done == 1


def test_a_list_that_finds_nothing_says_how_to_ask_for_everything(row: Annotation, reviewer: Person) -> None:
    browser = staff(reviewer)
    page = browser.get(LIST, {"state": "orphaned"}).content.decode()
    assert "Nothing fits all that is asked for." in page
    assert 'name="action"' not in page
