"""NATS JetStream: carriage between processes. What is published here is stored before the call returns.

The stream only carries: pointers to rows, and what arrives from outside until PostgreSQL has it.
Connections come back by themselves for ever; a call meanwhile raises after its timeout, and whoever
made it decides whether the ledger already holds what it wanted to say.
"""

import asyncio
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from typing import Any, TypeVar

import nats
import structlog
from django.db import transaction
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import TimeoutError as NatsTimeout
from nats.js import JetStreamContext
from nats.js.api import (
    ConsumerConfig,
    KeyValueConfig,
    RetentionPolicy,
    StorageType,
    StreamConfig,
)
from nats.js.errors import BadRequestError, BucketNotFoundError, NotFoundError
from nats.js.kv import KeyValue

from textwell.core.settings import load_settings

log = structlog.get_logger()
T = TypeVar("T")

DAY_S = 24 * 3600
PUBLISH_TIMEOUT_S = 5.0
ACK_WAIT_S = 60.0

STREAMS: dict[str, tuple[list[str], RetentionPolicy, float]] = {
    # name: subjects, retention, longest age in seconds
    "SUBMIT": (["submit.>"], RetentionPolicy.WORK_QUEUE, 7 * DAY_S),
    "JOBS": (["job.>"], RetentionPolicy.WORK_QUEUE, 7 * DAY_S),
    "DLR": (["dlr.>"], RetentionPolicy.INTEREST, 14 * DAY_S),
    "MO": (["mo.>"], RetentionPolicy.INTEREST, 14 * DAY_S),
    "CLICK": (["click"], RetentionPolicy.INTEREST, 14 * DAY_S),
    "EVENT": (["event.>"], RetentionPolicy.INTEREST, 14 * DAY_S),
}
INGEST_STREAMS = ("DLR", "MO", "CLICK", "EVENT")
BUCKETS = ("links", "gateways")


class Bus:
    """One connection to NATS."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.js: JetStreamContext = client.jetstream(timeout=PUBLISH_TIMEOUT_S)
        self._pulls: dict[tuple[str, str], JetStreamContext.PullSubscription] = {}

    @property
    def is_connected(self) -> bool:
        return bool(self.client.is_connected)

    async def publish(self, subject: str, payload: bytes, *, msg_id: str | None = None) -> int:
        """Store one message; answers its sequence. The same `msg_id` within two minutes is stored once.

        Raises nats.errors.Error if it could not be stored in time: it may have been, all the same.
        """
        headers = {"Nats-Msg-Id": msg_id} if msg_id else None
        ack = await self.js.publish(subject, payload, headers=headers, timeout=PUBLISH_TIMEOUT_S)
        return int(ack.seq)

    async def publish_core(self, subject: str, payload: bytes) -> None:
        """Tell whoever listens now; nothing is stored."""
        await self.client.publish(subject, payload)

    async def subscribe_core(
        self, subject: str, handler: Callable[[Msg], Coroutine[Any, Any, None]]
    ) -> None:
        await self.client.subscribe(subject, cb=handler)

    async def pull(
        self,
        stream: str,
        durable: str,
        subject: str,
        *,
        batch: int,
        timeout: float,  # noqa: ASYNC109 - NATS waits itself
    ) -> list[Msg]:
        """Up to `batch` messages of a durable consumer, waiting at most `timeout` seconds for one.

        The consumer is made at the first call. Acknowledge each message, or it comes again.
        """
        key = (stream, durable)
        if key not in self._pulls:
            config = ConsumerConfig(ack_wait=ACK_WAIT_S, max_ack_pending=10_000)
            self._pulls[key] = await self.js.pull_subscribe(
                subject, durable=durable, stream=stream, config=config
            )
        try:
            return list(await self._pulls[key].fetch(batch, timeout=timeout))
        except NatsTimeout:
            return []
        except Exception:
            self._pulls.pop(key, None)
            raise

    async def kv(self, bucket: str) -> KeyValue:
        """A key-value bucket, made if it is not there."""
        try:
            return await self.js.key_value(bucket)
        except (BucketNotFoundError, NotFoundError):
            config = KeyValueConfig(bucket=bucket, history=1, storage=StorageType.FILE)
            return await self.js.create_key_value(config)

    async def close(self) -> None:
        await self.client.close()


async def connect_bus(*, name: str, url: str | None = None) -> Bus:
    """Connect, and stay connected: reconnects for ever."""

    async def on_error(error: Exception) -> None:
        log.debug("bus", error=str(error))

    async def on_disconnect() -> None:
        log.warning("bus disconnected")

    async def on_reconnect() -> None:
        log.info("bus connected again")

    client = await nats.connect(
        url or load_settings().nats_address(),
        name=name,
        max_reconnect_attempts=-1,
        reconnect_time_wait=0.5,
        connect_timeout=2,
        allow_reconnect=True,
        error_cb=on_error,
        disconnected_cb=on_disconnect,
        reconnected_cb=on_reconnect,
        pending_size=64 * 1024 * 1024,
    )
    return Bus(client)


async def ensure_streams(bus: Bus, *, replicas: int = 1) -> None:
    """Make every stream, bucket and the consumers of the ingest. Calling it twice is safe."""
    for name, (subjects, retention, max_age) in STREAMS.items():
        config = StreamConfig(
            name=name,
            subjects=subjects,
            retention=retention,
            storage=StorageType.FILE,
            max_age=max_age,
            duplicate_window=120,
            num_replicas=replicas,
        )
        try:
            await bus.js.add_stream(config)
        except BadRequestError:
            await bus.js.update_stream(config)
    for name in INGEST_STREAMS:
        # Interest: a message is kept until its consumer has acknowledged it, so it must exist first.
        config_of_consumer = ConsumerConfig(
            durable_name="ingest", ack_wait=ACK_WAIT_S, max_ack_pending=10_000
        )
        await bus.js.add_consumer(name, config_of_consumer)
    for bucket in BUCKETS:
        await bus.kv(bucket)


class _Background:
    """One event loop in a thread, for code that is not asyncio: pages, actions, jobs."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._bus: Bus | None = None
        self._url = ""

    def run(self, work: Callable[[Bus], Coroutine[Any, Any, T]], *, timeout_s: float) -> T:
        """Run the work with the shared connection and answer its result."""
        loop = self._ensure_loop()
        future: Future[T] = asyncio.run_coroutine_threadsafe(self._with_bus(work), loop)
        return future.result(timeout_s)

    def _ensure_loop(self) -> asyncio.AbstractEventLoop:
        with self._lock:
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                thread = threading.Thread(target=self._loop.run_forever, name="bus", daemon=True)
                thread.start()
            return self._loop

    async def _with_bus(self, work: Callable[[Bus], Coroutine[Any, Any, T]]) -> T:
        url = load_settings().nats_address()
        if self._bus is None or self._url != url:
            self._bus, self._url = await connect_bus(name="textwell-sync", url=url), url
        return await work(self._bus)


