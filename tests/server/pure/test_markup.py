"""Notes become HTML that cannot do anything, in bounded time."""

import json
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import bleach  # type: ignore[import-untyped]  # it ships no types
import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator import markup
from annotator.markup import Html, is_safe_link, render

VECTORS = Path(__file__).parents[2] / "vectors" / "markup"
REL = "nofollow noopener noreferrer"
# Written out here and not imported: the test has to notice when the product's list grows.
ALLOWED: dict[str, set[str]] = {
    "a": {"href", "title", "rel"},
    "ol": {"start"},
    "td": {"align"},
    "th": {"align"},
}
PLAIN = {"br", "code", "em", "s", "strong", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "li", "p"}
PLAIN |= {"pre", "ul", "table", "tbody", "thead", "tr"}
# A generous guard against hanging, in seconds; `bench markup` prints what it really takes.
HANG = 60


def cases(name: str) -> list[dict[str, str]]:
    found: list[dict[str, str]] = json.loads((VECTORS / f"{name}.json").read_text("utf-8"))
    return found


class Reader(HTMLParser):
    """Collects what a browser would act on."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.faults: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in ALLOWED and tag not in PLAIN:
            self.faults.append(f"<{tag}>")
        self.faults += [f"{tag} {name}" for name, _ in attrs if name not in ALLOWED.get(tag, ())]
        values = dict(attrs)
        if tag == "a":
            href = values.get("href") or ""
            if not href.startswith(("http://", "https://", "mailto:")) or values.get("rel") != REL:
                self.faults.append(f"a {attrs}")

    def handle_comment(self, data: str) -> None:
        self.faults.append("comment")

    def handle_decl(self, decl: str) -> None:
        self.faults.append("declaration")

    def handle_pi(self, data: str) -> None:
        self.faults.append("processing instruction")

    def unknown_decl(self, data: str) -> None:
        self.faults.append("unknown declaration")


def test_the_vectors_are_there() -> None:
    assert len(cases("hostile")) >= 60
    assert len(cases("repeated")) >= 40
    assert len(cases("rendered")) >= 15


@pytest.mark.parametrize("case", cases("rendered"), ids=lambda case: case["name"])
def test_it_renders_markdown(case: dict[str, str]) -> None:
    assert render(case["markdown"]) == case["html"]


@pytest.mark.parametrize("case", cases("hostile"), ids=lambda case: case["name"])
def test_nothing_hostile_gets_through(case: dict[str, str]) -> None:
    html = render(case["markdown"])
    assert Reader(html).faults == []
    assert html


@pytest.mark.parametrize("case", cases("hostile"), ids=lambda case: case["name"])
def test_bleach_alone_holds(case: dict[str, str]) -> None:
    html = bleach.clean(
        case["markdown"],
        tags=markup._TAGS,
        attributes=markup._is_allowed,
        protocols=("http", "https", "mailto"),
    )
    faults = [fault for fault in Reader(html).faults if not fault.startswith("a [")]
    assert faults == []


@pytest.mark.parametrize(
    "html",
    [
        "<script>alert(1)</script>",
        '<p onclick="alert(1)">x</p>',
        '<a href="javascript:alert(1)" rel="nofollow noopener noreferrer">x</a>',
        '<a href="https://example.com">x</a>',
        '<img src="https://example.com/x.png">',
        "<p>",
        "</div><p>x</p>",
        "<p><em>x</p></em>",
        "<!-- x -->",
        "<!doctype html>",
        '<td style="color:red">x</td>',
    ],
)
def test_the_last_wall_alone_holds(html: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bleach, "clean", lambda *_, **__: html)
    assert render("*typed*") == "<pre>*typed*</pre>\n"


def test_it_is_safe_for_templates_by_its_type() -> None:
    html = render("a")
    assert isinstance(html, Html)
    assert html.__html__() == html


@given(st.text(st.characters(), max_size=200))
def test_it_never_raises_and_lets_nothing_through(markdown: str) -> None:
    assert Reader(render(markdown)).faults == []


PIECES = [case["piece"] for case in cases("repeated")] + [
    "javascript:",
    "](",
    "\n",
    "    ",
    '"',
    "'",
    "<svg onload=x>",
]


@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join))
def test_pieces_of_markdown_in_any_order_let_nothing_through(markdown: str) -> None:
    assert Reader(render(markdown)).faults == []


RENDER_ALL = """
import json, sys
from annotator.markup import render
for case in json.load(open(sys.argv[1], encoding="utf-8")):
    render((case["piece"] * 16_384)[:16_384])
render("abcdefg\\n" * 8_192)
render("[" * 10_000 + "]" * 10_000)
render("`" * 50_000)
render("[" * 100_000)
render("|a" * 400 + "\\n" + "|-" * 400 + "\\n" + "|\\n" * 5_000)
print("done")
"""


def test_no_note_hangs_the_reader() -> None:
    script = [sys.executable, "-c", RENDER_ALL, str(VECTORS / "repeated.json")]
    done = subprocess.run(script, capture_output=True, text=True, timeout=HANG, check=False)
    assert (done.stdout, done.stderr) == ("done\n", "")


def test_a_note_does_not_grow_beyond_measure() -> None:
    address = "http://x/" + "y" * 1_000
    assert len(render(f"[a]: {address}\n\n" + "[a]" * 2_000)) < 20 * 8_000
    assert render("|a" * 99 + "\n" + "|-" * 99 + "\n" + "|\n" * 2_000).count("<td") == 0


def test_a_table_in_earnest_is_a_table() -> None:
    rows = "".join(f"| {row} | a | b | c |\n" for row in range(300))
    assert render("| n | x | y | z |\n|---|---|---|---|\n" + rows).count("<tr>") == 301


@pytest.mark.parametrize(
    ("address", "safe"),
    [
        ("https://example.com", True),
        ("HTTP://example.com/a?b#c", True),
        ("http://127.0.0.1:8000/demo", True),
        ("http://[::1]/", True),
        ("https://example.com/@anna", True),
        ("mailto:anna@example.com?subject=a:b", True),
        ("https://anna@example.com/", False),
        ("https://", False),
        ("https:example.com", False),
        ("//example.com", False),
        ("/a", False),
        ("javascript:alert(1)", False),
        ("https://example.com/\u202e", False),
        ("https://example.com/a b", False),
        ("https://example.com\\@evil.example", False),
        ("\thttps://example.com", False),
        ("https://example.com\n", False),
    ],
)
def test_a_link_goes_to_the_web_or_to_mail(address: str, safe: bool) -> None:
    assert is_safe_link(address) is safe


def test_only_markup_knows_bleach() -> None:
    package = Path(markup.__file__).parent
    importing = re.compile(r"^\s*(?:import|from) bleach\b", re.MULTILINE)
    assert [path.name for path in package.rglob("*.py") if importing.search(path.read_text("utf-8"))] == [
        "markup.py"
    ]
