"""Two hundred texts that try to run a script, in every text field, on every page that shows them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.e2e.browsers.chromium import Chromium
from tests.e2e.browsers.interface import Browser
from tests.e2e.desk import sign_in
from tests.e2e.server import Server
from tests.payloads import PAYLOADS

DESK = "/admin/annotator"
# What ran, and what only the policy kept from running: neither may be.
WATCH = """window.ran = []; window.evil = () => window.ran.push("ran");
document.addEventListener("securitypolicyviolation", (one) => window.ran.push(one.violatedDirective));"""
WICKED = """
import json
from dataclasses import asdict
from annotator.models import (Anchor, Annotation, AnnotationTag, Decision, Document, DocumentAlias, Event,
    Library, Membership, PersonalToken, Snapshot, Tag, User)
from annotator.models.events import Kind
from annotator.paragraphs import Paragraph, digest
payloads = json.loads({payloads!r})
ada = User.objects.get(username="ada")
User.objects.filter(pk=ada.pk).update(first_name=payloads[0][:150], last_name=payloads[1][:150])
library = Library.objects.create(name=payloads[2])
Membership.objects.create(library=library, user=ada, role="owner")
paragraphs = [Paragraph("p", text) for text in payloads]
documents = Document.objects.bulk_create(
    Document(library=library, version=n, url=f"https://x.example/{{n}}#" + text, site=text, title=text,
        language=text[:35], byline=text) for n, text in enumerate(payloads, 1))
article = documents[-1]
Snapshot.objects.bulk_create(
    Snapshot(library=library, document=article, version=1000 + n, digest=digest(some), url=article.url,
        extractor=payloads[3][:40], paragraphs=[asdict(one) for one in some], author=ada)
    for n, some in enumerate((paragraphs[::-1], paragraphs)))
latest = Snapshot.objects.get(version=1001)
rows = Annotation.objects.bulk_create(
    Annotation(library=library, document=article, version=2000 + n, author=ada, url=article.url,
        motivation="commenting", note=text, quote_exact=text, quote_prefix=text, quote_suffix=text,
        snapshot_digest=latest.digest, start_paragraph=n, start_offset=0, end_paragraph=n,
        end_offset=len(text), state="edited" if n % 2 else "exact", review="flagged")
    for n, text in enumerate(payloads))
Annotation.objects.bulk_create(
    Annotation(library=library, document=article, version=4000 + n, author=ada, url=article.url, parent=row,
        motivation="replying", note=row.note) for n, row in enumerate(rows))
for row in rows:
    row.anchor = Anchor.objects.create(library=library, annotation=row, snapshot=latest, engine=1,
        state="edited", start_paragraph=0, start_offset=0, end_paragraph=0, end_offset=9, text=row.note + "x")
Annotation.objects.bulk_update(rows, ["anchor"])
tags = Tag.objects.bulk_create(Tag(library=library, name=text[:100]) for text in dict.fromkeys(
    text[:100] for text in payloads))
AnnotationTag.objects.bulk_create(AnnotationTag(library=library, annotation=row, tag=tag)
    for row, tag in zip(rows, tags))
Decision.objects.bulk_create(Decision(library=library, annotation=row, reviewer=ada, review="flagged",
    reason=row.note) for row in rows)
Event.objects.bulk_create(Event(library=library, actor=ada, verb=row.note[:40], kind=Kind.ANNOTATION,
    row=row.pk, before={{"note": row.note}}, after={{"note": row.note}}) for row in rows)
PersonalToken.objects.bulk_create(PersonalToken(user=ada, name=text[:100], digest=str(n))
    for n, text in enumerate(payloads))
print(json.dumps({{"article": str(article.pk), "rows": [str(row.pk) for row in rows],
    "texts": list(Snapshot.objects.values_list("digest", flat=True)),
    "event": str(Event.objects.filter(library=library)[0].pk), "snapshot": str(latest.pk),
    "tag": str(tags[0].pk), "library": str(library.pk)}}))
"""


@pytest.mark.only("chromium", reason="what is escaped is escaped for every browser; one is enough")
def test_nothing_that_a_user_wrote_runs_on_any_page(browser: Browser, server: Server) -> None:
    made = server.manage(
        "shell", "--no-imports", "--command", WICKED.format(payloads=json.dumps(list(PAYLOADS)))
    )
    keys = json.loads(made.splitlines()[-1])
    assert isinstance(browser, Chromium)
    browser.context.add_init_script(WATCH)
    page = browser.new_page()
    sign_in(page, server)
    seen = 0
    for path in pages(keys):
        page.goto(server.url(path))
        assert page.evaluate("window.ran") == [], path
        seen += int(page.evaluate("document.body.innerText.split('evil()').length - 1"))
    assert seen > 3 * len(PAYLOADS)  # they are there to be read, as text


def pages(keys: dict[str, Any]) -> list[str]:
    """The pages that show users' texts; all payloads on the article's, fifty on each page of a list."""
    old, new = keys["texts"][:2]
    lists = ("annotation", "document", "snapshot", "tag", "event", "library", "personaltoken", "user")
    found = ["/", "/admin/", *(f"{DESK}/{name}/" for name in lists)]
    found += [f"{DESK}/annotation/?p=end", f"{DESK}/tag/?p=end", f"{DESK}/document/?p=end"]
    for address in (f"/articles/{keys['article']}/", f"{DESK}/document/{keys['article']}/change/"):
        found += [address, f"{address}?snapshot={new}&against={old}"]
    found += [f"{DESK}/document/{keys['article']}/{deed}/" for deed in ("merge", "split")]
    found += [f"{DESK}/annotation/{key}/change/" for key in keys["rows"][::25]]
    found += [f"{DESK}/annotation/{keys['rows'][0]}/attach/"]
    found += [f"{DESK}/{name}/{keys[name]}/change/" for name in ("event", "snapshot", "tag", "library")]
    return found
