"""One stream to one sink: pull some, write them in one commit, acknowledge.

Where the store or the moment is to blame, everything waits and is tried again. An item that cannot be
stored for a reason of its own is found by halving, set aside, and the rest goes on.
"""

import asyncio
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Generic, TypeVar

import structlog
from django.db import connections, transaction

from textwell.core.blame import is_fault_of_data
from textwell.core.bus import Bus, Msg
from textwell.core.db import cursor
from textwell.core.quarantine import Culprit, name_error, set_aside
from textwell.core.wire import Part
from textwell.runtime.ingest.parts import (
    Unreadable,
    count_items,
    halves,
    item_payload,
    read_message,
)

log = structlog.get_logger()
T = TypeVar("T")

PULL_MESSAGES = 40
PULL_WAIT_S = 2.0
KEEP_S = 5.0  # far less than the stream waits for an acknowledgement
FIRST_DELAY_S = 0.2
LONGEST_DELAY_S = 5.0


class _Stopped(Exception):
    """Told to stop while the store was away: what is not acknowledged comes again."""


class Pump(Generic[T]):
    """Pulls from `stream` and gives what it got to `write`, in a thread of its own.

    `write` gets parts of messages; the key of a part has the stream's sequence and is the same
    whenever the message comes again. What it raises decides who is to blame (`core.blame`).
    """

    def __init__(
        self,
        *,
        bus: Bus,
        stream: str,
        subject: str,
        kind: type[T],
        write: Callable[[Sequence[Part[T]]], None],
        count: Callable[[int], None],
    ) -> None:
        self._bus = bus
        self._stream = stream
        self._subject = subject
        self._kind = kind
        self._write = write
        self._count = count
        self._thread = ThreadPoolExecutor(1, thread_name_prefix=f"ingest-{stream.lower()}")

    async def run(self, stop: asyncio.Event) -> None:
        """Pump until `stop` is set; what is pulled is finished first."""
        while not stop.is_set():
            try:
                messages = await self._bus.pull(
                    self._stream,
                    "ingest",
                    [self._subject],
                    batch=PULL_MESSAGES,
                    timeout=PULL_WAIT_S,
                )
            except Exception as error:  # noqa: BLE001 - the broker may be away in many ways; it comes back
                log.warning("stream unreachable", stream=self._stream, error=str(error))
                await asyncio.sleep(1)
                continue
            if messages:
                await self._store(messages, stop)
        # Django keeps a connection for each thread, and the thread ends here.
        await asyncio.get_running_loop().run_in_executor(self._thread, connections.close_all)
        self._thread.shutdown(wait=True)

    async def _store(self, messages: list[Msg], stop: asyncio.Event) -> None:
        by_key = {f"{self._stream}:{each.metadata.sequence.stream}": each for each in messages}
        readings = [read_message(key, each.data, self._kind) for key, each in by_key.items()]
        hold = _Hold(messages, stop, self._thread)
        try:
            for reading in readings:
                for found in reading.unreadable:
                    await self._set_aside(found, by_key[found.key], hold)
            stored = await self._write_parts([p for r in readings for p in r.parts], by_key, hold)
        except _Stopped:
            return
        for message in messages:
            await message.ack()
        self._count(stored)

    async def _write_parts(
        self, parts: list[Part[T]], by_key: dict[str, Msg], hold: "_Hold"
    ) -> int:
        """Write all but what is to blame itself, which is set aside; answers how many items."""
        stored = 0
        waiting = [parts] if parts else []
        while waiting:
            some = waiting.pop()
            error = await hold.insist(partial(self._write, some))
            if error is not None and count_items(some) > 1:
                waiting.extend(reversed(halves(some)))
                continue
            if error is not None:  # another writer may have been in the way: once more
                error = await hold.insist(partial(self._write, some))
            if error is None:
                stored += count_items(some)
                continue
            [part] = some
            message = by_key[part.key]
            payload = item_payload(message.data, part.first)
            await self._set_aside(Unreadable(part.key, part.first, payload, error), message, hold)
        return stored

    async def _set_aside(self, found: Unreadable, message: Msg, hold: "_Hold") -> None:
        culprit = Culprit(
            stream=self._stream,
            subject=message.subject,
            sequence=message.metadata.sequence.stream,
            place=found.place,
            payload=found.payload,
            stored_at=message.metadata.timestamp,
            error=name_error(found.error),
        )
        error = await hold.insist(partial(_keep_aside, culprit))
        if error is not None:  # never: every column takes what it is given
            raise error


def _keep_aside(culprit: Culprit) -> None:
    with transaction.atomic(), cursor() as opened:
        set_aside(opened, culprit)


class _Hold:
    """Pulled messages while they are worked on: the stream keeps them for us as long as it takes."""

    def __init__(
        self, messages: Sequence[Msg], stop: asyncio.Event, thread: ThreadPoolExecutor
    ) -> None:
        self._messages = messages
        self._stop = stop
        self._thread = thread
        self._kept_at = time.monotonic()

    async def insist(self, work: Callable[[], None]) -> Exception | None:
        """Do it in the thread, again until the store takes it; answers what the data is to blame for.

        Raises _Stopped when told to stop meanwhile.
        """
        delay = FIRST_DELAY_S
        while True:
            await self._keep()
            try:
                await asyncio.get_running_loop().run_in_executor(self._thread, work)
            except Exception as error:
                if is_fault_of_data(error):
                    return error
                log.warning("not stored yet", messages=len(self._messages), error=str(error))
                if self._stop.is_set():
                    raise _Stopped from error
                await asyncio.sleep(delay)
                delay = min(delay * 2, LONGEST_DELAY_S)
            else:
                return None

    async def _keep(self) -> None:
        if time.monotonic() - self._kept_at < KEEP_S:
            return
        for message in self._messages:
            await message.in_progress()
        self._kept_at = time.monotonic()
