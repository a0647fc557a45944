"""A stamp is a small file that holds the digest of what a step was made from: same digest, skip the step."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path


def digest_of(paths: Iterable[Path], *words: str) -> str:
    """SHA-256, hex, over `words` and over the names and contents of `paths`; a missing one counts as such."""
    digest = hashlib.sha256()
    for word in words:
        digest.update(word.encode() + b"\0")
    for path in paths:
        digest.update(str(path).encode() + b"\0")
        digest.update(path.read_bytes() if path.is_file() else b"missing")
        digest.update(b"\0")
    return digest.hexdigest()


def is_stamped(stamp: Path, digest: str) -> bool:
    try:
        return stamp.read_text("ascii").strip() == digest
    except FileNotFoundError:
        return False


def write_stamp(stamp: Path, digest: str) -> None:
    stamp.write_text(digest + "\n", "ascii")
