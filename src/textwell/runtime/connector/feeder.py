"""Which window goes next: marked and composed one ahead, while the present one is on its way.

Lanes are served urgent, care, bulk. A window of bulk lasts half a second at the rate of the gateway, or
of a slower sender, and gives way in its middle: an urgent text never waits for a campaign.
"""

import asyncio
import time
from datetime import UTC, datetime
from functools import partial

import structlog

from textwell.gateways.providers.base import GatewaySpec
from textwell.messaging.sql import MAX_WINDOW
from textwell.runtime.connector.again import Again
from textwell.runtime.connector.handoff import HandOff
from textwell.runtime.connector.leases import Leases
from textwell.runtime.connector.ledger import DATABASE_ERRORS, Ledger
from textwell.runtime.connector.link import LinkKeeper
from textwell.runtime.connector.pointers import LANES, PointerQueue
from textwell.runtime.connector.settle import Settler
from textwell.runtime.connector.window import (
    LeasedBatch,
    Pending,
    Prepared,
    Row,
    Window,
    own_rates,
    prepare,
)

log = structlog.get_logger()

SLICE = 20  # messages composed without a look at the link: a quarter of a millisecond
WINDOW_S = 0.5  # a window and the one prepared behind it: at most a second's worth is marked
GIVE_WAY_S = (
    0.1  # apart at least: what comes by hundreds a second is marked by dozens, not one by one
)
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
            await self._handoff.send_again(MAX_WINDOW)
            while self.ahead is not None and self._is_urged(self._ahead_lane):
                await self._serve_first()
                await self._handoff.send_again(MAX_WINDOW)  # urgent ones may be among them
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
            await self._send(pending)
        await self._handoff.send(await self._take_ahead())

    def _is_urged(self, lane: str) -> bool:
        """Whether a lane above this one has work that can go."""
        return (
            self._pointers.has_higher(lane)
            and self._link.is_up.is_set()
            and not self._stopping.is_set()
        )

    async def _send(self, pending: list[Pending]) -> None:
        lane = pending[0].window.batch.lane if pending else ""
        give_way = partial(self._give_way, lane) if lane not in {"", LANES[0]} else None
        await self._handoff.send(pending, give_way=give_way)

    async def _give_way(self, lane: str) -> None:
        """In the middle of a window of this lane: all that is above it goes first."""
        if time.monotonic() - self._gave_way_at < GIVE_WAY_S:
            return
        while self._is_urged(lane):
            await self._serve_first()

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
            await self._send(await self._prepare(lane) or [])
        self._gave_way_at = time.monotonic()

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
        for batch in batches:
            if batch.is_lost:
                await self._leases.give_back(batch)
            elif batch.is_marked_through:
                self._pointers.drop(batch)
        pending: list[Pending] = []
        for number, (window, rows) in enumerate(marked, 1):
            pending += await self._compose(window, rows)
            if number % SLICE == 0:
                await asyncio.sleep(0)
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
        prepared = Prepared()
        at = datetime.now(UTC)
        for start in range(0, len(rows), SLICE):
            if start:
                await asyncio.sleep(0)  # answers that came meanwhile make room: the link stays full
            prepare(
                rows[start : start + SLICE], window=window, spec=self._spec, at=at, into=prepared
            )
        self._note_rate(window.batch, prepared.pending)
        self._settler.open_window(window)
        self._settler.left_out(window, prepared.left_out)
        return prepared.pending
