"""The bus: NATS JetStream. It only carries; the ledger in PostgreSQL is the truth.

asyncio code uses a `Bus` (`client`), Django code the functions of `sync`; `setup` makes streams.
"""

from textwell.core.bus.client import Bus, Msg, connect_bus
from textwell.core.bus.setup import ensure_streams
from textwell.core.bus.sync import (
    call_sync,
    close_sync_bus,
    kv_delete_after_commit,
    kv_put_after_commit,
    publish_after_commit,
    publish_core_after_commit,
    publish_nudges,
    publish_sync,
)

__all__ = [
    "Bus",
    "Msg",
    "call_sync",
    "close_sync_bus",
    "connect_bus",
    "ensure_streams",
    "kv_delete_after_commit",
    "kv_put_after_commit",
    "publish_after_commit",
    "publish_core_after_commit",
    "publish_nudges",
    "publish_sync",
]
