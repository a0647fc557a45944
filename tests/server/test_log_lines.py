"""Logs for programs: each line an object, with the request's id, and without anything that people wrote."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest

from annotator.log_lines import JsonLines
from tests.server.people import Person, highlight, refused

SECRET = "what nobody else may read"


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """What the server logs meanwhile, in this form."""
    lines, root = io.StringIO(), logging.getLogger()
    handler = logging.StreamHandler(lines)
    handler.setFormatter(JsonLines())
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield lines
    root.removeHandler(handler)
    root.setLevel(level)


def told(written: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in written.getvalue().splitlines()]


@pytest.mark.django_db
def test_a_request_is_a_line_with_its_id_and_nothing_that_was_written(
    ada: Person, written: io.StringIO
) -> None:
    id = ada.highlights(note=SECRET, tags=[SECRET])["id"]
    answer = ada.get(f"libraries/me/annotations/{id}", q=SECRET)
    line = told(written)[-1]
    assert line["request"] == answer["X-Request-Id"]
    assert (line["method"], line["status"], line["level"]) == ("GET", 200, "INFO")
    assert line["where"] == f"/api/v1/libraries/me/annotations/{id}"
    assert line["milliseconds"] >= 0
    assert line["time"].endswith("+00:00")
    for word in (SECRET, SECRET.replace(" ", "+"), ada.token):
        assert word not in written.getvalue()


@pytest.mark.django_db
def test_an_exception_tells_where_and_not_its_words(
    ada: Person, written: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(**_: Any) -> None:
        raise ValueError(f"Key (note)=({SECRET}) already exists")

    monkeypatch.setattr("annotator.api.annotations.save_annotation", breaks)
    answer = ada.post("libraries/me/annotations", highlight(note=SECRET))
    refused(answer, 500)
    line = next(line for line in told(written) if line["level"] == "ERROR")
    assert line["exception"] == "ValueError"
    assert line["request"] == answer["X-Request-Id"]
    assert any("test_log_lines.py" in place and place.endswith(" breaks") for place in line["passed"])
    assert SECRET not in written.getvalue()


def test_a_line_break_in_a_message_ends_no_line(written: io.StringIO) -> None:
    logging.getLogger("annotator").warning("one\ntwo %s", "\u2028\x1b[31m")
    assert [line["message"] for line in told(written)] == ["one\ntwo \u2028\x1b[31m"]
    assert written.getvalue().isascii()
    assert written.getvalue().count("\n") == 1


def test_outside_of_a_request_there_is_no_id(written: io.StringIO) -> None:
    logging.getLogger("annotator").info("started")
    assert "request" not in told(written)[0]
