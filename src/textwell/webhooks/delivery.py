"""The deliverer: claims due deliveries, makes the calls, records each try. An asyncio task.

A claim is a lease: a deliverer that dies is followed by another after it, so a call may be made
twice, never forgotten. No transaction is open while a call is under way.
"""

import asyncio
import random
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, Final

import aiohttp
import psycopg
import structlog

from textwell.core.db import AsyncConnection, as_literal, connect_async
from textwell.core.errors import FieldError, TextwellError
from textwell.core.metrics import counter
from textwell.core.outside import GuardedResolver, PrivateTarget
from textwell.core.seal import unseal
from textwell.core.settings import load_settings
from textwell.webhooks import sql
from textwell.webhooks.backoff import next_wait_s
from textwell.webhooks.bodies import Call, Told, build_call
from textwell.webhooks.targets import check_target
from textwell.webhooks.types import Attempt, Form

log = structlog.get_logger()

LEASE_S: Final = 60
TIMEOUT_S: Final = 15
EACH: Final = 20  # of one endpoint at once
AT_ONCE: Final = 200
IDLE_S: Final = 0.5
LONGEST_ERROR: Final = 300
TRIES = counter(
    "webhook_tries",
    "Tries to deliver, by what came of them: delivered, waiting (tried again later), failed (for good).",
    ["outcome"],
)


