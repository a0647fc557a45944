"""Personal tokens: `createtoken`, what opens a door and what does not, and `/api/v1/me`."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

import annotator
from annotator import limits
from annotator.models.libraries import Library
from annotator.models.users import PersonalToken
from annotator.services.tokens import token_digest
from tests.server.people import Person, client, highlight, person, refused, said

pytestmark = pytest.mark.django_db


def created(*arguments: str) -> str:
    out = StringIO()
    call_command("createtoken", *arguments, stdout=out)
    return out.getvalue()


def me(authorization: str | None) -> Any:
    headers = {} if authorization is None else {"Authorization": authorization}
    return client().get("/api/v1/me", headers=headers)


def test_createtoken_prints_the_token_and_nothing_else(ada: Person) -> None:
    printed = created("ada")
    token = printed.strip()
    assert printed == f"{token}\n"
    assert token.startswith("ann_")
    assert said(me(f"Bearer {token}"))["user"]["username"] == "ada"


def test_only_its_hash_is_kept(ada: Person) -> None:
    token = created("ada", "--name", "script").strip()
    row = PersonalToken.objects.get(name="script")
    assert row.digest == token_digest(token)
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM annotator_personaltoken")
        assert token not in str(cursor.fetchall())


def test_createtoken_refuses_the_unknown_and_the_deactivated(ada: Person) -> None:
    with pytest.raises(CommandError):
        created("nobody")
    ada.user.is_active = False
    ada.user.save()
    with pytest.raises(CommandError):
        created("ada")


def test_a_read_only_token_reads_and_does_not_write(ada: Person) -> None:
    careful = person("ada", PersonalToken.Scope.READ)
    assert careful.get("libraries/me/annotations").status_code == 200
    assert refused(careful.post("libraries/me/annotations", highlight()), 403)["code"] == "insufficient_scope"


def test_a_token_ends_with_its_days_its_revocation_and_its_user(ada: Person) -> None:
    token = created("ada", "--name", "short", "--days", "1").strip()
    row = PersonalToken.objects.get(name="short")
    assert me(f"Bearer {token}").status_code == 200
    for change in ({"expires": timezone.now()}, {"expires": None, "revoked": timezone.now()}):
        PersonalToken.objects.filter(pk=row.pk).update(**change)
        refused(me(f"Bearer {token}"), 401)
    PersonalToken.objects.filter(pk=row.pk).update(revoked=None)
    ada.user.is_active = False
    ada.user.save()
    refused(me(f"Bearer {token}"), 401)


@pytest.mark.parametrize(
    "header",
    [
        "Bearer",
        "Bearer ",
        "Bearer ann_wrong",
        "Bearer wrong",
        "Basic YTpi",
        "ann_x",
        "Bearer é",
        "Bearer a b",
        "x" * 9000,
    ],
)
def test_other_headers_open_nothing(ada: Person, header: str) -> None:
    response = me(header)
    refused(response, 401)
    assert response["WWW-Authenticate"] == 'Bearer realm="annotator", error="invalid_token"'


def test_without_a_token_the_answer_asks_for_one(db: None) -> None:
    response = me(None)
    assert refused(response, 401)["code"] == "not_signed_in"
    assert response["WWW-Authenticate"] == 'Bearer realm="annotator"'


def test_a_session_opens_nothing_here(ada: Person) -> None:
    browser = client()
    browser.force_login(ada.user)
    refused(browser.get("/api/v1/me"), 401)


def test_use_is_noted_at_most_once_a_minute(ada: Person) -> None:
    ada.get("me")
    row = PersonalToken.objects.get(user=ada.user)
    first = row.last_used
    assert first is not None
    ada.get("me")
    row.refresh_from_db()
    assert row.last_used == first
    PersonalToken.objects.update(last_used=first - timedelta(seconds=61))
    ada.get("me")
    row.refresh_from_db()
    assert row.last_used > first - timedelta(seconds=1)


def test_me_tells_the_libraries_with_role_and_the_limits(editor: Person, group: Library) -> None:
    told = said(editor.get("me"))
    assert told["user"]["name"] == "ed"
    assert told["version"] == annotator.__version__
    assert told["limits"] == limits.TOLD
    assert told["scopes"] == ["read", "write"]
    libraries = {one["role"]: one for one in told["libraries"]}
    assert libraries["editor"]["id"] == str(group.pk)
    assert libraries["editor"]["own"] is False
    assert libraries["owner"]["own"] is True
    assert libraries["owner"]["version"] == 0
    assert libraries["owner"]["epoch"] == str(editor.library.epoch)


def test_the_own_library_is_made_once(ada: Person) -> None:
    ada.get("me")
    ada.get("libraries/me/annotations")
    assert Library.objects.filter(personal_of=ada.user).count() == 1
