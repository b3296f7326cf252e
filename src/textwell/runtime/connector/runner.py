"""The loop of one gateway: pointers in, windows out, answers recorded.

Lanes are served urgent, care, bulk; a window of bulk lasts half a second at the gateway's rate, so
that an urgent text never waits for a campaign. The next window is marked and composed while the
present one is on its way.
"""

import asyncio
import time
from collections.abc import Coroutine, Iterable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import structlog

from textwell.core.bus import Bus
from textwell.gateways.failures import ACCOUNT_REFUSALS, FailureClass
from textwell.gateways.providers.base import (
    Accepted,
    Answer,
    AnswersQueries,
    GatewaySpec,
    Mo,
    NotSent,
    Provider,
    Receipt,
    Refused,
    Rejected,
    Throttled,
    Unknown,
)
from textwell.gateways.registry import find_provider
from textwell.messaging.sql import MAX_WINDOW
from textwell.runtime.connector.again import Again
from textwell.runtime.connector.doubts import Doubts
from textwell.runtime.connector.ears import Ears
from textwell.runtime.connector.handoff import HandOff
from textwell.runtime.connector.health import Health
from textwell.runtime.connector.leases import Leases
from textwell.runtime.connector.ledger import DATABASE_ERRORS, Ledger
from textwell.runtime.connector.link import LinkKeeper
from textwell.runtime.connector.meters import Meters
from textwell.runtime.connector.pointers import LANES, PointerQueue
from textwell.runtime.connector.queries import Queries
from textwell.runtime.connector.settle import Settler
from textwell.runtime.connector.window import LeasedBatch, Pending, Prepared, prepare
from textwell.smpp.recent import Recent

log = structlog.get_logger()

SLICE = 50  # messages composed without a look at the link: under a millisecond
WINDOW_S = 0.5  # a window and the one prepared behind it: at most a second's worth is marked
DRAIN_S = 8.0
RETRY_S = 0.5  # after the database failed
MOST_KNOWN, KNOWN_S = (
    800_000,
    3 * 3600.0,
)  # carriers' ids: a receipt of an older one costs a look-up
# Lost answers: one that comes after its message is forgotten changes nothing, it stays unknown.
MOST_LOST, LOST_S = 100_000, 3600.0


