"""OAuth 2 as the extension uses it: consent, code with PKCE, refresh with rotation, revocation."""

from __future__ import annotations

import base64
import hashlib
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from oauth2_provider.models import get_access_token_model, get_application_model, get_refresh_token_model

import annotator
from annotator.oauth.client import CLIENT_ID, ensure_client, redirect_uris
from tests.server.people import Person, client, highlight, refused, said
from tests.server.threads import at_once

pytestmark = pytest.mark.django_db
VERIFIER = "v" * 64
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).decode().rstrip("=")
BACK = redirect_uris(annotator.EXTENSION_IDS)[0]
strict = Client(SERVER_NAME="localhost", enforce_csrf_checks=True)


def asked(**changes: str) -> dict[str, str]:
    return {
        "response_type": "code",
        "client_id": CLIENT_ID,
        "redirect_uri": BACK,
        "scope": "read write",
        "state": "s1",
        "code_challenge": CHALLENGE,
        "code_challenge_method": "S256",
    } | changes


def consented(who: Person, **changes: str) -> dict[str, list[str]]:
    """Say yes on the consent page; answer what the redirect carries."""
    browser = client()
    browser.force_login(who.user)
    response = browser.post("/oauth/authorize/", asked(**changes) | {"allow": "Yes"})
    assert response.status_code == 302, response.content
    assert response["Location"].startswith(BACK)
    return parse_qs(urlsplit(response["Location"]).query)


def tokens(**fields: str) -> Any:
    """Ask the token endpoint as the extension does: no cookie, no secret, no form of ours."""
    return strict.post("/oauth/token/", {"client_id": CLIENT_ID} | fields)


def signed_in(who: Person, **changes: str) -> dict[str, Any]:
    response = tokens(
        grant_type="authorization_code",
        code=consented(who, **changes)["code"][0],
        redirect_uri=BACK,
        code_verifier=VERIFIER,
    )
    assert response.status_code == 200, response.content
    answer: dict[str, Any] = said(response)
    return answer


def refreshed(token: str) -> Any:
    return tokens(grant_type="refresh_token", refresh_token=token)


def me(access: str) -> int:
    return client().get("/api/v1/me", headers={"Authorization": f"Bearer {access}"}).status_code


def test_sign_in_from_consent_to_the_first_request(ada: Person) -> None:
    back = consented(ada)
    assert back["state"] == ["s1"]
    assert back["iss"] == ["http://localhost"]
    answer = signed_in(ada)
    assert answer["token_type"] == "Bearer"
    assert answer["expires_in"] == 3600
    assert answer["scope"] == "read write"
    assert me(answer["access_token"]) == 200


def test_who_is_not_signed_in_is_sent_to_the_sign_in_page(db: None) -> None:
    response = client().get("/oauth/authorize/", asked())
    assert response.status_code == 302
    assert response["Location"].startswith("/sign-in/?next=/oauth/authorize/")


def test_consent_names_the_account_and_what_is_asked(ada: Person) -> None:
    browser = client()
    browser.force_login(ada.user)
    response = browser.get("/oauth/authorize/", asked())
    assert response.status_code == 200
    assert b"Read your annotations" in response.content
    assert b"ada" in response.content


def test_consent_cannot_be_given_by_another_sites_form(ada: Person) -> None:
    browser = Client(SERVER_NAME="localhost", enforce_csrf_checks=True)
    browser.force_login(ada.user)
    assert browser.post("/oauth/authorize/", asked() | {"allow": "Yes"}).status_code == 403


def test_saying_no_goes_back_without_a_code(ada: Person) -> None:
    browser = client()
    browser.force_login(ada.user)
    response = browser.post("/oauth/authorize/", asked())
    assert parse_qs(urlsplit(response["Location"]).query)["error"] == ["access_denied"]


@pytest.mark.parametrize(
    "change",
    [
        {"redirect_uri": "https://evil.example/"},
        {"redirect_uri": "https://" + "a" * 32 + ".chromiumapp.org/"},
        {"redirect_uri": BACK + "more"},
        {"client_id": "other"},
    ],
)
def test_a_strange_client_or_address_is_never_redirected_to(ada: Person, change: dict[str, str]) -> None:
    browser = client()
    browser.force_login(ada.user)
    response = browser.post("/oauth/authorize/", asked(**change) | {"allow": "Yes"})
    assert response.status_code == 400


@pytest.mark.parametrize(
    "change",
    [
        {"code_challenge": ""},
        {"code_challenge_method": "plain"},
        {"response_type": "token"},
        {"scope": "admin"},
    ],
)
def test_without_pkce_or_with_other_flows_there_is_no_code(ada: Person, change: dict[str, str]) -> None:
    browser = client()
    browser.force_login(ada.user)
    response = browser.post("/oauth/authorize/", asked(**change) | {"allow": "Yes"})
    assert response.status_code in (302, 400)
    assert "code=" not in response.get("Location", "")


def test_a_code_works_once_and_only_with_its_verifier(ada: Person) -> None:
    code = consented(ada)["code"][0]
    fields = {"grant_type": "authorization_code", "code": code, "redirect_uri": BACK}
    assert tokens(**fields, code_verifier="w" * 64).status_code == 400
    assert tokens(**fields, code_verifier=VERIFIER).status_code == 200
    assert tokens(**fields, code_verifier=VERIFIER).status_code == 400


@pytest.mark.parametrize("grant", ["password", "client_credentials"])
def test_other_grants_are_shut(ada: Person, grant: str) -> None:
    response = tokens(grant_type=grant, username="ada", password="x")
    assert response.status_code in (400, 401)


