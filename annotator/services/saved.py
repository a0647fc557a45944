"""What a saving deed answers."""

from dataclasses import dataclass
from typing import Generic, TypeVar

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Saved(Generic[Row]):
    """The row as it is stored now. A repeated deed finds its wanted state there and changes nothing."""

    row: Row
    created: bool
    changed: bool
