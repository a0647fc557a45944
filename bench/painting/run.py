"""`python3 dev.py bench painting [--sizes N …] [--runs N]`: from a page that is there to a painted one.

Fifty highlights, in one real Chromium: our extension as it is shipped, beside the Hypothesis client's own
anchoring and painting out of its published package (`peer.ts`), by turns, on a loaded page at rest.

- trip: from starting our content script until all is painted, with everything that it asks for.
- anchoring: from the moment when the page has its annotations, which is where the other client starts. Its
  selectors were made by its own code and are tried as it does, position first, then quote.
- longest task: of the page's thread, from our start until two seconds after the answer, in milliseconds of
  processor time. Rendering is the browser's own work on account of our styles.

What is compared is the anchoring. What is gone cannot be seen: there ours ends with the background's answer.
Prints a table; the exit code is 1 where a promise of `docs/anchoring.md` does not hold.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from playwright.sync_api import sync_playwright

from annotator.paragraphs import Paragraph
from bench.painting.desk import Desk, desk
from bench.painting.pages import CHANGES, HIGHLIGHTS, highlights_on, page_of
from devtools.extension_builds import build_extension
from devtools.places import node

SIZES = [47_000, 470_000, 1_900_000]
LARGE = 470_000
LEVEL = 0.9
"""Level, within what a machine wavers between two runs."""
MUCH_FASTER = 3.0
FIRST_PAINT = 100.0
"""Milliseconds, on a page of up to SMALL characters."""
SMALL = 47_000
LONGEST_TASK = 50.0


def main() -> int:
    """Measure, print, and say whether the promises hold."""
    parser = argparse.ArgumentParser(prog="dev.py bench painting", description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, help="characters of text")
    parser.add_argument("--runs", type=int, default=5)
    chosen = parser.parse_args()
    build_extension()
    made = [
        str(node()),
        "--disable-warning=ExperimentalWarning",
        str(Path(__file__).parent / "peer.ts"),
    ]
    peer = subprocess.run(made, stdout=subprocess.PIPE, text=True, check=True).stdout
    columns = ["trip, first", "trip, all", "anchoring", "Hypothesis client", "ratio"]
    columns += ["longest task", "longest rendering"]
    print(f"| page | change | {' | '.join(columns)} | |")
    print(f"| ---: | --- | {'---: | ' * len(columns)}--- |")
    broken = 0
    pages = {size: page_of(size) for size in chosen.sizes}
    with (
        tempfile.TemporaryDirectory(prefix="painting-") as folder,
        sync_playwright() as playwright,
        desk(playwright, Path(folder), peer) as place,
    ):
        for size, page in pages.items():
            place.keep(str(size), page, highlights_on(page))
        place.connect()
        for size, page in pages.items():
            for line, wrong in measure(place, size, page, chosen.runs):
                print(line, flush=True)
                broken += len(wrong)
    return 1 if broken else 0


def measure(place: Desk, size: int, page: list[Paragraph], runs: int) -> Iterator[tuple[str, list[str]]]:
    """A line of the table for each change of a page, and which promises it breaks."""
    name = str(size)
    highlights = highlights_on(page)
    place.show(name, page)
    selectors = place.describe(name, highlights)
    # The old page is not on this browser yet: the first visit asks the server for it.
    place.ours(name, HIGHLIGHTS)
    for change, make in CHANGES.items():
        place.show(name, make(page, {one.start.paragraph for one in highlights}))
        painted = 1 if change == "missing" else HIGHLIGHTS
        trips = []
        theirs = []
        for _ in range(runs):
            trips.append(place.ours(name, painted))
            theirs.append(place.theirs(name, selectors))
        ends = [one.answered if change == "missing" else one.last for one in trips]
        anchoring = median(end - one.at_hand for end, one in zip(ends, trips, strict=True))
        ratio = median(theirs) / anchoring
        first = median(one.first for one in trips)
        busy = place.busy(name, painted)
        wrong = broken_promises(size, change, ratio, first, busy.script)
        figures = [first, median(ends), anchoring, median(theirs)]
        cells = [f"{size // 1000} kB", change, *(f"{figure:.0f}" for figure in figures), f"{ratio:.1f}"]
        cells += [f"{busy.script:.0f}", f"{busy.rendering:.0f}", "; ".join(wrong) or "holds"]
        yield f"| {' | '.join(cells)} |", wrong


def broken_promises(size: int, change: str, ratio: float, first: float, task: float) -> list[str]:
    """In words; empty where all hold."""
    least = MUCH_FASTER if change in ("edited", "missing") else LEVEL
    wrong = []
    if (size >= LARGE or least == LEVEL) and ratio < least:
        wrong.append(f"less than {least:.0f} times as fast")
    if size <= SMALL and first > FIRST_PAINT:
        wrong.append(f"first paint after {first:.0f} ms")
    if task > LONGEST_TASK:
        wrong.append(f"a task of {task:.0f} ms")
    return wrong


if __name__ == "__main__":
    raise SystemExit(main())
