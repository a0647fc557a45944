"""What services refuse, as types. The doors turn them into their own answers; `api/errors.py` into JSON."""

from collections.abc import Mapping, Sequence

Fields = Mapping[str, Sequence[str]]


class Refused(Exception):
    """A deed that was not done, because of what was asked; nothing was written.

    `code` is for programs, `message` for people, `fields` names what was wrong:
    {"target.start.offset": ["…"]}.
    """

    code = "refused"

    def __init__(self, message: str, *, fields: Fields | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.fields: dict[str, list[str]] = {name: list(texts) for name, texts in (fields or {}).items()}


class Invalid(Refused):
    """What was sent cannot be stored."""

    code = "invalid"

    @classmethod
    def field(cls, name: str, message: str) -> "Invalid":
        """One field is wrong."""
        return cls(f"{name}: {message}", fields={name: [message]})


class NotThere(Refused):
    """Absent, or not for the caller's eyes: both look the same."""

    code = "not_found"

    def __init__(self, message: str = "There is nothing here, or it is not yours to see.") -> None:
        super().__init__(message)


class NotAllowed(Refused):
    """The caller may see it, and may not do this with it."""

    code = "forbidden"


class Taken(Refused):
    """The id belongs to a row of another library."""

    code = "taken"


class Stale(Refused):
    """The caller's precondition does not hold; `revision` is the row's own, None where there is no row."""

    code = "stale"

    def __init__(self, message: str, *, revision: int | None) -> None:
        super().__init__(message)
        self.revision = revision


class FeedLost(Refused):
    """The caller's place in the feed is not one this library can go on from: compare ids and start anew."""

    code = "feed_lost"
