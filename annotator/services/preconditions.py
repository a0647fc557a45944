"""What a caller believes about a row before writing it (RFC 9110, section 13)."""

from dataclasses import dataclass

from annotator.errors import Stale


@dataclass(frozen=True, slots=True)
class Absent:
    """`If-None-Match: *`: there is no such row yet."""

    def check(self, revision: int | None) -> None:
        """Raises Stale when there is a row."""
        if revision is not None:
            raise Stale("There is one with this id already.", revision=revision)


@dataclass(frozen=True, slots=True)
class Matching:
    """`If-Match`: the row has one of these revisions; `any` is `If-Match: *`."""

    revisions: frozenset[int]
    any: bool = False

    def check(self, revision: int | None) -> None:
        """Raises Stale when there is no row, or one of another revision."""
        if revision is None:
            raise Stale("There is none with this id.", revision=None)
        if not self.any and revision not in self.revisions:
            raise Stale(f"It has changed: its revision is {revision}.", revision=revision)


Precondition = Absent | Matching


def check(precondition: Precondition | None, revision: int | None) -> None:
    """Raises Stale unless the precondition holds for a row with this revision (None: no row)."""
    if precondition is not None:
        precondition.check(revision)
