"""Server time of searches in a large library: `dev.py bench search [--database NAME] [--size N]`.

The full size is 200,000 annotations on SQLite and 1,000,000 on PostgreSQL; what is made is thrown away. A
line for each query: median, slowest, and the processor time of one (milliseconds), how many came on the first
page. Through the whole of the API, in this process. The exit code is 1 where p95 is above 300 ms.
"""

from __future__ import annotations

import argparse
import logging
import os
import secrets
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.databases import ThrowawayPostgres  # noqa: E402 - the project stands two folders up

FULL = {"sqlite": 200_000, "postgres": 1_000_000}
ALLOWED = 300.0  # milliseconds


def main() -> int:
    parser = argparse.ArgumentParser(prog="dev.py bench search", description=__doc__)
    parser.add_argument("--database", choices=FULL, default="sqlite")
    parser.add_argument("--size", type=int, help="annotations, instead of the full size")
    parser.add_argument("--rounds", type=int, default=5)
    chosen = parser.parse_args()
    size = chosen.size or FULL[chosen.database]
    with tempfile.TemporaryDirectory(prefix="bench-search-") as folder:
        os.environ |= {
            "ANNOTATOR_DATA": folder,
            "ANNOTATOR_SECRET_KEY": secrets.token_urlsafe(50),
            "DJANGO_SETTINGS_MODULE": "annotator.settings",
        }
        if chosen.database == "sqlite":
            os.environ.pop("DATABASE_URL", None)
            return measure(size, chosen.rounds)
        with ThrowawayPostgres() as server:
            os.environ["DATABASE_URL"] = server.url
            return measure(size, chosen.rounds)


def measure(size: int, rounds: int) -> int:
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from annotator.models.users import User
    from annotator.services.libraries import own_library
    from bench.search import processor, queries
    from bench.search.data import fill
    from tests.server.people import person

    logging.disable(logging.INFO)
    call_command("migrate", verbosity=0)
    ada = person("ada")
    begun = time.perf_counter()
    fill(size, User.objects.get(username="ada"), own_library(user=ada.user))
    print(f"{size:,} annotations on {connection.vendor}, made in {time.perf_counter() - begun:.0f} s")
    server = processor.database_server()
    times: list[float] = []
    worked: list[float] = []
    for name, query in queries.QUERIES.items():
        found = queries.count_of_first_page(ada, query)
        before = processor.milliseconds(server)
        own = [queries.milliseconds(ada, query) for _ in range(rounds)]
        work = (processor.milliseconds(server) - before) / rounds
        print(f"{median(own):8.1f} {max(own):8.1f} {work:8.1f}  {found:3d}  {name}: {query}", flush=True)
        times += own
        worked.append(work)
    deep = queries.deep_pages(ada)
    for name, took in deep.items():
        print(f"{took:8.1f} ms  {name}")
    p95 = sorted([*times, *deep.values()])[int(len(times) * 0.95)]
    print(f"p50 {median(times):.1f} ms, p95 {p95:.1f} ms, slowest {max(times):.1f} ms")
    print(f"processor time alone: p50 {median(worked):.1f} ms, slowest {max(worked):.1f} ms")
    return int(p95 > ALLOWED)


if __name__ == "__main__":
    raise SystemExit(main())
