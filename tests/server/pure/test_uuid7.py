"""Ids of version 7: in order within a process, and recognised by version and variant alone."""

import threading
import time
import uuid

import pytest

from annotator.uuid7 import is_uuid7, uuid7


def test_ids_rise_also_within_a_millisecond() -> None:
    made = [uuid7() for _ in range(20_000)]
    assert made == sorted(set(made))
    assert all(is_uuid7(one) for one in made)


def test_ids_rise_while_the_clock_goes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    before = uuid7()
    monkeypatch.setattr(time, "time_ns", lambda: 1_000_000)
    assert uuid7() > before


def test_the_first_48_bits_tell_the_milliseconds() -> None:
    earliest = time.time_ns() // 1_000_000
    assert earliest <= uuid7().int >> 80 <= time.time_ns() // 1_000_000 + 1_000


def test_threads_never_make_the_same_id() -> None:
    made: list[uuid.UUID] = []
    threads = [threading.Thread(target=lambda: made.extend(uuid7() for _ in range(2_000))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(made)) == 8_000


@pytest.mark.parametrize(
    "text",
    [
        "017f22e2-79b0-7cc3-98c4-dc0c0c07398f",  # RFC 9562, appendix A.6
        "017F22E2-79B0-7CC3-98C4-DC0C0C07398F",
        "00000000-0000-7000-8000-000000000000",
        "ffffffff-ffff-7fff-bfff-ffffffffffff",
    ],
)
def test_any_time_is_accepted(text: str) -> None:
    assert is_uuid7(text)
    assert is_uuid7(uuid.UUID(text))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "919108f7-52d1-4320-9bac-f847db4148a8",  # version 4
        "017f22e2-79b0-7cc3-c8c4-dc0c0c07398f",  # another variant
        "017f22e2-79b0-8cc3-98c4-dc0c0c07398f",  # version 8
        "017f22e279b07cc398c4dc0c0c07398f",
        "{017f22e2-79b0-7cc3-98c4-dc0c0c07398f}",
        "urn:uuid:017f22e2-79b0-7cc3-98c4-dc0c0c07398f",
        "017f22e2-79b0-7cc3-98c4-dc0c0c07398f\n",
        "017f22e2-79b0-7cc3-98c4-dc0c0c07398g",
        "０17f22e2-79b0-7cc3-98c4-dc0c0c07398f",
    ],
)
def test_anything_else_is_refused(text: str) -> None:
    assert not is_uuid7(text)


def test_another_version_is_refused_as_a_uuid() -> None:
    assert not is_uuid7(uuid.uuid4())
