"""Purging without a cron job: a chunk now and then, after a write that succeeded."""

import logging
import threading
import time
import uuid
from typing import Final

from annotator.errors import NotThere
from annotator.services.purging import purge_chunk

log = logging.getLogger(__name__)
EVERY: Final = 3600.0  # seconds between two looks at one library in one process
FIRST_AFTER: Final = 300.0  # seconds after the process began: starting has to be quick
MOST_LIBRARIES: Final = 10_000

_lock = threading.Lock()
_began = time.monotonic()
_next: dict[uuid.UUID, float] = {}


def purge_now_and_then(*, library_id: uuid.UUID) -> None:
    """At most one chunk; at once again while there is more, otherwise in an hour. Never raises."""
    now = time.monotonic()
    with _lock:
        if now < _next.get(library_id, _began + FIRST_AFTER):
            return
        if len(_next) > MOST_LIBRARIES:
            _next.clear()
        _next[library_id] = now + EVERY
    try:
        if purge_chunk(library_id=library_id):
            with _lock:
                _next[library_id] = now
    except NotThere:
        pass
    except Exception as exception:  # whoever wrote has been answered well: this is not theirs to know
        log.error("purging failed: %s", type(exception).__name__)
