"""Group commit: requests of the same few milliseconds share one append to the stream.

While one append is on its way the next batch fills, so a batch is as large as the load makes it and
a lonely request waits for nobody.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

MAX_ITEMS = 500

Publish = Callable[[list[Any]], Awaitable[None]]


class _Batch:
    __slots__ = ("done", "items")

    def __init__(self) -> None:
        self.items: list[Any] = []
        # One future for all: a request costs no future of its own.
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()


class Outbox:
    """Batches of one subject. `publish` makes a list durable or raises."""

    def __init__(self, publish: Publish, *, in_flight: int = 2) -> None:
        self._publish = publish
        self._in_flight = in_flight
        self._waiting: deque[_Batch] = deque()
        self._running: set[asyncio.Task[None]] = set()

    async def store(self, items: Sequence[Any]) -> None:
        """Return when the items are durable; raise what `publish` raised if they are not."""
        if not self._waiting or len(self._waiting[-1].items) >= MAX_ITEMS:
            self._waiting.append(_Batch())
            if len(self._running) < self._in_flight:
                self._start()
        batch = self._waiting[-1]
        batch.items += items
        # A caller that goes away must not cancel the wait of the others.
        await asyncio.shield(batch.done)

    async def drain(self) -> None:
        """Wait for everything that was stored so far."""
        while self._running:
            await asyncio.gather(*self._running)

    def _start(self) -> None:
        task = asyncio.create_task(self._run())
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def _run(self) -> None:
        # The task starts after the requests that this turn of the loop read, so they are in.
        while self._waiting:
            batch = self._waiting.popleft()
            try:
                await self._publish(batch.items)
            except Exception as error:  # noqa: BLE001 - every waiting request must hear of it
                batch.done.set_exception(error)
            else:
                batch.done.set_result(None)
