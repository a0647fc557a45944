"""What is shown when something is wrong; also when the database is what is wrong."""

import json

import pytest
from django.core.exceptions import PermissionDenied
from django.db import InternalError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import path
from psycopg.errors import ReadOnlySqlTransaction

from annotator.site import errors
from annotator.urls import handler400, handler403, handler404, handler500
from annotator.urls import urlpatterns as ours


def breaks(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("a secret detail")


def denies(request: HttpRequest) -> HttpResponse:
    raise PermissionDenied("a secret detail")


def finds_no_database(request: HttpRequest) -> HttpResponse:
    raise OperationalError("could not connect to server: a secret detail")


def finds_it_read_only(request: HttpRequest) -> HttpResponse:
    raise InternalError("cannot execute UPDATE") from ReadOnlySqlTransaction()


urlpatterns = [
    path("down", finds_no_database),
    path("api/down", finds_no_database),
    path("read-only", finds_it_read_only),
    path("breaks", breaks),
    path("api/breaks", breaks),
    path("denies", denies),
    *ours,
]
__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]

pytestmark = pytest.mark.urls("tests.server.test_site_errors")


@pytest.fixture
def browser() -> Client:
    return Client(raise_request_exception=False, SERVER_NAME="localhost")


# No test here is marked django_db: a query would fail it.


@pytest.mark.parametrize(("address", "status"), [("/nothing", 404), ("/breaks", 500), ("/denies", 403)])
def test_a_page_says_what_is_wrong_and_keeps_details_to_itself(
    browser: Client, address: str, status: int
) -> None:
    response = browser.get(address)
    html = response.content.decode()
    assert response.status_code == status
    assert f'<p class="status">{status}</p>' in html
    assert "secret" not in html
    assert "unsafe" not in response["Content-Security-Policy"]


@pytest.mark.parametrize("address", ["/down", "/api/down", "/read-only"])
def test_without_a_database_they_say_when_to_come_back(browser: Client, address: str) -> None:
    response = browser.get(address)
    assert response.status_code == 503
    assert int(response["Retry-After"]) > 0
    assert "The database does not answer" in response.content.decode()
    assert "secret" not in response.content.decode()


def test_a_database_that_is_missing_before_the_view_is_the_same(
    browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(self: object, request: HttpRequest) -> None:
        raise OperationalError("a secret detail")

    monkeypatch.setattr("django.middleware.locale.LocaleMiddleware.process_request", away)
    response = browser.get("/connect/")
    assert response.status_code == 503
    assert response["Retry-After"]
    assert "secret" not in response.content.decode()


def test_a_bad_host_is_a_400_page() -> None:
    response = Client(raise_request_exception=False, SERVER_NAME="evil.example").get("/connect/")
    assert response.status_code == 400
    assert "evil.example" not in response.content.decode()


def test_a_form_without_its_token_is_told_to_be_loaded_again() -> None:
    browser = Client(enforce_csrf_checks=True, SERVER_NAME="localhost")
    response = browser.post("/sign-in/", {"username": "x", "password": "y"})
    assert response.status_code == 403
    assert "too old to be sent" in response.content.decode()


def test_error_pages_speak_french_to_the_french(browser: Client) -> None:
    html = browser.get("/nothing", headers={"accept-language": "fr"}).content.decode()
    assert "Il n’y a rien ici" in html


@pytest.mark.parametrize(
    ("address", "status", "code"), [("/api/breaks", 500, "server_error"), ("/api/x", 404, "not_found")]
)
def test_under_api_errors_have_the_one_shape(browser: Client, address: str, status: int, code: str) -> None:
    response = browser.get(address)
    assert response.status_code == status
    assert response["Content-Type"] == "application/json"
    told = json.loads(response.content)["error"]
    assert set(told) == {"code", "message", "fields"}
    assert told["code"] == code
    assert "secret" not in told["message"]


@pytest.mark.parametrize("status", [400, 403, 404])
def test_every_handler_answers_api_and_pages(status: int) -> None:
    handler = {400: errors.bad_request, 403: errors.forbidden, 404: errors.not_found}[status]
    for address, kind in (("/api/v1/x", "application/json"), ("/x", "text/html; charset=utf-8")):
        response = handler(RequestFactory().get(address), Exception("secret"))
        assert (response.status_code, response["Content-Type"]) == (status, kind)
        assert b"secret" not in response.content
