"""One connection to NATS that survives restarts of the server.

It reconnects for ever. Publishing waits for the server within its time limit; pulling answers with
nothing until the server is back.
"""

import asyncio
import contextlib
import secrets
import time
from collections.abc import Awaitable, Callable, Sequence

import structlog
from nats.aio.client import Client
from nats.aio.msg import Msg as Msg  # noqa: PLC0414 - part of our interface
from nats.aio.subscription import Subscription
from nats.errors import BadSubjectError, MaxPayloadError
from nats.errors import Error as NatsError
from nats.js import JetStreamContext
from nats.js.api import Header, KeyValueConfig
from nats.js.errors import BucketNotFoundError, NotFoundError
from nats.js.kv import KeyValue

from textwell.core.bus.setup import ensure_consumer, kv_config
from textwell.core.errors import BusUnavailable
from textwell.core.metrics import BUS_FAILED, BUS_PUBLISHED, BUS_RECONNECTS
from textwell.core.settings import load_settings

log = structlog.get_logger()

RECONNECT_WAIT_S = 0.25
TELL_EVERY_S = 5.0  # a line of the log; tries are made more often
CONFIRM_S = 3.0  # one attempt to publish; the next carries the same id, so nothing is stored twice
PENDING_BYTES = 64 * 1024 * 1024  # what may wait in memory while the server is away
_MSG_ID = Header.MSG_ID.value
LOST = (NatsError, OSError, asyncio.TimeoutError)  # the server is away or not ready yet


