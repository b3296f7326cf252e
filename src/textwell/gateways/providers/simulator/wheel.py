"""Things due later, in buckets of equal time: one timer a bucket, however many things are in it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Wheel(Generic[T]):
    """Calls `on_due(things)` with all that fell due in a tick, in order of adding."""

    def __init__(
        self, loop: asyncio.AbstractEventLoop, tick_s: float, on_due: Callable[[list[T]], None]
    ) -> None:
        self.tick_s = tick_s
        self._loop = loop
        self._on_due = on_due
        self._buckets: dict[int, list[T]] = {}

    def __len__(self) -> int:
        return sum(map(len, self._buckets.values()))

    def now_tick(self) -> int:
        """The tick that is running; ask once for a batch and add to it."""
        return int(self._loop.time() / self.tick_s)

    def bucket(self, tick: int) -> list[T]:
        """The list of what is due at this tick: append to it at once, do not keep it."""
        found = self._buckets.get(tick)
        if found is None:
            found = self._buckets[tick] = []
            self._loop.call_at(tick * self.tick_s, self._fire, tick)
        return found

    def _fire(self, tick: int) -> None:
        self._on_due(self._buckets.pop(tick))
