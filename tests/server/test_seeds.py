"""The demo annotations, and the page they stand on."""

import json
import re
from html.parser import HTMLParser
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from annotator.models import Annotation, Snapshot, User
from annotator.models.annotations import State
from annotator.paragraphs import Position, cut
from annotator.services.annotations import delete_annotation
from tests.server.people import Person

SEEDS: Path = settings.BASE_DIR / "seeds"
HIDDEN_OR_SKIPPED = {"head", "button", "svg", "style"}


class Blocks(HTMLParser):
    """The page's texts, block by block, as far as this one page needs it."""

    BLOCKS = frozenset(
        ("p", "li", "h1", "h2", "div", "figcaption", "small", "blockquote", "b", "a", "header")
    )

    def __init__(self) -> None:
        super().__init__()
        self.texts = [""]
        self.skipping: list[str] = []
        self.inside: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in {"meta", "link", "rect", "path", "g", "time"}:
            return
        if self.skipping or tag in HIDDEN_OR_SKIPPED or ("hidden", None) in attrs:
            self.skipping.append(tag)
        elif self.starts_a_line(tag):
            self.texts.append("")
        self.inside.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in {"rect", "path", "g", "time"}:
            return
        self.inside.pop()
        if self.skipping:
            self.skipping.pop()
        elif self.starts_a_line(tag):
            self.texts.append("")

    def handle_data(self, data: str) -> None:
        if not self.skipping:
            self.texts[-1] += data

    def starts_a_line(self, tag: str) -> bool:
        inline = tag in {"a", "b"} and ("article" in self.inside or "li" in self.inside)
        return tag in self.BLOCKS and not inline


def seeds() -> dict[str, Any]:
    read: dict[str, Any] = json.loads((SEEDS / "annotations.json").read_text(encoding="utf-8"))
    return read


def folded(text: str) -> str:
    return " ".join(text.split())


def load(**options: str) -> str:
    out = StringIO()
    call_command("loadseeds", stdout=out, **options)
    return out.getvalue()


def test_the_listed_paragraphs_are_those_of_the_page_in_order() -> None:
    page = Blocks()
    page.feed(re.sub(r"<!--.*?-->", "", (SEEDS / "euronews-raqa.html").read_text(encoding="utf-8")))
    on_page = [text for text in map(folded, page.texts) if text]
    assert [folded(paragraph["text"]) for paragraph in seeds()["paragraphs"]] == on_page


def test_the_page_holds_the_whole_story_as_it_came() -> None:
    listed = {folded(paragraph["text"]) for paragraph in seeds()["paragraphs"]}
    story = (SEEDS / "euronews-raqa.txt").read_text(encoding="utf-8").split("Lien copié")[1]
    lines = {folded(line) for line in story.splitlines() if folded(line)} - {"Partager cet articleDiscussion"}
    assert lines
    assert lines <= listed


def test_the_page_has_real_no_break_spaces_and_asks_nobody_for_anything() -> None:
    page = (SEEDS / "euronews-raqa.html").read_text(encoding="utf-8")
    assert "«\u00a0Daech" in page
    assert "«\u202fAjourd’hui" in page
    assert "superposer\u00a0:" in page
    assert not re.search(r'(?:src|href)="(?!#|/demo/|data:,)', page)


@pytest.mark.django_db
def test_every_highlight_stands_where_it_says_and_cuts_exactly_its_quote(ada: Person) -> None:
    load(user="ada", base_url="http://127.0.0.1:1234/")
    paragraphs = Snapshot.objects.get().read()
    highlights = Annotation.objects.exclude(quote_exact="")
    assert highlights.count() == 6
    for row in highlights:
        numbers = (row.start_paragraph, row.start_offset, row.end_paragraph, row.end_offset)
        a, b, c, d = (number for number in numbers if number is not None)
        assert cut(paragraphs, Position(a, b), Position(c, d)) == row.quote_exact
        assert row.state == State.EXACT
        assert row.document.url == "http://127.0.0.1:1234/demo/euronews-raqa"


@pytest.mark.django_db
def test_loading_twice_doubles_nothing_and_leaves_what_was_changed(ada: Person) -> None:
    first = load(user="ada")
    assert first.startswith("8 ")
    gone = Annotation.objects.filter(quote_exact__startswith="danger").get()
    delete_annotation(annotation=gone, actor=ada.user)
    version = ada.library.version
    assert load(user="ada").startswith("0 ")
    assert Annotation.objects.count() == 8
    assert Snapshot.objects.count() == 1
    gone.refresh_from_db()
    assert gone.deleted is not None
    ada.library.refresh_from_db()
    assert ada.library.version == version


@pytest.mark.django_db
def test_without_a_name_they_go_to_the_first_superuser(ada: Person) -> None:
    boss = User.objects.create_superuser("boss", password="a long password")
    load()
    assert set(Annotation.objects.values_list("author", flat=True)) == {boss.pk}


@pytest.mark.django_db
def test_without_any_superuser_they_go_to_a_demo_user_who_cannot_sign_in() -> None:
    load()
    author = Annotation.objects.select_related("author")[0].author
    assert author.username == "demo"
    assert not author.has_usable_password()


@pytest.mark.django_db
def test_an_unknown_user_is_an_error_and_nothing_is_written() -> None:
    with pytest.raises(CommandError, match="no user nobody"):
        load(user="nobody")
    assert not Annotation.objects.exists()
