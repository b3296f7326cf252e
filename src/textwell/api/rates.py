"""How many requests a second a key may make, counted over all web processes.

A process leases a tenth of the key's second by one statement, spends it by itself and leases again;
once the second is used up, it refuses without asking. So a key costs a dozen statements a second, however
many requests it makes. What a process leased and did not spend lapses with the second: where several
serve one key, each may keep up to a tenth from the others. While the database is away nobody's key can be
told, and nothing is granted.

Answers carry `RateLimit-Policy` and `RateLimit` as draft-ietf-httpapi-ratelimit-headers has had them
since its version 08 (fields of one name, parameters q, w, r and t); a key without a rate has none.
"""

import math
import threading
from collections.abc import Callable, MutableMapping
from dataclasses import dataclass
from time import monotonic
from typing import Any, Final

from django.db import connection
from django.http import HttpRequest
from django.utils.translation import gettext as _

from textwell.accounts.types import KeyHolder
from textwell.api.errors import RateExceeded
from textwell.api.sql import LEASE_RATE

SHARES: Final = 10  # of a second's requests
MOST_LEASES: Final = 10_000  # beyond it all are asked for again: keys are few
STANDING: Final = "textwell.rate"  # in `request.META`, for the middleware that writes the fields


@dataclass(slots=True)
class _Lease:
    tokens: int  # granted to this process and not spent
    left: int  # not granted to any process when it was asked for
    until: float  # of the steady clock: the end of its second


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a key stands in its second, as its program is told."""

    rate: int
    left: int
    wait_s: int

    def headers(self) -> dict[str, str]:
        return {
            "RateLimit-Policy": f'"key";q={self.rate};w=1',
            "RateLimit": f'"key";r={self.left};t={self.wait_s}',
        }


Fetch = Callable[[str, dict[str, Any]], tuple[Any, ...]]  # Any: whatever was selected

_leases: dict[int, _Lease] = {}
_lock = threading.Lock()


def _fetch_by_django(statement: str, params: dict[str, Any]) -> tuple[Any, ...]:
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        row: tuple[Any, ...] = cursor.fetchone()
    return row


def spend(request: HttpRequest, holder: KeyHolder) -> None:
    """As `spend_in`, for a request that Django has made."""
    spend_in(request.META, holder)


def spend_in(
    meta: MutableMapping[str, Any], holder: KeyHolder, fetch: Fetch = _fetch_by_django
) -> None:
    """Take one request of the key's, and note in `meta` of the request where it stands.

    What is noted there was spent already: twice for one request is once. Not inside a transaction:
    the key's row would stay locked until its end. `fetch` answers the row of a statement: whoever is not
    within a request of Django's has a connection of its own.

    Raises:
        RateExceeded: all processes together have had the key's rate in this second.
    """
    rate = holder.rate_per_s
    if not rate or STANDING in meta:
        return
    is_granted, lease = _take(holder.api_key_id, rate, fetch)
    wait_s = max(1, math.ceil(lease.until - monotonic()))
    meta[STANDING] = Standing(rate, lease.tokens + lease.left, wait_s)
    if not is_granted:
        message = _("This key may make %(rate)d requests a second.") % {"rate": rate}
        raise RateExceeded(wait_s, message)


def _take(api_key_id: int, rate: int, fetch: Fetch) -> tuple[bool, _Lease]:
    with _lock:
        lease = _present(api_key_id)
        if lease is not None and lease.tokens > 0:
            lease.tokens -= 1
            return True, lease
        if lease is not None and lease.left == 0:
            return False, lease
    fresh = _ask(api_key_id, rate, fetch)
    with _lock:
        if len(_leases) >= MOST_LEASES:
            _leases.clear()
        lease = _present(api_key_id)
        if lease is not None:  # another thread has asked meanwhile
            fresh.tokens += lease.tokens
        _leases[api_key_id] = fresh
        if fresh.tokens == 0:
            return False, fresh
        fresh.tokens -= 1
        return True, fresh


def _present(api_key_id: int) -> _Lease | None:
    lease = _leases.get(api_key_id)
    return lease if lease is not None and monotonic() < lease.until else None


def _ask(api_key_id: int, rate: int, fetch: Fetch) -> _Lease:
    wanted = math.ceil(rate / SHARES)
    asked_at = monotonic()
    taken, rest_s = fetch(LEASE_RATE, {"api_key_id": api_key_id, "wanted": wanted})
    return _Lease(
        tokens=max(0, wanted - max(0, taken - rate)),
        left=max(0, rate - taken),
        until=asked_at + rest_s,
    )


def refill() -> None:
    """Forget what was leased (tests)."""
    with _lock:
        _leases.clear()
