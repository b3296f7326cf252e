"""One gateway served: its parts put together, started, told what others say, and drained.

`feeder` brings windows, `handoff` gives them in time, `exchange` takes the answers, `settle` records.
"""

import asyncio
from collections.abc import Coroutine, Iterable, Iterator, Sequence
from contextlib import suppress
from typing import Any

import structlog

from textwell.core.bus import Bus
from textwell.gateways.providers.base import (
    Answer,
    AnswersQueries,
    GatewaySpec,
    Mo,
    Provider,
    Receipt,
)
from textwell.gateways.registry import find_provider
from textwell.gateways.selectors import is_simulated_kind
from textwell.runtime.connector.again import Again
from textwell.runtime.connector.doubts import Doubts
from textwell.runtime.connector.ears import Ears
from textwell.runtime.connector.exchange import Exchange
from textwell.runtime.connector.feeder import Feeder
from textwell.runtime.connector.handoff import HandOff
from textwell.runtime.connector.health import Health
from textwell.runtime.connector.leases import Leases
from textwell.runtime.connector.ledger import DATABASE_ERRORS, Ledger
from textwell.runtime.connector.link import LinkKeeper
from textwell.runtime.connector.meters import Meters
from textwell.runtime.connector.pointers import LANES, PointerQueue
from textwell.runtime.connector.queries import Queries
from textwell.runtime.connector.settle import Settler
from textwell.runtime.connector.walled import connect_within
from textwell.runtime.connector.window import LeasedBatch, Pending, own_rates
from textwell.smpp.recent import Recent

log = structlog.get_logger()

DRAIN_S = 8.0
MOST_KNOWN, KNOWN_S = (
    800_000,
    3 * 3600.0,
)  # carriers' ids: a receipt of an older one costs a look-up


class GatewayRunner:
    """Serves one gateway until `stop` is called; implements the provider's Handlers."""

    def __init__(self, *, spec: GatewaySpec, bus: Bus, connector: str) -> None:
        self.spec = spec
        self._bus = bus
        self._sender_rates = own_rates(spec)
        self._stopping = asyncio.Event()
        self._stop_count = 0  # red buttons heard: a lease of before one says nothing about it
        self._meters = Meters(spec.id)
        self._health = Health(gateway_id=spec.id, connector=connector, meters=self._meters)
        self._ledger = Ledger(
            gateway_id=spec.id,
            connector=connector,
            sandbox_id=spec.workspace_id if spec.is_sandbox else 0,
            asks_law=not (spec.is_sandbox or is_simulated_kind(spec.provider)),
        )
        self._leases = Leases(ledger=self._ledger, on_lost=self._drop)
        self._settler = self._make_settler()
        provider = _provider(spec)
        self._says_again = provider.is_idempotent
        self._connection = connect_within(provider, spec, self)
        self._link = self._make_link()
        self._pointers = PointerQueue(bus=bus, gateway_id=spec.id, lease=self._lease)
        self._again = Again()
        recent: Recent[int, int] = Recent(most=MOST_KNOWN, age_s=KNOWN_S)
        self._exchange = self._make_exchange(recent)
        self._handoff = self._make_handoff()
        self._doubts = self._make_doubts()
        self._ears = Ears(
            gateway_id=spec.id, bus=bus, recent=recent, on_stop=self._handoff.hear_stop
        )
        self._feeder = self._make_feeder()

    # ---- its parts, each of those before it ---------------------------------------------------

    def _make_settler(self) -> Settler:
        return Settler(
            gateway_id=self.spec.id,
            ledger=self._ledger,
            meters=self._meters,
            on_batch_done=self._leases.done,
            on_settled=self._leases.settled,
        )

    def _make_link(self) -> LinkKeeper:
        return LinkKeeper(
            self._connection,
            name=self.spec.name,
            watcher=self._health,
            on_tried=self._meters.bind_tried,
        )

    def _make_exchange(self, recent: Recent[int, int]) -> Exchange:
        return Exchange(
            connection=self._connection,
            link=self._link,
            settler=self._settler,
            again=self._again,
            recent=recent,
            health=self._health,
            meters=self._meters,
            on_doubt_settled=self._doubt_settled,
        )

    def _make_handoff(self) -> HandOff:
        return HandOff(
            spec=self.spec,
            connection=self._connection,
            link=self._link,
            ledger=self._ledger,
            settler=self._settler,
            again=self._again,
            submit=self._exchange.submit,
            stopping=self._stopping,
        )

    def _make_doubts(self) -> Doubts:
        return Doubts(
            spec=self.spec,
            ledger=self._ledger,
            link=self._link,
            send=self._handoff.send,
            is_asked=self._exchange.inflight.__contains__,
        )

    def _make_feeder(self) -> Feeder:
        return Feeder(
            spec=self.spec,
            link=self._link,
            pointers=self._pointers,
            leases=self._leases,
            ledger=self._ledger,
            settler=self._settler,
            handoff=self._handoff,
            again=self._again,
            stopping=self._stopping,
        )

    # ---- life -------------------------------------------------------------------------------

    async def run(self) -> None:
        """Serve until stopped; then drain: finish windows, record, leave."""
        self._meters.watch(
            limit=self.spec.segments_per_second,
            window=self.spec.window,
            in_flight=self._exchange.inflight.__len__,
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
        feeder = asyncio.create_task(self._feeder.run(), name=f"feed-{self.spec.id}")
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
            await self._feeder.put_back()
        self._handoff.withdraw("held", "connector_left")
        self._link.leave()
        with suppress(Exception):
            await asyncio.wait_for(self._connection.close(), DRAIN_S)
        self._exchange.read_answers()
        self._handoff.withdraw("held", "connector_left")  # answered meanwhile: not sent, or later
        self._exchange.give_up()
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

    async def _lease(self, batch_ids: Sequence[int]) -> list[LeasedBatch]:
        stops = self._stop_count
        batches = await self._leases.lease(batch_ids)
        if batches and stops == self._stop_count:
            # Nothing of a stopped workspace can be leased: the stop is lifted.
            self._handoff.is_stopped = False
        for batch in batches:
            if batch.sender is not None:
                batch.rate = self._sender_rates.get(batch.sender, self.spec.segments_per_second)
        return batches

    def _doubt_settled(self, pending: Pending) -> None:
        self._doubts.settled(pending)

    def _drop(self, batch: LeasedBatch) -> None:
        self._pointers.drop(batch)

    # ---- what others tell us ----------------------------------------------------------------

    def revoke(self, contact_ids: Iterable[int], reason: str = "opted_out") -> None:
        """These people opted out or were suppressed: nothing more is handed off to them, marked or not."""
        self._handoff.revoke(contact_ids, reason)

    def unrevoke(self, contact_ids: Iterable[int], reason: str = "opted_out") -> None:
        """That is over for these people, unless the ledger says otherwise by now."""
        self._handoff.unrevoke(contact_ids, reason)

    def doubt(self, contact_ids: Iterable[int], _reason: str = "") -> None:
        """Something changed for these people: the ledger is asked before anything goes to them."""
        self._handoff.doubt(contact_ids)

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
        self._exchange.take_answers(answers)

    def on_late_answers(self, answers: list[tuple[int, Answer]]) -> None:
        self._exchange.read_answers()  # it was said before that they are unknown
        self._exchange.take_late_answers(answers)

    async def on_receipts(self, receipts: list[Receipt]) -> None:
        self._exchange.read_answers()  # their ids are what receipts are found by
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
