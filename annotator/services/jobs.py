"""Long work in small pieces: each its own transaction, so that SQLite's one writer is never kept waiting.

Whoever waits for a job drives it (a page, a program, `manage.py runjobs`). A job that nobody drives rests,
and goes on where it stopped; two drivers at once do not do the same piece twice.
"""

import time
import uuid
from collections.abc import Callable
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from annotator.errors import Invalid, NotThere, Refused
from annotator.keyset import Place, page_of
from annotator.models.annotations import Annotation
from annotator.models.events import Event, Job, Kind
from annotator.models.libraries import Library
from annotator.models.users import User
from annotator.selection import Selection
from annotator.services.deeds import DEEDS, Outcome, do
from annotator.services.undoing import events_of, undo
from annotator.uuid7 import uuid7

CHUNK: Final = 500
SECONDS: Final = 0.2
_BATCH: Final = 50
_KEYS: Final = ("-created", "-pk")
OPEN: Final = (Job.Status.WAITING, Job.Status.RUNNING)


@transaction.atomic
def start_deed(
    *, library: Library, actor: User, name: str, arguments: dict[str, Any], selection: Selection
) -> Job:
    """A job that does this deed to all that the selection finds now. Raises Invalid, naming `deed`."""
    if name not in DEEDS:
        raise Invalid.field("deed", f"has to be one of {', '.join(DEEDS)}")
    asked = selection.written()
    asked.setdefault("until", timezone.now().isoformat())
    return Job.objects.create(
        library=library,
        user=actor,
        work="deed",
        parameters={
            "deed": name, "arguments": arguments, "selection": asked, "number": str(uuid7()),
        },
        total=Selection.asked(asked).rows(actor).count(),
        result={"done": 0, "same": 0, "refused": {}},
    )  # fmt: skip


@transaction.atomic
def start_undo(*, library: Library, actor: User, deed: uuid.UUID) -> Job:
    """A job that takes a large deed back."""
    events = events_of(deed=deed, actor=actor)
    return Job.objects.create(
        library=library, user=actor, work="undo",
        parameters={"deed": str(deed), "number": str(uuid7())}, total=len(list(events)),
        result={"done": 0, "same": 0, "refused": {}},
    )  # fmt: skip


def advance(*, job_id: uuid.UUID, actor: User) -> Job:
    """Do the next piece, at most CHUNK rows or about SECONDS. A job that has ended is answered as it is.

    Raises NotThere for the jobs of others.
    """
    with transaction.atomic():
        job = _own(job_id, actor)
        if job.status not in OPEN:
            return job
        try:
            with transaction.atomic():
                ended = WORKS[job.work](job)
        except Refused as refused:
            job.status, ended = Job.Status.FAILED, False
            job.result = {**(job.result or {}), "failed": refused.message}
        else:
            job.status = Job.Status.DONE if ended else Job.Status.RUNNING
        job.updated = timezone.now()
        job.save(update_fields=["status", "done", "cursor", "result", "updated"])
        if ended:
            _tell(job, actor)
        return job


def cancel(*, job_id: uuid.UUID, actor: User) -> Job:
    """Do no more of it; what is done stays, and can be undone. May be repeated. Raises NotThere."""
    with transaction.atomic():
        job = _own(job_id, actor)
        if job.status in OPEN:
            job.status, job.updated = Job.Status.CANCELLED, timezone.now()
            job.save(update_fields=["status", "updated"])
            _tell(job, actor)
        return job


def _own(job_id: uuid.UUID, actor: User) -> Job:
    mine = Job.objects.filter(user=actor, library__in=Library.objects.visible_to(actor))
    job = mine.select_for_update(of=("self",)).filter(pk=job_id).first()
    if job is None:
        raise NotThere
    return job


def _tell(job: Job, actor: User) -> None:
    Event.objects.create(
        library_id=job.library_id,
        actor=actor,
        verb=f"job {job.status}",
        kind=Kind.JOB,
        row=job.pk,
        deed=uuid.UUID(job.parameters["number"]),
        after={"work": job.work, "deed": job.parameters["deed"], **(job.result or {})},
    )


def _some_of_a_deed(job: Job) -> bool:
    """A piece of a deed on a selection; whether that was the last. From the newest on."""
    rows = Selection.asked(job.parameters["selection"]).rows(job.user)
    libraries = list(Library.objects.visible_to(job.user))

    def next_rows() -> list[Annotation]:
        place = Place("after", tuple(job.cursor)) if job.cursor else Place()
        return page_of(rows, place, keys=_KEYS, size=_BATCH, libraries=libraries).rows

    def one(row: Annotation, outcome: Outcome) -> None:
        do(
            name=job.parameters["deed"], rows=[row], actor=job.user,
            arguments=job.parameters["arguments"], outcome=outcome,
        )  # fmt: skip
        job.cursor = [row.created.isoformat(), str(row.pk)]

    return _piece(job, next_rows, one)


def _some_of_an_undo(job: Job) -> bool:
    """A piece of an undo; whether that was the last. From the first event on."""
    events = events_of(deed=uuid.UUID(job.parameters["deed"]), actor=job.user)

    def next_events() -> list[Event]:
        place = Place("after", tuple(job.cursor)) if job.cursor else Place()
        return page_of(events, place, keys=("created", "pk"), size=_BATCH).rows

    def one(event: Event, outcome: Outcome) -> None:
        undo(events=[event], actor=job.user, outcome=outcome)
        job.cursor = [event.created.isoformat(), str(event.pk)]

    return _piece(job, next_events, one)


def _piece(job: Job, next_rows: Callable[[], list[Any]], one: Callable[[Any, Outcome], None]) -> bool:
    outcome = Outcome(uuid.UUID(job.parameters["number"]))
    until, seen = time.monotonic() + SECONDS, 0
    ended = False
    while not ended and seen < CHUNK and time.monotonic() < until:
        batch = next_rows()
        ended = len(batch) < _BATCH
        for row in batch:
            one(row, outcome)
            seen += 1
            if time.monotonic() >= until and row is not batch[-1]:
                ended = False
                break
    job.done += seen
    job.result = _added(job.result or {}, outcome)
    return ended


def _added(result: dict[str, Any], outcome: Outcome) -> dict[str, Any]:
    refused = dict(result.get("refused", {}))
    for message, times in outcome.refused.items():
        refused[message] = refused.get(message, 0) + times
    return {
        "done": result.get("done", 0) + outcome.done,
        "same": result.get("same", 0) + outcome.same,
        "refused": refused,
    }


WORKS: Final[dict[str, Callable[[Job], bool]]] = {"deed": _some_of_a_deed, "undo": _some_of_an_undo}
