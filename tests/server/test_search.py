"""Searching: the vectors, a plain reference, and what every door makes of it. The same on both databases."""

from __future__ import annotations

import itertools
import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from annotator import search
from annotator.models.annotations import Annotation, Color, State
from annotator.search import asking
from annotator.search.words import words
from tests.server.people import refused, said
from tests.server.search_corpus import Corpus, installed, vectors
from tests.server.search_reference import ranked

pytestmark = pytest.mark.django_db


@pytest.fixture
def corpus(db: None) -> Corpus:
    return installed(vectors("corpus"))


def pages(corpus: Corpus, query: str, size: int) -> list[str]:
    """All pages of so many, as keys."""
    rows = Annotation.objects.in_libraries([corpus.library]).alive()
    keys: list[str] = []
    place = None
    for _ in range(100):
        shown, place = search.page(rows, query, [corpus.library.pk], place, size)
        assert len(shown) <= size
        keys += corpus.keys(shown)
        if place is None:
            return keys
        place = search.Place.written(str(place))
    raise AssertionError(f"{query}: the pages do not end")


def test_every_vector_finds_these_in_this_order(corpus: Corpus) -> None:
    cases = vectors("found")
    assert len(cases) >= 150
    found = {case["name"]: pages(corpus, case["query"], 100) for case in cases}
    wrong = {
        case["name"]: (case, found[case["name"]]) for case in cases if found[case["name"]] != case["found"]
    }
    assert not wrong


def test_many_articles_are_found_as_few_are(corpus: Corpus, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "_FEW", 0)
    cases = [case for case in vectors("found") if "site:" in case["query"] or "title:" in case["query"]]
    assert len(cases) >= 12
    for case in cases:
        assert pages(corpus, case["query"], 100) == case["found"], case


def test_pages_of_one_and_of_three_are_the_same_list(corpus: Corpus) -> None:
    for case in vectors("found")[::5]:
        for size in (1, 3):
            assert pages(corpus, case["query"], size) == case["found"], case


def test_the_vectors_hold_for_the_reference_and_without_naming_libraries(corpus: Corpus) -> None:
    rows = list(Annotation.objects.select_related("document", "author").prefetch_related("tags"))
    for case in vectors("found"):
        assert corpus.keys(ranked(rows, case["query"])) == case["found"], case
        unordered = search.annotations(Annotation.objects.alive(), case["query"])
        assert sorted(corpus.keys(unordered)) == sorted(case["found"]), case


def test_every_query_that_cannot_be_read_is_refused_with_a_message(corpus: Corpus) -> None:
    cases = vectors("refused")
    assert len(cases) >= 30
    for case in cases:
        with pytest.raises(search.SearchError) as error:
            search.annotations(Annotation.objects.all(), case["query"])
        assert case["says"] in error.value.message, (case, error.value.message)
        assert list(error.value.fields) == ["q"]
    answer = corpus.owner.get(f"libraries/{corpus.library.pk}/annotations", q='"le sommet')
    assert "not closed" in refused(answer, 400, "q")["message"]


WORDS = (
    "lorem",
    "ipsum",
    "dolor",
    "été",
    "loris",
    "東京",
    "東京都",
    "京",
    "كتاب",
    "الكتاب",
    "3,5",
    "a-b",
    "🎈",
)


def made_up(count: int) -> list[dict[str, object]]:
    """Short texts of few words, so that phrases, twins and misses all come often."""
    chance = random.Random(7)

    def text(most: int) -> str:
        return chance.choice((" ", " ", ", ", ". ")).join(chance.choices(WORDS, k=chance.randint(0, most)))

    return [
        {
            "key": str(number), "quote": text(6), "note": text(4), "title": text(3), "day": "2026-02-02",
            "tags": sorted({text(2) or "x" for _ in range(chance.randint(0, 2))}),
            "color": chance.choice(Color.values), "state": chance.choice(State.values),
            "author": chance.choice(("ada", "zoe")),
            "url": chance.choice(("https://a.example/", "https://b.a.example/x", "https://c.example/")),
        }
        for number in range(count)
    ]  # fmt: skip


word = st.sampled_from(WORDS)
phrase = st.lists(word, min_size=1, max_size=3).map(" ".join)
value = st.one_of(
    word, phrase.map('"{}"'.format), st.sampled_from(("lo*", "do*", "ips*", "東*", '"lorem ip"*'))
)
field = st.sampled_from(("quote", "note", "tag", "title"))
term = st.one_of(
    value, value,
    st.tuples(field, value).map(":".join),
    st.sampled_from(("color:pink", "is:orphaned", "site:a.example", "site:c*", "author:zoe")),
    st.sampled_from(("after:2026-02-02", "before:2026-02-02")),
)  # fmt: skip
signed = st.tuples(st.sampled_from(("", "", "", "-")), term).map("".join)
queries = st.lists(st.lists(signed, min_size=1, max_size=3).map(" or ".join), min_size=1, max_size=3).map(
    " ".join
)


