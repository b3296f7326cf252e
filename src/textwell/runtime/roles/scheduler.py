"""The scheduler role: whoever holds the advisory lock runs the periodic tasks; the others wait."""

import asyncio
import contextlib
import time

import psycopg
import structlog
from django.db import close_old_connections

from textwell.core.bus import close_sync_bus
from textwell.core.db import AsyncConnection, advisory_key, connect_async
from textwell.core.metrics import TASK_RUNS, TASK_SECONDS, gauge
from textwell.runtime.context import RoleContext
from textwell.runtime.scheduler.measuring import forget_measures
from textwell.runtime.scheduler.tasks import TASKS, PeriodicTask

log = structlog.get_logger()

LEADER_LOCK = advisory_key("textwell.scheduler")
LOOK_S = 1.0
SLOW_S = 1.0  # a task that failed rests at least so long
IS_LEADER = gauge("scheduler_is_leader", "1 where this process runs the periodic tasks.")


class Scheduler:
    """Tries to lead; while it leads, every task has a loop of its own."""

    def __init__(self, context: RoleContext, tasks: tuple[PeriodicTask, ...]) -> None:
        self._context = context
        self._tasks = tasks
        self._lock: AsyncConnection | None = None
        self._stopping = asyncio.Event()

    async def run(self) -> None:
        while not self._context.stop.is_set():
            try:
                if await self._is_leader():
                    log.info("leading")
                    await self._lead()
            except (psycopg.Error, OSError) as error:
                log.warning("no leader: PostgreSQL is away", error=str(error))
            await self._drop_lock()
            await self._rest(LOOK_S)

    async def _is_leader(self) -> bool:
        self._lock = await connect_async(application="textwell-scheduler")
        cursor = await self._lock.execute("SELECT pg_try_advisory_lock(%s)", [LEADER_LOCK])
        row = await cursor.fetchone()
        return bool(row and row[0])

    async def _lead(self) -> None:
        """Run the tasks until told to stop or until the lock's connection is lost."""
        assert self._lock is not None
        self._stopping.clear()
        IS_LEADER.set(1)
        loops = [asyncio.create_task(self._loop(task), name=task.name) for task in self._tasks]
        try:
            while not self._context.stop.is_set():
                await self._lock.execute("SELECT 1")  # a lost connection is a lost lock
                await self._rest(LOOK_S)
        finally:
            IS_LEADER.set(0)
            self._stopping.set()
            await asyncio.gather(*loops, return_exceptions=True)  # each ends its present run
            forget_measures()

    async def _loop(self, task: PeriodicTask) -> None:
        while not self._stopping.is_set():
            began = time.monotonic()
            is_fine = await asyncio.to_thread(run_task, task)
            pause = task.every_s - (time.monotonic() - began)
            pause = max(0.0, pause) if is_fine else max(pause, SLOW_S)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), max(0.01, pause))

    async def _rest(self, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._context.stop.wait(), seconds)

    async def _drop_lock(self) -> None:
        if self._lock is not None:
            with contextlib.suppress(psycopg.Error, OSError):
                await self._lock.close()
            self._lock = None


def run_task(task: PeriodicTask) -> bool:
    """Run once in this thread; False and a log line if it failed. The next run tries again."""
    close_old_connections()
    began = time.monotonic()
    try:
        task.run()
    except Exception as error:  # noqa: BLE001 - one failing task must not stop the others
        TASK_RUNS.labels(task=task.name, outcome="failed").inc()
        log.warning("task failed", task=task.name, error=f"{type(error).__name__}: {error}")
        return False
    finally:
        close_old_connections()
    TASK_RUNS.labels(task=task.name, outcome="done").inc()
    TASK_SECONDS.labels(task=task.name).observe(time.monotonic() - began)
    return True


async def run(context: RoleContext) -> None:
    """Serve until the context stops; a run that has begun is ended first."""
    bus = await context.connect_bus()
    context.ready(lambda: bus.is_connected)
    try:
        await Scheduler(context, TASKS).run()
    finally:
        await asyncio.to_thread(close_sync_bus)
        await bus.close()
