"""How long to wait before the next try; pure."""

from __future__ import annotations

import random

from textwell.smpp import (
    Backoff,
    BackoffConfig,
)


def test_delays_spread_below_a_ceiling_that_doubles_to_its_cap() -> None:
    backoff = Backoff(BackoffConfig(first_s=1, cap_s=5), random.Random(7))
    ceilings = []
    for _ in range(5):
        ceilings.append(backoff.ceiling_s)
        assert 0 <= backoff.next_delay_s() <= ceilings[-1]
    backoff.reset()

    assert ceilings == [1, 2, 4, 5, 5]
    assert backoff.ceiling_s == 1


def test_after_a_thousand_failures_the_delay_is_still_a_number() -> None:
    backoff = Backoff(BackoffConfig(first_s=1, cap_s=5), random.Random(7))
    backoff.failures = 1_000

    assert backoff.ceiling_s == 5
