"""Rate in segments per second, kept in every second and not only on average."""

import time
from collections.abc import Callable, Sequence


class SegmentRate:
    """A token bucket whose burst is taken out of its refill, so that no 1 s window exceeds the rate.

    With a burst of b and a refill of rate - b + 1 a second, any second sees at most `rate` segments;
    b is half a percent of the rate, so at least 99 % of what is allowed is used. A message of n
    segments waits until n are there.
    """

    def __init__(
        self, segments_per_second: float, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        if segments_per_second <= 0:
            raise ValueError("segments_per_second must be above 0")
        self._burst = max(1.0, segments_per_second * 0.005)
        self._refill = (
            segments_per_second - self._burst + 1 if self._burst > 1 else segments_per_second
        )
        self._tokens = self._burst
        self._clock = clock
        self._at = clock()

    def _fill(self, needed: float) -> None:
        at = self._clock()
        limit = max(self._burst, needed)
        self._tokens = min(limit, self._tokens + (at - self._at) * self._refill)
        self._at = at

    def take(self, segments: int) -> float:
        """Take the segments and answer 0, or take nothing and answer the seconds to wait."""
        self._fill(segments)
        if self._tokens >= segments:
            self._tokens -= segments
            return 0.0
        return (segments - self._tokens) / self._refill

    def take_some(self, messages: Sequence[int]) -> tuple[int, float]:
        """Take messages of so many segments in order; answers how many, and the wait for the next.

        The clock is read only when tokens run out.
        """
        for place, segments in enumerate(messages):
            if self._tokens >= segments:
                self._tokens -= segments
            elif wait := self.take(segments):
                return place, wait
        return len(messages), 0.0

    def give_back(self, segments: int) -> None:
        """Undo a take whose message did not go out."""
        self._tokens += segments


def take_all(rates: list[SegmentRate], segments: int) -> float:
    """Take from every bucket or from none; answers 0 or the seconds to wait for the slowest."""
    waits = [rate.take(segments) for rate in rates]
    longest = max(waits, default=0.0)
    if longest:
        for rate, wait in zip(rates, waits, strict=True):
            if not wait:
                rate.give_back(segments)
    return longest
