"""The connector role: serves every active gateway that no other connector process serves."""

import asyncio
import os
import socket
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import Any

import msgspec
import psycopg
import structlog
from django.db import DatabaseError, connection

from textwell.core.bus import Bus, Msg
from textwell.core.db import connect_async
from textwell.core.errors import TextwellError
from textwell.gateways.models import GatewayState
from textwell.gateways.providers.base import GatewaySpec
from textwell.gateways.selectors import load_gateway_spec
from textwell.runtime.connector.health import tell_unserved
from textwell.runtime.connector.runner import GatewayRunner
from textwell.runtime.context import RoleContext

log = structlog.get_logger()

GATEWAY_LOCK = 7239020  # second key: gateway id; held for as long as its bind is ours
LOOK_S = 5.0


class GatewayServer:
    """The gateways of this process: one runner each, started, stopped and started anew on change."""

    def __init__(self, *, context: RoleContext, bus: Bus) -> None:
        self._context = context
        self._bus = bus
        self._name = f"{socket.gethostname()}:{os.getpid()}"
        self._runners: dict[int, tuple[GatewaySpec, GatewayRunner, asyncio.Task[None]]] = {}
        self._locks: psycopg.AsyncConnection[Any] | None = None
        self._changed = asyncio.Event()
        self._unreadable: dict[int, str] = {}  # gateways that cannot be served, and why

    async def run(self) -> None:
        await self._listen()
        self._context.ready(lambda: self._bus.is_connected)
        while not self._context.stop.is_set():
            try:
                await self._look()
            except (psycopg.Error, DatabaseError, OSError) as error:
                log.warning("gateways not read", error=str(error))
                await self._drop_locks()
            await self._wait()
        for _spec, runner, _task in self._runners.values():
            runner.stop()
        await asyncio.gather(
            *(task for _s, _r, task in self._runners.values()), return_exceptions=True
        )
        await self._drop_locks()

    async def _wait(self) -> None:
        waits = [asyncio.create_task(e.wait()) for e in (self._changed, self._context.stop)]
        await asyncio.wait(waits, timeout=LOOK_S, return_when=asyncio.FIRST_COMPLETED)
        for wait in waits:
            wait.cancel()
        self._changed.clear()

    async def _look(self) -> None:
        """Start what is active and free, stop what is not active any more, restart what changed."""
        wanted = await self._active_ids() - await self._taken_over_ids()
        for gateway_id in list(self._runners):
            _spec, runner, task = self._runners[gateway_id]
            is_changed = gateway_id in wanted and await self._is_changed(gateway_id)
            if gateway_id not in wanted or is_changed or task.done():
                runner.stop()
                await asyncio.gather(task, return_exceptions=True)
                del self._runners[gateway_id]
                await self._unlock(gateway_id)
        for gateway_id in set(self._unreadable) - wanted:  # paused or deleted
            del self._unreadable[gateway_id]
        for gateway_id in wanted - set(self._runners):
            if await self._lock(gateway_id):
                await self._start(gateway_id)

    async def _is_changed(self, gateway_id: int) -> bool:
        """Whether it must be served anew. That the carrier refuses it, its own runner found out."""
        spec, runner, _task = self._runners[gateway_id]
        try:
            fresh = await self._load(gateway_id)
        except TextwellError:  # gone, or not to be read any more: what is bound goes on until then
            return False
        is_resumed = runner.is_broken and fresh.state == GatewayState.ACTIVE
        return is_resumed or replace(fresh, state=spec.state) != spec

    async def _start(self, gateway_id: int) -> None:
        try:
            spec = await self._load(gateway_id)
        except TextwellError as error:
            await self._tell_unreadable(gateway_id, str(error))
            await self._unlock(gateway_id)  # not before: the next one may serve it, and say so
            return
        self._unreadable.pop(gateway_id, None)
        runner = GatewayRunner(spec=spec, bus=self._bus, connector=self._name)
        task = asyncio.create_task(runner.run(), name=f"gateway-{gateway_id}")
        self._runners[gateway_id] = (spec, runner, task)
        log.info("serving gateway", gateway=spec.name)

    async def _tell_unreadable(self, gateway_id: int, problem: str) -> None:
        """One gateway's secret that cannot be read must not keep the others from being served."""
        if self._unreadable.get(gateway_id) != problem:
            log.warning("gateway not served", gateway_id=gateway_id, error=problem)
        self._unreadable[gateway_id] = problem
        with suppress(psycopg.errors.ForeignKeyViolation):  # deleted a moment ago
            await tell_unserved(gateway_id=gateway_id, connector=self._name, problem=problem)

    async def _load(self, gateway_id: int) -> GatewaySpec:
        return await asyncio.to_thread(_load_fresh, gateway_id)

    async def _connection(self) -> psycopg.AsyncConnection[Any]:
        if self._locks is None or self._locks.closed or self._locks.broken:
            self._locks = await connect_async()
        return self._locks

    async def _taken_over_ids(self) -> set[int]:
        """Gateways of ours that another connector serves by now: our session's locks were lost.

        Two that serve one gateway would each send at its whole rate.
        """
        locks = await self._connection()
        cursor = await locks.execute(
            "SELECT objid::bigint FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
            " AND classid = %s AND objsubid = 2 AND granted",
            [GATEWAY_LOCK],
        )
        held = {row[0] for row in await cursor.fetchall()}
        lost = set(self._runners) - held
        return {gateway_id for gateway_id in sorted(lost) if not await self._lock(gateway_id)}

    async def _drop_locks(self) -> None:
        """End the session of the locks: left open, it would keep them from us and everybody."""
        locks, self._locks = self._locks, None
        if locks is not None:
            with suppress(psycopg.Error, OSError):
                await locks.close()

    async def _active_ids(self) -> set[int]:
        locks = await self._connection()
        # Broken ones too: messages wait for them, and the carrier may accept us again.
        cursor = await locks.execute(
            "SELECT id FROM gateways_gateway WHERE state IN ('active', 'broken')"
        )
        return {row[0] for row in await cursor.fetchall()}

    async def _lock(self, gateway_id: int) -> bool:
        locks = await self._connection()
        cursor = await locks.execute(
            "SELECT pg_try_advisory_lock(%s, %s)", [GATEWAY_LOCK, gateway_id]
        )
        row = await cursor.fetchone()
        return bool(row and row[0])

    async def _unlock(self, gateway_id: int) -> None:
        if self._locks is not None:
            await self._locks.execute(
                "SELECT pg_advisory_unlock(%s, %s)", [GATEWAY_LOCK, gateway_id]
            )

    # ---- what others tell us ----------------------------------------------------------------

    async def _listen(self) -> None:
        await self._bus.subscribe_core("control.gateways", self._on_gateways)
        for word, tell, reason in (
            ("revoked", GatewayRunner.revoke, "opted_out"),
            ("suppressed", GatewayRunner.revoke, "suppressed"),
            ("lifted", GatewayRunner.unrevoke, "suppressed"),
            ("agreed", GatewayRunner.unrevoke, "opted_out"),
            ("paused", GatewayRunner.doubt, ""),
            ("narrowed", GatewayRunner.doubt, ""),
        ):
            on_people = partial(self._on_people, tell, reason)
            await self._bus.subscribe_core(f"control.{word}.*", on_people)
        await self._bus.subscribe_core("control.stop.*", self._on_stop)
        await self._bus.subscribe_core("control.campaign.*", self._on_campaign)

    async def _on_gateways(self, _message: Msg) -> None:
        self._changed.set()

    async def _on_people(
        self, tell: Callable[[GatewayRunner, list[int], str], None], reason: str, message: Msg
    ) -> None:
        contacts = msgspec.json.decode(message.data, type=list[int])
        for runner in self._of_workspace(message):
            tell(runner, contacts, reason)

    async def _on_stop(self, message: Msg) -> None:
        for runner in self._of_workspace(message):  # a lifted stop is seen by the next lease
            runner.stop_workspace()

    async def _on_campaign(self, message: Msg) -> None:
        if message.data == b"canceled":
            for _spec, runner, _task in self._runners.values():
                runner.cancel_campaign(int(message.subject.rsplit(".", 1)[1]))

    def _of_workspace(self, message: Msg) -> list[GatewayRunner]:
        workspace_id = int(message.subject.rsplit(".", 1)[1])
        return [r for s, r, _task in self._runners.values() if s.workspace_id == workspace_id]


def _load_fresh(gateway_id: int) -> GatewaySpec:
    try:
        return load_gateway_spec(gateway_id)
    finally:
        connection.close()  # seldom asked, and each time perhaps in another thread


async def run(context: RoleContext) -> None:
    """Serve until the context stops, then drain: finish windows, record, leave."""
    bus = await context.connect_bus()
    try:
        await GatewayServer(context=context, bus=bus).run()
    finally:
        await bus.close()
