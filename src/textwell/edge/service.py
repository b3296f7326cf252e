"""What an edge process holds: directories in memory, the way to the stream, the spool.

Started and stopped with granian's worker. Needs no database, ever; needs NATS only to be complete.
"""

import asyncio
import time
import uuid
from collections.abc import Coroutine
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec
import structlog
from nats.errors import Error as NatsError

from textwell.core.bus import Bus, connect_bus, ensure_streams
from textwell.core.errors import BusUnavailable
from textwell.core.metrics import counter, gauge
from textwell.core.settings import load_settings
from textwell.core.wire import (
    ClickItem,
    DlrItem,
    LinkHostItem,
    LinkRangeItem,
    MoItem,
    OptOutItem,
    SpeakerItem,
    encode,
)
from textwell.edge.directory import LinkDirectory
from textwell.edge.doors import DoorDirectory, GatewayDoor
from textwell.edge.feed import Feed
from textwell.edge.hosts import HostDirectory
from textwell.edge.known_calls import KnownCalls
from textwell.edge.outbox import MAX_ITEMS, Outbox
from textwell.edge.speakers import SpeakerDirectory
from textwell.edge.spool import Spool, SpooledBatch
from textwell.edge.visits import Visit, click_of

log = structlog.get_logger()

CLICK_TIMEOUT_S = 1.0  # a person waits: longer than this, the click goes to the spool
INBOUND_TIMEOUT_S = 4.0  # carriers give up on a webhook after five seconds or more
_CONNECT_S = 5.0
_REST_S = 2.0  # after a time-out the stream is not asked again for so long
_LOOK_S = 0.5
_STALE_S = 5.0  # away for so long: perhaps it came back at another address
_DRAIN_S = 5.0
_LEAVE_S = 2.0

STORED = counter("edge_clicks_stored", "Clicks that the stream has stored.")
SPOOLED = counter("edge_clicks_spooled", "Clicks kept in the spool because the stream was away.")
LOST = counter("edge_clicks_lost", "Clicks that neither the stream nor the disk would take.")
REPLAYED = counter("edge_spool_replayed", "Spooled batches that the stream has stored since.")
RANGES = gauge("edge_link_ranges", "Ranges of links held in memory.")


class StreamAway(Exception):
    """The stream did not store it now; the sender is to try again."""


