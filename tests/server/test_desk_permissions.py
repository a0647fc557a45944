"""Who gets what on the review desk and the site's pages, as a table; a page without a line in it fails."""

from __future__ import annotations

import re
import uuid
from typing import Any

import pytest
from django.contrib import admin
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver
from django.utils import timezone
from oauth2_provider.models import get_application_model, get_refresh_token_model

from annotator.models import Document, Event, Job, Library, PersonalToken, Snapshot, Tag, User
from annotator.models.libraries import Role
from annotator.selection import Selection
from annotator.services.jobs import start_deed
from tests.server.people import Json, Person, joins, person, staff

pytestmark = pytest.mark.django_db

CALLERS = ("anonymous", "stranger", "reader", "editor", "reviewer", "owner", "staff", "superuser")
# "staff": on the staff and in the group, a member of nothing here. The roles are on the staff and in the
# group too, but for "stranger", who has only an account. "superuser" has not opened the library.
Row = dict[str, int]


def everyone(status: int, **others: int) -> Row:
    """This for whoever is on the staff; the sign-in page (302) and 403 for the others."""
    return dict.fromkeys(CALLERS, status) | {"anonymous": 302, "stranger": 403} | others


def members(status: int, **others: int) -> Row:
    """This for the library's members; to others on the staff it is not there."""
    return everyone(status) | {"staff": 404, "superuser": 404} | others


NOBODY = everyone(403)
SUPERUSERS = everyone(403, superuser=200)
# Django's own: what `has_…_permission` denies is 403 for all, also where there is no such row.
TABLE: dict[tuple[str, str], Row] = {
    ("GET", ""): everyone(200),
    ("GET", "annotator/"): everyone(200),
    ("GET", "jsi18n/"): everyone(200),
    ("GET", "login/"): everyone(302),
    ("GET", "autocomplete/"): everyone(403),
    ("GET", "password_change/done/"): everyone(200),
    ("GET", "password_change/"): everyone(200),
    # Lists are there for the staff; what stands in them is each one's own (test_admin_scope.py).
    **{
        ("GET", f"annotator/{name}/"): everyone(200)
        for name in ("annotation", "document", "snapshot", "tag", "event", "job", "library", "personaltoken")
    },
    ("GET", "annotator/user/"): SUPERUSERS,
    ("GET", "annotator/personaltoken/browsers/"): everyone(200),
    # One row each.
    **{
        ("GET", f"annotator/{name}/X/change/"): members(200)
        for name in ("annotation", "document", "snapshot", "tag")
    },
    ("GET", "annotator/event/X/change/"): members(200, staff=302, superuser=302),
    ("GET", "annotator/library/X/change/"): members(200, superuser=403),
    ("GET", "annotator/job/X/change/"): everyone(404, owner=200),
    ("GET", "annotator/personaltoken/X/change/"): everyone(302, owner=200, superuser=200),
    ("GET", "annotator/user/X/change/"): SUPERUSERS,
    ("GET", "annotator/user/X/password/"): SUPERUSERS,
    ("GET", "annotator/library/X/open/"): everyone(403, superuser=200),
    # Deeds. What a role may not do, the deed's answer tells above the page it leads back to (302).
    ("POST", "annotator/annotation/X/do/"): members(302),
    ("POST", "annotator/annotation/X/reply/"): members(302),
    ("POST", "annotator/annotation/X/attach/"): members(200),
    ("POST", "annotator/annotation/undo/X/"): everyone(302),
    ("POST", "annotator/tag/X/rename/"): members(302),
    ("GET", "annotator/document/X/merge/"): members(200, reader=302, editor=302),
    ("POST", "annotator/document/X/merge/"): members(302),
    ("GET", "annotator/document/X/split/"): members(200, reader=302, editor=302),
    ("POST", "annotator/document/X/split/"): members(302),
    ("POST", "annotator/job/X/advance/"): everyone(404, owner=302),
    ("POST", "annotator/job/X/cancel/"): everyone(404, owner=302),
    ("POST", "annotator/personaltoken/browsers/X/disconnect/"): everyone(404, owner=302, superuser=302),
    ("POST", "annotator/library/X/open/"): everyone(403, superuser=302),
    ("POST", "annotator/annotation/"): everyone(302),
    ("POST", "annotator/personaltoken/"): everyone(400),
}
ROWS = ("annotation", "document", "snapshot", "tag", "event", "job", "library", "personaltoken")
# Nothing is added, changed or deleted by Django's own forms, but for accounts, by superusers.
TABLE |= {("GET", f"annotator/{name}/add/"): NOBODY for name in ROWS}
TABLE |= {("GET", "annotator/user/add/"): SUPERUSERS}
# Not told one by one: a delete page and a history page for each kind of row, and addresses that lead on.
LEFT_OUT = re.compile(r".*/X/(delete|history)/$|logout/$|r/X/X/$|annotator/\w+/X/$|X$|X/$")


