"""The loop of one gateway: pointers in, windows out, answers recorded.

Lanes are served urgent, care, bulk; a window of bulk lasts half a second at the gateway's rate, so
that an urgent text never waits for a campaign. The next window is marked and composed while the
present one is on its way.
"""

import asyncio
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from datetime import UTC, datetime

import psycopg
import structlog

from textwell.core.bus import Bus
from textwell.gateways.providers.base import (
    Accepted,
    Answer,
    GatewaySpec,
    Mo,
    NotSent,
    Provider,
    Receipt,
    Rejected,
    Throttled,
    Unknown,
)
from textwell.gateways.registry import find_provider
from textwell.runtime.connector.again import Again
from textwell.runtime.connector.ears import Ears
from textwell.runtime.connector.health import Health
from textwell.runtime.connector.ledger import Ledger
from textwell.runtime.connector.link import LinkKeeper
from textwell.runtime.connector.memory import RecentIds
from textwell.runtime.connector.pointers import LANES, PointerQueue
from textwell.runtime.connector.rate import SegmentRate, take_all
from textwell.runtime.connector.settle import Settler
from textwell.runtime.connector.window import LeasedBatch, Pending, Prepared, Window, prepare

log = structlog.get_logger()

MAX_WINDOW = 1_000
WINDOW_S = 0.5  # a window and the one prepared behind it: at most a second's worth is marked
STALE_S = 1.0  # facts older than this are asked again before the hand-off
DRAIN_S = 8.0
DATABASE_ERRORS = (psycopg.OperationalError, psycopg.InterfaceError, OSError)