class EdgeService:
    def __init__(self, folder: Path) -> None:
        self.links = LinkDirectory()
        self.doors = DoorDirectory()
        self.hosts = HostDirectory()
        self.speakers = SpeakerDirectory()
        self.calls = KnownCalls()
        self.link_feed = Feed("links", LinkRangeItem, self.links, folder / "links.json")
        self.door_feed = Feed("gateways", GatewayDoor, self.doors, folder / "gateways.json")
        self.host_feed = Feed("hosts", LinkHostItem, self.hosts, folder / "hosts.json")
        self.speaker_feed = Feed("speakers", SpeakerItem, self.speakers, folder / "speakers.json")
        self.spool = Spool(folder / "spool")
        self._visits = Outbox(self._store_visits)
        self._inboxes: dict[str, Outbox] = {}
        self._bus: Bus | None = None
        self._rest_until = 0.0
        self._tasks: list[asyncio.Task[None]] = []
        self._process = uuid.uuid4().hex[:12]
        self._batch_count = 0

    @property
    def is_ready(self) -> bool:
        """Whether it knows where links lead: from the bucket, or from the copy on disk."""
        return self.link_feed.is_loaded

    @property
    def has_bus(self) -> bool:
        return self._bus is not None and self._bus.is_connected

    async def start(self) -> None:
        self.link_feed.load_copy()
        self.door_feed.load_copy()
        self.host_feed.load_copy()
        self.speaker_feed.load_copy()
        RANGES.set_function(lambda: len(self.links))
        self._run(self._keep_bus())
        self._run(self._replay())

    async def stop(self) -> None:
        """Publish (or spool) what is under way, then leave."""
        outboxes = [self._visits, *self._inboxes.values()]
        with suppress(TimeoutError):
            await asyncio.wait_for(asyncio.gather(*(o.drain() for o in outboxes)), _DRAIN_S)
        for task in self._tasks:
            task.cancel()
        # Not for ever: before Python 3.12 a cancellation may get lost in `wait_for`.
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=_LEAVE_S)
        self.spool.close()
        if self._bus is not None:
            await self._bus.close()

    def store_visit(self, visit: Visit) -> asyncio.Future[None]:
        """Await it: then `visit.hit` says where the link leads, and its click is durable.

        Durable on the stream, or else in the spool. A visit of a link that leads nowhere (any more)
        is no click. Never raises.
        """
        return self._visits.put((visit,))

    async def store_inbound(
        self, subject: str, items: list[DlrItem] | list[MoItem] | list[OptOutItem]
    ) -> None:
        """Return once the stream has stored them. Raises StreamAway: the carrier keeps them."""
        if not self.has_bus:
            raise StreamAway
        outbox = self._inboxes.get(subject)
        if outbox is None:
            outbox = self._inboxes[subject] = Outbox(self._publisher(subject))
        try:
            for start in range(0, len(items), MAX_ITEMS):
                await outbox.put(items[start : start + MAX_ITEMS])
        except BusUnavailable as error:
            raise StreamAway from error

    def _publisher(self, subject: str) -> Any:  # an outbox's Publish
        async def publish(items: list[Any]) -> None:
            bus = self._bus
            if bus is None:
                raise StreamAway
            message_id = self._next_id()
            await bus.publish(
                subject, encode(items), msg_id=message_id, timeout_s=INBOUND_TIMEOUT_S
            )

        return publish

    async def _store_visits(self, visits: list[Any]) -> None:
        hits = self.links.find_all([visit.token for visit in visits])
        clicks: list[ClickItem] = []
        for visit, hit in zip(visits, hits, strict=True):
            if hit is not None and not self.hosts.may_answer(visit.host, hit.range.workspace_id):
                hit = None  # noqa: PLW2901 - as if there were no such link
            visit.hit = hit
            is_click = hit is not None and not hit.is_way_out and visit.method != "POST"
            if hit is not None and is_click and not hit.is_expired(visit.at):
                clicks.append(click_of(visit, hit))
        if clicks:
            await self._store_clicks(clicks)

    async def _store_clicks(self, items: list[ClickItem]) -> None:
        payload, message_id = encode(items), self._next_id()
        if self.has_bus and time.monotonic() >= self._rest_until:
            try:
                await self._publish("click", payload, message_id)
            except BusUnavailable as error:
                self._rest_until = time.monotonic() + _REST_S
                log.warning("click stream away, spooling", error=str(error))
            else:
                STORED.inc(len(items))
                return
        batch = SpooledBatch("click", message_id, msgspec.Raw(payload))
        try:
            await asyncio.to_thread(self.spool.append, batch)
        except OSError as error:
            # The person goes on all the same: a lost click is ours to bear.
            LOST.inc(len(items))
            log.critical("clicks lost: neither stream nor disk", count=len(items), error=str(error))
        else:
            SPOOLED.inc(len(items))

    async def _publish(self, subject: str, payload: bytes, message_id: str) -> None:
        assert self._bus is not None
        await self._bus.publish(subject, payload, msg_id=message_id, timeout_s=CLICK_TIMEOUT_S)

    def _next_id(self) -> str:
        self._batch_count += 1
        return f"{self._process}-{self._batch_count}"

    async def _replay(self) -> None:
        """Bring spooled clicks to the stream as soon as it takes them."""
        while True:
            await asyncio.sleep(_LOOK_S)
            if not self.has_bus or time.monotonic() < self._rest_until or self.spool.is_empty():
                continue
            try:
                with self.spool.taken() as batches:
                    for batch in batches:
                        await self._publish(batch.subject, bytes(batch.payload), batch.message_id)
                        REPLAYED.inc()
            except BusUnavailable as error:
                log.warning("replay waits", error=str(error))

    async def _keep_bus(self) -> None:
        """Connect, follow the buckets, and connect anew where the server came back elsewhere."""
        while True:
            address = load_settings().nats_address()
            try:
                bus = self._bus = await connect_bus(name="edge", timeout_s=_CONNECT_S)
            except BusUnavailable as error:
                log.debug("bus away", error=str(error))
                await asyncio.sleep(_LOOK_S)
                continue
            feeds = [
                asyncio.create_task(feed.follow(bus))
                for feed in (self.link_feed, self.door_feed, self.host_feed, self.speaker_feed)
            ]
            try:
                await self._until_moved(bus, address)
            finally:
                for feed in feeds:
                    feed.cancel()
                await asyncio.wait(feeds, timeout=_LEAVE_S)
            await bus.close()

    async def _until_moved(self, bus: Bus, address: str) -> None:
        seen_at = time.monotonic()
        has_streams = False
        while True:
            if bus.is_connected:
                seen_at = time.monotonic()
                has_streams = has_streams or await self._make_streams(bus)
            else:
                has_streams = False  # it may come back empty
            await asyncio.sleep(_LOOK_S)
            if time.monotonic() - seen_at > _STALE_S and load_settings().nats_address() != address:
                return

    async def _make_streams(self, bus: Bus) -> bool:
        """Make what is missing: the edge may be the first to meet an empty broker."""
        try:
            await asyncio.wait_for(ensure_streams(bus), _CONNECT_S)
        except (NatsError, TimeoutError, OSError) as error:
            log.debug("streams not made", error=str(error))
            return False
        return True

    def _run(self, work: Coroutine[Any, Any, None]) -> None:
        self._tasks.append(asyncio.create_task(work))
