"""What arrives from the carrier goes to the stream first; only then is it acknowledged.

Receipts of a few milliseconds share one append (group commit): one publish costs a fsync, whatever
is in it. While more keep coming, up to five times as long is waited: a carrier with a small window
that waits for our acknowledgement sends no more, and is answered after three milliseconds.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

T = TypeVar("T")

MAX_ITEMS = 2_000
GATHER_S = 0.003
MOST_GATHERS = 5
IN_FLIGHT = 4  # publishes on their way at once


class Forwarder(Generic[T]):
    """Group commit to one subject. `store` returns when its items are durable."""

    def __init__(self, publish: Callable[[list[T]], Awaitable[None]]) -> None:
        self._publish = publish
        self._items: list[T] = []
        self._waiters: list[asyncio.Future[None]] = []
        self._timer: asyncio.TimerHandle | None = None
        self._gathers = 0
        self._gathered = 0  # items at the last look
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
            self._gathers, self._gathered = 1, len(self._items)
            self._timer = loop.call_later(GATHER_S, self._look)
        await stored

    def _look(self) -> None:
        """More came since the last look: gather on, for a while."""
        count = len(self._items)
        if count == self._gathered or self._gathers == MOST_GATHERS:
            self._timer = None
            self._flush()
            return
        self._gathers, self._gathered = self._gathers + 1, count
        self._timer = asyncio.get_running_loop().call_later(GATHER_S, self._look)

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