_background = _Background()


def with_bus(
    work: Callable[[Bus], Coroutine[Any, Any, T]], *, timeout_s: float = PUBLISH_TIMEOUT_S + 1
) -> T:
    """Run asyncio work on this process's shared connection, from code that is not asyncio."""
    return _background.run(work, timeout_s=timeout_s)


def publish_sync(subject: str, payload: bytes, *, msg_id: str | None = None) -> None:
    """Store one message now. Raises if the stream could not store it."""
    with_bus(lambda bus: bus.publish(subject, payload, msg_id=msg_id))


def publish_core_sync(subject: str, payload: bytes) -> None:
    """Tell whoever listens now; nothing is stored."""
    with_bus(lambda bus: bus.publish_core(subject, payload))


def publish_many_sync(items: list[tuple[str, bytes]]) -> None:
    """Store many messages, a hundred on their way at once. Raises if any could not be stored."""

    async def work(bus: Bus) -> None:
        for start in range(0, len(items), 100):
            part = items[start : start + 100]
            await asyncio.gather(*(bus.publish(subject, payload) for subject, payload in part))

    with_bus(work, timeout_s=60)


def _after_commit(act: Callable[[], None], subject: str) -> None:
    """After commit nothing may undo the row: a bus that is away is logged, and the sweep repeats."""

    def tell() -> None:
        try:
            act()
        except Exception as error:  # noqa: BLE001 - whatever the bus raises, the ledger has the truth
            log.warning("not published, left to the sweep", subject=subject, error=str(error))

    transaction.on_commit(tell)


def publish_after_commit(subject: str, payload: bytes, *, msg_id: str | None = None) -> None:
    """Store a message once the present transaction is committed.

    If the bus is away the message is dropped with a warning: use it only for what a sweep says again.
    """
    _after_commit(lambda: publish_sync(subject, payload, msg_id=msg_id), subject)


def publish_core_after_commit(subject: str, payload: bytes) -> None:
    """Tell whoever listens, once the present transaction is committed."""
    _after_commit(lambda: publish_core_sync(subject, payload), subject)
