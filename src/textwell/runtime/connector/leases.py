"""The batches that this connector holds: leased, renewed while they are served, given back."""

import asyncio
import time
from collections.abc import Callable, Sequence
from contextlib import suppress

import structlog

from textwell.runtime.connector.ledger import DATABASE_ERRORS, Ledger
from textwell.runtime.connector.window import LeasedBatch, Window

log = structlog.get_logger()

RENEW_S = 8


class Leases:
    """Held batches and open windows of one gateway. `on_lost` hears of each batch that is ours no more."""

    def __init__(self, *, ledger: Ledger, on_lost: Callable[[LeasedBatch], None]) -> None:
        self._ledger = ledger
        self._on_lost = on_lost
        self._held: dict[int, LeasedBatch] = {}
        self._renewed_at: dict[int, float] = {}  # by batch, monotonic
        self._window_ids: set[int] = set()

    def __len__(self) -> int:
        return len(self._held)

    def age_s(self) -> float:
        """Seconds since the lease that was renewed longest ago was taken or renewed; 0 without one."""
        at = time.monotonic()
        return max(0.0, at - min(self._renewed_at.copy().values(), default=at))

    async def lease(self, batch_ids: Sequence[int]) -> list[LeasedBatch]:
        """Take what is free; one that is marked through has nothing left to do and is given back."""
        found = await self._ledger.lease(batch_ids, own_window_ids=sorted(self._window_ids))
        for batch in found:
            if batch.is_marked_through:
                with suppress(*DATABASE_ERRORS):  # else its lease runs out
                    await self._ledger.release(batch.id)
        # No wait from here on: what is held and not given to the caller would be renewed for ever.
        batches = [batch for batch in found if not batch.is_marked_through]
        for batch in batches:
            self._held[batch.id] = batch
            self._renewed_at[batch.id] = time.monotonic()
        return batches

    async def give_back(self, batch: LeasedBatch) -> None:
        """What of it is not marked may be leased by anyone."""
        self.forget(batch)
        with suppress(*DATABASE_ERRORS):
            await self._ledger.release(batch.id)

    async def give_back_all(self) -> None:
        """This connector leaves."""
        for batch_id in list(self._held):
            await self._ledger.release(batch_id)

    def forget(self, batch: LeasedBatch) -> None:
        """Hold it no longer, without telling the ledger: its lease runs out."""
        self._on_lost(batch)
        self.done(batch)

    def done(self, batch: LeasedBatch) -> None:
        """Every message of it has its outcome."""
        self._held.pop(batch.id, None)
        self._renewed_at.pop(batch.id, None)

    def opened(self, window: Window) -> None:
        """A window of ours is on its way: a lease must not take it for a crashed one's."""
        self._window_ids.add(window.id)

    def settled(self, windows: Sequence[Window]) -> None:
        """Every outcome of these windows is recorded."""
        self._window_ids.difference_update(window.id for window in windows)

    async def run(self) -> None:
        """Renew for ever."""
        while True:
            await asyncio.sleep(RENEW_S)
            ids = list(self._held)
            if not ids:
                continue
            try:
                ours = await self._ledger.renew(ids)
            except DATABASE_ERRORS as error:
                log.warning("leases not renewed", error=str(error))
                continue
            for batch_id in ids:
                if (batch := self._held.get(batch_id)) is None:
                    continue
                if batch_id in ours:
                    self._renewed_at[batch_id] = time.monotonic()
                else:
                    self.forget(batch)
