"""Who the tests speak as, and what they send: a page of four paragraphs and highlights on it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.test import Client
from django.test.client import ClientHandler

from annotator.models.libraries import Library, Membership, Role
from annotator.models.users import PersonalToken, User
from annotator.paragraphs import Paragraph, Position, digest, quote_at
from annotator.services.libraries import own_library
from annotator.services.tokens import create_personal_token
from annotator.uuid7 import uuid7

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as HttpResponse

Json = dict[str, Any]
URL = "https://fr.example.org/story"
# The emoji stands before the words that are highlighted: offsets are code points, not UTF-16 units or bytes.
PAGE = [
    Paragraph("h1", "Le sommet 😀 de samedi"),
    Paragraph("p", "Les ministres se sont réunis à Bruxelles. Ils ont parlé longtemps."),
    Paragraph("p", "Les ministres se sont réunis à Bruxelles. Puis ils sont partis."),
    Paragraph("p", "« Rien n'est décidé », a dit l'un d'eux 🎈 hier."),
]
EDITED = [PAGE[0], Paragraph("p", "PUBLICITÉ", article=False), *PAGE[1:]]


# Every handler reads the list of static files when it starts; one is enough for all.
_HANDLER = ClientHandler(enforce_csrf_checks=False)


def client(token: str | None = None) -> Client:
    """A browser or program, with a bearer token or without."""
    made = Client(headers={"Authorization": f"Bearer {token}"} if token else {}, SERVER_NAME="localhost")
    made.handler = _HANDLER
    return made


@dataclass
class Person:
    """A user with a token, and the requests that they make."""

    user: User
    token: str
    http: Client = field(init=False)

    def __post_init__(self) -> None:
        self.http = client(self.token)

    @property
    def library(self) -> Library:
        return own_library(user=self.user)

    def get(self, path: str, **query: Any) -> HttpResponse:
        return self.http.get(address(path), query)

    def put(self, path: str, body: Any, **headers: str) -> HttpResponse:
        return self.http.put(address(path), body, content_type="application/json", headers=dashed(headers))

    def patch(self, path: str, body: Any, **headers: str) -> HttpResponse:
        return self.http.patch(address(path), body, content_type="application/json", headers=dashed(headers))

    def post(self, path: str, body: Any = None, **headers: str) -> HttpResponse:
        return self.http.post(
            address(path), body or {}, content_type="application/json", headers=dashed(headers)
        )

    def delete(self, path: str, **headers: str) -> HttpResponse:
        return self.http.delete(address(path), headers=dashed(headers))

    def highlights(self, library: object = "me", id: uuid.UUID | None = None, **changes: Any) -> Json:
        """Save a highlight and answer it."""
        response = self.put(f"libraries/{library}/annotations/{id or uuid7()}", highlight(**changes))
        assert response.status_code == 201, response.content
        made: Json = said(response)
        return made

    def saves_page(
        self, paragraphs: list[Paragraph] = PAGE, library: object = "me", **changes: Any
    ) -> HttpResponse:
        """Save a snapshot of the page."""
        return self.put(f"libraries/{library}/snapshots/{digest(paragraphs)}", page(paragraphs, **changes))


def address(path: str) -> str:
    return path if path.startswith("/") else f"/api/v1/{path}"


def dashed(headers: dict[str, str]) -> dict[str, str]:
    """if_match="…" as If-Match."""
    return {name.replace("_", "-"): value for name, value in headers.items()}


def said(response: HttpResponse) -> Any:
    """The JSON of an answer."""
    return response.json()


def refused(response: HttpResponse, status: int, *fields: str) -> Json:
    """The error, after checking that it has the one shape, this status, and names these fields."""
    body = said(response)
    assert response.status_code == status, body
    assert body.keys() == {"error"}
    assert body["error"].keys() == {"code", "message", "fields"}
    assert set(fields) <= body["error"]["fields"].keys(), body
    error: Json = body["error"]
    return error


def person(name: str, scope: PersonalToken.Scope = PersonalToken.Scope.WRITE) -> Person:
    """A user of this name, made at first asking, with a fresh token."""
    user, _ = User.objects.get_or_create(username=name)
    return Person(user, create_personal_token(user=user, name="test", scope=scope))


def joins(who: Person, library: Library, role: Role) -> Person:
    Membership.objects.create(library=library, user=who.user, role=role)
    return who


def page(paragraphs: list[Paragraph] = PAGE, **changes: Any) -> Json:
    """A snapshot's body."""
    told = [{"kind": p.kind, "text": p.text, "article": p.article} for p in paragraphs]
    return {"url": URL, "title": "Le sommet", "extractor": "test-1", "paragraphs": told} | changes


def target(
    start: tuple[int, int] = (1, 0), end: tuple[int, int] = (1, 41), paragraphs: list[Paragraph] = PAGE
) -> Json:
    """A target on the page; the default is the first of two sentences that are alike."""
    first, last = Position(*start), Position(*end)
    quote = quote_at(paragraphs, first, last)
    return {
        "snapshot": digest(paragraphs),
        "start": {"paragraph": first.paragraph, "offset": first.offset},
        "end": {"paragraph": last.paragraph, "offset": last.offset},
        "quote": {"exact": quote.exact, "prefix": quote.prefix, "suffix": quote.suffix},
    }


def highlight(**changes: Any) -> Json:
    """An annotation's body."""
    return {
        "motivation": "highlighting",
        "url": URL,
        "color": "yellow",
        "note": "",
        "tags": [],
        "target": target(),
    } | changes


def staff(who: Person, **flags: bool) -> Client:
    """The person's browser, with the person on the staff and in the group *Reviewers*."""
    user = User.objects.get(pk=who.user.pk)
    for name, value in {"is_staff": True, **flags}.items():
        setattr(user, name, value)
    user.save()
    browser = Client(SERVER_NAME="localhost")
    browser.force_login(user)
    return browser
