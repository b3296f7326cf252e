"""Keeps what the edge holds in memory the same as a key-value bucket, and a copy of it on disk.

With the copy the edge starts, and redirects, while NATS is away.
"""

import asyncio
import os
import time
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar

import msgspec
import structlog
from nats.errors import Error as NatsError
from nats.js.kv import KeyValue

from textwell.core.bus import Bus
from textwell.core.private_files import open_private

log = structlog.get_logger()
T = TypeVar("T", bound=msgspec.Struct)

_RESYNC_S = 60.0  # a watcher that went deaf without a sound is replaced after this
_LOOK_S = 1.0
_SAVE_EVERY_S = 2.0


class Directory(Protocol[T]):
    def items(self) -> list[T]: ...
    def put(self, item: T, /) -> None: ...
    def put_all(self, items: list[T], /) -> None: ...
    def remove(self, key: int, /) -> None: ...


class Feed(Generic[T]):
    """One bucket into one directory.

    An entry leaves the directory only by its delete marker, never because a bucket has come back
    empty: after the loss of a broker the links go on working while the bucket is rebuilt.
    """

    def __init__(self, bucket: str, kind: type[T], directory: Directory[T], copy: Path) -> None:
        self.is_loaded = False  # from the bucket or from the copy
        self._bucket = bucket
        self._decoder = msgspec.json.Decoder(kind)
        self._copy_decoder = msgspec.json.Decoder(list[kind])  # type: ignore[valid-type]  # a type at run time
        self._directory = directory
        self._copy = copy
        self._is_changed = False
        self._saved_at = 0.0

    def load_copy(self) -> None:
        """Read the copy on disk, if there is a usable one."""
        try:
            items = self._copy_decoder.decode(self._copy.read_bytes())
        except FileNotFoundError:
            return
        except (OSError, msgspec.MsgspecError) as error:
            log.warning("edge copy unreadable", bucket=self._bucket, error=str(error))
            return
        self._directory.put_all(items)
        self.is_loaded = True

    async def follow(self, bus: Bus) -> None:
        """Follow the bucket until cancelled; errors of the bus are waited out."""
        while True:
            try:
                await self._follow_once(bus)
            except (NatsError, TimeoutError, OSError) as error:
                log.debug("edge feed", bucket=self._bucket, error=str(error))
                await asyncio.sleep(_LOOK_S)

    async def _follow_once(self, bus: Bus) -> None:
        watcher: Any  # nats-py leaves its watcher without types
        watcher = await (await bus.kv(self._bucket)).watchall()
        until = time.monotonic() + _RESYNC_S
        present: list[T] | None = []  # None once the first answer is complete
        try:
            while bus.is_connected and (present is not None or time.monotonic() < until):
                try:
                    entry = await watcher.updates(timeout=_LOOK_S)
                except NatsError:  # its time-out: nothing new
                    await self._save_if_due()
                    continue
                if entry is None:
                    self._directory.put_all(self._new_of(present or []))
                    present, self.is_loaded = None, True
                elif present is None:
                    self._apply(entry)
                elif entry.operation is None:
                    present += self._read(entry)
                else:
                    self._apply(entry)
                await self._save_if_due()
        finally:
            await watcher.stop()

    def _new_of(self, present: list[T]) -> list[T]:
        """Those that are not held yet, so that a resync disturbs nothing."""
        held: Any = {item.id: item for item in self._directory.items()}  # type: ignore[attr-defined]  # all have ids
        new = [item for item in present if held.get(item.id) != item]  # type: ignore[attr-defined]
        self._is_changed |= bool(new)
        return new

    def _apply(self, entry: KeyValue.Entry) -> None:
        if entry.operation is None:
            for item in self._read(entry):
                self._directory.put(item)
        elif entry.key.isdecimal():
            self._directory.remove(int(entry.key))
        self._is_changed = True

    def _read(self, entry: KeyValue.Entry) -> list[T]:
        try:
            return [self._decoder.decode(entry.value or b"")]
        except msgspec.MsgspecError as error:
            log.warning(
                "edge entry unreadable", bucket=self._bucket, key=entry.key, error=str(error)
            )
            return []

    async def _save_if_due(self) -> None:
        if not self._is_changed or time.monotonic() - self._saved_at < _SAVE_EVERY_S:
            return
        self._is_changed, self._saved_at = False, time.monotonic()
        payload = msgspec.json.encode(self._directory.items())
        try:
            await asyncio.to_thread(self._write, payload)
        except OSError as error:
            log.warning("edge copy not written", bucket=self._bucket, error=str(error))

    def _write(self, payload: bytes) -> None:
        self._copy.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = self._copy.with_suffix(f".{os.getpid()}.tmp")
        # It holds link keys and webhook secrets: for our own user alone.
        with open_private(draft) as file:
            file.write(payload)
        draft.replace(self._copy)
