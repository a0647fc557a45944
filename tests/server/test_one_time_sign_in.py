"""The sign-in link that `dev.py run` prints: it works once, within an hour, and for nobody else."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core import signing
from django.test import Client
from django.utils import timezone

from annotator.models.users import User
from annotator.site.one_time import link_for

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin() -> User:
    return User.objects.create_superuser("admin", "", "long enough 123")


def signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_it_signs_in_and_leads_to_the_admin(admin: User, client: Client) -> None:
    answer = client.get(link_for(admin))
    assert (answer.status_code, answer["Location"]) == (302, "/admin/")
    assert "no-store" in answer["Cache-Control"]
    assert client.session["_auth_user_id"] == str(admin.pk)


def test_it_works_once(admin: User, client: Client) -> None:
    link = link_for(admin)
    client.get(link)
    second = Client()
    answer = second.get(link)
    assert answer.status_code == 403
    assert "works no longer" in answer.content.decode()
    assert not signed_in(second)


def test_another_sign_in_spends_it_too(admin: User, client: Client) -> None:
    link = link_for(admin)
    Client().login(username="admin", password="long enough 123")
    assert client.get(link).status_code == 403


def test_a_changed_password_spends_it(admin: User, client: Client) -> None:
    link = link_for(admin)
    admin.set_password("something else 456")
    admin.save()
    assert client.get(link).status_code == 403


def test_it_works_for_an_hour(admin: User, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    link = link_for(admin)
    later = timezone.now() + dt.timedelta(minutes=61)
    monkeypatch.setattr("django.core.signing.time.time", later.timestamp)
    assert client.get(link).status_code == 403
    monkeypatch.setattr("django.core.signing.time.time", (later - dt.timedelta(minutes=2)).timestamp)
    assert client.get(link).status_code == 302


def test_it_refuses_a_deactivated_user(admin: User, client: Client) -> None:
    link = link_for(admin)
    User.objects.update(is_active=False)
    assert client.get(link).status_code == 403


@pytest.mark.parametrize("token", ["x", "a:b:c", "%00", "🦊"])
def test_it_refuses_what_it_did_not_sign(client: Client, token: str) -> None:
    assert client.get(f"/sign-in/once/{token}").status_code == 403
    assert not signed_in(client)


def test_nothing_else_is_accepted_as_its_signature(admin: User, client: Client) -> None:
    token = link_for(admin).rsplit("/", 1)[1]
    payload = signing.loads(token, salt="annotator.site.one_time")
    assert client.get(f"/sign-in/once/{signing.dumps(payload, salt='another')}").status_code == 403


def test_it_takes_no_post(admin: User, client: Client) -> None:
    assert client.post(link_for(admin)).status_code == 405
    assert not signed_in(client)
