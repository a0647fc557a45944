"""The doors that take a secret: so many attempts for an account and an address, then 429 and a wait."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connections
from django.test import Client, RequestFactory
from django.utils import timezone

from annotator.models.attempts import Attempt
from annotator.models.users import User
from annotator.services.attempts import MOST, WINDOW, TooMany, address_of, attempt
from tests.server.people import Person, refused
from tests.server.test_oauth import refreshed, signed_in, tokens
from tests.server.threads import at_once

PASSWORD = "correct horse battery staple"
ACCOUNT, ADDRESS = MOST["sign-in", "account"], MOST["sign-in", "address"]
TOKENS = MOST["token", "address"]


@pytest.fixture
def ada_browses(ada: Person) -> User:
    ada.user.set_password(PASSWORD)
    ada.user.save()
    return ada.user


def signs_in(name: str = "ada", password: str = "wrong", address: str = "192.0.2.1") -> Any:
    browser = Client(SERVER_NAME="localhost", REMOTE_ADDR=address)
    return browser.post("/sign-in/", {"username": name, "password": password})


def a_window_later() -> None:
    for row in Attempt.objects.all():
        Attempt.objects.filter(pk=row.pk).update(started=row.started - WINDOW)


def test_an_account_is_shut_after_so_many_wrong_passwords_wherever_from(ada_browses: User) -> None:
    for number in range(ACCOUNT):
        assert signs_in(address=f"192.0.2.{number}").status_code == 200
    shut = signs_in(password=PASSWORD, address="198.51.100.7")
    assert shut.status_code == 429
    assert 0 < int(shut["Retry-After"]) <= WINDOW.total_seconds()
    assert "Too many attempts" in shut.content.decode()
    assert "sessionid" not in shut.cookies
    assert signs_in("somebody else").status_code == 200


def test_case_and_width_of_a_name_are_no_way_around(ada_browses: User) -> None:
    for name in ["ada", "ADA", "Ada", "ａｄａ"] * (ACCOUNT // 4 + 1):
        answer = signs_in(name)
    assert answer.status_code == 429


def test_an_address_is_shut_after_so_many_names(db: None) -> None:
    for number in range(ADDRESS):
        assert signs_in(f"guess {number}").status_code == 200
    assert signs_in("another").status_code == 429
    assert signs_in("another", address="192.0.2.2").status_code == 200


def test_a_network_of_ipv6_is_one_address(db: None) -> None:
    for number in range(ADDRESS):
        signs_in(f"guess {number}", address=f"2001:db8::{number:x}")
    assert signs_in("another", address="2001:db8::ffff:1").status_code == 429
    assert signs_in("another", address="2001:db8:0:1::1").status_code == 200


def test_the_absent_are_shut_as_the_present_are(ada_browses: User) -> None:
    present = [signs_in(address=f"192.0.2.{number}").status_code for number in range(ACCOUNT + 1)]
    absent = [signs_in("nobody", address=f"192.0.2.{number}").status_code for number in range(ACCOUNT + 1)]
    assert present == absent


def test_after_the_window_the_right_password_opens_again(ada_browses: User) -> None:
    for _ in range(ACCOUNT + 3):
        signs_in()
    a_window_later()
    assert signs_in(password=PASSWORD).status_code == 302


def test_who_knows_the_password_is_never_shut_out_by_signing_in_often(ada_browses: User) -> None:
    for _ in range(ACCOUNT * 2):
        assert signs_in(password=PASSWORD).status_code == 302


def test_nothing_is_kept_in_plain_or_longer_than_the_window(ada_browses: User) -> None:
    signs_in()
    assert "192.0.2.1" not in str(list(Attempt.objects.values()))
    assert "ada" not in str(list(Attempt.objects.values_list("key", flat=True)))
    Attempt.objects.update(started=timezone.now() - WINDOW - timedelta(seconds=1))
    signs_in("another", address="192.0.2.9")
    assert Attempt.objects.count() == 2


def test_the_token_door_is_shut_after_so_many_guesses(db: None) -> None:
    for number in range(TOKENS):
        assert tokens(grant_type="refresh_token", refresh_token=f"guess {number}").status_code == 400
    shut = tokens(grant_type="refresh_token", refresh_token="one more")
    assert refused(shut, 429)["code"] == "too_many_requests"
    assert 0 < int(shut["Retry-After"]) <= WINDOW.total_seconds()


def test_a_spent_refresh_token_shuts_its_accounts_door_wherever_from(ada: Person) -> None:
    spent = signed_in(ada)["refresh_token"]
    Attempt.objects.all().delete()
    for number in range(MOST["token", "account"] + 1):
        answer = Client(SERVER_NAME="localhost", REMOTE_ADDR=f"192.0.2.{number}").post(
            "/oauth/token/", {"grant_type": "refresh_token", "refresh_token": spent, "client_id": "nobody"}
        )
    assert answer.status_code == 429


def test_rightful_refreshes_are_never_shut_out(ada: Person) -> None:
    token = signed_in(ada)["refresh_token"]
    for _ in range(MOST["token", "account"] + 5):
        answer = refreshed(token)
        assert answer.status_code == 200
        token = answer.json()["refresh_token"]


@pytest.mark.django_db(transaction=True)
def test_many_at_once_are_counted_each() -> None:
    def one() -> int:
        try:
            attempt(door="sign-in", account="ada", address="192.0.2.1")
        except TooMany:
            return 429
        finally:
            connections.close_all()
        return 200

    answers = at_once([one] * (ACCOUNT * 2))
    assert sorted(answers) == [200] * ACCOUNT + [429] * ACCOUNT


@pytest.mark.parametrize(
    ("proxies", "header", "expected"),
    [
        (0, "198.51.100.1", "192.0.2.1"),
        (1, "forged, 198.51.100.1", "198.51.100.1"),
        (2, "forged, 198.51.100.1, 10.0.0.1", "198.51.100.1"),
        (1, "", "192.0.2.1"),
        (2, "198.51.100.1", "192.0.2.1"),
    ],
)
def test_only_our_own_proxies_are_believed(settings: Any, proxies: int, header: str, expected: str) -> None:
    settings.PROXIES = proxies
    request = RequestFactory().post("/", REMOTE_ADDR="192.0.2.1", HTTP_X_FORWARDED_FOR=header)
    assert address_of(request) == expected
