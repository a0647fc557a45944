"""The API held against its own OpenAPI document by Schemathesis: every check, every operation, signed in.

A real server process on a real database, with rows in it, so that requests reach more than "not found".
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

from annotator.paragraphs import Paragraph, digest
from annotator.uuid7 import uuid7
from tests.e2e.server import ROOT, Server
from tests.load.processes import DurablePostgres, new_server

ENVIRONMENT = {
    "SCHEMATHESIS_HOOKS": "tests.load.contract_hooks",
    "DJANGO_SETTINGS_MODULE": "annotator.settings",
    "PYTHONPATH": str(ROOT),
}
# A seed makes it the same run again; what a longer run finds belongs into tests/server as a case of its own.
# NUL is refused in every text: said in docs/api.md, and not by a pattern on each text.
OPTIONS = (
    "--checks", "all", "--seed", "1", "--continue-on-failure", "--no-shrink", "--no-color",
    "--warnings", "off", "--generation-allow-x00", "false", "--generation-database", "none",
)  # fmt: skip
URL = "https://example.org/story"
PAGE = [Paragraph("h1", "A summit 😀"), Paragraph("p", "The ministers met in Brussels. Then they left.")]


PHASES = "examples,coverage,fuzzing,stateful"


def sqlite(folder: Path, examples: int, phases: str = PHASES) -> dict[str, Any]:
    """So many examples for each operation. The answer has operations, cases, failures, and what was told."""
    return _held(new_server(folder), examples, phases)


def postgres(folder: Path, examples: int, phases: str = PHASES) -> dict[str, Any]:
    """The same on PostgreSQL."""
    with DurablePostgres() as database:
        return _held(new_server(folder, database.url), examples, phases)


def _held(server: Server, examples: int, phases: str) -> dict[str, Any]:
    server.start()
    try:
        token = server.manage("createtoken", "ada")
        rows = _rows(server, token)
        done = subprocess.run(
            [sys.executable, "-m", "schemathesis.cli", "run", server.url("/api/v1/schema"), *OPTIONS,
             "--header", f"Authorization: Bearer {token}", "--max-examples", str(examples),
             "--phases", phases],
            cwd=server.folder, env=os.environ | ENVIRONMENT | {"CONTRACT": json.dumps(rows)},
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        unexpected = server.log().count(" annotator.api.errors unexpected ")
    finally:
        server.stop()
    return _told(done.stdout + done.stderr, done.returncode) | {"5xx": unexpected}


def _rows(server: Server, token: str) -> dict[str, Any]:
    """A page with highlights, one of them deleted: what requests are sent to half of the time."""
    api, snapshot = server.api(token), digest(PAGE)
    paragraphs = [{"kind": one.kind, "text": one.text} for one in PAGE]
    answer = api.put(
        f"libraries/me/snapshots/{snapshot}", {"url": URL, "extractor": "contract", "paragraphs": paragraphs}
    )
    assert answer.status == 201, answer
    target = {
        "snapshot": snapshot, "start": {"paragraph": 1, "offset": 0}, "end": {"paragraph": 1, "offset": 13},
        "quote": {"exact": "The ministers"},
    }  # fmt: skip
    highlight = {"motivation": "highlighting", "url": URL, "tags": ["a", "b"], "target": target}
    ids = [str(uuid7()) for _ in range(6)]
    for id in ids:
        assert api.put(f"libraries/me/annotations/{id}", highlight).status == 201
    assert api.delete(f"libraries/me/annotations/{ids[0]}").status == 204
    return {"annotations": ids, "digest": snapshot, "document": answer.json["document"]}


def _told(output: str, code: int) -> dict[str, Any]:
    """`complaints` is what it said of each failure, or why it could not run; nothing when all is well."""
    tested, cases = re.search(r"Tested: (\d+)", output), re.search(r"(\d+) generated", output)
    known = re.search(r"selected / (\d+) total", output)
    failures = re.search(r"(\d+) unique failures?", output)
    complaints = [] if code == 0 else output.partition("= FAILURES =")[2].splitlines() or output.splitlines()
    return {
        "operations": int(tested[1]) if tested else 0,
        "of": int(known[1]) if known else -1,
        "cases": int(cases[1]) if cases else 0,
        "failures": int(failures[1]) if failures else 0,
        "complaints": [line for line in complaints if line.strip()],
    }
