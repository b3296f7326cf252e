"""Messages that are marked and have to wait: throttled by the carrier, or not a byte of them left."""

import time
from collections.abc import Callable
from heapq import heapify, heappop, heappush

from textwell.runtime.connector.window import Pending

LONGEST_LOOK_S = 1.0


class Again:
    """A heap by the earliest time at which each may be submitted again."""

    def __init__(self) -> None:
        self._heap: list[tuple[float, int, Pending]] = []

    def __len__(self) -> int:
        return len(self._heap)

    def add(self, pending: Pending, delay_s: float = 0.0) -> None:
        if pending.window.is_doubt:
            return  # the ledger has it as unknown; it is read anew
        heappush(self._heap, (time.monotonic() + delay_s, pending.handoff.message_id, pending))

    def delay_s(self) -> float:
        """Seconds until the first is due, at most LONGEST_LOOK_S."""
        if not self._heap:
            return LONGEST_LOOK_S
        return max(0.0, min(LONGEST_LOOK_S, self._heap[0][0] - time.monotonic()))

    def take_due(self, limit: int) -> list[list[Pending]]:
        """What is due, grouped by the terms of the gate: those of a batch, or alike single texts."""
        groups: dict[object, list[Pending]] = {}
        now = time.monotonic()
        while self._heap and self._heap[0][0] <= now and limit > 0:
            pending = heappop(self._heap)[2]
            groups.setdefault(pending.window.batch.terms, []).append(pending)
            limit -= 1
        return list(groups.values())

    def take_if(self, is_meant: Callable[[Pending], bool]) -> list[Pending]:
        """Take out, due or not, whatever is meant."""
        taken = [item[2] for item in self._heap if is_meant(item[2])]
        self._heap = [item for item in self._heap if not is_meant(item[2])]
        heapify(self._heap)
        return taken
