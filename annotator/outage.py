"""When the database is what is wrong: down, full, or read-only. Every door says so, and when to ask again."""

from typing import Final

from django.db import Error, InterfaceError, OperationalError

# Seconds after which a client may hope that the database is there again.
RETRY_AFTER: Final = "5"
# PostgreSQL, appendix A: read_only_sql_transaction. A standby, or `default_transaction_read_only`.
_READ_ONLY: Final = "25006"


def is_outage(exception: BaseException | None) -> bool:
    """Whether waiting can help. SQLite says all of it by OperationalError, PostgreSQL nearly all."""
    if isinstance(exception, OperationalError | InterfaceError):
        return True
    return isinstance(exception, Error) and getattr(exception.__cause__, "sqlstate", None) == _READ_ONLY
