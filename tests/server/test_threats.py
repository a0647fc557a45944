"""`docs/threats.md` and `SECURITY.md` name tests; each of them has to be there, and every threat has one."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NAMED = re.compile(r"`(tests/[\w/.-]+\.(?:py|ts))?(?:::(\w+))?`")


FROM = ("urllib.request", "http.client", "requests", "urllib3", "httpx", "aiohttp", "socket", "ftplib")


def test_every_test_that_the_threats_name_exists() -> None:
    seen = 0
    for line in _lines("docs/threats.md") + _lines("SECURITY.md"):
        file = ""
        for path, name in NAMED.findall(line):
            file = path or file
            if not path and not name:
                continue
            seen += 1
            assert (ROOT / file).is_file(), file
            if name:
                assert f"def {name}(" in (ROOT / file).read_text("utf-8"), f"{file}::{name}"
    assert seen > 30


def test_every_threat_names_its_test_or_says_that_there_is_none() -> None:
    rows = [line for line in _lines("docs/threats.md") if line.startswith("| ") and line.count(" | ") == 2]
    threats = [line for line in rows if not line.startswith("| threat ")]
    assert len(threats) > 50
    for line in threats:
        assert any(map(any, NAMED.findall(line.rsplit(" | ", 1)[1]))) or "**not shown by a test**" in line, (
            line
        )


def test_the_server_has_no_client_of_http() -> None:
    files = list((ROOT / "annotator").rglob("*.py"))
    assert len(files) > 100
    for file in files:
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            names = [one.name for one in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom):
                names = [node.module or "", *(f"{node.module}.{one.name}" for one in node.names)]
            assert not set(names) & set(FROM), f"{file}: {names}"


def _lines(path: str) -> list[str]:
    return (ROOT / path).read_text("utf-8").splitlines()
