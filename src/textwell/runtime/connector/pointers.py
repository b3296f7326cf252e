"""Pointers to batches, pulled from the work stream lane by lane; a few leased ahead, never many.

What a pointer names is leased whole: with a group of single texts a lane may hold more than `AHEAD`.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import islice

import msgspec
import psycopg
import structlog

from textwell.core.bus import Bus, Msg
from textwell.core.wire import BatchPointer, decode
from textwell.runtime.connector.window import LeasedBatch

log = structlog.get_logger()

LANES = ("urgent", "care", "bulk")
# Batches leased ahead: single texts are a batch each.
AHEAD = {"urgent": 500, "care": 100, "bulk": 2}
MOST_POINTERS = 32  # pulled at once: each may point at a group of the API's calls
RETRY_S = 0.5  # after the database failed


class PointerQueue:
    """Leased batches by lane. A pointer whose batch is not ours to take is acknowledged and forgotten."""

    def __init__(
        self,
        *,
        bus: Bus,
        gateway_id: int,
        lease: Callable[[Sequence[int]], Awaitable[list[LeasedBatch]]],
    ) -> None:
        self._bus = bus
        self._gateway_id = gateway_id
        self._lease = lease
        self._queues: dict[str, deque[LeasedBatch]] = {lane: deque() for lane in LANES}
        self._last_campaigns: dict[str, int | None] = {}
        self._some = asyncio.Event()
        self._room = asyncio.Event()
        self._room.set()
        self._is_closed = False

    def close(self) -> None:
        """Take no more pointers."""
        self._is_closed = True

    def first_lane(self) -> str | None:
        """The highest lane that has work."""
        return next((lane for lane in LANES if self._queues[lane]), None)

    def has_higher(self, lane: str) -> bool:
        """True if a lane above this one has work."""
        return any(self._queues[higher] for higher in LANES[: LANES.index(lane)])

    async def wait_for_lane(self, timeout_s: float) -> str | None:
        """The highest lane with work, waiting at most so long."""
        if (lane := self.first_lane()) is not None:
            return lane
        self._some.clear()
        try:
            await asyncio.wait_for(self._some.wait(), timeout_s)
        except TimeoutError:
            return None
        return self.first_lane()

    def next(self, lane: str) -> LeasedBatch | None:
        """The batch of which the next window is taken; campaigns that are leased take turns."""
        queue = self._queues[lane]
        if not queue:
            return None
        last = self._last_campaigns.get(lane)
        batch = next((b for b in queue if b.campaign_id != last), queue[0])
        self._last_campaigns[lane] = batch.campaign_id
        return batch

    def next_singles(self, first: LeasedBatch, most: int) -> list[LeasedBatch]:
        """This single text, and at most so many with it that wait in its lane and are like it."""
        found = (b for b in self._queues[first.lane] if b is not first)
        like = (b for b in found if b.is_single and b.terms == first.terms)
        return [first, *islice(like, most - 1)]

    def drop(self, batch: LeasedBatch) -> None:
        """Remove a batch that is marked through, or no longer ours."""
        queue = self._queues[batch.lane]
        if batch in queue:
            queue.remove(batch)
        self._room.set()

    async def run(self) -> None:
        """Pull for ever, each lane by itself."""
        async with asyncio.TaskGroup() as group:
            for lane in LANES:
                group.create_task(self._pull(lane))

    async def _pull(self, lane: str) -> None:
        subject = f"submit.{self._gateway_id}.{lane}"
        durable = f"submit-{self._gateway_id}-{lane}"
        while not _is_cancelled():
            wanted = min(AHEAD[lane] - len(self._queues[lane]), MOST_POINTERS)
            if self._is_closed or wanted <= 0:
                self._room.clear()
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._room.wait(), 0.5)
                continue
            try:
                messages = await self._bus.pull(
                    "SUBMIT", durable, [subject], batch=wanted, timeout=5
                )
            except Exception as error:  # noqa: BLE001 - the broker may be away in many ways; it comes back
                log.warning("work stream unreachable", lane=lane, error=str(error))
                await asyncio.sleep(1)
                continue
            if messages and not await self._take(lane, list(_batch_ids(messages))):
                return  # they come again, to whoever serves this gateway then
            for message in messages:
                await message.ack()

    async def _take(self, lane: str, batch_ids: list[int]) -> bool:
        """Lease what is pointed at, as soon as the database is there; False: we leave before.

        Of a lease whose commit was not answered the batch is ours and nobody's: its lease runs out.
        """
        while not self._is_closed and not _is_cancelled():
            try:
                batches = await self._lease(batch_ids)
            except (psycopg.OperationalError, psycopg.InterfaceError, OSError) as error:
                log.warning("batches not leased", count=len(batch_ids), error=str(error))
                await asyncio.sleep(RETRY_S)
                continue
            if batches:
                self._queues[lane] += batches
                self._some.set()
            return True
        return False


def _is_cancelled() -> bool:
    """Whether this task is to end though nothing was raised.

    A broken statement raises its own error in the place of the cancellation, `wait_for` of Python 3.11
    none; and a TaskGroup cancels each of its tasks once.
    """
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


def _batch_ids(messages: Iterable[Msg]) -> Iterator[int]:
    for message in messages:
        try:
            yield from decode(message.data, BatchPointer).batch_ids
        except msgspec.DecodeError as error:
            log.warning("pointer refused", error=str(error))
