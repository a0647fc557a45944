"""The file that `manage.py backup` writes: every row, in a form that either database takes back.

Gzipped lines of JSON: a header; for each table its columns and then its rows; a trailer with how many rows
each table has and the SHA-256 (hex) of every byte before it. A file without a right trailer is no backup.
"""

import gzip
import hashlib
import json
import os
import tempfile
import uuid
import zlib
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from django.apps import apps
from django.db import models

FORMAT: Final = 1
PRODUCT: Final = "annotator backup"
# Made anew or worth nothing after a restore: sign-ins of browsers, attempts, the index of words.
LEFT_OUT: Final = frozenset({"django_session", "annotator_attempt", "annotator_searched"})
Row = list[Any]


class NotABackup(Exception):
    """The file is no backup, is not whole, or was made by a newer version; the message says which."""


def tables() -> dict[str, type[models.Model]]:
    """Every table of ours and of the packages we use, by name; join tables too."""
    found = apps.get_models(include_auto_created=True)
    return {
        model._meta.db_table: model
        for model in found
        if model._meta.managed and not model._meta.proxy and model._meta.db_table not in LEFT_OUT
    }


def columns(model: type[models.Model]) -> list[str]:
    """The attributes that hold a row's columns."""
    return [field.attname for field in model._meta.concrete_fields]


class Writer:
    """Writes a backup beside its place and moves it there when it is whole."""

    def __init__(self, file: Path, **header: str) -> None:
        self._file = file
        self._header = header
        self._digest = hashlib.sha256()
        self.counts: dict[str, int] = {}

    def __enter__(self) -> "Writer":
        self._file.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{self._file.name}.", dir=self._file.parent)  # mode 0600
        self._part, self._raw = Path(name), os.fdopen(handle, "wb")
        self._out = gzip.GzipFile(filename="", fileobj=self._raw, mode="wb", compresslevel=6, mtime=0)
        self._line({"product": PRODUCT, "format": FORMAT, **self._header})
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        try:
            if kind is None:
                trailer = {"end": True, "counts": self.counts, "sha256": self._digest.hexdigest()}
                self._out.write(json.dumps(trailer).encode() + b"\n")
                self._out.close()
                self._raw.flush()
                os.fsync(self._raw.fileno())
                os.replace(self._part, self._file)
                _sync_folder(self._file.parent)
        finally:
            self._raw.close()
            self._part.unlink(missing_ok=True)

    def table(self, name: str, names: list[str], rows: Iterator[tuple[Any, ...]]) -> None:
        """One table whole."""
        self._line({"table": name, "columns": names})
        self.counts[name] = 0
        for row in rows:
            self._line([_plain(value) for value in row])
            self.counts[name] += 1

    def _line(self, value: Any) -> None:
        line = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
        self._digest.update(line)
        self._out.write(line)


def read(file: Path) -> Iterator[tuple[str, list[str], Row]]:
    """Each row with its table's name and columns. Raises NotABackup, at the latest behind the last row."""
    digest = hashlib.sha256()
    counts: dict[str, int] = {}
    table, names = "", list[str]()
    try:
        with gzip.open(file, "rb") as lines:
            _check_header(_first(lines, digest))
            for line in lines:
                value = json.loads(line)
                if isinstance(value, list):
                    if not table or len(value) != len(names):
                        raise NotABackup("A row does not fit its table.")
                    counts[table] += 1
                    yield table, names, value
                elif "table" in value:
                    table, names = value["table"], value["columns"]
                    counts[table] = 0
                else:
                    _check_trailer(value, counts, digest.hexdigest(), lines.read(1))
                    return
                digest.update(line)
    except (EOFError, zlib.error, gzip.BadGzipFile, ValueError, KeyError, TypeError) as wrong:
        raise NotABackup(f"The file is damaged or not whole ({type(wrong).__name__}).") from wrong
    raise NotABackup("The file ends before its end: it is not whole.")


def check(file: Path) -> dict[str, int]:
    """How many rows each table has, after reading all of it. Raises NotABackup."""
    counts: dict[str, int] = {}
    for table, _, _ in read(file):
        counts[table] = counts.get(table, 0) + 1
    return counts


def _first(lines: gzip.GzipFile, digest: Any) -> Any:
    line = lines.readline()
    digest.update(line)
    return json.loads(line)


def _check_header(header: Any) -> None:
    if not isinstance(header, dict) or header.get("product") != PRODUCT:
        raise NotABackup("This is no backup of Annotator.")
    if header.get("format") != FORMAT:
        raise NotABackup(f"The backup's format {header.get('format')} is not known here: update the server.")


def _check_trailer(trailer: dict[str, Any], counts: dict[str, int], digest: str, more: bytes) -> None:
    if trailer.get("sha256") != digest or trailer.get("counts") != counts:
        raise NotABackup("The file is damaged: its checksum is another one.")
    if more:
        raise NotABackup("Something follows behind the backup's end.")


def _plain(value: Any) -> Any:
    if isinstance(value, uuid.UUID):
        return str(value)
    if isinstance(value, datetime | date):
        return value.isoformat()  # microseconds stay
    return value


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