class GatewayRunner:
    """Serves one gateway until `stop` is called; implements the provider's Handlers."""

    def __init__(self, *, spec: GatewaySpec, bus: Bus, connector: str) -> None:
        self.spec = spec
        self._bus = bus
        self._ledger = Ledger(gateway_id=spec.id, connector=connector)
        self._settler = Settler(
            gateway_id=spec.id,
            ledger=self._ledger,
            on_batch_done=self._batch_done,
            on_settled=self._windows_settled,
        )
        self._health = Health(gateway_id=spec.id, connector=connector)
        self._connection = _provider(spec).connect(spec, self)
        self._link = LinkKeeper(
            self._connection, name=spec.name, on_problem=self._health.set_problem
        )
        self._pointers = PointerQueue(bus=bus, gateway_id=spec.id, lease=self._lease)
        self._rate = SegmentRate(spec.segments_per_second)
        self._sender_rates = {
            sender.value: SegmentRate(sender.segments_per_second)
            for sender in spec.senders
            if sender.segments_per_second
        }
        self._inflight: dict[int, Pending] = {}
        self._again = Again()
        self._ahead: asyncio.Task[Prepared | None] | None = None
        self._ahead_lane = ""
        self._lost: dict[int, Pending] = {}  # answers lost: a late one may still name the id
        self._recent = RecentIds()
        self._ears = Ears(gateway_id=spec.id, bus=bus, recent=self._recent)
        self._held_batches: dict[int, LeasedBatch] = {}
        self._window_ids: set[int] = set()
        self._revoked: dict[int, float] = {}
        self._is_stopped = False
        self._stopping = asyncio.Event()

    # ---- life -------------------------------------------------------------------------------

    async def run(self) -> None:
        """Serve until stopped; then drain: finish windows, record, leave."""
        services = [
            asyncio.create_task(task, name=f"{name}-{self.spec.id}")
            for name, task in (
                ("link", self._link.run()),
                ("settle", self._settler.run()),
                ("pointers", self._pointers.run()),
                ("leases", self._renew_leases()),
                ("health", self._health.run()),
            )
        ]
        feeder = asyncio.create_task(self._feed(), name=f"feed-{self.spec.id}")
        try:
            stop = asyncio.create_task(self._stopping.wait())
            await asyncio.wait([stop, feeder, *services], return_when=asyncio.FIRST_COMPLETED)
            for task in (feeder, *services):
                if task.done() and not task.cancelled() and (error := task.exception()):
                    log.error("connector task died", task=task.get_name(), exc_info=error)
        finally:
            await self._drain(feeder, services)

    def stop(self) -> None:
        self._stopping.set()

    async def _drain(self, feeder: asyncio.Task[None], services: list[asyncio.Task[None]]) -> None:
        self._pointers.close()
        with suppress(asyncio.TimeoutError, asyncio.CancelledError, Exception):
            await asyncio.wait_for(feeder, DRAIN_S)
        with suppress(Exception):
            for pending in await self._take_ahead():
                self._again.add(pending)
        self._withdraw("held", "connector_left")
        with suppress(Exception):
            await asyncio.wait_for(self._connection.close(), DRAIN_S)
        for pending in list(self._inflight.values()):
            self._settler.unknown(pending)
        self._inflight.clear()
        for task in services:
            task.cancel()
        # On Python 3.11 wait_for may swallow a cancellation: ask twice, and do not wait for ever.
        _done, deaf = await asyncio.wait(services, timeout=2)
        for task in deaf:
            task.cancel()
        with suppress(asyncio.TimeoutError, *DATABASE_ERRORS):
            async with asyncio.timeout(DRAIN_S):
                await self._ears.drain()
                await self._settler.flush()
                for batch_id in list(self._held_batches):
                    await self._ledger.release(batch_id)
                await self._health.leave()
        await self._ledger.close()

    # ---- feeding ----------------------------------------------------------------------------

    async def _feed(self) -> None:
        while not self._stopping.is_set():
            await self._wait_for_link()
            await self._send_again()
            if self._ahead is not None and self._pointers.has_higher(self._ahead_lane):
                await self._serve(self._pointers.first_lane())
            if self._ahead is None:
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
            await self._hand_off(pending)
        await self._hand_off(await self._take_ahead())

    async def _serve(self, lane: str | None) -> None:
        if lane is not None:
            prepared = await self._prepare(lane)
            await self._hand_off(prepared.pending if prepared else [])

    def _prepare_ahead(self, lane: str) -> None:
        self._ahead_lane = lane
        self._ahead = asyncio.create_task(self._prepare(lane))

    async def _take_ahead(self) -> list[Pending]:
        if self._ahead is None:
            return []
        prepared = await asyncio.shield(self._ahead)
        self._ahead = None
        return prepared.pending if prepared else []

    def _window_size(self, lane: str) -> int:
        by_rate = max(1, int(self.spec.segments_per_second * WINDOW_S))
        return min(by_rate, MAX_WINDOW if lane == "bulk" else 100)

    async def _prepare(self, lane: str) -> Prepared | None:
        """Mark, read, judge and compose the next window of the lane; None: nothing came of it."""
        batch = self._pointers.peek(lane)
        if batch is None:
            return None
        if self._is_stopped:
            await self._give_back(batch)
            return None
        try:
            marked = await self._ledger.mark(
                batch, size=self._window_size(lane), now=time.monotonic()
            )
        except DATABASE_ERRORS as error:
            # The mark may be committed: without its id the batch is left to the next lease.
            log.warning("mark failed", batch=batch.id, error=str(error))
            self._forget(batch)
            await asyncio.sleep(0.5)
            return None
        if marked is None:
            await self._give_back(batch)
            return None
        window, rows = marked
        if batch.is_marked_through:
            self._pointers.drop(batch)
        self._window_ids.add(window.id)
        prepared = prepare(rows, window=window, spec=self.spec, at=datetime.now(UTC))
        self._settler.open_window(window)
        self._settler.left_out(window, prepared.left_out)
        return prepared

    async def _hand_off(self, messages: list[Pending]) -> None:
        """Submit a window, as the rate and the carrier's room allow.

        What is left when this connector stops, or is cancelled, waits in `_again`: not a byte left.
        """
        position = 0
        try:
            while position < len(messages):
                if not self._link.is_up.is_set() or not self._connection.room():
                    await self._wait_for_room()
                    if self._stopping.is_set() and not self._link.is_up.is_set():
                        return
                    continue
                part, delay = self._take_part(messages, position, self._connection.room())
                fit = await self._still_fit(part)
                position += len(part)
                if fit:
                    self._submit(fit)
                if delay or position < len(messages):
                    await asyncio.sleep(delay)
        finally:
            for pending in messages[position:]:
                self._again.add(pending)

    def _take_part(
        self, messages: list[Pending], position: int, room: int
    ) -> tuple[list[Pending], float]:
        """As many of the next messages as room and rate allow, and the wait for the next one."""
        part: list[Pending] = []
        for pending in messages[position : position + room]:
            rates = [self._rate]
            if (own := self._sender_rates.get(pending.handoff.sender)) is not None:
                rates.append(own)
            delay = take_all(rates, pending.segment_count)
            if delay:
                return part, delay
            part.append(pending)
        return part, 0.0

    async def _wait_for_room(self) -> None:
        if self._link.is_up.is_set():
            await self._connection.wait_for_room()
        await self._wait_for_link()

    async def _wait_for_link(self) -> None:
        """Return when the link is up, or this connector is to stop."""
        if self._link.is_up.is_set():
            return
        waits = [asyncio.create_task(e.wait()) for e in (self._stopping, self._link.is_up)]
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        for wait in waits:
            wait.cancel()

    def _submit(self, messages: list[Pending]) -> None:
        inflight = self._inflight
        for pending in messages:
            inflight[pending.handoff.message_id] = pending
        self._health.submitted += len(messages)
        self._connection.submit([pending.handoff for pending in messages])

    async def _still_fit(self, messages: list[Pending]) -> list[Pending]:
        """Leave out who revoked, what expired and what was stopped since the window was marked."""
        if self._is_stopped:
            for pending in messages:
                self._settler.withdrawn(pending, "held", "stopped")
            return []
        fit = messages
        now = time.time()
        if any(p.expires_at is not None and p.expires_at <= now for p in messages):
            fit = self._keep(
                fit, lambda p: p.expires_at is None or p.expires_at > now, "expired", "expired"
            )
        if self._revoked:
            fit = self._keep(
                fit, lambda p: p.contact_id not in self._revoked, "skipped", "opted_out"
            )
        if fit and time.monotonic() - fit[0].window.marked_at > STALE_S:
            fit = await self._ask_again(fit)
        return fit

    def _keep(
        self, messages: list[Pending], is_fit: Callable[[Pending], bool], outcome: str, reason: str
    ) -> list[Pending]:
        kept = []
        for pending in messages:
            if is_fit(pending):
                kept.append(pending)
            else:
                self._settler.withdrawn(pending, outcome, reason)
        return kept

    async def _ask_again(self, messages: list[Pending]) -> list[Pending]:
        ids = [pending.handoff.message_id for pending in messages]
        while True:
            try:
                revoked = await self._ledger.revoked(ids, messages[0].window.batch.content)
                break
            except DATABASE_ERRORS as error:  # fail closed: no facts, no hand-off
                log.warning("hand-off waits for the database", error=str(error))
                await asyncio.sleep(0.5)
        return self._keep(
            messages, lambda p: p.handoff.message_id not in revoked, "skipped", "opted_out"
        )

    # ---- what was throttled or not sent -----------------------------------------------------

    async def _send_again(self) -> None:
        """Submit again what the carrier would not take then, or what never left."""
        for messages in self._again.take_due(MAX_WINDOW):
            await self._hand_off(await self._ask_again(messages))

    def _withdraw(self, outcome: str, reason: str, *, campaign_id: int | None = None) -> None:
        """End the wait of all messages to be sent again, or of one campaign's."""
        for pending in self._again.take_if(
            lambda p: campaign_id in {None, p.window.batch.campaign_id}
        ):
            self._settler.withdrawn(pending, outcome, reason)

    # ---- batches ----------------------------------------------------------------------------

    async def _lease(self, batch_id: int) -> LeasedBatch | None:
        batch = await self._ledger.lease(batch_id, own_window_ids=sorted(self._window_ids))
        if batch is None:
            return None
        self._is_stopped = False  # nothing of a stopped workspace can be leased: the stop is lifted
        if batch.is_marked_through:
            await self._ledger.release(batch.id)
            return None
        self._held_batches[batch.id] = batch
        return batch

    async def _give_back(self, batch: LeasedBatch) -> None:
        self._forget(batch)
        with suppress(*DATABASE_ERRORS):
            await self._ledger.release(batch.id)

    def _forget(self, batch: LeasedBatch) -> None:
        self._pointers.drop(batch)
        self._held_batches.pop(batch.id, None)

    def _batch_done(self, batch: LeasedBatch) -> None:
        self._held_batches.pop(batch.id, None)

    def _windows_settled(self, windows: Sequence[Window]) -> None:
        self._window_ids.difference_update(window.id for window in windows)

    async def _renew_leases(self) -> None:
        while True:
            await asyncio.sleep(8)
            ids = list(self._held_batches)
            if not ids:
                continue
            try:
                ours = await self._ledger.renew(ids)
            except DATABASE_ERRORS as error:
                log.warning("leases not renewed", error=str(error))
                continue
            for batch_id in ids:
                if batch_id not in ours and (batch := self._held_batches.get(batch_id)):
                    self._forget(batch)

    # ---- what others tell us ----------------------------------------------------------------

    def revoke(self, contact_ids: Iterable[int]) -> None:
        """These people opted out: nothing more is handed off to them, marked or not."""
        now = time.monotonic()
        self._revoked = {c: at for c, at in self._revoked.items() if now - at < 600}  # noqa: PLR2004 - ten minutes
        self._revoked.update(dict.fromkeys(contact_ids, now))

    def stop_workspace(self) -> None:
        """The red button: hold back what is marked and not handed off yet."""
        self._is_stopped = True
        self._withdraw("held", "stopped")

    def cancel_campaign(self, campaign_id: int) -> None:
        """What waits of a canceled campaign to be sent again is withdrawn."""
        self._withdraw("canceled", "", campaign_id=campaign_id)

    # ---- Handlers ---------------------------------------------------------------------------

    def on_answers(self, answers: list[tuple[int, Answer]]) -> None:
        inflight = self._inflight
        accepted: list[tuple[Pending, Accepted]] = []
        for message_id, answer in answers:
            pending = inflight.pop(message_id, None)
            if pending is None:
                continue  # answered already, as when a link is lost in the middle of a batch
            if type(answer) is Accepted:
                accepted.append((pending, answer))
                self._recent.remember(answer.provider_key, message_id)
            else:
                self._other_answer(pending, answer)
        self._settler.accepted(accepted)
        self._health.accepted += len(accepted)

    def _other_answer(self, pending: Pending, answer: Answer) -> None:
        match answer:
            case Rejected():
                self._health.rejected += 1
                self._settler.rejected(pending, answer)
            case Throttled():
                self._health.throttled += 1
                self._again.add(pending, answer.retry_after_s)
            case NotSent():
                self._again.add(pending)
            case Unknown():
                self._health.unknown += 1
                self._settler.unknown(pending)
                self._lost[pending.handoff.message_id] = pending
            case Accepted():
                self._settler.accepted([(pending, answer)])

    def on_late_answers(self, answers: list[tuple[int, Answer]]) -> None:
        for message_id, answer in answers:
            pending = self._lost.pop(message_id, None)
            if pending is not None and isinstance(answer, Accepted):
                self._recent.remember(answer.provider_key, message_id)
                self._settler.late(pending, answer)

    async def on_receipts(self, receipts: list[Receipt]) -> None:
        await self._ears.hear_receipts(receipts)

    async def on_mos(self, mos: list[Mo]) -> None:
        await self._ears.hear_mos(mos)

    def on_link(self, is_up: bool, reason: str) -> None:
        self._link.changed(is_up=is_up, reason=reason)


def _provider(spec: GatewaySpec) -> Provider:
    found = find_provider(spec.provider)
    if found is None:
        raise LookupError(f"gateway {spec.name} has the unknown provider {spec.provider}")
    return found


__all__ = ["LANES", "GatewayRunner"]