class GatewayRunner:
    """Serves one gateway until `stop` is called; implements the provider's Handlers."""

    def __init__(self, *, spec: GatewaySpec, bus: Bus, connector: str) -> None:
        self.spec = spec
        self._bus = bus
        self._meters = Meters(spec.id)
        self._ledger = Ledger(gateway_id=spec.id, connector=connector)
        self._leases = Leases(ledger=self._ledger, on_lost=self._drop)
        self._settler = Settler(
            gateway_id=spec.id,
            ledger=self._ledger,
            meters=self._meters,
            on_batch_done=self._leases.done,
            on_settled=self._leases.settled,
        )
        self._health = Health(gateway_id=spec.id, connector=connector, meters=self._meters)
        provider = _provider(spec)
        self._connection = provider.connect(spec, self)
        self._link = LinkKeeper(
            self._connection,
            name=spec.name,
            watcher=self._health,
            on_tried=self._meters.bind_tried,
        )
        self._pointers = PointerQueue(bus=bus, gateway_id=spec.id, lease=self._lease)
        self._inflight: dict[int, Pending] = {}
        self._again = Again()
        self._ahead: asyncio.Task[Prepared | None] | None = None
        self._ahead_lane = ""
        # Answers lost, by message: a late one may still name the carrier's id.
        self._lost: Recent[int, Pending] = Recent(most=MOST_LOST, age_s=LOST_S)
        self._recent: Recent[int, int] = Recent(most=MOST_KNOWN, age_s=KNOWN_S)
        self._stopping = asyncio.Event()
        self._stop_count = 0  # red buttons heard: a lease of before one says nothing about it
        self._handoff = HandOff(
            spec=spec,
            connection=self._connection,
            link=self._link,
            ledger=self._ledger,
            settler=self._settler,
            again=self._again,
            submit=self._submit,
            stopping=self._stopping,
        )
        self._doubts = Doubts(
            spec=spec,
            ledger=self._ledger,
            link=self._link,
            send=self._handoff.send,
            is_asked=self._inflight.__contains__,
        )
        self._says_again = provider.is_idempotent
        self._ears = Ears(
            gateway_id=spec.id,
            bus=bus,
            recent=self._recent,
            on_stop=self._handoff.hear_stop,
        )

    # ---- life -------------------------------------------------------------------------------

    async def run(self) -> None:
        """Serve until stopped; then drain: finish windows, record, leave."""
        self._meters.watch(
            limit=self.spec.segments_per_second,
            window=self.spec.window,
            in_flight=self._inflight.__len__,
            waiting=self._again.__len__,
            leases=self._leases.__len__,
            lease_age_s=self._leases.age_s,
        )
        services = [
            asyncio.create_task(task, name=f"{name}-{self.spec.id}")
            for name, task in (
                ("link", self._link.run()),
                ("settle", self._settler.run()),
                ("pointers", self._pointers.run()),
                ("leases", self._leases.run()),
                ("health", self._health.run()),
                *self._followers(),
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
            self._meters.leave()

    def _followers(self) -> Iterator[tuple[str, Coroutine[Any, Any, None]]]:
        """What follows up open ends, where the carrier can tell."""
        if self._says_again:
            yield "doubts", self._doubts.run()
        connection = self._connection
        if isinstance(connection, AnswersQueries) and connection.query_after_s:
            hear = self._ears.hear_receipts
            queries = Queries(connection, ledger=self._ledger, link=self._link, hear=hear)
            yield "queries", queries.run()

    @property
    def is_broken(self) -> bool:
        """Whether it marked its gateway as broken, and waits long before it tries again."""
        return self._health.is_broken

    def stop(self) -> None:
        self._stopping.set()

    async def _drain(self, feeder: asyncio.Task[None], services: list[asyncio.Task[None]]) -> None:
        self._pointers.close()
        with suppress(asyncio.TimeoutError, asyncio.CancelledError, Exception):
            await asyncio.wait_for(feeder, DRAIN_S)
        with suppress(Exception):
            for pending in await self._take_ahead():
                self._again.add(pending)
        self._handoff.withdraw("held", "connector_left")
        self._link.leave()
        with suppress(Exception):
            await asyncio.wait_for(self._connection.close(), DRAIN_S)
        self._handoff.withdraw("held", "connector_left")  # answered meanwhile: not sent, or later
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
                await self._leases.give_back_all()
                await self._health.leave()
        await self._ledger.close()

    # ---- feeding ----------------------------------------------------------------------------

    async def _feed(self) -> None:
        while not self._stopping.is_set():
            if not self._link.is_up.is_set():
                await self._wait_for_link()
            await self._handoff.send_again(MAX_WINDOW)
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
            await self._handoff.send(pending)
        await self._handoff.send(await self._take_ahead())

    async def _wait_for_link(self) -> None:
        """Until it is up, or we are to stop.

        Where the carrier refuses us what is marked goes back: it may take days, and a crash
        meanwhile would make it unknown.
        """
        await self._handoff.wait_for_link()
        if self._link.is_refused.is_set():
            for pending in await self._take_ahead():
                self._again.add(pending)
            self._handoff.withdraw("held", "gateway_refused")
            await self._handoff.wait_for_link(is_patient=True)

    async def _serve(self, lane: str | None) -> None:
        if lane is not None:
            prepared = await self._prepare(lane)
            await self._handoff.send(prepared.pending if prepared else [])

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
        batch = self._pointers.next(lane)
        if batch is None:
            return None
        if self._handoff.is_stopped:
            await self._leases.give_back(batch)
            return None
        try:
            marked = await self._ledger.mark(
                batch, size=self._window_size(lane), now=time.monotonic()
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
                rows[start : start + SLICE], window=window, spec=self.spec, at=at, into=prepared
            )
            await asyncio.sleep(0)  # answers that came meanwhile make room: the link stays full
        self._settler.open_window(window)
        self._settler.left_out(window, prepared.left_out)
        return prepared

    def _submit(self, messages: list[Pending]) -> None:
        inflight = self._inflight
        segments = 0
        for pending in messages:
            inflight[pending.handoff.message_id] = pending
            segments += pending.segment_count
        self._health.submitted += len(messages)
        self._meters.hand_off(messages=len(messages), segments=segments)
        self._connection.submit([pending.handoff for pending in messages])

    async def _lease(self, batch_id: int) -> LeasedBatch | None:
        stops = self._stop_count
        batch = await self._leases.lease(batch_id)
        if batch is not None and stops == self._stop_count:
            # Nothing of a stopped workspace can be leased: the stop is lifted.
            self._handoff.is_stopped = False
        return batch

    def _drop(self, batch: LeasedBatch) -> None:
        self._pointers.drop(batch)

    # ---- what others tell us ----------------------------------------------------------------

    def revoke(self, contact_ids: Iterable[int]) -> None:
        """These people opted out: nothing more is handed off to them, marked or not."""
        self._handoff.revoke(contact_ids)

    def stop_workspace(self) -> None:
        """The red button: hold back what is marked and not handed off yet."""
        self._stop_count += 1
        self._handoff.is_stopped = True
        self._handoff.withdraw("held", "stopped")

    def cancel_campaign(self, campaign_id: int) -> None:
        """What waits of a canceled campaign to be sent again is withdrawn."""
        self._handoff.withdraw("canceled", "", campaign_id=campaign_id)

    # ---- Handlers ---------------------------------------------------------------------------

    def on_answers(self, answers: list[tuple[int, Answer]]) -> None:
        inflight, now = self._inflight, time.monotonic()
        accepted: list[tuple[Pending, Accepted]] = []
        for message_id, answer in answers:
            pending = inflight.pop(message_id, None)
            if pending is None:
                continue  # answered already, as when a link is lost in the middle of a batch
            if pending.window.is_doubt and isinstance(answer, Accepted | Rejected):
                self._doubts.settled(pending)
            if type(answer) is Accepted:
                accepted.append((pending, answer))
                self._recent.put(answer.provider_key, message_id, now)
            else:
                self._other_answer(pending, answer)
        self._lost.expire(now)
        self._settler.accepted(accepted)
        self._health.accepted += len(accepted)

    def _other_answer(self, pending: Pending, answer: Answer) -> None:
        match answer:
            case Rejected():
                self._health.rejected += 1
                self._settler.rejected(pending, answer)
            case Refused():
                self._link.refuse(ACCOUNT_REFUSALS[FailureClass(answer.reason)], answer.code)
                self._settler.withdrawn(pending, "held", "gateway_refused")
            case Throttled():
                self._health.throttled += 1
                self._meters.throttled.inc()
                self._wait_again(pending, answer.retry_after_s)
            case NotSent():
                self._wait_again(pending)
            case Unknown():
                self._health.unknown += not pending.window.is_doubt
                self._settler.unknown(pending)
                self._lost.put(pending.handoff.message_id, pending, time.monotonic())
            case Accepted():
                self._settler.accepted([(pending, answer)])

    def _wait_again(self, pending: Pending, delay_s: float = 0.0) -> None:
        if self._link.is_refused.is_set():
            self._settler.withdrawn(pending, "held", "gateway_refused")
        else:
            self._again.add(pending, delay_s)

    def on_late_answers(self, answers: list[tuple[int, Answer]]) -> None:
        for message_id, answer in answers:
            pending = self._lost.pop(message_id)
            if pending is not None and isinstance(answer, Accepted):
                self._recent.put(answer.provider_key, message_id, time.monotonic())
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
