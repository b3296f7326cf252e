"""What arrives from the carrier goes to the stream first; only then is it acknowledged.

Receipts of a few milliseconds share one append (group commit): one publish costs a fsync, whatever
is in it.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

T = TypeVar("T")

MAX_ITEMS = 500
GATHER_S = 0.003
IN_FLIGHT = 4  # publishes on their way at once


class Forwarder(Generic[T]):
    """Group commit to one subject. `store` returns when its items are durable."""

    def __init__(self, publish: Callable[[list[T]], Awaitable[None]]) -> None:
        self._publish = publish
        self._items: list[T] = []
        self._waiters: list[asyncio.Future[None]] = []
        self._timer: asyncio.TimerHandle | None = None
        self._slots = asyncio.Semaphore(IN_FLIGHT)
        self._tasks: set[asyncio.Task[None]] = set()

    async def store(self, items: Sequence[T]) -> None:
        """Append the items; returns after the stream has stored them, raises if it could not."""
        loop = asyncio.get_running_loop()
        stored: asyncio.Future[None] = loop.create_future()
        self._items.extend(items)
        self._waiters.append(stored)
        if len(self._items) >= MAX_ITEMS:
            self._flush()
        elif self._timer is None:
            self._timer = loop.call_later(GATHER_S, self._flush)
        await stored

    def _flush(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        items, waiters = self._items, self._waiters
        self._items, self._waiters = [], []
        if items:
            task = asyncio.create_task(self._send(items, waiters))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _send(self, items: list[T], waiters: list[asyncio.Future[None]]) -> None:
        try:
            async with self._slots:
                for start in range(0, len(items), MAX_ITEMS):
                    await self._publish(items[start : start + MAX_ITEMS])
        except Exception as error:  # noqa: BLE001 - every waiter must hear of it, whatever it is
            for waiter in waiters:
                if not waiter.done():
                    waiter.set_exception(error)
        else:
            for waiter in waiters:
                if not waiter.done():
                    waiter.set_result(None)

    async def drain(self) -> None:
        """Send what is left and wait for it."""
        self._flush()
        while self._tasks:
            await asyncio.gather(*self._tasks)
