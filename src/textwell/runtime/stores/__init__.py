"""The stores in the box: PostgreSQL and NATS of one data folder.

`open_stores` starts what is not running, finds again what still is (after a crash of ours), and
`Stores.close` stops both when nobody else uses them. With `DATABASE_URL` and `NATS_URL` set,
nothing is started and nothing is stopped.
"""

from textwell.runtime.stores.group import Stores, find_stores, open_stores
from textwell.runtime.stores.process import StoreFailed, StoreOptions

__all__ = ["StoreFailed", "StoreOptions", "Stores", "find_stores", "open_stores"]
