"""The bus for synchronous code (Django): one background event loop a process.

Everything `…_after_commit` is a nudge: the row is committed already and a sweep finds it even if
the nudge is lost. So it never makes the caller wait and never raises; a failure is logged.
"""

import asyncio
import atexit
import os
import threading
from collections.abc import Callable, Coroutine, Sequence
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeoutError
from functools import partial
from typing import Any, TypeVar

import structlog
from django.db import transaction

from textwell.core.bus.client import Bus, connect_bus
from textwell.core.errors import BusUnavailable

log = structlog.get_logger()

T = TypeVar("T")

PUBLISH_S = 10.0
CLOSE_S = 3.0


class _SyncBus:
    """The loop in its thread and the bus that lives there; connected when first needed."""

    def __init__(self) -> None:
        self.pid = os.getpid()  # a forked child must not use its parent's sockets
        self._loop = asyncio.new_event_loop()
        self._bus: Bus | None = None
        self._connecting: asyncio.Lock | None = None
        self._open: set[Future[Any]] = set()  # Any: results of many kinds, nobody reads them
        self._thread = threading.Thread(target=self._loop.run_forever, name="bus", daemon=True)
        self._thread.start()

    async def _connected(self) -> Bus:
        if self._connecting is None:
            self._connecting = asyncio.Lock()
        async with self._connecting:
            if self._bus is None:
                self._bus = await connect_bus(name=f"sync-{self.pid}", timeout_s=PUBLISH_S)
        return self._bus

    def start(self, work: Callable[[Bus], Coroutine[Any, Any, T]]) -> "Future[T]":
        """Begin `work` on the loop; in the order of the calls, as far as NATS keeps order."""

        async def run() -> T:
            return await work(await self._connected())

        future = asyncio.run_coroutine_threadsafe(run(), self._loop)
        self._open.add(future)
        future.add_done_callback(self._open.discard)
        return future

    def close(self, *, timeout_s: float) -> None:
        """Wait a little for what is on its way, then stop the loop."""
        for future in tuple(self._open):
            try:
                future.result(timeout_s)
            except Exception as error:  # noqa: BLE001 - whoever started it has logged or seen it
                log.debug("left at close", error=str(error))
        if self._bus is not None:
            closing = asyncio.run_coroutine_threadsafe(self._bus.close(), self._loop)
            try:
                closing.result(timeout_s)
            except FutureTimeoutError:
                log.warning("the bus did not close in time")
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(timeout_s)
        if not self._thread.is_alive():
            self._loop.close()


_lock = threading.Lock()
_state: dict[str, _SyncBus] = {}


def _sync_bus() -> _SyncBus:
    with _lock:
        present = _state.get("bus")
        if present is None or present.pid != os.getpid():
            present = _state["bus"] = _SyncBus()
        return present


def close_sync_bus(*, timeout_s: float = CLOSE_S) -> None:
    """Flush and disconnect; the next call connects again. Calling it twice is safe."""
    with _lock:
        present = _state.pop("bus", None)
    if present is not None and present.pid == os.getpid():
        present.close(timeout_s=timeout_s)


atexit.register(close_sync_bus)


def publish_sync(
    subject: str, payload: bytes, *, msg_id: str | None = None, timeout_s: float = PUBLISH_S
) -> None:
    """Return after JetStream has stored the message.

    Raises:
        BusUnavailable: not confirmed in time; with a `msg_id` repeating is safe.
    """
    future = _sync_bus().start(
        lambda bus: bus.publish(subject, payload, msg_id=msg_id, timeout_s=timeout_s)
    )
    try:
        future.result(timeout_s + 1)
    except FutureTimeoutError as error:
        future.cancel()
        raise BusUnavailable(f"{subject}: not stored in {timeout_s} s") from error


def call_sync(work: Callable[[Bus], Coroutine[Any, Any, T]], *, timeout_s: float = PUBLISH_S) -> T:
    """Run a coroutine with this process's bus and wait for what it answers.

    Raises:
        BusUnavailable: no answer within `timeout_s`, or NATS cannot be reached.
    """
    future = _sync_bus().start(work)
    try:
        return future.result(timeout_s)
    except FutureTimeoutError as error:
        future.cancel()
        raise BusUnavailable(f"NATS gave no answer in {timeout_s} s") from error


def _begin(what: str, work: Callable[[Bus], Coroutine[Any, Any, Any]]) -> None:
    def report(future: "Future[Any]") -> None:
        error = None if future.cancelled() else future.exception()
        if error is not None:
            log.warning("nudge lost, a sweep will find the row", what=what, error=str(error))

    _sync_bus().start(work).add_done_callback(report)


def publish_after_commit(subject: str, payload: bytes, *, msg_id: str | None = None) -> None:
    """Put a pointer on a stream once the present transaction has committed (at once without one)."""
    transaction.on_commit(
        partial(_begin, subject, lambda bus: bus.publish(subject, payload, msg_id=msg_id)),
        robust=True,
    )


def publish_nudges(nudges: Sequence[tuple[str, bytes]]) -> None:
    """Put many pointers on one stream, each (subject, payload), in one go; their rows are committed."""
    _begin(nudges[0][0], lambda bus: bus.publish_together(nudges))


def publish_core_after_commit(subject: str, payload: bytes) -> None:
    """Tell whoever listens now, once the present transaction has committed. Nothing is stored."""
    transaction.on_commit(
        partial(_begin, subject, lambda bus: bus.publish_core(subject, payload)), robust=True
    )


def kv_put_after_commit(bucket: str, key: str, value: bytes) -> None:
    """Set a key of a bucket once the present transaction has committed."""

    async def put(bus: Bus) -> None:
        await (await bus.kv(bucket)).put(key, value)

    transaction.on_commit(partial(_begin, f"{bucket}/{key}", put), robust=True)


def kv_delete_after_commit(bucket: str, key: str) -> None:
    """Remove a key of a bucket once the present transaction has committed."""

    async def delete(bus: Bus) -> None:
        await (await bus.kv(bucket)).delete(key)

    transaction.on_commit(partial(_begin, f"{bucket}/{key}", delete), robust=True)
