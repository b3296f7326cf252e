"""Group commit: requests of the same few milliseconds share one append to the stream.

While one append is on its way the next batch fills, so a batch is as large as the load makes it and
a lonely request waits for nobody.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

MAX_ITEMS = 500
_BUSY_CALLS = 8
_GATHER_S = 0.005  # the longest that a batch waits for company; nobody sees it

Publish = Callable[[list[Any]], Awaitable[None]]


class _Batch:
    __slots__ = ("items", "waiters")

    def __init__(self) -> None:
        self.items: list[Any] = []
        self.waiters: list[asyncio.Future[None]] = []


class Outbox:
    """Batches of one subject. `publish` makes a list durable or raises.

    One append at a time: that makes the largest batches, and an append costs nearly the same
    whatever is in it.
    """

    def __init__(self, publish: Publish) -> None:
        self._publish = publish
        self._waiting: deque[_Batch] = deque()
        self._task: asyncio.Task[None] | None = None
        self._wanted_calls = 0
        self._is_full: asyncio.Future[None] | None = None  # while a batch waits for company

    def put(self, items: Sequence[Any]) -> asyncio.Future[None]:
        """A future of when the items are durable; it raises what `publish` raised if they are not.

        No coroutine: one less for each of ten thousand requests a second.
        """
        if not self._waiting or len(self._waiting[-1].items) >= MAX_ITEMS:
            self._waiting.append(_Batch())
            if len(self._waiting) > 1:
                self._end_gathering()
            if self._task is None:
                self._task = asyncio.create_task(self._run())
        batch = self._waiting[-1]
        batch.items += items
        stored: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        batch.waiters.append(stored)
        if self._is_full is not None and len(batch.waiters) >= self._wanted_calls:
            self._end_gathering()
        return stored

    async def drain(self) -> None:
        """Wait for everything that was put so far."""
        self._end_gathering()
        while self._task is not None:
            await asyncio.wait([self._task])

    async def _run(self) -> None:
        # The task starts after the requests that this turn of the loop read, so they are in.
        try:
            while self._waiting:
                batch = self._waiting.popleft()
                await self._store_batch(batch)
                if len(batch.waiters) >= _BUSY_CALLS:
                    await self._gather(len(batch.waiters))
        finally:
            # Here and not when the task is done, which is a turn of the loop later: what is put in
            # between would wait for ever.
            self._task = None

    async def _gather(self, answered_calls: int) -> None:
        """Let clients that were answered share an append with those that wait: they come again.

        Twice as many in one append cost the processor, and the disk, half as much for each.
        """
        if len(self._waiting) > 1:
            return  # a whole batch waits already
        waiting_calls = len(self._waiting[0].waiters) if self._waiting else 0
        self._wanted_calls = answered_calls + waiting_calls
        loop = asyncio.get_running_loop()
        self._is_full = loop.create_future()
        timer = loop.call_later(_GATHER_S, self._end_gathering)
        try:
            await self._is_full
        finally:
            timer.cancel()
            self._is_full = None

    def _end_gathering(self) -> None:
        if self._is_full is not None and not self._is_full.done():
            self._is_full.set_result(None)

    async def _store_batch(self, batch: _Batch) -> None:
        error: Exception | None = None
        try:
            await self._publish(batch.items)
        except Exception as caught:  # noqa: BLE001 - every waiting request must hear of it
            error = caught
        for waiter in batch.waiters:
            if waiter.done():
                continue  # its caller went away
            if error is None:
                waiter.set_result(None)
            else:
                waiter.set_exception(error)
