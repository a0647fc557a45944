"""`manage.py loadseeds`: the demo story's snapshot and annotations, saved as an extension would."""

import json
from argparse import ArgumentParser
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from annotator.errors import Refused
from annotator.models import Annotation, User
from annotator.paragraphs import PARAGRAPH_BREAK, Paragraph, Position, digest, quote_at
from annotator.services.annotations import save_annotation
from annotator.services.documents import Page
from annotator.services.libraries import own_library
from annotator.services.snapshots import save_snapshot
from annotator.services.written import Target, Written

SEEDS = settings.BASE_DIR / "seeds" / "annotations.json"


class Command(BaseCommand):
    """Loads `seeds/annotations.json` into a user's own library. What was loaded once is left as it is now."""

    help = "Load the demo annotations into a user's own library; a second time changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """`--user NAME`, `--base-url ADDRESS`."""
        parser.add_argument("--user", help="whose library (the first superuser's, else demo's)")
        parser.add_argument("--base-url", default="http://127.0.0.1:8000", help="the address of this server")

    def handle(self, *args: object, **options: Any) -> None:
        """Raises CommandError for an unknown user, a missing file or what the services refuse."""
        try:
            seeds = json.loads(SEEDS.read_text(encoding="utf-8"))
        except FileNotFoundError as missing:
            raise CommandError("The seeds are not part of this installation.") from missing
        try:
            made = load(seeds, base_url=options["base_url"].rstrip("/"), user=author(options["user"]))
        except Refused as refused:
            raise CommandError(refused.message) from refused
        there = len(seeds["annotations"]) - made
        self.stdout.write(f"{made} annotations loaded, {there} were there already.")


def author(name: str | None) -> User:
    """The user of this name; without a name the first superuser, else `demo`, made where it is missing."""
    if name is not None:
        found = User.objects.filter(username=name).first()
        if found is None:
            raise CommandError(f"There is no user {name}.")
        return found
    if superuser := User.objects.filter(is_superuser=True).order_by("date_joined", "pk").first():
        return superuser
    user, made = User.objects.get_or_create(username="demo")
    if made:
        user.set_unusable_password()
        user.save()
    return user


def load(seeds: Mapping[str, Any], *, base_url: str, user: User) -> int:
    """Save the snapshot, and those annotations whose ids are not taken; how many that were."""
    library = own_library(user=user)
    known = Annotation.objects.in_bulk([one["id"] for one in seeds["annotations"]])
    new = [one for one in seeds["annotations"] if UUID(one["id"]) not in known]
    paragraphs = [Paragraph(p["kind"], p["text"], p.get("article", True)) for p in seeds["paragraphs"]]
    url = base_url + seeds["path"]
    described = {name: seeds[name] for name in ("title", "language", "site_name", "byline", "published")}
    if new:
        save_snapshot(
            library=library,
            author=user,
            digest=digest(paragraphs),
            page=Page(url=url, canonical=url, **described),
            paragraphs=paragraphs,
            extractor=seeds["extractor"],
        )
    for one in new:
        entry = written(one, url, paragraphs)
        save_annotation(library=library, author=user, id=UUID(one["id"]), written=entry)
    return len(new)


def written(one: Mapping[str, Any], url: str, paragraphs: list[Paragraph]) -> Written:
    """An entry of the file in the services' words."""
    return Written(
        motivation=one["motivation"],
        url=url,
        color=one.get("color", "yellow"),
        note=one.get("note", ""),
        tags=tuple(one["tags"]),
        parent=UUID(one["parent"]) if "parent" in one else None,
        target=target(one["paragraph"], one["quote"], paragraphs) if "quote" in one else Target(),
    )


def target(first: int, quote: str, paragraphs: list[Paragraph]) -> Target:
    """Where the quote stands, from its first paragraph on; PARAGRAPH_BREAK in it leads to the next one."""
    begin = paragraphs[first].text.index(quote.split(PARAGRAPH_BREAK)[0])
    *earlier, last = quote.split(PARAGRAPH_BREAK)
    start = Position(first, begin)
    end = Position(first + len(earlier), len(last) if earlier else begin + len(last))
    return Target(digest(paragraphs), start, end, quote_at(paragraphs, start, end))
