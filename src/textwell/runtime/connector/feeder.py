"""Which window goes next: marked and composed one ahead, while the present one is on its way.

Lanes are served urgent, care, bulk. A window of bulk lasts half a second at the rate of the gateway, or
of a slower sender, and gives way in its middle: an urgent text never waits for a campaign.
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
from textwell.runtime.connector.pointers import LANES, PointerQueue
from textwell.runtime.connector.preparing import Preparing
from textwell.runtime.connector.settle import Settler
from textwell.runtime.connector.window import LeasedBatch, Pending, Prepared, Row, Window, own_rates

log = structlog.get_logger()

SLICE = 20  # messages composed without a look at the link: a quarter of a millisecond
WINDOW_S = 0.5  # a window and the one prepared behind it: at most a second's worth is marked
# Apart at least: what comes by hundreds a second is marked by dozens, not one by one.
GIVE_WAY_S = 0.1
MOST_BESIDE = 250  # messages of a window of the other lanes: one of care delays one of urgent by it
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
        self.ahead: asyncio.Task[list[Pending] | None] | None = None
        self._ahead_lane = ""
        self._gave_way_at = float("-inf")

    async def run(self) -> None:
        while not self._stopping.is_set():
            if not self._link.is_up.is_set():
                await self._wait_for_link()
            await self._handoff.send_again(MAX_WINDOW, give_way=self._give_way)
            if self.ahead is not None:
                await self._serve_above(self._ahead_lane)
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
            await self._handoff.send(pending, give_way=self._give_way)
        await self._handoff.send(await self._take_ahead())

    def _is_urged(self, lane: str) -> bool:
        """Whether a lane above this one has work that can go."""
        return (
            self._pointers.has_higher(lane)
            and self._link.is_up.is_set()
            and not self._stopping.is_set()
        )

    async def _give_way(self, lane: str) -> None:
        """Before a part of a window of this lane: what is above it goes first."""
        if lane != LANES[0] and time.monotonic() - self._gave_way_at >= GIVE_WAY_S:
            await self._serve_above(lane)

    async def _serve_above(self, lane: str) -> None:
        """What is above this lane, new or to be sent again, goes: for a while, then a part of this one.

        Else a campaign stands still as long as there is an urgent text at every look.
        """
        until = time.monotonic() + GIVE_WAY_S
        await self._handoff.send_again(MAX_WINDOW, above=lane, give_way=self._give_way)
        while self._is_urged(lane) and time.monotonic() < until:
            await self._serve_first()
            await self._handoff.send_again(MAX_WINDOW, above=lane, give_way=self._give_way)
        # Where more is left only one part goes in between.
        self._gave_way_at = float("-inf") if self._is_urged(lane) else time.monotonic()

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

    async def _serve_first(self) -> None:
        """The next window of the highest lane."""
        lane = self._pointers.first_lane()
        if lane is not None:
            pending = await self._prepare(lane) or []
            await self._handoff.send(pending, give_way=self._give_way)

    def _prepare_ahead(self, lane: str) -> None:
        self._ahead_lane = lane
        self.ahead = asyncio.create_task(self._prepare(lane))

    async def _take_ahead(self) -> list[Pending]:
        if self.ahead is None:
            return []
        pending = await asyncio.shield(self.ahead)
        self.ahead = None
        return pending or []

    def _window_size(self, batch: LeasedBatch) -> int:
        rate = batch.rate
        if rate is None:  # no window has told who sends it: perhaps the slowest
            rate = min([self._spec.segments_per_second, *self._sender_rates.values()])
        by_rate = max(1, int(rate * WINDOW_S))
        return min(by_rate, MAX_WINDOW if batch.lane == "bulk" else MOST_BESIDE)

    def _note_rate(self, batch: LeasedBatch, pending: list[Pending]) -> None:
        """Keep the rate of the slowest sender that its windows have told."""
        if not self._sender_rates or not pending:
            return
        most = self._spec.segments_per_second
        senders = {one.handoff.sender for one in pending}
        rates = [self._sender_rates.get(sender, most) for sender in senders]
        batch.rate = min([batch.rate or most, most, *rates])

    async def _prepare(self, lane: str) -> list[Pending] | None:
        """Mark, read, judge and compose the next window of the lane; None: nothing came of it."""
        batch = self._pointers.next(lane)
        if batch is None:
            return None
        if self._handoff.is_stopped:
            await self._leases.give_back(batch)
            return None
        size = self._window_size(batch)
        batches = self._pointers.next_singles(batch, size) if batch.is_single else [batch]
        try:
            marked = await self._mark(batches, size)
        except DATABASE_ERRORS as error:
            # The mark may be committed: a batch is left to its next lease, which knows.
            log.warning("mark failed", batches=[batch.id for batch in batches], error=str(error))
            for batch in batches:
                self._leases.forget(batch)
            await asyncio.sleep(RETRY_S)
            return None
        finally:
            self._give_back_unread()
        for window, _rows in marked:
            self._leases.opened(window)
        return await self._compose_all(batches, marked)

    async def _compose_all(
        self, batches: list[LeasedBatch], marked: list[tuple[Window, list[Row]]]
    ) -> list[Pending]:
        """Who of these windows goes. Whatever ends this early, nobody becomes unknown by it."""
        pending: list[Pending] = []
        composed_count = 0
        try:
            for batch in batches:
                if batch.is_lost:
                    await self._leases.give_back(batch)
                elif batch.is_marked_through:
                    self._pointers.drop(batch)
            for window, rows in marked:
                pending += await self._compose(window, rows)
                composed_count += 1
                if composed_count % SLICE == 0:
                    await asyncio.sleep(0)
        except BaseException:
            # Not a byte of them left: they wait.
            for one in pending:
                self._again.add(one)
            for window, _rows in marked[composed_count:]:
                self._settler.give_back(window)
            raise
        return pending

    def _give_back_unread(self) -> None:
        """What is marked and was never read waits again, whatever went wrong."""
        for window in self._ledger.take_unread():
            self._leases.opened(window)
            self._settler.give_back(window)

    async def _mark(self, batches: list[LeasedBatch], size: int) -> list[tuple[Window, list[Row]]]:
        """The next windows, marked and read: one of a batch, or those of single texts."""
        now = time.monotonic()
        if len(batches) > 1:
            return await self._ledger.mark_singles(batches, now=now)
        marked = await self._ledger.mark(batches[0], size=size, now=now)
        return [marked] if marked is not None else []

    async def _compose(self, window: Window, rows: list[Row]) -> list[Pending]:
        """Who of a marked window goes; who stays is told to the settler."""
        prepared = Prepared(proofs=self._settler.proofs)
        preparing = Preparing(window, spec=self._spec, at=datetime.now(UTC), into=prepared)
        for start in range(0, len(rows), SLICE):
            if start:
                await asyncio.sleep(0)  # answers that came meanwhile make room: the link stays full
            preparing.take(rows[start : start + SLICE])
        self._note_rate(window.batch, prepared.pending)
        self._settler.open_window(window)
        self._settler.left_out(window, prepared.left_out)
        return prepared.pending
