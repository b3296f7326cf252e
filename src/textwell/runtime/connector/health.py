"""What a connector saw of its gateway, written about once a second while it changes.

Also whether the carrier will have us at all: a gateway that it refuses is broken until the carrier
accepts it again, or somebody mends its settings.
"""

import asyncio
import time

import psycopg
import structlog
from django.db import DatabaseError, connection

from textwell.core.db import connect_async
from textwell.gateways.actions import mark_gateway_broken, mark_gateway_mended
from textwell.runtime.connector.meters import Meters

log = structlog.get_logger()

QUIET_S = 10

_WRITE = """
INSERT INTO gateways_gatewayhealth AS h (gateway_id, is_bound, bound_at, connector, submitted_count,
    rejected_count, throttled_count, unknown_count, last_error, seen_at)
VALUES (%(gateway_id)s, %(is_bound)s, CASE WHEN %(is_bound)s THEN now() END, %(connector)s,
    %(submitted)s, %(rejected)s, %(throttled)s, %(unknown)s, %(error)s, now())
ON CONFLICT (gateway_id) DO UPDATE SET
    bound_at = CASE WHEN NOT h.is_bound AND excluded.is_bound THEN now() ELSE h.bound_at END,
    is_bound = excluded.is_bound, connector = excluded.connector,
    submitted_count = h.submitted_count + excluded.submitted_count,
    rejected_count = h.rejected_count + excluded.rejected_count,
    throttled_count = h.throttled_count + excluded.throttled_count,
    unknown_count = h.unknown_count + excluded.unknown_count,
    last_error = excluded.last_error, seen_at = now()
"""


async def tell_unserved(*, gateway_id: int, connector: str, problem: str) -> None:
    """Why a gateway that should be served is not. Calling it again keeps the word fresh."""
    params = dict.fromkeys(("submitted", "rejected", "throttled", "unknown"), 0) | {
        "gateway_id": gateway_id,
        "is_bound": False,
        "connector": connector,
        "error": problem,
    }
    connection = await connect_async()
    async with connection:
        await connection.execute(_WRITE, params)


class Health:
    """Counters since the last write, and what stands in the way."""

    def __init__(self, *, gateway_id: int, connector: str, meters: Meters) -> None:
        self._gateway_id = gateway_id
        self._connector = connector
        self._meters = meters
        self.submitted = self.accepted = self.rejected = self.throttled = self.unknown = 0
        self._problem = "not connected yet"
        self._written: tuple[int, str] | None = None
        self._wait = 0
        self.is_broken = False  # marked so by us, and not accepted since
        self._refused: str | None = None  # the carrier's reason, '' accepted us, None said nothing

    def set_problem(self, problem: str) -> None:
        """'' if the link is up."""
        self._problem = problem
        self._meters.bound.set(0 if problem else 1)

    def set_refused(self, reason: str) -> None:
        """The carrier will not have us as configured; '' once it has accepted us."""
        self._refused = reason

    async def run(self) -> None:
        ticked_at = time.monotonic()
        while True:
            await asyncio.sleep(1)
            at = time.monotonic()
            self._meters.tick(at - ticked_at)
            ticked_at = at
            if self._refused is not None:
                await self._tell_state(self._refused)
            if not self._is_due():
                continue
            try:
                await self._write(is_bound=not self._problem, problem=self._problem)
            except (psycopg.OperationalError, psycopg.InterfaceError, OSError) as error:
                log.debug("health not written", error=str(error))

    def _is_due(self) -> bool:
        """Something changed, or ten seconds passed: readers judge a connector by `seen_at`."""
        present = (self.submitted + self.rejected + self.throttled + self.unknown, self._problem)
        self._wait += 1
        if present == self._written and self._wait < QUIET_S:
            return False
        self._written, self._wait = (0, self._problem), 0
        return True

    async def _tell_state(self, refused: str) -> None:
        if not refused:
            self.is_broken = False
        try:
            await asyncio.to_thread(_mark, self._gateway_id, refused)
        except DatabaseError as error:
            log.debug("state of the gateway not written", error=str(error))
            return
        self.is_broken = bool(refused)
        if self._refused == refused:
            self._refused = None

    async def leave(self) -> None:
        """The connector goes: the gateway is not bound any more."""
        await self._write(is_bound=False, problem="")

    async def _write(self, *, is_bound: bool, problem: str) -> None:
        counts = {
            "submitted": self.submitted,
            "rejected": self.rejected,
            "throttled": self.throttled,
            "unknown": self.unknown,
        }
        params = counts | {
            "gateway_id": self._gateway_id,
            "is_bound": is_bound,
            "connector": self._connector,
            "error": problem,
        }
        connection = await connect_async()
        async with connection:
            await connection.execute(_WRITE, params)
        self.submitted -= counts["submitted"]
        self.rejected -= counts["rejected"]
        self.throttled -= counts["throttled"]
        self.unknown -= counts["unknown"]


def _mark(gateway_id: int, refused: str) -> None:
    try:
        if refused:
            mark_gateway_broken(gateway_id=gateway_id, reason=refused)
        else:
            mark_gateway_mended(gateway_id=gateway_id)
    finally:
        connection.close()  # the next word may be days away
