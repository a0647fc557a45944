"""Attempts at the doors that take a secret: so many for each account and each address, then a wait.

Counted in the database, so that it holds for all processes together, and before the secret is looked at, so
that many attempts at once are no way around it. Who got in is not counted.
"""

import ipaddress
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from annotator.models.attempts import Attempt

WINDOW: Final = timedelta(minutes=15)
# Failures in a window. Many people share an address (a newsroom, a school), nobody shares an account.
MOST: Final[Mapping[tuple[str, str], int]] = {
    ("sign-in", "account"): 10,
    ("sign-in", "address"): 50,
    ("token", "account"): 30,
    ("token", "address"): 100,
}


@dataclass(frozen=True, slots=True)
class Counted:
    """An attempt that was let through; `give_back` it when it turned out to be a rightful one."""

    keys: tuple[str, ...]

    def give_back(self) -> None:
        """Take it out of the count again."""
        Attempt.objects.filter(key__in=self.keys, count__gt=0).update(count=F("count") - 1)


class TooMany(Exception):
    """No more for now; `wait` is in seconds."""

    def __init__(self, wait: int) -> None:
        super().__init__(f"wait {wait} s")
        self.wait = wait


def attempt(*, door: str, account: str | None, address: str) -> Counted:
    """Count one. `account` is what was typed or looked up, None where there is none. Raises TooMany."""
    now = timezone.now()
    _forget(now)
    subjects = [("address", _network(address))]
    if account is not None:
        subjects.append(("account", unicodedata.normalize("NFKC", account).casefold()))
    keys = tuple(_key(door, kind, name) for kind, name in subjects)
    rows = [_count(key, now) for key in keys]
    waits = [
        (row.started + WINDOW - now).total_seconds()
        for row, (kind, _) in zip(rows, subjects, strict=True)
        if row.count > MOST[door, kind]
    ]
    if waits:
        raise TooMany(max(1, int(max(waits)) + 1))
    return Counted(keys)


def address_of(request: HttpRequest) -> str:
    """Where a request comes from: what the outermost of our own proxies saw, else the connection's end."""
    nearest: str = request.META.get("REMOTE_ADDR", "")
    hops = [hop.strip() for hop in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if hop.strip()]
    proxies: int = settings.PROXIES
    return hops[-proxies] if 0 < proxies <= len(hops) else nearest


def _network(address: str) -> str:
    """An IPv6 connection owns a /64: counted as one, else one machine had 2**64 attempts."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return ""
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped is not None:
            return str(found.ipv4_mapped)
        return str(ipaddress.ip_network((int(found), 64), strict=False))
    return str(found)


def _key(door: str, kind: str, name: str) -> str:
    return salted_hmac(f"annotator.attempts.{door}.{kind}", name, algorithm="sha256").hexdigest()


def _count(key: str, now: datetime) -> Attempt:
    """The row after counting one more."""
    try:
        return _count_on(key, now) or _count_first(key, now)
    except IntegrityError:  # made at the same moment
        return _count_on(key, now) or Attempt(key=key, count=1, started=now)


def _count_on(key: str, now: datetime) -> Attempt | None:
    """One more on a row that is there. Its lock is held until the count is read: each reads its own."""
    with transaction.atomic():
        fresh = Attempt.objects.filter(key=key, started__gt=now - WINDOW)
        return Attempt.objects.get(key=key) if fresh.update(count=F("count") + 1) else None


def _count_first(key: str, now: datetime) -> Attempt:
    with transaction.atomic():
        return Attempt.objects.create(key=key, count=1, started=now)


def _forget(now: datetime) -> None:
    """No longer than the window is anything kept."""
    Attempt.objects.filter(started__lte=now - WINDOW).delete()
