"""Every operation and every kind of caller, in one table. A route that is not in it fails the test.

Each gets a status: in a shared library, on a page and a highlight that an editor (the `author`) made.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone
from oauth2_provider.models import get_access_token_model

from annotator.models.libraries import Library, Membership, Role
from annotator.models.users import PersonalToken, User
from annotator.paragraphs import digest
from annotator.selection import Selection
from annotator.services.jobs import start_deed
from annotator.services.tokens import create_personal_token, token_digest
from annotator.uuid7 import uuid7
from tests.server.people import EDITED, PAGE, Json, Person, client, highlight, joins, page, person, refused

pytestmark = pytest.mark.django_db

CALLERS = (
    "anonymous", "expired", "revoked", "deactivated", "oauth expired", "session",
    "read only", "stranger", "former member", "superuser", "staff member",
    "reader", "editor", "author", "reviewer", "owner",
)  # fmt: skip
NOT_SIGNED_IN = ("anonymous", "expired", "revoked", "deactivated", "oauth expired", "session")
OUTSIDE = ("stranger", "former member", "superuser")


def everyone(status: int) -> dict[str, int]:
    return dict.fromkeys(CALLERS, status)


def members(status: int, **others: int) -> dict[str, int]:
    """This for members (the read-only token is an editor's); 401 and 404 for the rest."""
    table = everyone(status) | dict.fromkeys(NOT_SIGNED_IN, 401) | dict.fromkeys(OUTSIDE, 404)
    return table | {name.replace("_", " "): other for name, other in others.items()}


def signed_in(status: int) -> dict[str, int]:
    return everyone(status) | dict.fromkeys(NOT_SIGNED_IN, 401)


SAVES_NEW = members(201, read_only=403, reader=403, staff_member=403)
CHANGES_THE_AUTHORS = members(
    403, author=200, read_only=403
)  # seen by every member, and changed by its author alone

# (method, route) -> what each caller gets
TABLE: dict[tuple[str, str], dict[str, int]] = {
    ("GET", "healthz"): everyone(200),
    ("GET", "readyz"): everyone(200),
    ("GET", "api/v1/"): everyone(200),
    ("GET", "api/v1/schema"): everyone(200),
    ("GET", "api/v1/docs"): everyone(200),
    ("GET", "api/v1/me"): signed_in(200),
    ("GET", "api/v1/libraries/L/changes"): members(200),
    ("GET", "api/v1/libraries/L/snapshots/D"): members(200),
    ("PUT", "api/v1/libraries/L/snapshots/D"): SAVES_NEW,
    ("PUT", "api/v1/libraries/L/snapshots/D/anchors"): members(
        200, read_only=403, reader=403, staff_member=403
    ),
    ("GET", "api/v1/libraries/L/annotations"): members(200),
    ("POST", "api/v1/libraries/L/annotations"): SAVES_NEW,
    # Who may do what is answered for each item: test_batch.py.
    ("POST", "api/v1/libraries/L/annotations/batch"): members(200, read_only=403),
    ("GET", "api/v1/libraries/L/annotations/A"): members(200),
    ("PUT", "api/v1/libraries/L/annotations/A"): CHANGES_THE_AUTHORS,
    ("PATCH", "api/v1/libraries/L/annotations/A"): CHANGES_THE_AUTHORS,
    ("DELETE", "api/v1/libraries/L/annotations/A"): CHANGES_THE_AUTHORS | {"author": 204},
    ("POST", "api/v1/libraries/L/annotations/A/restore"): CHANGES_THE_AUTHORS,
    ("POST", "api/v1/libraries/L/annotations/A/review"): members(403, reviewer=200, owner=200),
    # The owner's own job.
    ("GET", "api/v1/jobs/J"): members(404, owner=200),
    ("POST", "api/v1/jobs/J"): members(404, read_only=403, owner=200),
    ("DELETE", "api/v1/jobs/J"): members(404, read_only=403, owner=200),
    ("GET", "api/v1/libraries/L/documents"): members(200),
    ("GET", "api/v1/libraries/L/documents/O"): members(200),
    # Replies: not a route of their own, but another rule.
    ("REPLY", "api/v1/libraries/L/annotations"): members(201, read_only=403),
}
CATCHES_THE_REST = "api/"
# What these do for whom is told in test_oauth.py: they know no bearer tokens.
OAUTH = {"oauth/authorize/", "oauth/token/", "oauth/revoke/"}


@pytest.fixture
def desk(group: Library, editor: Person) -> Json:
    """The shared library with a page and the editor's highlight on it."""
    editor.saves_page(library=group.pk)
    job = start_deed(
        library=group, actor=person("ada").user, name="approve", arguments={}, selection=Selection()
    )
    return editor.highlights(group.pk) | {"job": str(job.pk)}


def caller(kind: str, group: Library) -> Client:
    """Somebody of this kind, with their way to prove it."""
    if kind == "anonymous":
        return client()
    if kind == "author":
        return person("ed").http
    if kind == "owner":
        return person("ada").http
    if kind in ("reader", "editor", "reviewer"):
        return joins(person(f"the {kind}"), group, Role(kind)).http
    if kind == "stranger":
        return person("stranger").http
    if kind == "superuser":
        root = person("root")
        User.objects.filter(pk=root.user.pk).update(is_superuser=True, is_staff=True)
        return root.http
    member = joins(person("member"), group, Role.READER if kind == "staff member" else Role.EDITOR)
    return WAYS[kind](member)


def staff(member: Person) -> Client:
    User.objects.filter(pk=member.user.pk).update(is_staff=True)
    return member.http


def former(member: Person) -> Client:
    Membership.objects.filter(user=member.user).delete()
    return member.http


def expired(member: Person) -> Client:
    PersonalToken.objects.filter(user=member.user).update(expires=timezone.now() - timedelta(seconds=1))
    return member.http


def revoked(member: Person) -> Client:
    PersonalToken.objects.filter(user=member.user).update(revoked=timezone.now())
    return member.http


def deactivated(member: Person) -> Client:
    User.objects.filter(pk=member.user.pk).update(is_active=False)
    return member.http


def oauth_expired(member: Person) -> Client:
    get_access_token_model().objects.create(
        user=member.user,
        token="",
        token_checksum=token_digest("an-access-token"),
        scope="read write",
        expires=timezone.now() - timedelta(seconds=1),
    )
    return client("an-access-token")


def session(member: Person) -> Client:
    browser = client()
    browser.force_login(member.user)
    return browser


def read_only(member: Person) -> Client:
    token = create_personal_token(user=member.user, name="r", scope=PersonalToken.Scope.READ)
    return client(token)


WAYS: dict[str, Callable[[Person], Client]] = {
    "staff member": staff,
    "former member": former,
    "expired": expired,
    "revoked": revoked,
    "deactivated": deactivated,
    "oauth expired": oauth_expired,
    "session": session,
    "read only": read_only,
}


def request(by: Client, method: str, route: str, group: Library, made: Json) -> Any:
    names = {"L": str(group.pk), "A": made["id"], "D": digest(PAGE), "O": made["document"], "J": made["job"]}
    body: Json = {
        ("PUT", "api/v1/libraries/L/snapshots/D/anchors"): {"engine": 1, "anchors": []},
        ("PUT", "api/v1/libraries/L/annotations/A"): highlight(note="changed"),
        ("PATCH", "api/v1/libraries/L/annotations/A"): {"note": "changed"},
        ("POST", "api/v1/libraries/L/annotations"): highlight(),
        ("POST", "api/v1/libraries/L/annotations/batch"): {
            "items": [{"method": "PUT", "id": made["id"], "annotation": highlight(note="changed")}]
        },
        ("POST", "api/v1/libraries/L/annotations/A/review"): {"review": "approved"},
        ("REPLY", "api/v1/libraries/L/annotations"): {
            "motivation": "replying",
            "parent": made["id"],
            "note": "?",
        },
    }.get((method, route), {})
    if (method, route) == ("PUT", "api/v1/libraries/L/snapshots/D"):
        names["D"], body = digest(EDITED), page(EDITED)
    address = "/" + "/".join(names.get(part, part) for part in route.split("/"))
    send = getattr(by, {"REPLY": "post"}.get(method, method.lower()))
    return (
        send(address) if method in ("GET", "DELETE") else send(address, body, content_type="application/json")
    )


@pytest.mark.parametrize("kind", CALLERS)
def test_who_gets_what(kind: str, group: Library, desk: Json) -> None:
    by = caller(kind, group)
    got = {}
    for method, route in TABLE:
        with transaction.atomic():
            response = request(by, method, route, group, desk)
            transaction.set_rollback(True)  # the next one finds everything as it was
        got[method, route] = response.status_code
        if response.status_code >= 400:
            refused(response, response.status_code)
    assert got == {key: statuses[kind] for key, statuses in TABLE.items()}


@pytest.mark.parametrize(("method", "route"), [key for key in TABLE if "/L/" in key[1]])
def test_the_unseen_looks_like_the_absent(
    method: str, route: str, group: Library, desk: Json, stranger: Person
) -> None:
    unseen = request(stranger.http, method, route, group, desk)
    absent = request(
        stranger.http,
        method,
        route,
        Library(pk=uuid7()),
        desk | {"id": str(uuid7()), "document": str(uuid7())},
    )
    assert unseen.status_code == absent.status_code == 404
    assert unseen.content == absent.content
    assert without_id(unseen) == without_id(absent)


def without_id(response: Any) -> dict[str, str]:
    return {name: value for name, value in response.headers.items() if name != "X-Request-Id"}


def test_every_route_is_in_the_table() -> None:
    """The site's and the review desk's own pages have tables of their own."""
    ours = {route for route in routes() if route.startswith(("api/", "oauth/", "healthz", "readyz"))}
    known = {route for _, route in TABLE} | OAUTH | {CATCHES_THE_REST}
    assert ours == known, "a route without a line in the table, or a line without a route"


def test_every_method_of_a_view_is_in_the_table() -> None:
    for route, view in views():
        for method in getattr(view, "http_method_names", ()):
            if method in ("get", "put", "post", "patch", "delete") and hasattr(view, method):
                assert (method.upper(), route) in TABLE, (method, route)


def routes() -> set[str]:
    return {route for route, _ in walk(get_resolver(settings.ROOT_URLCONF), "")}


def views() -> Iterator[tuple[str, Any]]:
    for route, pattern in walk(get_resolver(settings.ROOT_URLCONF), ""):
        view = getattr(pattern.callback, "cls", None)
        if view is not None and route.startswith("api/"):
            yield route, view


def walk(resolver: URLResolver, before: str) -> Iterator[tuple[str, URLPattern]]:
    """Each pattern with its path, converters as the table's letters."""
    for one in resolver.url_patterns:
        path = before + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from walk(one, path)
        else:
            yield lettered(path), one


def lettered(path: str) -> str:
    letters = {
        "library": "L",
        "digest": "D",
        "id": "O" if "documents" in path else "J" if "jobs" in path else "A",
    }
    return re.sub(r"<(?:\w+:)?(\w+)>", lambda found: letters.get(found[1], found[0]), path)
