"""Which window goes next: marked and composed one ahead, while the present one is on its way.

Lanes are served urgent, care, bulk; a window of bulk lasts half a second at the rate of the gateway, or
of a slower sender, so that an urgent text never waits for a campaign.
"""

import asyncio
import time
from datetime import UTC, datetime

import structlog

from textwell.gateways.providers.base import GatewaySpec
from textwell.messaging.sql import MAX_WINDOW
from textwell.runtime.connector.again import Again
from textwell.runtime.connector.handoff import HandOff
from textwell.runtime.connector.leases import Leases
from textwell.runtime.connector.ledger import DATABASE_ERRORS, Ledger
from textwell.runtime.connector.link import LinkKeeper
from textwell.runtime.connector.pointers import PointerQueue
from textwell.runtime.connector.settle import Settler
from textwell.runtime.connector.window import LeasedBatch, Pending, Prepared, own_rates, prepare

log = structlog.get_logger()

SLICE = 20  # messages composed without a look at the link: a quarter of a millisecond
WINDOW_S = 0.5  # a window and the one prepared behind it: at most a second's worth is marked
RETRY_S = 0.5  # after the database failed


class Feeder:
    """Gives windows to the hand-off until told to stop."""

    def __init__(
        self,
        *,
        spec: GatewaySpec,
        link: LinkKeeper,
        pointers: PointerQueue,
        leases: Leases,
        ledger: Ledger,
        settler: Settler,
        handoff: HandOff,
        again: Again,
        stopping: asyncio.Event,
    ) -> None:
        self._spec = spec
        self._sender_rates = own_rates(spec)
        self._link = link
        self._pointers = pointers
        self._leases = leases
        self._ledger = ledger
        self._settler = settler
        self._handoff = handoff
        self._again = again
        self._stopping = stopping
        self.ahead: asyncio.Task[Prepared | None] | None = None
        self._ahead_lane = ""

    async def run(self) -> None:
        while not self._stopping.is_set():
            if not self._link.is_up.is_set():
                await self._wait_for_link()
            await self._handoff.send_again(MAX_WINDOW)
            if self.ahead is not None and self._pointers.has_higher(self._ahead_lane):
                await self._serve(self._pointers.first_lane())
            if self.ahead is None:
                lane = await self._pointers.wait_for_lane(self._again.delay_s())
                if lane is None:
                    continue
                self._prepare_ahead(lane)
            pending = await self._take_ahead()
            following = self._pointers.first_lane()
            if (
                following is not None
                and following == self._ahead_lane
                and not self._stopping.is_set()
            ):
                self._prepare_ahead(following)
            await self._handoff.send(pending)
        await self._handoff.send(await self._take_ahead())

    async def put_back(self) -> None:
        """What is prepared ahead is marked: it waits to be given again, or withdrawn."""
        for pending in await self._take_ahead():
            self._again.add(pending)

    async def _wait_for_link(self) -> None:
        """Until it is up, or we are to stop.

        Where the carrier refuses us what is marked goes back: it may take days, and a crash
        meanwhile would make it unknown.
        """
        await self._handoff.wait_for_link()
        if self._link.is_refused.is_set():
            await self.put_back()
            self._handoff.withdraw("held", "gateway_refused")
            await self._handoff.wait_for_link(is_patient=True)

    async def _serve(self, lane: str | None) -> None:
        if lane is not None:
            prepared = await self._prepare(lane)
            await self._handoff.send(prepared.pending if prepared else [])

    def _prepare_ahead(self, lane: str) -> None:
        self._ahead_lane = lane
        self.ahead = asyncio.create_task(self._prepare(lane))

    async def _take_ahead(self) -> list[Pending]:
        if self.ahead is None:
            return []
        prepared = await asyncio.shield(self.ahead)
        self.ahead = None
        return prepared.pending if prepared else []

    def _window_size(self, batch: LeasedBatch) -> int:
        rate = batch.rate
        if rate is None:  # no window has told who sends it: perhaps the slowest
            rate = min([self._spec.segments_per_second, *self._sender_rates.values()])
        by_rate = max(1, int(rate * WINDOW_S))
        return min(by_rate, MAX_WINDOW if batch.lane == "bulk" else 100)

    def _note_rate(self, batch: LeasedBatch, pending: list[Pending]) -> None:
        """Keep the rate of the slowest sender that its windows have told."""
        if not self._sender_rates or not pending:
            return
        most = self._spec.segments_per_second
        senders = {one.handoff.sender for one in pending}
        rates = [self._sender_rates.get(sender, most) for sender in senders]
        batch.rate = min([batch.rate or most, most, *rates])

    async def _prepare(self, lane: str) -> Prepared | None:
        """Mark, read, judge and compose the next window of the lane; None: nothing came of it."""
        batch = self._pointers.next(lane)
        if batch is None:
            return None
        if self._handoff.is_stopped:
            await self._leases.give_back(batch)
            return None
        try:
            marked = await self._ledger.mark(
                batch, size=self._window_size(batch), now=time.monotonic()
            )
        except DATABASE_ERRORS as error:
            # The mark may be committed: without its id the batch is left to the next lease.
            log.warning("mark failed", batch=batch.id, error=str(error))
            self._leases.forget(batch)
            await asyncio.sleep(RETRY_S)
            return None
        if marked is None:
            await self._leases.give_back(batch)
            return None
        window, rows = marked
        if batch.is_marked_through:
            self._pointers.drop(batch)
        self._leases.opened(window)
        prepared = Prepared()
        at = datetime.now(UTC)
        for start in range(0, len(rows), SLICE):
            prepare(
                rows[start : start + SLICE], window=window, spec=self._spec, at=at, into=prepared
            )
            await asyncio.sleep(0)  # answers that came meanwhile make room: the link stays full
        self._note_rate(batch, prepared.pending)
        self._settler.open_window(window)
        self._settler.left_out(window, prepared.left_out)
        return prepared
