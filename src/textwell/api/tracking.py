"""Events on their way in: JetStream has stored them when this returns."""

import hashlib
from collections.abc import Iterator

from textwell.core.bus import publish_sync
from textwell.core.wire import EventItem, encode

MESSAGE_OCTETS = 512_000  # half of what NATS takes in one message


def publish_events(workspace_id: int, items: list[EventItem]) -> None:
    """Store events on the stream, in order; ingest works them into the ledger.

    Raises:
        BusUnavailable: not all are stored: send the same again, each counts once.
    """
    for payload in _cut(items):
        digest = hashlib.sha256(payload).hexdigest()[:32]
        publish_sync(f"event.{workspace_id}", payload, msg_id=digest)


def _cut(items: list[EventItem]) -> Iterator[bytes]:
    """Payloads that fit into one message of the stream, in order."""
    payload = encode(items)
    if len(payload) <= MESSAGE_OCTETS or len(items) == 1:
        yield payload
        return
    half = len(items) // 2
    yield from _cut(items[:half])
    yield from _cut(items[half:])
