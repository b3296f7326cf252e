"""Group commit: requests of the same few milliseconds share one append to the stream.

While one append is on its way the next batch fills, so a batch is as large as the load makes it and
a lonely request waits for nobody.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

MAX_ITEMS = 500
_BUSY_ITEMS = 8
_GATHER_S = 0.001

Publish = Callable[[list[Any]], Awaitable[None]]


class _Batch:
    __slots__ = ("items", "waiters")

    def __init__(self) -> None:
        self.items: list[Any] = []
        self.waiters: list[asyncio.Future[None]] = []


class Outbox:
    """Batches of one subject. `publish` makes a list durable or raises.

    One append at a time by default: it makes the largest batches, and an append costs the same
    whatever is in it.
    """

    def __init__(self, publish: Publish, *, in_flight: int = 1) -> None:
        self._publish = publish
        self._in_flight = in_flight
        self._waiting: deque[_Batch] = deque()
        self._running_count = 0
        self._tasks: set[asyncio.Task[None]] = set()

    def put(self, items: Sequence[Any]) -> asyncio.Future[None]:
        """A future of when the items are durable; it raises what `publish` raised if they are not.

        No coroutine: one less for each of ten thousand requests a second.
        """
        if not self._waiting or len(self._waiting[-1].items) >= MAX_ITEMS:
            self._waiting.append(_Batch())
            if self._running_count < self._in_flight:
                self._start()
        batch = self._waiting[-1]
        batch.items += items
        stored: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        batch.waiters.append(stored)
        return stored

    async def drain(self) -> None:
        """Wait for everything that was stored so far."""
        while self._tasks:
            await asyncio.gather(*self._tasks)

    def _start(self) -> None:
        # Counted here and in `_run`, not by the set of tasks: a task leaves that set a turn of the
        # loop after it has ended, and what is stored in between would wait for ever.
        self._running_count += 1
        task = asyncio.create_task(self._run())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _run(self) -> None:
        # The task starts after the requests that this turn of the loop read, so they are in.
        try:
            while self._waiting:
                batch = self._waiting.popleft()
                await self._store_batch(batch)
                if len(batch.items) >= _BUSY_ITEMS:
                    # Many clients: their next requests are on the way, let them share an append.
                    await asyncio.sleep(_GATHER_S)
        finally:
            self._running_count -= 1

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
