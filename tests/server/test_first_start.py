"""`manage.py firststart`: a new database can be looked at, an old one is left alone."""

from __future__ import annotations

import io
import re

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from annotator.management.commands import firststart as command
from annotator.models import Annotation
from annotator.models.users import User
from tests.server.people import person

pytestmark = pytest.mark.django_db
ADDRESS = "http://127.0.0.1:8123"


def first_start() -> str:
    told = io.StringIO()
    call_command("firststart", address=ADDRESS, stdout=told, stderr=io.StringIO())
    return told.getvalue()


def test_it_makes_an_administrator_and_tells_the_password() -> None:
    told = first_start()
    admin = User.objects.get()
    password = re.search(r"Password +(\S+)", told)
    assert password is not None
    assert admin.username == "admin"
    assert admin.is_superuser
    assert admin.check_password(password[1])
    assert len(password[1]) >= 16


def test_its_link_signs_the_administrator_in(client: Client) -> None:
    link = re.search(rf"{ADDRESS}(/sign-in/once/\S+)", first_start())
    assert link is not None
    assert client.get(link[1])["Location"] == "/admin/"


def test_it_loads_the_story_under_the_servers_own_address() -> None:
    told = first_start()
    assert f"{ADDRESS}/demo/euronews-raqa" in told
    annotations = Annotation.objects.all()
    assert annotations
    assert all(annotation.document.url.startswith(ADDRESS) for annotation in annotations)


def test_it_says_and_changes_nothing_where_there_are_users() -> None:
    person("ada")
    assert first_start() == ""
    assert [user.username for user in User.objects.all()] == ["ada"]


def test_no_account_is_left_behind_when_the_seeds_cannot_be_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    original = call_command

    def failing(name: str, **options: object) -> str:
        if name == "loadseeds":
            raise CommandError("no")
        return original(name, **options)

    monkeypatch.setattr(command, "call_command", failing)
    with pytest.raises(CommandError, match="no"):
        first_start()
    assert not User.objects.exists()