@pytest.fixture
def rows(group: Library, editor: Person, ada: Person) -> Json:
    """A row of each kind in the shared library; job, token and browser are its owner's."""
    editor.saves_page(library=group.pk)
    made = editor.highlights(group.pk, tags=["sommet"])
    job = start_deed(library=group, actor=ada.user, name="approve", arguments={}, selection=Selection())
    client = get_application_model().objects.create(
        name="x", client_type="public", authorization_grant_type="authorization-code"
    )
    family = uuid.uuid4()
    get_refresh_token_model().objects.create(
        user=ada.user, application=client, token="x", token_family=family
    )
    return {
        "annotation": made["id"],
        "document": Document.objects.get().pk,
        "snapshot": Snapshot.objects.get().pk,
        "tag": Tag.objects.get().pk,
        "event": Event.objects.get().pk,
        "library": group.pk,
        "job": job.pk,
        "personaltoken": PersonalToken.objects.filter(user=ada.user)[0].pk,
        "user": ada.user.pk,
        "family": family,
    }


def caller(kind: str, group: Library) -> Client:
    if kind == "anonymous":
        return Client(SERVER_NAME="localhost")
    if kind == "owner":
        return staff(person("ada"))
    who = person(f"the {kind}")
    if kind == "stranger":
        browser = Client(SERVER_NAME="localhost")
        browser.force_login(who.user)
        return browser
    if kind in ("staff", "superuser"):
        return staff(who, is_superuser=kind == "superuser")
    return staff(joins(who, group, Role(kind)))


def asked(by: Client, method: str, path: str, rows: Json) -> Any:
    name = path.split("/")[1] if path.startswith("annotator/") else ""
    key = rows["family"] if "disconnect" in path else rows.get(name, "")
    if "/undo/" in path:
        key = uuid.uuid4()
    address = "/admin/" + path.replace("X", str(key))
    body = {"deed": "approve", "note": "x", "name": "x", "action": "revoke", "_selected_action": "x"}
    return by.get(address) if method == "GET" else by.post(address, {**body, "words": "x"})


@pytest.mark.parametrize("kind", CALLERS)
def test_who_gets_what_on_the_desk(kind: str, group: Library, rows: Json) -> None:
    by = caller(kind, group)
    got = {}
    for method, path in TABLE:
        with transaction.atomic():
            got[method, path] = follow(asked(by, method, path, rows), by)
            transaction.set_rollback(True)  # the next one finds everything as it was
    assert got == {key: row[kind] for key, row in TABLE.items()}


def test_no_deed_is_done_for_another_site(group: Library, rows: Json) -> None:
    """Django's own check, which every door of the desk goes through."""
    strict = Client(SERVER_NAME="localhost", enforce_csrf_checks=True)
    strict.force_login(User.objects.get(username="ada"))
    for method, path in TABLE:
        if method == "POST":
            assert asked(strict, method, path, rows).status_code == 403, path
    assert Event.objects.filter(verb__in=["approve", "rename", "revoke", "open"]).count() == 0


