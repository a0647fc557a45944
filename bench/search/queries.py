"""What is asked of the large library, and how long the answer takes."""

from __future__ import annotations

import time
from typing import Any, Final

from bench.search.data import word
from tests.server.people import Person, said

QUERIES: Final = {
    "most frequent word": word(0),
    "frequent word": word(30),
    "middling word": word(2_000),
    "rare word": word(50_000),
    "no such word": "zzzz",
    "three frequent words": f"{word(0)} {word(1)} {word(2)}",
    "frequent and rare": f"{word(0)} {word(40_000)}",
    "frequent, never together": "never together",
    "two middling words": f"{word(1_000)} {word(1_001)}",
    "frequent phrase": f'"{word(0)} {word(1)}"',
    "rare phrase of frequent words": '"near beside"',
    "no such phrase": f'"{word(50_000)} {word(50_001)}"',
    "beginning of two letters": f"{word(0)[:2]}*",
    "beginning of four letters": f"{word(30_000)[:4]}*",
    "without": f"{word(30)} -{word(0)}",
    "only without": f"-{word(0)}",
    "or": f"{word(3_000)} or {word(50_000)}",
    "tag": "tag:tag7",
    "tag and word": f"tag:tag7 {word(100)}",
    "no such tag": "tag:nowhere",
    "in the note": f"note:{word(0)}",
    "in the quote, rare": f"quote:{word(45_000)}",
    "title, frequent": f"title:{word(0)}",
    "title, rare": f"title:{word(50_000)}",
    "site": "site:site77.example.org",
    "all sites": "site:example.org",
    "site and word": f"site:site77 {word(50)}",
    "color": "color:green",
    "state": "is:orphaned",
    "state and rare word": f"is:orphaned {word(9_000)}",
    "state and word": f"is:ambiguous {word(300)}",
    "author": "author:ada",
    "author and word": f"author:ada {word(500)}",
    "one day": "after:2024-03-01 before:2024-03-02",
    "month and word": f"after:2024-03 before:2024-04 {word(10)}",
    "word or color": f"{word(20_000)} or color:pink",
}
_PATH: Final = "libraries/me/annotations"


def milliseconds(who: Person, query: str, **more: str) -> float:
    begun = time.perf_counter()
    answer = who.get(_PATH, q=query, **more)
    took = (time.perf_counter() - begun) * 1000
    assert answer.status_code == 200, answer.content
    return took


def count_of_first_page(who: Person, query: str) -> int:
    return len(said(who.get(_PATH, q=query))["annotations"])


def deep_pages(who: Person) -> dict[str, float]:
    """The 20th page, and one far down."""
    query, cursor = word(30), None
    more: dict[str, Any] = {}
    for _ in range(20):
        cursor = said(who.get(_PATH, q=query, limit=200, **more))["cursor"]
        if cursor is None:
            break
        more = {"cursor": cursor}
    # 2024-01-02: behind nearly everything
    last = "1-1704153600000000-" + "f" * 32
    return {
        f"20th page of 200 of {query}": milliseconds(who, query, limit="200", **more),
        f"last pages of {query}": milliseconds(who, query, cursor=last),
    }
