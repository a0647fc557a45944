"""A library of any size, written past the API and its search index: what comes after is tried."""

from __future__ import annotations

from tests.e2e.server import Server

_A_PIECE = 2_000
_ON_A_PAGE = 10

_SCRIPT = """
from django.db import transaction
from annotator.models.annotations import Annotation, AnnotationTag, Tag
from annotator.models.documents import Document, DocumentAlias
from annotator.models.libraries import Library
from annotator.models.users import User
from annotator.url_key import url_key

user = User.objects.get(username={user!r})
library = Library.objects.get(personal_of=user)
tags = [Tag.objects.get_or_create(library=library, name=f"tag {{number}}")[0] for number in range(20)]
for start in range(0, {count}, {piece}):
    with transaction.atomic():
        size = min({piece}, {count} - start)
        version = Library.objects.reserve_versions(library.pk, size + -(-size // {on_a_page}))[0]
        documents, aliases, rows, links = [], [], [], []
        for number in range(start, start + size):
            if number % {on_a_page} == 0:
                url = f"https://example.org/{{number}}"
                document = Document(library=library, version=version, url=url, title=f"Story {{number}}")
                documents.append(document)
                aliases.append(DocumentAlias(library=library, document=document, url=url, key=url_key(url)))
                version += 1
            quote, note = f"The words of sentence {{number}}", f"What was thought of number {{number}}"
            row = Annotation(
                library=library, document=document, version=version, author=user, motivation="commenting",
                note=note, url=document.url, snapshot_digest=f"{{number // {on_a_page}:064x}}",
                start_paragraph=number % 50, start_offset=0, end_paragraph=number % 50, end_offset=len(quote),
                quote_exact=quote, quote_prefix="before it ", quote_suffix=" and after it",
            )
            rows.append(row)
            links.append(AnnotationTag(library=library, annotation=row, tag=tags[number % 20]))
            version += 1
        Document.objects.bulk_create(documents, batch_size=200)
        DocumentAlias.objects.bulk_create(aliases, batch_size=200)
        Annotation.objects.bulk_create(rows, batch_size=200)
        AnnotationTag.objects.bulk_create(links, batch_size=200)
"""


def fill_library(server: Server, user: str, count: int) -> str:
    """`count` highlights with notes and tags, ten on a page, in the user's own library; a token for it."""
    token = server.manage("createtoken", user)
    # A library is made at the first look at it.
    assert server.api(token).get("me").status == 200
    server.manage(
        "shell", "--no-imports", "--command",
        _SCRIPT.format(user=user, count=count, piece=_A_PIECE, on_a_page=_ON_A_PAGE),
    )  # fmt: skip
    return token
