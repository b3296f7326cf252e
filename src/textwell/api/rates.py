"""How many requests a second a key may make: a bucket of one second's tokens for each, in this process.

Nothing is stored for it: where several web processes serve one key, each grants the key its rate.
"""

import math
from dataclasses import dataclass
from time import monotonic
from typing import Final

from django.utils.translation import gettext as _

from textwell.accounts.types import KeyHolder
from textwell.api.errors import RateExceeded

MOST_BUCKETS: Final = 10_000  # beyond it all are full again at once: keys are few


@dataclass(slots=True)
class _Bucket:
    tokens: float
    at: float  # of the steady clock


_buckets: dict[int, _Bucket] = {}


def spend(holder: KeyHolder) -> None:
    """Take one request of the key's; a key without a rate has no limit.

    Raises:
        RateExceeded: it made more than its rate within the last second.
    """
    rate = holder.rate_per_s
    if not rate:
        return
    now = monotonic()
    if len(_buckets) >= MOST_BUCKETS:
        _buckets.clear()
    bucket = _buckets.setdefault(holder.api_key_id, _Bucket(float(rate), now))
    bucket.tokens = min(float(rate), bucket.tokens + (now - bucket.at) * rate)
    bucket.at = now
    if bucket.tokens < 1:
        wait_s = math.ceil((1 - bucket.tokens) / rate)
        message = _("This key may make %(rate)d requests a second.") % {"rate": rate}
        raise RateExceeded(wait_s, message)
    bucket.tokens -= 1


def refill() -> None:
    """Give every key its whole second again (tests)."""
    _buckets.clear()
