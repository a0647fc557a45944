"""Log lines as JSON, one object each, for programs that collect them: `ANNOTATOR_LOG=json`.

Nothing that a user wrote gets in: messages of our own hold none, and of an exception its type and the places
it passed are told, not its words, since databases quote the row that they refuse.
"""

import json
import logging
import traceback
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

# The id of the request that is being answered; what is logged on the way carries it.
request_id: ContextVar[str] = ContextVar("request_id", default="")


class JsonLines(logging.Formatter):
    """`time` (UTC), `level`, `logger`, `message`; `request` (its id), and what the request log adds."""

    def format(self, record: logging.LogRecord) -> str:
        """One line without a line break."""
        told: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if id := request_id.get():
            told["request"] = id
        told |= getattr(record, "answered", {})
        if record.exc_info and record.exc_info[0] is not None:
            frames = traceback.extract_tb(record.exc_info[2])
            told["exception"] = record.exc_info[0].__name__
            told["passed"] = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
        return json.dumps(told, ensure_ascii=True)
