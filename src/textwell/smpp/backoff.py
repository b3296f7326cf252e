"""Exponential back-off with full jitter; pure but for the random source it is given."""

from __future__ import annotations

import random
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class BackoffConfig:
    """Seconds: `first_s` bounds the first delay, doubled at each failure up to `cap_s`."""

    first_s: float = 1.0
    cap_s: float = 60.0


class Backoff:
    """How long to wait after the n-th failure in a row; `reset` after a success."""

    def __init__(self, config: BackoffConfig, rng: random.Random) -> None:
        self.config = config
        self.failures = 0
        self._rng = rng

    @property
    def ceiling_s(self) -> float:
        """The longest that the next delay can be."""
        return min(self.config.cap_s, self.config.first_s * 2.0 ** min(self.failures, 32))

    def next_delay_s(self) -> float:
        """Delay before the next try, evenly spread from 0 to the ceiling; counts one failure."""
        delay = self._rng.uniform(0.0, self.ceiling_s)
        self.failures += 1
        return delay

    def next_pause_s(self) -> float:
        """As `next_delay_s`, but never under half of the ceiling: for slowing down one sender."""
        ceiling = self.ceiling_s
        self.failures += 1
        return self._rng.uniform(ceiling / 2, ceiling)

    def reset(self) -> None:
        self.failures = 0
