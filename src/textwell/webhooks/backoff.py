"""When to try again. Pure."""

import random
from typing import Final

# Standard Webhooks, "Deliverability": at once, then these waits; about three and a half days in all.
WAITS_S: Final = (5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400)
_SPREAD = 0.1
_LONGEST_ASKED_S = 86_400.0


def next_wait_s(
    attempt_count: int, *, asked_s: float | None = None, chance: random.Random
) -> float | None:
    """Seconds until the next try after so many; None: that was the last one.

    A receiver's Retry-After is kept to where it asks for more, up to a day.
    """
    if attempt_count > len(WAITS_S):
        return None
    wait = WAITS_S[attempt_count - 1] * chance.uniform(1 - _SPREAD, 1 + _SPREAD)
    return max(wait, min(asked_s or 0.0, _LONGEST_ASKED_S))
