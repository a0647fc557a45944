"""What becomes of a row that was changed here and on the server: the rules of `extension/store/merge.ts`."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

Written = dict[str, Any]
PARTS = ("motivation", "url", "color", "note", "tags", "parent", "target")
BETWEEN_NOTES = "\n\n---\n\n"


@dataclass(frozen=True)
class Base:
    """What the server was last known to hold. `written` None: deleted there; `revision` None: purged."""

    revision: int | None
    written: Written | None


@dataclass(frozen=True)
class Row:
    """An annotation as this device has it. `base` None: the server lacks it, as far as is known."""

    written: Written
    deleted: bool = False
    base: Base | None = None
    version: int = 0
    seen: int = 0

    @property
    def lacking(self) -> bool:
        """Whether the server, as far as is known, does not have this row as it is here."""
        if self.base is None or self.base.written is None:
            return not self.deleted
        return self.deleted or self.base.written != self.written


@dataclass(frozen=True)
class Waiting:
    """A row in the outbox; `tried` are contents that were sent and not answered."""

    edits: int = 1
    tried: tuple[Written, ...] = ()


def meet(local: Row, waiting: Waiting | None, base: Base, restored: bool) -> Row | None:
    """The row as it is to be kept, with the server's as its base; None: it goes from the mirror."""
    kept = replace(local, base=base)
    there = base.written
    if there is None:
        return kept if local.deleted or waiting is not None else None
    if local.deleted:
        if restored and local.base is not None and local.base.written is None and _older(base, local.base):
            return kept  # deleted after the backup was made
        ours = local.base is not None and local.base.written == there
        if waiting is not None and (ours or there in waiting.tried):
            return kept
        return replace(kept, deleted=False, written=_after_edits(local, waiting, base, there))
    if restored:
        older = local.base is not None and _older(base, local.base)
        return replace(kept, written=local.written if older else merge(None, local.written, there))
    return replace(kept, written=_after_edits(local, waiting, base, there))


def _older(base: Base, known: Base) -> bool:
    return (base.revision or 0) < (known.revision or 0)


def _after_edits(local: Row, waiting: Waiting | None, base: Base, there: Written) -> Written:
    if waiting is None:
        return there
    if (local.base is not None and local.base.revision == base.revision) or there in waiting.tried:
        return local.written
    return merge(local.base.written if local.base else None, local.written, there)


def merge(ancestor: Written | None, here: Written, there: Written) -> Written:
    """Three-way; without an ancestor everything that differs was changed on both sides."""

    def pick(part: str) -> Any:
        return there[part] if ancestor is not None and here[part] == ancestor[part] else here[part]

    note = _merge_notes(ancestor["note"] if ancestor else None, here["note"], there["note"])
    motivation = pick("motivation")
    old = set(ancestor["tags"]) if ancestor else set()
    tags = (set(there["tags"]) - (old - set(here["tags"]))) | (set(here["tags"]) - old)
    return {
        "motivation": motivation if note == there["note"] else motivation_for(motivation, note),
        "url": pick("url"), "color": pick("color"), "note": note, "tags": sorted(tags),
        "parent": there["parent"], "target": pick("target"),
    }  # fmt: skip


def motivation_for(motivation: str, note: str) -> str:
    """A highlight with a note is a comment, and without one a highlight again."""
    if motivation not in ("highlighting", "commenting"):
        return motivation
    return "commenting" if note.strip() else "highlighting"


def _merge_notes(ancestor: str | None, here: str, there: str) -> str:
    if here in (ancestor, there):
        return there
    if there == ancestor or there in here:
        return here
    return there if here in there else there + BETWEEN_NOTES + here


def written_in(answer: dict[str, Any]) -> Written:
    """What its author wrote, of an annotation as the API answers it."""
    return {part: answer[part] for part in PARTS}