class Deliverer:
    """Delivers until told to stop; what is under way then is finished or its lease runs out."""

    def __init__(self, *, chance: random.Random | None = None) -> None:
        self._chance = chance or random.Random()  # noqa: S311 - spreads retries, guards nothing
        self._connection: AsyncConnection | None = None

    async def run(self, stop: asyncio.Event) -> None:
        async with self._session() as session:
            while not stop.is_set():
                try:
                    done = await self.step(session)
                except (psycopg.OperationalError, psycopg.InterfaceError, OSError) as error:
                    log.warning("webhooks wait for the database", error=str(error))
                    await self._drop_connection()
                    done = 0
                if not done:
                    await _pause(stop)
        await self._drop_connection()

    def _session(self) -> aiohttp.ClientSession:
        resolver = GuardedResolver(allow_private=load_settings().webhook_private_targets)
        return aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(resolver=resolver, limit=AT_ONCE, limit_per_host=EACH),
            timeout=aiohttp.ClientTimeout(total=TIMEOUT_S),
            cookie_jar=aiohttp.DummyCookieJar(),
        )

    async def step(self, session: aiohttp.ClientSession) -> int:
        """Claim, call, record; answers how many deliveries were tried."""
        connection = await self._connect()
        async with connection.cursor() as cursor:
            params = {"each": EACH, "limit": AT_ONCE, "lease_s": LEASE_S}
            await cursor.execute(as_literal(sql.CLAIM), params)
            rows = await cursor.fetchall()
        if rows:
            tried = await asyncio.gather(*(self._try(session, row) for row in rows))
            await self._record(connection, [pair for pair in tried if pair is not None])
        return len(rows)

    async def _try(
        self, session: aiohttp.ClientSession, row: Sequence[Any]
    ) -> tuple[Attempt, int] | None:
        delivery_id, endpoint_id, attempt_count = row[:3]
        started = time.monotonic()
        try:
            call = build_call(_told(row), at=datetime.now(UTC))
            if call is None:
                return Attempt(delivery_id, endpoint_id, 204, "", 0), attempt_count
            check_target(call.url)
            status, error, retry_after_s = await _call(session, call)
        except (FieldError, TextwellError, PrivateTarget) as refusal:
            status, error, retry_after_s = 0, str(refusal), None
        except TimeoutError:
            status, error, retry_after_s = 0, f"No answer within {TIMEOUT_S} s.", None
        except (aiohttp.ClientError, OSError, ValueError) as broken:
            status, error, retry_after_s = 0, f"{type(broken).__name__}: {broken}", None
        duration_ms = int((time.monotonic() - started) * 1_000)
        attempt = Attempt(
            delivery_id, endpoint_id, status, error[:LONGEST_ERROR], duration_ms, retry_after_s
        )
        return attempt, attempt_count

    async def _record(
        self, connection: AsyncConnection, tried: Sequence[tuple[Attempt, int]]
    ) -> None:
        async with connection.transaction(), connection.cursor() as cursor:
            for attempt, attempt_count in tried:
                fate = self._fate(attempt, attempt_count)
                await cursor.execute(as_literal(sql.RECORD), fate)
                TRIES.labels(fate["state"]).inc()
            for statement, params in _notes([attempt for attempt, _count in tried]):
                await cursor.execute(as_literal(statement), params)

    def _fate(self, attempt: Attempt, attempt_count: int) -> dict[str, Any]:
        wait_s = next_wait_s(attempt_count, asked_s=attempt.retry_after_s, chance=self._chance)
        is_over = attempt.is_success or attempt.is_gone or wait_s is None
        state = "delivered" if attempt.is_success else "failed" if is_over else "waiting"
        next_at = None if is_over else datetime.now(UTC) + timedelta(seconds=wait_s or 0)
        return {
            "delivery_id": attempt.delivery_id,
            "state": state,
            "next_at": next_at,
            "status": attempt.status,
            "error": attempt.error,
            "duration_ms": attempt.duration_ms,
        }

    async def _connect(self) -> AsyncConnection:
        if self._connection is None or self._connection.closed:
            self._connection = await connect_async(application="textwell webhooks")
        return self._connection

    async def _drop_connection(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            await connection.close()


def _told(row: Sequence[Any]) -> Told:
    _id, _endpoint, _count, form, url, secret, old_secret, happening, kind, data, at = row[:11]
    wants, workspace_id, is_sandbox = row[11:14]
    sealed = [each for each in (secret, old_secret) if each]
    return Told(
        form=Form(form),
        url=url,
        secrets=tuple(unseal(each) for each in sealed),
        happening_id=happening,
        workspace_id=workspace_id,
        kind=kind,
        data=data,
        at=at,
        wants=wants,
        is_sandbox=is_sandbox,
    )


async def _call(session: aiohttp.ClientSession, call: Call) -> tuple[int, str, float | None]:
    """Status, what was wrong, and the seconds that the receiver asked to wait."""
    async with session.request(
        call.method, call.url, data=call.body or None, headers=call.headers, allow_redirects=False
    ) as answer:
        if 200 <= answer.status < 300:  # noqa: PLR2004 - RFC 9110: successful
            return answer.status, "", None
        said = (await answer.content.read(LONGEST_ERROR)).decode("utf-8", "replace")
        text = f"HTTP {answer.status} {said}".strip().replace("\0", "")
        return answer.status, text, _retry_after_s(answer.headers.get("Retry-After"))


def _retry_after_s(value: str | None) -> float | None:
    """RFC 9110, 10.2.3: seconds or a date."""
    if not value:
        return None
    if value.strip().isdecimal():
        return float(value)
    try:
        return (parsedate_to_datetime(value) - datetime.now(UTC)).total_seconds()
    except (ValueError, TypeError):
        return None


def _notes(attempts: Sequence[Attempt]) -> list[tuple[str, dict[str, Any]]]:
    """The health of each endpoint once: one success among its tries means that it lives."""
    by_endpoint: dict[int, Attempt] = {}
    for attempt in attempts:
        present = by_endpoint.get(attempt.endpoint_id)
        if present is None or attempt.is_success or (attempt.is_gone and not present.is_success):
            by_endpoint[attempt.endpoint_id] = attempt
    notes: list[tuple[str, dict[str, Any]]] = []
    for endpoint_id, attempt in by_endpoint.items():
        if attempt.is_success:
            notes.append((sql.NOTE_SUCCESS, {"endpoint_id": endpoint_id}))
        else:
            params = {"error": attempt.error, "is_gone": attempt.is_gone}
            notes.append((sql.NOTE_FAILURE, params | {"endpoint_id": endpoint_id}))
    return notes


async def _pause(stop: asyncio.Event) -> None:
    try:
        await asyncio.wait_for(stop.wait(), IDLE_S)
    except TimeoutError:
        return
