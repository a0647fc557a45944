"""What hostile notes cost in processor time: `python3 dev.py bench markup [SIZE]`, 16 KiB if not said."""

import json
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from annotator.markup import render  # noqa: E402 - the project stands two folders up

REPEATED = ROOT / "tests" / "vectors" / "markup" / "repeated.json"
ROUNDS = 3


def milliseconds(note: str) -> float:
    """The best of some rounds: the machine's other work is not the note's cost."""
    best = float("inf")
    for _ in range(ROUNDS):
        begun = time.process_time()
        render(note)
        best = min(best, time.process_time() - begun)
    return best * 1000


def main() -> None:
    size = int(sys.argv[1]) if len(sys.argv) > 1 else 16_384
    pieces = json.loads(REPEATED.read_text("utf-8"))
    costs = sorted(
        ((milliseconds((case["piece"] * size)[:size]), case["name"]) for case in pieces), reverse=True
    )
    for cost, name in costs:
        print(f"{cost:8.1f} ms  {name}")


main()
