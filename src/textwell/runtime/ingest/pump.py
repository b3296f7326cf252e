"""One stream to one sink: pull some, write them in one commit, acknowledge."""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Generic, TypeVar

import msgspec
import structlog
from django.db import connections

from textwell.core.bus import Bus, Msg
from textwell.core.wire import decode

log = structlog.get_logger()
T = TypeVar("T")

PULL_MESSAGES = 40
PULL_WAIT_S = 2.0


class Pump(Generic[T]):
    """Pulls from `stream` and gives what it got to `write`, in a thread of its own.

    `write` gets (key, items) pairs, one a message; the key has the stream's sequence and is the same
    whenever the message comes again. What it raises is logged and tried again.
    """

    def __init__(
        self,
        *,
        bus: Bus,
        stream: str,
        subject: str,
        kind: type[T],
        write: Callable[[Sequence[tuple[str, list[T]]]], None],
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
        groups = self._groups(messages)
        loop = asyncio.get_running_loop()
        delay = 0.2
        while groups:
            try:
                await loop.run_in_executor(self._thread, self._write, groups)
                break
            except Exception as error:  # noqa: BLE001 - whatever it is, the stream keeps them until it is mended
                log.warning(
                    "not stored yet", stream=self._stream, messages=len(groups), error=str(error)
                )
                if stop.is_set():
                    return
                await asyncio.sleep(delay)
                delay = min(delay * 2, 5.0)
                await self._keep(messages)
        for message in messages:
            await message.ack()
        self._count(sum(len(items) for _key, items in groups))

    async def _keep(self, messages: list[Msg]) -> None:
        for message in messages:
            await message.in_progress()

    def _groups(self, messages: list[Msg]) -> list[tuple[str, list[T]]]:
        found: list[tuple[str, list[T]]] = []
        for message in messages:
            sequence = message.metadata.sequence.stream
            try:
                values = decode(message.data, list[self._kind])  # type: ignore[name-defined] # a type at run time
            except msgspec.DecodeError as error:
                # It will never become readable: it is logged whole and leaves the stream.
                log.warning(
                    "unreadable message dropped",
                    stream=self._stream,
                    sequence=sequence,
                    error=str(error),
                )
                continue
            found.append((f"{self._stream}:{sequence}", values))
        return found
