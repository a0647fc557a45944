"""`python3 dev.py bench desk [--size N] [--database sqlite|postgres]`: every list and filter of the desk.

Makes a library of N annotations (default 200,000 on SQLite, 1,000,000 on PostgreSQL) in a database of its
own, asks for each list as a reviewer does, and prints a line of JSON for each: the median and the 95th
percentile of the server's own time in milliseconds, and how many queries it took. The exit code is 1 where a
p95 is above 300 ms or a last page costs more than twice its first.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.databases import ThrowawayPostgres

SIZES = {"sqlite": 200_000, "postgres": 1_000_000}
PER_ARTICLE = 20
LIMIT = 300.0  # milliseconds
NOISE = 15.0  # milliseconds by which a last page may be above twice its first: both are a few


def main() -> int:
    """The exit code."""
    parser = argparse.ArgumentParser(prog="dev.py bench desk", description=__doc__)
    parser.add_argument("--size", type=int)
    parser.add_argument("--database", choices=sorted(SIZES), default="sqlite")
    parser.add_argument("--times", type=int, default=20, help="requests for each page")
    chosen = parser.parse_args()
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-desk-"))
        os.environ.update(
            ANNOTATOR_DATA=folder, ANNOTATOR_SECRET_KEY="only-for-benches-0123456789" * 3,
            DJANGO_SETTINGS_MODULE="annotator.settings",
        )  # fmt: skip
        if chosen.database == "postgres":
            os.environ["DATABASE_URL"] = stack.enter_context(ThrowawayPostgres()).url
        else:
            os.environ["DATABASE_URL"] = f"sqlite:///{folder}/db.sqlite3"
        return measure(chosen.size or SIZES[chosen.database], chosen.times)


def measure(size: int, times: int) -> int:
    """Fill, ask, print."""
    import django

    django.setup()
    import logging

    from django.core.management import call_command
    from django.db import connection

    logging.disable(logging.INFO)
    call_command("migrate", verbosity=0)
    began = time.monotonic()
    client = reviewer(size)
    if connection.vendor == "postgresql":  # it does so by itself after a while; SQLite never does
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
    print(f"{size} annotations in {time.monotonic() - began:.0f} s", file=sys.stderr)
    slow = 0
    for name, pages in addresses().items():
        told = [timed(client, address, times) for address in pages]
        first, last = told[0], told[-1]
        fine = all(one["p95"] <= LIMIT for one in told)
        fine = fine and last["median"] <= 2 * first["median"] + NOISE
        slow += not fine
        print(json.dumps({"name": name, "fine": fine, "first": first, "last": last}), flush=True)
    return 1 if slow else 0


def reviewer(size: int):  # type: ignore[no-untyped-def]  # Django's types may be imported only after its set-up
    """A signed-in reviewer's browser, in front of a library of that size."""
    from django.test import Client

    from annotator.models import Library, Membership, User
    from annotator.models.libraries import Role
    from tests.generated import fill

    library = Library.objects.create(name="Bench")
    people = [User.objects.create_user(name) for name in ("ada", "bob", "eve")]
    for user, role in zip(people, (Role.REVIEWER, Role.EDITOR, Role.OWNER), strict=True):
        Membership.objects.create(library=library, user=user, role=role)
    people[0].is_staff = True
    people[0].save()
    fill(library=library, authors=people, articles=max(1, size // PER_ARTICLE), annotations=size)
    client = Client(SERVER_NAME="localhost")
    client.force_login(people[0])
    return client


def addresses() -> dict[str, list[str]]:
    """By name: the first page, and the last one where there is one."""
    from annotator.models import Document, Tag, User

    desk = "/admin/annotator"
    tag, bob = Tag.objects.values_list("pk", flat=True)[0], User.objects.get(username="bob").pk
    filters = [
        "", "queue=unreviewed", "queue=mine", "queue=awaiting", "queue=answered", "queue=differ",
        "queue=broken", "queue=trash", "state=orphaned", "state=exact", "state=ambiguous", "review=none",
        "review=flagged", "review=hidden", "color=pink", "kind=commenting", "kind=describing",
        "site=zeit.example", "site=nowhere.example", "language=de", f"tag={tag}", f"author={bob}", "made=1",
        "made=30", "queue=broken&changed=1", "changed=7", "state=orphaned&color=pink&site=zeit.example",
    ]  # fmt: skip
    asked = {f"annotation?{one}": f"{desk}/annotation/?{one}" for one in filters}
    asked |= {name: f"{desk}/{name}/?" for name in ("document", "snapshot", "tag", "event", "library", "job")}
    asked["document?site"] = f"{desk}/document/?site=zeit.example"
    # Words of the titles, and a whole address.
    asked |= {
        f"{name}?q={words}": f"{desk}/{name}/?q={words}"
        for name in ("document", "snapshot")
        for words in ("ministre", "rose+ministre", "nowhere", "https://zeit.example/3")
    }
    found = {name: [address, f"{address}&p=end"] for name, address in asked.items()}
    article = Document.objects.values_list("pk", flat=True)[0]
    return {"first page": ["/admin/"], **found, "article": [f"{desk}/document/{article}/change/"]}


def timed(client, address: str, times: int) -> dict[str, float]:  # type: ignore[no-untyped-def]  # as above
    """Median and p95 of so many requests, and the queries of one, after one to warm up."""
    from django.db import connection

    queries: list[str] = []

    def counting(execute, sql, parameters, many, context):  # type: ignore[no-untyped-def]  # Django's hook
        queries.append(sql)
        return execute(sql, parameters, many, context)

    with connection.execute_wrapper(counting):
        assert client.get(address).status_code == 200, address
    took = []
    for _ in range(times):
        began = time.perf_counter()
        client.get(address)
        took.append((time.perf_counter() - began) * 1000)
    p95 = sorted(took)[max(0, round(len(took) * 0.95) - 1)]
    return {"median": round(statistics.median(took), 1), "p95": round(p95, 1), "queries": len(queries)}


if __name__ == "__main__":
    raise SystemExit(main())