def follow(response: Any, by: Client) -> int:
    """The status; where the desk's sign-in sends somebody who is signed in on to, its answer's."""
    if response.status_code == 302 and response["Location"].startswith("/admin/login/"):
        return int(by.get(response["Location"]).status_code)
    return int(response.status_code)


DECIDES = ("reviewer", "owner")


@pytest.mark.parametrize("kind", CALLERS)
@pytest.mark.parametrize("deed", ["approve", "flag", "hide", "tag", "recolor", "delete"])
def test_who_may_do_which_deed_to_somebody_elses(kind: str, deed: str, group: Library, rows: Json) -> None:
    """By the page's own door, and by the list's. Delete is its author's alone."""
    by = caller(kind, group)
    before = Event.objects.count()
    told = {"reason": "Why?", "add": "x", "color": "pink"}
    by.post(f"/admin/annotator/annotation/{rows['annotation']}/do/", {"deed": deed, **told})
    by.post(
        "/admin/annotator/annotation/",
        {"action": deed, "_selected_action": rows["annotation"], "confirmed": "1", **told},
    )
    may = kind in DECIDES and deed != "delete"
    assert (Event.objects.count() > before) is may


def test_every_page_of_the_desk_is_in_the_table() -> None:
    known = {path for _, path in TABLE} - {"annotator/"}  # which its pattern writes as any app's name
    there = {path for path in walk(admin.site.get_urls(), "") if not LEFT_OUT.match(path)}
    assert there == known, "a page without a line in the table, or a line without a page"


def walk(patterns: Any, before: str) -> Any:
    for one in patterns:
        path = before + re.sub(r"<[^>]+>", "X", str(one.pattern))
        if isinstance(one, URLResolver):
            yield from walk(one.url_patterns, path)
        elif isinstance(one, URLPattern):
            yield re.sub(r"\^|\$|\\Z|\(\?P.*?\)", lambda m: "" if m[0] in "^$\\Z" else "X", path)


@pytest.mark.parametrize("name", [*ROWS, "user"])
def test_nobody_deletes_a_row_by_djangos_page(name: str, rows: Json, group: Library) -> None:
    by = caller("superuser", group)
    before = {model: model._default_manager.count() for model in (Document, Tag, Job, Library, User)}
    assert by.post(f"/admin/annotator/{name}/{rows[name]}/delete/", {"post": "yes"}).status_code in (302, 403)
    assert {model: model._default_manager.count() for model in before} == before


SITE: dict[str, Row] = {
    "/": dict.fromkeys(CALLERS, 200),
    "/articles/X/": members(200, anonymous=302, stranger=404),
    "/connect/": dict.fromkeys(CALLERS, 200),
    "/account/delete/": dict.fromkeys(CALLERS, 200) | {"anonymous": 302},
}


@pytest.mark.parametrize("kind", CALLERS)
def test_who_gets_what_on_the_site(kind: str, group: Library, rows: Json) -> None:
    by = caller(kind, group)
    got = {path: by.get(path.replace("X", str(rows["document"]))).status_code for path in SITE}
    assert got == {path: row[kind] for path, row in SITE.items()}


def test_a_browser_that_was_disconnected_is_told_in_its_owners_library(rows: Json, ada: Person) -> None:
    browser = staff(ada)
    page = "/admin/annotator/personaltoken/browsers/"
    assert str(rows["family"]) in browser.get(page).content.decode()
    browser.post(f"{page}{rows['family']}/disconnect/")
    assert str(rows["family"]) not in browser.get(page).content.decode()
    assert Event.objects.get(verb="revoke").library == ada.library
    assert get_refresh_token_model().objects.get().revoked <= timezone.now()
