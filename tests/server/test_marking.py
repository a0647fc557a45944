"""Highlights cut into the pieces that are drawn."""

from annotator.marking import Span, around, mark
from annotator.paragraphs import Paragraph, Position

TEXTS = [Paragraph("p", "un 😀 deux trois"), Paragraph("p", "quatre cinq"), Paragraph("p", "six")]


def span(key: str, start: tuple[int, int], end: tuple[int, int]) -> Span:
    return Span(key, Position(*start), Position(*end))


def pieces(index: int, *spans: Span) -> list[tuple[str, tuple[str, ...]]]:
    return [(segment.text, segment.keys) for segment in mark(TEXTS, spans)[index].segments]


def test_a_paragraph_without_highlights_is_one_piece() -> None:
    assert pieces(0) == [("un 😀 deux trois", ())]


def test_offsets_count_code_points_so_that_an_emoji_is_one() -> None:
    assert pieces(0, span("a", (0, 5), (0, 9))) == [("un 😀 ", ()), ("deux", ("a",)), (" trois", ())]


def test_overlapping_highlights_are_cut_where_they_cross_and_the_first_is_outermost() -> None:
    crossing = pieces(1, span("later", (1, 3), (1, 11)), span("first", (1, 0), (1, 6)))
    assert crossing == [("qua", ("first",)), ("tre", ("first", "later")), (" cinq", ("later",))]


def test_of_two_that_start_together_the_longer_is_outermost() -> None:
    assert pieces(1, span("short", (1, 0), (1, 3)), span("long", (1, 0), (1, 6)))[0][1] == ("long", "short")


def test_a_highlight_across_paragraphs_is_drawn_in_each_and_opens_and_closes_once() -> None:
    marked = mark(TEXTS, [span("a", (0, 10), (2, 2))])
    drawn = [segment for one in marked for segment in one.segments if segment.keys]
    assert [segment.text for segment in drawn] == ["trois", "quatre cinq", "si"]
    assert [segment.opens for segment in drawn] == [("a",), (), ()]
    assert [segment.closes for segment in drawn] == [(), (), ("a",)]


def test_no_text_is_lost_or_doubled_whatever_lies_over_it() -> None:
    spans = [span("a", (0, 1), (2, 1)), span("b", (0, 3), (0, 4)), span("c", (1, 0), (9, 99))]
    assert ["".join(s.text for s in one.segments) for one in mark(TEXTS, spans)] == [p.text for p in TEXTS]


def test_a_place_outside_the_text_is_drawn_as_far_as_the_text_goes() -> None:
    assert pieces(2, span("a", (2, 1), (7, 3))) == [("s", ()), ("ix", ("a",))]
    assert pieces(2, span("a", (2, 90), (2, 99))) == [("six", ())]


def test_around_keeps_the_touched_paragraphs_and_one_neighbour_on_either_side() -> None:
    many = [Paragraph("p", f"n{number}") for number in range(8)]
    marked = mark(many, [span("a", (3, 0), (4, 2))])
    assert [one.index for one in around(marked, frozenset({"a"}))] == [2, 3, 4, 5]
    assert around(marked, frozenset({"unknown"})) == []