def test_a_token_for_reading_does_not_write(ada: Person) -> None:
    access = signed_in(ada, scope="read")["access_token"]
    assert me(access) == 200
    careful = client(access)
    response = careful.post("/api/v1/libraries/me/annotations", highlight(), content_type="application/json")
    assert refused(response, 403)["code"] == "insufficient_scope"


def test_tokens_are_stored_as_hashes_alone(ada: Person) -> None:
    answer = signed_in(ada)
    with connection.cursor() as cursor:
        for table in ("accesstoken", "refreshtoken"):
            cursor.execute(f"SELECT * FROM oauth2_provider_{table}")
            stored = str(cursor.fetchall())
            assert answer["access_token"] not in stored
            assert answer["refresh_token"] not in stored


def test_an_expired_token_opens_nothing(ada: Person) -> None:
    access = signed_in(ada)["access_token"]
    get_access_token_model().objects.update(expires=timezone.now() - timedelta(seconds=1))
    assert me(access) == 401


def test_a_refresh_gives_a_new_pair_and_ends_the_old_one(ada: Person) -> None:
    old = signed_in(ada)
    new = said(refreshed(old["refresh_token"]))
    assert new["refresh_token"] != old["refresh_token"]
    assert me(new["access_token"]) == 200
    assert me(old["access_token"]) == 401


def test_a_refresh_whose_answer_was_lost_can_be_asked_again(ada: Person) -> None:
    old = signed_in(ada)
    lost = said(refreshed(old["refresh_token"]))
    again = refreshed(old["refresh_token"])
    assert again.status_code == 200
    pair = said(again)
    assert pair["access_token"]
    assert pair["refresh_token"]
    assert me(pair["access_token"]) == 200
    assert me(lost["access_token"]) == 401
    onward = refreshed(pair["refresh_token"])
    assert onward.status_code == 200
    assert me(said(onward)["access_token"]) == 200


def test_a_refresh_token_that_two_parties_hold_ends_the_family(ada: Person) -> None:
    old = signed_in(ada)
    first = said(refreshed(old["refresh_token"]))
    second = said(refreshed(old["refresh_token"]))
    assert refreshed(first["refresh_token"]).status_code == 400
    assert me(second["access_token"]) == 401
    assert refreshed(second["refresh_token"]).status_code == 400


def test_after_the_grace_a_used_refresh_token_ends_the_family(ada: Person) -> None:
    old = signed_in(ada)
    new = said(refreshed(old["refresh_token"]))
    long_ago = timezone.now() - timedelta(seconds=121)
    get_refresh_token_model().objects.exclude(revoked=None).update(revoked=long_ago)
    assert refreshed(old["refresh_token"]).status_code == 400
    assert me(new["access_token"]) == 401
    assert refreshed(new["refresh_token"]).status_code == 400


def test_revoking_the_refresh_token_ends_both(ada: Person) -> None:
    pair = signed_in(ada)
    response = strict.post("/oauth/revoke/", {"client_id": CLIENT_ID, "token": pair["refresh_token"]})
    assert response.status_code == 200
    assert me(pair["access_token"]) == 401
    assert refreshed(pair["refresh_token"]).status_code == 400


def test_the_deactivated_get_nothing(ada: Person) -> None:
    pair = signed_in(ada)
    ada.user.is_active = False
    ada.user.save()
    assert me(pair["access_token"]) == 401
    assert refreshed(pair["refresh_token"]).status_code == 400


@pytest.mark.parametrize("token", ["", "x", "\0", "é", "x" * 200, "x" * 5000, "a b", "%00"])
def test_nonsense_at_the_doors_is_a_4xx(ada: Person, token: str) -> None:
    assert refreshed(token).status_code == 400
    assert tokens(grant_type="authorization_code", code=token, redirect_uri=BACK).status_code == 400
    assert tokens(grant_type=token).status_code == 400
    assert 400 <= tokens(grant_type="refresh_token", refresh_token="x", client_id=token).status_code < 500
    browser = client()
    browser.force_login(ada.user)
    for field in ("client_id", "redirect_uri", "scope", "code_challenge", "response_type", "nonce", "state"):
        changed = asked(**{field: token})
        assert browser.get("/oauth/authorize/", changed).status_code < 500
        assert browser.post("/oauth/authorize/", changed | {"allow": "Yes"}).status_code < 500
    revoked = browser.post("/oauth/revoke/", {"client_id": CLIENT_ID, "token": token})
    assert revoked.status_code < 500


def test_the_client_follows_the_settings(db: None, settings: Any) -> None:
    application = get_application_model()
    client = application.objects.get(client_id=CLIENT_ID)
    assert client.redirect_uris.split() == [
        "https://innbhmojjfokfaiakbfibjdgbfgolcom.chromiumapp.org/",
        "https://" + hashlib.sha1(b"extension@annotator").hexdigest() + ".extensions.allizom.org/",
    ]
    assert client.client_type == application.CLIENT_PUBLIC
    settings.EXTENSION_IDS = ["b" * 32]
    ensure_client()
    client.refresh_from_db()
    assert client.redirect_uris == "https://" + "b" * 32 + ".chromiumapp.org/"


@pytest.mark.django_db(transaction=True)
def test_two_refreshes_at_once_leave_one_pair_that_works(ada: Person) -> None:
    ensure_client()
    old = signed_in(ada)
    answers = at_once([lambda: refreshed(old["refresh_token"])] * 2)
    assert [answer.status_code for answer in answers] == [200, 200]
    working = [me(said(answer)["access_token"]) for answer in answers]
    assert sorted(working) == [200, 401]
