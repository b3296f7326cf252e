"""Receipts and texts on their way to the stream: acknowledged to the carrier only once stored.

A part of a long text is acknowledged with its text. While one batch is being stored, what
else arrives collects and goes as one with the next.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from typing import Final

import structlog

from textwell.gateways.providers.base import Handlers, Mo, Receipt
from textwell.gateways.providers.smpp.incoming import Reader, build_mo
from textwell.gateways.providers.smpp.parts import HeldParts, LongText
from textwell.smpp.client import DeliverBatch
from textwell.smpp.commands import Command, Status
from textwell.smpp.long_messages import read_part
from textwell.smpp.pdu import Pdu

log = structlog.get_logger()
_SWEEP_S: Final = 1.0
_RETRY_S: Final = 0.5
_TEXTS: Final = frozenset({int(Command.deliver_sm), int(Command.data_sm)})


class Intake:
    """`take` is a Client's on_deliver. `start` and `stop` may be called again and again."""

    def __init__(self, reader: Reader, handlers: Handlers) -> None:
        self._reader = reader
        self._handlers = handlers
        self._batches: list[tuple[DeliverBatch, list[int] | None]] = []  # None: all of it
        self._held = HeldParts()
        self._long: list[LongText] = []
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
        self._hand_on(self._held.release_all(), time.time())
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
        self._held.hear(now)
        held: set[int] = set()
        for pdu in batch.pdus:
            if pdu.command_id not in _TEXTS:
                continue
            if is_receipt(pdu):
                add(read_receipt(pdu, now))
            elif self._take_text(batch, pdu, now):
                held.add(pdu.sequence)
        if held:
            others = [pdu.sequence for pdu in batch.pdus if pdu.sequence not in held]
            self._batches.append((batch, others))
        else:
            self._batches.append((batch, None))
        self._wake.set()

    def _take_text(self, batch: DeliverBatch, pdu: Pdu, now: float) -> bool:
        """Queue a text of a person; True if it is a part, which is answered with its text."""
        fields, part = pdu.fields, read_part(pdu)
        address = (fields["source_addr"], fields["destination_addr"], fields["data_coding"])
        if part.total == 1:
            self._mos.append(build_mo(address, part.data, now))
            return False
        whole = self._held.add(address, part, (batch, pdu.sequence), now)
        if whole is not None:
            self._hand_on([whole], now)
        return True

    def _hand_on(self, texts: list[LongText], now: float) -> None:
        """Queue long texts, whole or not, to be stored and then answered."""
        for text in texts:
            self._long.append(text)
            if not self._held.is_stored(text, now):
                self._mos.append(build_mo(text.key[0], text.octets, now))

    async def _run(self) -> None:
        while not self._is_stopping:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), _SWEEP_S)
            self._wake.clear()
            now = time.time()
            self._hand_on(self._held.release(now), now)
            if not await self._store() and not self._is_stopping:
                await asyncio.sleep(_RETRY_S)

    async def _store(self) -> bool:
        """Store and acknowledge all that is queued; False if the store failed."""
        batches, self._batches = self._batches, []
        long, self._long = self._long, []
        batches += [(batch, [sequence]) for text in long for batch, sequence in text.requests]
        receipts, self._receipts = self._receipts, []
        mos, self._mos = self._mos, []
        try:
            if mos:
                await self._handlers.on_mos(mos)
            if receipts:
                await self._handlers.on_receipts(receipts)
        except Exception as error:  # noqa: BLE001 - whatever it is, the carrier must keep them
            log.warning("incoming_not_stored", count=len(receipts) + len(mos), error=repr(error))
            for batch, sequences in batches:
                batch.reject(Status.ESME_RX_T_APPN, sequences)
            return False
        for batch, sequences in batches:
            batch.ack(sequences)
        for text in long:
            self._held.remember(text)
        return True
