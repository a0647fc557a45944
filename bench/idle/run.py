"""`python3 dev.py bench idle [--seconds N] [--size N] [--runs N]`: an hour on a page that never rests.

Fifty highlights on a long page in one real Chromium, whose clock is made to jump from second to second.
Each brings a batch of changes: beside the article, or (redrawn) also a paragraph of it put in anew. Printed
are milliseconds of our script for each batch, and how much the page's heap has grown. The exit code is 1
where either is more than promised. The time stands still for nobody but the page: what it asks of the
background is answered seconds later than it would be.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from playwright.sync_api import sync_playwright

from bench.painting.desk import desk
from bench.painting.pages import highlights_on, page_of
from devtools.extension_builds import build_extension

PER_BEAT = 1.0
"""Milliseconds."""
GROWTH = 0.05


def main() -> int:
    """Measure, print, and say whether both hold."""
    parser = argparse.ArgumentParser(prog="dev.py bench idle", description=__doc__)
    parser.add_argument("--seconds", type=int, default=3600)
    parser.add_argument("--size", type=int, default=47_000, help="characters of text")
    parser.add_argument("--runs", type=int, default=1)
    chosen = parser.parse_args()
    build_extension()
    page = page_of(chosen.size)
    broken = 0
    print(
        "| changes | seconds | script for each | heap before | after | growth | nodes | listeners | took | |"
    )
    print(f"| --- | {'---: | ' * 8}--- |")
    with (
        tempfile.TemporaryDirectory(prefix="idle-") as folder,
        sync_playwright() as playwright,
        desk(playwright, Path(folder), "") as place,
    ):
        place.keep("idle", page, highlights_on(page))
        place.connect()
        place.show("idle", page)
        for redrawn in [False, True] * chosen.runs:
            began = time.monotonic()
            told = place.idle("idle", chosen.seconds, redrawn=redrawn)
            took = time.monotonic() - began
            holds = told.beats >= chosen.seconds - 1 and told.per_beat < PER_BEAT and told.growth < GROWTH
            broken += not holds
            cells = [
                "redrawn" if redrawn else "beside",
                str(told.beats),
                f"{told.per_beat:.3f} ms",
                *(f"{size / 1e6:.2f} MB" for size in told.heap),
            ]
            cells += [
                f"{told.growth:+.1%}",
                *("{} -> {}".format(*pair) for pair in (told.nodes, told.listeners)),
            ]
            print(f"| {' | '.join(cells)} | {took:.0f} s | {'holds' if holds else 'broken'} |")
    return 1 if broken else 0


if __name__ == "__main__":
    raise SystemExit(main())
