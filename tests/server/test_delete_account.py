"""Deleting an account: nothing that it wrote can be found any more, not even in the database's file."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client

from annotator.models.annotations import Annotation
from annotator.models.events import Event
from annotator.models.libraries import Library, Membership, Role
from annotator.models.users import User
from annotator.paragraphs import Paragraph
from tests.server.people import PAGE, Json, Person, highlight, joins, person, refused, said
from tests.server.test_oauth import me, signed_in

SECRETS = ("Zwiebelfisch", "Quittengelee", "Murmeltierhaus", "Windbeutelei", "Schnabeltasse")
PASSWORD = "correct horse battery staple"


def delete(who: Person) -> None:
    call_command("deleteaccount", who.user.username, "--yes", stdout=io.StringIO())


def whole_database() -> bytes:
    """SQLite: the bytes of its files. PostgreSQL: every column of every table as text."""
    if connection.vendor == "sqlite":
        file = str(settings.DATABASES["default"]["NAME"])
        return b"".join(Path(file + end).read_bytes() for end in ("", "-wal") if Path(file + end).exists())
    told = ""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT t::text FROM "{table}" AS t')
            told += "\n".join(row[0] for row in cursor.fetchall())
    return told.encode()


def writes_much(who: Person) -> Json:
    """Texts with each of the secrets, in every table that holds texts."""
    who.saves_page([*PAGE, Paragraph("p", "Zwiebelfisch " * 300)], title="Zwiebelfisch")
    made = who.highlights(note="Quittengelee " * 500, tags=["Murmeltierhaus"])
    path = f"libraries/me/annotations/{made['id']}"
    assert who.put(path, highlight(note="Windbeutelei", tags=["Murmeltierhaus"])).status_code == 200
    for number in range(60):
        who.highlights(note=f"Quittengelee {number}", url=f"https://example.org/Schnabeltasse/{number}")
    assert who.delete(path).status_code == 204
    return made


@pytest.mark.django_db(transaction=True)
def test_nothing_of_it_is_found_in_the_whole_database() -> None:
    ada, other = person("ada"), person("other")
    assert ada.library
    assert other.library
    User.objects.filter(pk=ada.user.pk).update(email="ada@lovelace.example")
    writes_much(ada)
    kept = other.highlights(note="Bratapfel")["id"]
    before = whole_database()
    assert all(secret.encode() in before for secret in SECRETS)
    delete(ada)
    after = whole_database()
    found = [secret for secret in (*SECRETS, "ada@lovelace.example") if secret.encode() in after]
    assert not found
    assert str(ada.user.pk).encode() not in after
    assert ada.user.pk.hex.encode() not in after
    assert b"Bratapfel" in after
    assert said(other.get(f"libraries/me/annotations/{kept}"))["note"] == "Bratapfel"


@pytest.mark.django_db
def test_no_way_in_is_left(ada: Person) -> None:
    browser = Client(SERVER_NAME="localhost")
    browser.force_login(ada.user)
    access = signed_in(ada)["access_token"]
    delete(ada)
    refused(ada.get("me"), 401)
    assert me(access) == 401
    assert browser.get("/")["Content-Type"].startswith("text/html")
    assert "Your articles" not in browser.get("/").content.decode()


@pytest.mark.django_db
def test_in_a_shared_library_others_words_stay(editor: Person, reader: Person, group: Library) -> None:
    where = f"libraries/{group.pk}/annotations"
    alone, answered = editor.highlights(group.pk), editor.highlights(group.pk, note="Quittengelee")
    reply = {"motivation": "replying", "parent": answered["id"], "note": "an answer"}
    answer = said(reader.post(where, reply))
    head = Library.objects.get(pk=group.pk).version
    delete(editor)
    assert said(reader.get(f"{where}/{answer['id']}"))["note"] == "an answer"
    told = said(reader.get(f"libraries/{group.pk}/changes", since=head))["changes"]
    assert {(one["id"], one["deleted"]) for one in told} == {(alone["id"], True), (answered["id"], True)}
    assert not Annotation.objects.filter(note__contains="Quittengelee").exists()
    assert not Event.objects.filter(before__isnull=False).exists()
    assert b"Quittengelee" not in str(list(Event.objects.values())).encode()


@pytest.mark.django_db
def test_a_library_is_never_left_without_an_owner(ada: Person, group: Library) -> None:
    joins(person("rita"), group, Role.READER)
    heir = joins(person("rev"), group, Role.REVIEWER)
    delete(ada)
    assert Membership.objects.get(library=group, user=heir.user).role == Role.OWNER
    assert Event.objects.get(library=group, verb="inherit").after == {"role": "owner"}


@pytest.mark.django_db
def test_a_library_without_members_goes(ada: Person, group: Library) -> None:
    ada.highlights(group.pk)
    delete(ada)
    assert not Library.objects.exists()
    assert not Annotation.objects.exists()


@pytest.mark.django_db
def test_an_unknown_user_and_a_wrong_answer_delete_nothing(ada: Person, monkeypatch: Any) -> None:
    with pytest.raises(CommandError, match="There is no user"):
        call_command("deleteaccount", "nobody", "--yes")
    monkeypatch.setattr("builtins.input", lambda prompt: "no")
    with pytest.raises(CommandError, match="Nothing was deleted"):
        call_command("deleteaccount", "ada", stdout=io.StringIO())
    assert User.objects.filter(username="ada", is_active=True).exists()


class TestPage:
    """One's own account, in the browser."""

    @pytest.fixture
    def browser(self, ada: Person) -> Client:
        ada.user.set_password(PASSWORD)
        ada.user.save()
        browser = Client(SERVER_NAME="localhost")
        browser.force_login(ada.user)
        return browser

    def test_it_says_what_goes_and_wants_name_and_password(self, ada: Person, browser: Client) -> None:
        ada.highlights()
        assert (
            "1 highlight or note of yours goes for good." in browser.get("/account/delete/").content.decode()
        )
        for form in ({}, {"username": "ada", "password": "wrong"}, {"username": "eve", "password": PASSWORD}):
            answer = browser.post("/account/delete/", form)
            assert answer.status_code == 400
            assert "Nothing was deleted" in answer.content.decode()
        done = browser.post("/account/delete/", {"username": "ada", "password": PASSWORD})
        assert "Your account is deleted" in done.content.decode()
        assert not User.objects.exists()
        assert not Annotation.objects.exists()

    def test_it_is_reached_from_the_first_page(self, browser: Client) -> None:
        assert 'href="/account/delete/"' in browser.get("/").content.decode()

    def test_strangers_are_sent_to_sign_in(self, db: None) -> None:
        answer = Client(SERVER_NAME="localhost").get("/account/delete/")
        assert answer["Location"].startswith("/sign-in/")

    def test_guessing_the_password_here_is_counted_as_signing_in_is(self, browser: Client) -> None:
        for _ in range(11):
            answer = browser.post("/account/delete/", {"username": "ada", "password": "guess"})
        assert answer.status_code == 429
        assert User.objects.exists()
