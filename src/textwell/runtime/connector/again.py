"""Messages that are marked and have to wait: throttled by the carrier, or not a byte of them left."""

import time
from collections.abc import Callable
from heapq import heapify, heappop, heappush

from textwell.runtime.connector.pointers import LANES
from textwell.runtime.connector.window import Pending

LONGEST_LOOK_S = 1.0


class Again:
    """For each lane a heap by the earliest time at which each may be submitted again."""

    def __init__(self) -> None:
        self._heaps: dict[str, list[tuple[float, int, Pending]]] = {lane: [] for lane in LANES}

    def __len__(self) -> int:
        return sum(map(len, self._heaps.values()))

    def add(self, pending: Pending, delay_s: float = 0.0) -> None:
        if pending.window.is_doubt:
            return  # the ledger has it as unknown; it is read anew
        heap = self._heaps[pending.window.batch.lane]
        heappush(heap, (time.monotonic() + delay_s, pending.handoff.message_id, pending))

    def delay_s(self) -> float:
        """Seconds until the first is due, at most LONGEST_LOOK_S."""
        firsts = [heap[0][0] for heap in self._heaps.values() if heap]
        return max(0.0, min([LONGEST_LOOK_S, *(first - time.monotonic() for first in firsts)]))

    def take_due(self, limit: int, *, above: str = "") -> list[list[Pending]]:
        """What is due, the most urgent lane first, or only lanes above this one.

        Grouped by the terms of the gate: those of a batch, or alike single texts.
        """
        groups: dict[object, list[Pending]] = {}
        now = time.monotonic()
        for lane in LANES[: LANES.index(above)] if above else LANES:
            heap = self._heaps[lane]
            while heap and heap[0][0] <= now and limit > 0:
                pending = heappop(heap)[2]
                groups.setdefault((lane, pending.window.batch.terms), []).append(pending)
                limit -= 1
        return list(groups.values())

    def take_if(self, is_meant: Callable[[Pending], bool]) -> list[Pending]:
        """Take out, due or not, whatever is meant."""
        taken: list[Pending] = []
        for lane, heap in self._heaps.items():
            taken += [item[2] for item in heap if is_meant(item[2])]
            self._heaps[lane] = [item for item in heap if not is_meant(item[2])]
            heapify(self._heaps[lane])
        return taken