class Bus:
    """A connected bus. Make it with `connect_bus`, end it with `close`."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.js: JetStreamContext = client.jetstream()
        self._pulls: dict[tuple[str, str], JetStreamContext.PullSubscription] = {}
        self._buckets: dict[str, KeyValue] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def is_connected(self) -> bool:
        return bool(self.client.is_connected)

    async def publish(
        self, subject: str, payload: bytes, *, msg_id: str | None = None, timeout_s: float = 10.0
    ) -> None:
        """Return after JetStream has stored the message on disk.

        The same `msg_id` within two minutes is stored once, so repeating after an error is safe.

        Raises:
            BusUnavailable: not confirmed in time; it may have been stored all the same.
            ValueError: the payload is larger than the server takes, or no valid subject.
        """
        headers = {_MSG_ID: msg_id or secrets.token_hex(12)}
        deadline = asyncio.get_running_loop().time() + timeout_s
        wait = 0.05
        while True:
            left = deadline - asyncio.get_running_loop().time()
            try:
                await self.js.publish(
                    subject, payload, timeout=max(0.05, min(left, CONFIRM_S)), headers=headers
                )
            except (MaxPayloadError, BadSubjectError) as error:
                raise ValueError(f"{subject}: {error}") from error
            except LOST as error:
                left = deadline - asyncio.get_running_loop().time()
                if left <= wait:
                    BUS_FAILED.inc()
                    raise BusUnavailable(f"{subject}: not stored in {timeout_s} s") from error
                await asyncio.sleep(wait)
                wait = min(1.0, wait * 2)
            else:
                BUS_PUBLISHED.inc()
                return

    async def publish_together(
        self, messages: Sequence[tuple[str, bytes]], *, timeout_s: float = 10.0
    ) -> None:
        """As `publish` for each (subject, payload) of one stream, at the cost of one confirmation.

        What one connection sends is stored in order, so the last is confirmed after all others.

        Raises:
            BusUnavailable: not all are confirmed in time; they may have been stored all the same.
        """
        ids = [secrets.token_hex(12) for _each in messages]
        *others, last = zip(messages, ids, strict=True)
        try:
            for (subject, payload), msg_id in others:
                await self.client.publish(subject, payload, headers={_MSG_ID: msg_id})
            (subject, payload), msg_id = last
            headers = {_MSG_ID: msg_id}
            await self.js.publish(subject, payload, timeout=CONFIRM_S, headers=headers)
        except LOST:  # each by itself: what is stored already is known by its id
            again = (
                self.publish(subject, payload, msg_id=msg_id, timeout_s=timeout_s)
                for (subject, payload), msg_id in zip(messages, ids, strict=True)
            )
            await asyncio.gather(*again)
        else:
            BUS_PUBLISHED.inc(len(messages))

    async def publish_core(self, subject: str, payload: bytes) -> None:
        """Core NATS: whoever listens now hears it; nothing is stored, nothing is confirmed."""
        await self.client.publish(subject, payload)

    def publish_nowait_core(self, subject: str, payload: bytes) -> None:
        """As `publish_core`, from code that cannot wait; a failure is logged."""
        task = asyncio.get_running_loop().create_task(self._publish_quietly(subject, payload))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _publish_quietly(self, subject: str, payload: bytes) -> None:
        try:
            await self.client.publish(subject, payload)
        except LOST as error:
            log.warning("core message lost", subject=subject, error=str(error))

    async def subscribe_core(
        self, subject: str, handler: Callable[[Msg], Awaitable[None]], *, queue: str = ""
    ) -> Subscription:
        """Call `handler` for every core message; of one `queue` only one listener gets each."""
        return await self.client.subscribe(subject, queue=queue, cb=handler)

    async def pull(
        self,
        stream: str,
        durable: str,
        subjects: Sequence[str] = (),
        *,
        batch: int = 100,
        timeout: float = 1.0,  # noqa: ASYNC109 - the server's time limit, part of the request
    ) -> list[Msg]:
        """Take up to `batch` messages.

        An empty list after `timeout` seconds without one, or when the server is away. The consumer
        is made if missing, with `subjects` as its filter; an existing one keeps its own.

        Acknowledge each message (`await msg.ack()`) after its effect is committed; what is not
        acknowledged in time comes again.
        """
        key = (stream, durable)
        if not self.is_connected:
            await asyncio.sleep(min(timeout, 0.5))
            return []
        try:
            if key not in self._pulls:
                await ensure_consumer(self.js, stream, durable, subjects)
                self._pulls[key] = await self.js.pull_subscribe_bind(
                    consumer=durable, stream=stream
                )
            return list(await self._pulls[key].fetch(batch, timeout=timeout))
        except asyncio.TimeoutError:  # noqa: UP041 - nats-py's class derives from asyncio's
            return []
        except LOST as error:
            log.debug("pull failed", stream=stream, durable=durable, error=str(error))
            await self._forget(key)
            await asyncio.sleep(min(timeout, 0.5))
            return []

    async def _forget(self, key: tuple[str, str]) -> None:
        subscription = self._pulls.pop(key, None)
        if subscription is not None:
            with contextlib.suppress(*LOST):
                await subscription.unsubscribe()

    async def pending_count(self, stream: str, durable: str) -> int:
        """Messages that the consumer has not got or not acknowledged yet."""
        info = await self.js.consumer_info(stream, durable)
        return int(info.num_pending or 0) + int(info.num_ack_pending or 0)

    async def kv(self, bucket: str) -> KeyValue:
        """The key-value bucket, made if missing."""
        if bucket not in self._buckets:
            try:
                self._buckets[bucket] = await self.js.key_value(bucket)
            except (BucketNotFoundError, NotFoundError):
                config: KeyValueConfig = kv_config(bucket)
                self._buckets[bucket] = await self.js.create_key_value(config)
        return self._buckets[bucket]

    async def close(self) -> None:
        """Send what waits, then disconnect. Calling it twice is safe."""
        if self._tasks:
            await asyncio.gather(*self._tasks, return_exceptions=True)
        if self.client.is_closed:
            return
        with contextlib.suppress(*LOST):
            await asyncio.wait_for(self.client.flush(timeout=2), 2)
        with contextlib.suppress(*LOST):
            await self.client.close()


async def _on_reconnected() -> None:
    BUS_RECONNECTS.inc()
    log.info("NATS is back")


async def connect_bus(*, name: str, timeout_s: float | None = None) -> Bus:
    """Connect, waiting for the server for ever or `timeout_s` seconds.

    Raises:
        BusUnavailable: no server answered within `timeout_s`.
    """
    client = Client()

    told_at = float("-inf")

    async def on_error(error: Exception) -> None:
        nonlocal told_at
        text = f"{type(error).__name__}: {error}"
        if client.is_connected or time.monotonic() - told_at < TELL_EVERY_S:
            log.debug("bus error", error=text)
            return
        told_at = time.monotonic()
        log.warning("NATS does not answer, trying again", error=text)

    async def on_disconnected() -> None:
        if not client.is_closed:
            log.warning("NATS is away, reconnecting")

    connecting = client.connect(
        load_settings().nats_address(),
        name=name,
        max_reconnect_attempts=-1,
        reconnect_time_wait=RECONNECT_WAIT_S,  # type: ignore[arg-type]  # declared int, slept as is
        connect_timeout=2,
        ping_interval=10,
        max_outstanding_pings=2,
        pending_size=PENDING_BYTES,
        error_cb=on_error,
        disconnected_cb=on_disconnected,
        reconnected_cb=_on_reconnected,
    )
    try:
        await asyncio.wait_for(connecting, timeout_s)
    except asyncio.TimeoutError as error:  # noqa: UP041 - one class since 3.11, nats-py raises its own
        raise BusUnavailable(
            f"NATS does not answer at {load_settings().nats_address()}."
        ) from error
    except asyncio.CancelledError:
        with contextlib.suppress(*LOST):
            await client.close()
        raise
    return Bus(client)
