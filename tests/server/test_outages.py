"""SQLite without room or without the right to write: 503, nothing half written, then on as before."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection

from annotator.models.annotations import Annotation
from annotator.models.documents import Document
from annotator.models.libraries import Library
from annotator.uuid7 import uuid7
from tests.server.people import Person, highlight, person, refused

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.databases("sqlite"),  # PostgreSQL's are in tests/load.
]
LARGE = "x" * 60_000  # more than one page holds


@contextmanager
def full() -> Iterator[None]:
    """No page more than there are: SQLITE_FULL, which is what a full disk answers."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM")  # what earlier tests left free would be room
        cursor.execute("PRAGMA page_count")
        pages = cursor.fetchone()[0]
        cursor.execute(f"PRAGMA max_page_count = {pages}")
        try:
            yield
        finally:
            cursor.execute("PRAGMA max_page_count = 1073741823")


@contextmanager
def read_only() -> Iterator[None]:
    """SQLITE_READONLY, which is what a file without the right to write answers."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA query_only = ON")
        try:
            yield
        finally:
            cursor.execute("PRAGMA query_only = OFF")


@pytest.fixture
def ada() -> Person:
    one = person("ada")
    one.highlights(note="kept")
    return one


@pytest.mark.parametrize("trouble", [full, read_only])
def test_a_write_is_refused_whole_and_taken_afterwards(ada: Person, trouble: object) -> None:
    assert callable(trouble)
    path = f"libraries/me/annotations/{uuid7()}"
    body = highlight(note=LARGE, url="https://example.org/new")
    before = (Annotation.objects.count(), Document.objects.count(), Library.objects.get().version)
    with trouble():
        for _ in range(3):
            answer = ada.put(path, body)
            assert refused(answer, 503)["code"] == "unavailable"
            assert int(answer["Retry-After"]) > 0
        batch = {"items": [{"method": "PUT", "id": str(uuid7()), "annotation": body}]}
        refused(ada.post("libraries/me/annotations/batch", batch), 503)
        assert ada.get("libraries/me/annotations", q="kept").status_code == 200, "reading goes on"
    assert before == (Annotation.objects.count(), Document.objects.count(), Library.objects.get().version)
    assert ada.put(path, body).status_code == 201
    assert ada.put(path, body).status_code == 200
