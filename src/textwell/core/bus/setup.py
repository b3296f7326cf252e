"""Makes the streams, consumers and buckets of `core.streams`; running it again changes nothing."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from nats.js import JetStreamContext
from nats.js.api import (
    AckPolicy,
    ConsumerConfig,
    DiscardPolicy,
    KeyValueConfig,
    RetentionPolicy,
    StorageType,
    StreamConfig,
)
from nats.js.errors import BadRequestError, NotFoundError

from textwell.core.settings import load_settings
from textwell.core.streams import BUCKETS, DEDUPE_WINDOW_S, STREAMS, StreamSpec, find_stream

if TYPE_CHECKING:
    from textwell.core.bus.client import Bus


def stream_config(spec: StreamSpec) -> StreamConfig:
    return StreamConfig(
        name=spec.name,
        description=spec.description,
        subjects=[spec.subject],
        retention=RetentionPolicy.WORK_QUEUE,
        storage=StorageType.FILE,
        discard=DiscardPolicy.NEW,
        max_age=spec.max_age_s,
        duplicate_window=DEDUPE_WINDOW_S,
        num_replicas=load_settings().nats_replicas,
        allow_direct=True,
    )


def kv_config(bucket: str) -> KeyValueConfig:
    return KeyValueConfig(
        bucket=bucket, history=1, storage=StorageType.FILE, replicas=load_settings().nats_replicas
    )


async def ensure_streams(bus: "Bus") -> None:
    """Make or bring up to date every stream, its standing consumer and the buckets.

    Several processes may do it at once.
    """
    for spec in STREAMS:
        try:
            await bus.js.add_stream(stream_config(spec))
        except BadRequestError:  # it exists with other settings: an older version made it
            await bus.js.update_stream(stream_config(spec))
        if spec.consumer:
            await ensure_consumer(bus.js, spec.name, spec.consumer, [spec.subject])
    for bucket in BUCKETS:
        await bus.kv(bucket)


async def ensure_consumer(
    js: JetStreamContext, stream: str, durable: str, subjects: Sequence[str]
) -> None:
    """Make the durable pull consumer unless it is there; an existing one keeps its filter."""
    try:
        await js.consumer_info(stream, durable)
    except NotFoundError:
        spec = find_stream(stream)
        config = ConsumerConfig(
            durable_name=durable,
            ack_policy=AckPolicy.EXPLICIT,
            ack_wait=spec.ack_wait_s,
            max_ack_pending=spec.max_ack_pending,
            filter_subject=subjects[0] if len(subjects) == 1 else None,
            filter_subjects=list(subjects) if len(subjects) > 1 else None,
        )
        await js.add_consumer(stream, config)