def test_what_it_finds_is_what_a_plain_reading_of_every_annotation_finds(db: None) -> None:
    corpus = installed(made_up(60))
    every = list(Annotation.objects.select_related("document", "author").prefetch_related("tags"))
    seen = {"something": 0, "nothing": 0}

    @settings(max_examples=100, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(queries)
    def holds(query: str) -> None:
        wanted = corpus.keys(ranked(every, query))
        assert pages(corpus, query, 40) == wanted, query
        seen["something" if wanted else "nothing"] += 1

    holds()
    assert min(seen.values()) > 10, seen


def test_marks_stand_on_the_words_that_were_asked_for(corpus: Corpus) -> None:
    def marks(text: str, query: str, field: str | None = None) -> list[str]:
        pieces = search.marked(text, query, field)
        assert "".join(piece.text for piece in pieces) == text
        return [piece.text for piece in pieces if piece.hit]

    assert marks("Déjà vu, DÉJÀ dit", "deja") == ["Déjà", "DÉJÀ"]
    assert marks("Le bœuf œuvre", "oeuvre") == ["œuvre"]
    assert marks("réunis à Bruxelles. à Paris", '"a bruxelles"') == ["à Bruxelles"]
    assert marks("東京都の東", "東京") == ["東京"]
    assert marks("東京都の東", "東") == ["東", "東"]
    assert marks("日本の首都です", "日本の首都") == ["日本の首都"]
    assert marks("والكتاب الجديد", "كتاب") == ["والكتاب"]
    assert marks("minister ministre", "minist*") == ["minister", "ministre"]
    assert marks("mot autre", "mot -autre") == ["mot"]
    assert marks("mot", "note:mot", "quote") == []
    assert marks("mot", "note:mot", "note") == ["mot"]
    assert marks("<b>mot</b> 3,5", "mot 3.5") == ["mot", "3,5"]
    assert marks("rien", "") == []


def test_an_excerpt_of_a_long_text_shows_its_first_hit() -> None:
    text = "avant " * 400 + "le mot cherché" + " après" * 400
    pieces = search.excerpt(text, "mot", most=120)
    assert [piece.text for piece in pieces if piece.hit] == ["mot"]
    assert sum(len(piece.text) for piece in pieces) == 122
    assert pieces[0].text == pieces[-1].text == "…"
    assert "".join(piece.text for piece in search.excerpt(text, "absent", most=20)) == text[:20] + "…"
    short = search.excerpt("le mot", "mot", most=20)
    assert [(piece.text, piece.hit) for piece in short] == [("le ", False), ("mot", True)]


def test_every_text_is_cut_into_words_that_stand_in_it() -> None:
    @settings(max_examples=150, deadline=None, derandomize=True)
    @given(st.text(max_size=60))
    def holds(text: str) -> None:
        found = words(text)
        for one in found:
            assert one.text
            assert not any(character.isspace() for character in one.text)
            assert 0 <= one.start < one.end <= len(text)
        for before, after in itertools.pairwise(found):
            assert before.start <= after.start
        for one in found:  # what the index holds and what a query asks are cut by the same rules
            assert one.text in {again.text for again in words(text[one.start : one.end])}, one

    holds()


def test_the_api_answers_pages_of_the_best_first(corpus: Corpus) -> None:
    path = f"libraries/{corpus.library.pk}/annotations"
    first = said(corpus.owner.get(path, q="syrie", limit="2"))
    second = said(corpus.owner.get(path, q="syrie", limit="2", cursor=first["cursor"]))
    ids = [one["id"] for one in (*first["annotations"], *second["annotations"])]
    assert ids == [str(corpus.rows[key].pk) for key in ("fr2", "fr1", "fr5")]
    assert second["cursor"] is None
    green = said(corpus.owner.get(path, q="daech or syrie", color="green"))["annotations"]
    assert [one["id"] for one in green] == [str(corpus.rows["fr2"].pk)]
    for cursor in ("x", "2-1-" + "0" * 32, "1-1-" + "g" * 32, first["cursor"][2:]):
        refused(corpus.owner.get(path, q="syrie", cursor=cursor), 400, "cursor")
