"""UUID version 7 (RFC 9562, section 5.7), made by clients and server. Pure; twin of `extension/uuid7.ts`."""

from __future__ import annotations

import re
import secrets
import threading
import time
import uuid
from typing import Final

_CANONICAL: Final = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_RANDOM_BITS: Final = 74  # rand_a (12) and rand_b (62), counted as one number
_STEP_BITS: Final = 32

_lock = threading.Lock()
_last_millisecond = -1
_last_random = 0


def uuid7() -> uuid.UUID:
    """A new id, greater than all this process made before, also when the clock stands still or goes back.

    Within a millisecond the random part is raised by a random step (section 6.2, method 2).
    """
    global _last_millisecond, _last_random
    with _lock:
        millisecond = time.time_ns() // 1_000_000
        if millisecond > _last_millisecond:
            # The top bit starts at 0, so that 2**41 steps fit before the millisecond has to be borrowed.
            _last_millisecond, _last_random = millisecond, secrets.randbits(_RANDOM_BITS - 1)
        else:
            _last_random += 1 + secrets.randbits(_STEP_BITS)
            if _last_random >> _RANDOM_BITS:
                _last_millisecond, _last_random = _last_millisecond + 1, secrets.randbits(_RANDOM_BITS - 1)
        return _compose(_last_millisecond, _last_random)


def is_uuid7(value: uuid.UUID | str) -> bool:
    """Whether version and variant are right. The time inside is not looked at: clients' clocks lie.

    A string must be in the canonical form of 36 characters, in either case.
    """
    if isinstance(value, str):
        if not _CANONICAL.fullmatch(value):
            return False
        value = uuid.UUID(value)
    return value.variant == uuid.RFC_4122 and value.version == 7


def _compose(millisecond: int, random: int) -> uuid.UUID:
    rand_a, rand_b = random >> 62, random & ((1 << 62) - 1)
    return uuid.UUID(int=(millisecond & ((1 << 48) - 1)) << 80 | 7 << 76 | rand_a << 64 | 0b10 << 62 | rand_b)
