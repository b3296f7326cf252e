"""Receipts and texts on their way to the stream: acknowledged to the carrier only once stored.

While one batch is being stored, what else arrives collects and goes as one with the next.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from typing import Final

import structlog

from textwell.gateways.providers.base import Handlers, Mo, Receipt
from textwell.gateways.providers.smpp.incoming import Reader
from textwell.smpp.client import DeliverBatch
from textwell.smpp.commands import Command, Status

log = structlog.get_logger()
_SWEEP_S: Final = 5.0
_RETRY_S: Final = 0.5
_TEXTS: Final = frozenset({int(Command.deliver_sm), int(Command.data_sm)})


class Intake:
    """`take` is a Client's on_deliver. `start` and `stop` may be called again and again."""

    def __init__(self, reader: Reader, handlers: Handlers) -> None:
        self._reader = reader
        self._handlers = handlers
        self._batches: list[DeliverBatch] = []
        self._receipts: list[Receipt] = []
        self._mos: list[Mo] = []
        self._wake = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._is_stopping = False

    def start(self) -> None:
        if self._task is None:
            self._is_stopping = False
            self._task = asyncio.get_running_loop().create_task(self._run(), name="smpp-intake")

    async def stop(self) -> None:
        """Store what has come, then end."""
        if self._task is None:
            return
        # Told, not cancelled: before Python 3.12 wait_for may swallow a cancellation.
        self._is_stopping = True
        self._wake.set()
        await self._task
        self._task = None
        await self._store()

    def take(self, batch: DeliverBatch) -> None:
        """Read a batch and queue it for storing."""
        now = time.time()
        reader = self._reader
        is_receipt, read_receipt, add = (
            reader.is_receipt,
            reader.read_receipt,
            self._receipts.append,
        )
        for pdu in batch.pdus:
            if pdu.command_id not in _TEXTS:
                continue
            if is_receipt(pdu):
                add(read_receipt(pdu, now))
            elif (mo := reader.read_mo(pdu, now)) is not None:
                self._mos.append(mo)
        self._batches.append(batch)
        self._wake.set()

    async def _run(self) -> None:
        while not self._is_stopping:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), _SWEEP_S)
            self._wake.clear()
            self._mos += self._reader.give_up_parts(time.time())
            if not await self._store() and not self._is_stopping:
                await asyncio.sleep(_RETRY_S)

    async def _store(self) -> bool:
        """Store and acknowledge all that is queued; False if the store failed."""
        batches, self._batches = self._batches, []
        receipts, self._receipts = self._receipts, []
        mos, self._mos = self._mos, []
        try:
            if mos:
                await self._handlers.on_mos(mos)
            if receipts:
                await self._handlers.on_receipts(receipts)
        except Exception as error:  # noqa: BLE001 - whatever it is, the carrier must keep them
            log.warning("incoming_not_stored", count=len(receipts) + len(mos), error=repr(error))
            for batch in batches:
                batch.reject(Status.ESME_RX_T_APPN)
            return False
        for batch in batches:
            batch.ack()
        return True
