"""What users wrote is text everywhere: in the admin, on the site, in error pages."""

import re
from html.parser import HTMLParser
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.urls import reverse

from annotator.models import Annotation, Document, Event, Library, PersonalToken, Snapshot, Tag, User
from annotator.models.libraries import Role
from annotator.paragraphs import Paragraph, Position, digest, quote_at
from annotator.services.tokens import create_personal_token
from tests.server.people import Person, joins, staff

pytestmark = pytest.mark.django_db

PAYLOADS = (
    "<script>evil()</script>",
    "<img src=x onerror=evil()>",
    '"><svg onload=evil()>',
    "' onmouseover='evil()",
    "</title><script>evil()</script>",
    "</textarea><iframe srcdoc='<script>evil()</script>'>",
    "{{ evil }}{% evil %}",
    "<a href=javascript:evil()>x</a>",
    "[x](javascript:evil())",
    "<b>evil</b>&lt;script&gt;",
    "\u202eevil<script>",
)

CODE = re.compile(r"\s*(javascript|data|vbscript):", re.IGNORECASE)


class Dangers(HTMLParser):
    """Collects what could run: scripts of the page itself, event handlers, styles and addresses with code."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = dict(attrs)
        if tag == "script" and "src" not in names and names.get("type") != "application/json":
            self.found.append("script")
        if tag in {"iframe", "object", "embed", "base"} or (tag == "img" and names.get("src") == "x"):
            self.found.append(tag)
        for name, value in attrs:
            if name.startswith("on") or name in {"style", "srcdoc"}:
                self.found.append(f"{tag} {name}")
            if name in {"href", "src", "action"} and re.match(
                r"\s*(javascript|data|vbscript):", value or "", re.I
            ):
                self.found.append(f"{tag} {name}={value}")


def wicked(payload: str) -> Person:
    """Somebody whose every text is the payload."""
    user = User.objects.create_superuser("wicked", password="a long password")
    User.objects.filter(pk=user.pk).update(first_name=payload[:150], last_name=payload[:150])
    user.refresh_from_db()
    who = Person(user, create_personal_token(user=user, name=payload))
    kinds = {"h1": payload, "p": f"before {payload} after", "quote": payload}
    paragraphs = [Paragraph(kind, text) for kind, text in kinds.items()]
    library = who.library
    Library.objects.filter(pk=library.pk).update(name=payload)
    told = [{"kind": p.kind, "text": p.text, "article": p.article} for p in paragraphs]
    page = {"url": "https://example.org/x", "title": payload, "site_name": payload, "byline": payload}
    saved = who.put(
        f"libraries/me/snapshots/{digest(paragraphs)}",
        {**page, "extractor": payload[:40], "paragraphs": told},
    )
    assert saved.status_code == 201, saved.content
    start, end = Position(1, 0), Position(2, len(payload))
    quote = quote_at(paragraphs, start, end)
    made = who.highlights(
        motivation="commenting",
        url="https://example.org/x",
        note=payload,
        tags=[payload],
        target={
            "snapshot": digest(paragraphs),
            "start": {"paragraph": 1, "offset": 0},
            "end": {"paragraph": 2, "offset": len(payload)},
            "quote": {"exact": quote.exact, "prefix": quote.prefix, "suffix": quote.suffix},
        },
    )
    who.highlights(motivation="replying", parent=made["id"], note=payload, target={"snapshot": ""})
    who.highlights(
        motivation="describing", url="https://example.org/x", note=payload, target={"snapshot": ""}
    )
    # What no door lets in, but a restored or an older database may hold.
    Document.objects.update(site=payload, url=f"javascript:evil()//{payload}", language=payload[:35])
    return who


def addresses() -> list[str]:
    pages = ["/", "/admin/"]
    for model in (Annotation, Document, Snapshot, Tag, Event, Library, PersonalToken, User):
        name = f"admin:annotator_{model._meta.model_name}"
        pages.append(reverse(f"{name}_changelist"))
        pages += [
            reverse(f"{name}_change", args=[key])
            for key in model._default_manager.values_list("pk", flat=True)
        ]
    documents = list(Document.objects.values_list("pk", flat=True))
    for deed in ("merge", "split"):
        pages += [reverse(f"admin:annotator_document_{deed}", args=[key]) for key in documents]
    pages += [f"/articles/{key}/" for key in Document.objects.values_list("pk", flat=True)]
    pages += [reverse("admin:annotator_library_open", args=[Library.objects.values_list("pk", flat=True)[0]])]
    return pages


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_text_of_a_user_runs_anywhere(payload: str) -> None:
    who = wicked(payload)
    browser = Client(SERVER_NAME="localhost")
    browser.force_login(who.user)
    seen = 0
    search, before = urlencode({"q": payload}), urlencode({"before": payload})
    for address in [*addresses(), f"/admin/annotator/annotation/?{search}", f"/?{before}"]:
        response = browser.get(address)
        assert response.status_code == 200, address
        html = response.content.decode()
        dangers = Dangers()
        dangers.feed(html)
        assert not dangers.found, (address, dangers.found)
        assert "unsafe" not in response["Content-Security-Policy"]
        seen += "evil" in html
    assert seen > 10  # the payload is there to be read, as text


def test_user_text_in_lists_keeps_its_direction_to_itself(ada: Person, group: Library) -> None:
    arabic = "\u0647\u0630\u0627 \u0646\u0635"
    ada.highlights(note=arabic, tags=[arabic], motivation="commenting")
    joins(ada, Library.objects.create(name=arabic), Role.OWNER)
    browser = staff(ada)
    html = browser.get("/admin/annotator/annotation/").content.decode()
    cells = html.split('id="result_list"')[1]
    assert cells.count(arabic) == len(re.findall(rf"<bdi[^>]*>{arabic}</bdi>", cells)) == 4
    assert 'dir="auto"' in browser.get(addresses()[3]).content.decode()
