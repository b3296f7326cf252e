"""The worker role: takes jobs by pointer and by sweep, runs each in a thread, renews its lease.

Beside the jobs it delivers webhooks.
"""

import asyncio
import importlib
import pkgutil
import threading
from concurrent.futures import ThreadPoolExecutor

import structlog
from django.db import OperationalError, close_old_connections, connections

import textwell
from textwell.core import jobs
from textwell.core.bus import Bus
from textwell.core.metrics import JOBS_FINISHED
from textwell.core.models import JobState
from textwell.core.wire import JobPointer, decode
from textwell.runtime.context import RoleContext
from textwell.webhooks.delivery import Deliverer

log = structlog.get_logger()

JOBS_AT_ONCE = 2
RENEW_S = 5.0
SWEEP_S = 3.0
DRAIN_S = 20.0


def load_job_handlers() -> None:
    """Import every `textwell.<module>.jobs`; other handlers came with `AppConfig.ready`."""
    for module in pkgutil.iter_modules(textwell.__path__, "textwell."):
        name = f"{module.name}.jobs"
        if module.ispkg and module.name != "textwell.core" and importlib.util.find_spec(name):
            importlib.import_module(name)


def run_job(context: jobs.JobContext) -> str:
    """Do a claimed job in this thread; answers the outcome. The job's row always says how it went."""
    close_old_connections()
    try:
        outcome = _try_job(context)
    finally:
        connections.close_all()
    JOBS_FINISHED.labels(kind=context.kind, outcome=outcome).inc()
    log.info("job", job=context.job_id, kind=context.kind, outcome=outcome)
    return outcome


def _try_job(context: jobs.JobContext) -> str:
    handler = jobs.find_handler(context.kind)
    if handler is None:
        jobs.finish_job(
            context, state=JobState.FAILED, error=f"Nobody does jobs of {context.kind}."
        )
        return "failed"
    if context.attempt > jobs.MAX_ATTEMPTS:
        text = f"Started {jobs.MAX_ATTEMPTS} times without coming to an end."
        jobs.finish_job(context, state=JobState.FAILED, error=text)
        return "failed"
    try:
        handler(context)
    except jobs.Draining:
        jobs.give_back_job(context)
        return "given_back"
    except jobs.StopRequested:
        jobs.finish_job(context, state=JobState.STOPPED)
        return "stopped"
    except jobs.LeaseLost:
        return "lease_lost"
    except (
        OperationalError
    ) as error:  # the database went away: the lease runs out, a sweep finds it
        log.warning("job left", job=context.job_id, error=str(error))
        return "left"
    except Exception as error:
        log.exception("job failed", job=context.job_id, kind=context.kind)
        jobs.finish_job(context, state=JobState.FAILED, error=f"{type(error).__name__}: {error}")
        return "failed"
    jobs.finish_job(context, state=JobState.DONE)
    return "done"


class Worker:
    """A few jobs at once, each in a thread of its own."""

    def __init__(self, *, context: RoleContext, bus: Bus) -> None:
        self._context = context
        self._bus = bus
        self._pool = ThreadPoolExecutor(JOBS_AT_ONCE, thread_name_prefix="job")
        self._slots = asyncio.Semaphore(JOBS_AT_ONCE)
        self._tasks: set[asyncio.Task[None]] = set()
        self._draining = threading.Event()

    async def run(self) -> None:
        """Take jobs until the context stops; then ask those that run to leave, and wait."""
        takers = [asyncio.create_task(self._by_pointer()), asyncio.create_task(self._by_sweep())]
        await self._context.stop.wait()
        self._draining.set()
        for taker in takers:
            taker.cancel()
        await asyncio.gather(*takers, return_exceptions=True)
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=DRAIN_S)
        self._pool.shutdown(wait=False, cancel_futures=True)

    async def _by_pointer(self) -> None:
        while True:
            async with self._slots:  # pull only what can start now
                pass
            for message in await self._bus.pull("JOBS", "worker", batch=1, timeout=5.0):
                await self._take(decode(message.data, JobPointer).job_id)
                await message.ack()  # the row is the truth: a lost pointer is found by the sweep

    async def _by_sweep(self) -> None:
        while True:
            try:
                found = await asyncio.to_thread(_open_jobs)
            except OperationalError as error:
                log.warning("jobs not read", error=str(error))
                found = []
            for job_id in found:
                await self._take(job_id)
            await asyncio.sleep(SWEEP_S)

    async def _take(self, job_id: int) -> None:
        """Claim and start a job; wait for a free slot first."""
        await self._slots.acquire()
        try:
            claimed = await asyncio.to_thread(self._claim, job_id)
        except BaseException as error:
            self._slots.release()
            if not isinstance(error, OperationalError):
                raise
            return
        if claimed is None:
            self._slots.release()
            return
        task = asyncio.create_task(self._serve(claimed))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _claim(self, job_id: int) -> jobs.JobContext | None:
        close_old_connections()
        try:
            claimed = jobs.claim_job(job_id, leased_by=self._context.name)
        finally:
            connections.close_all()
        if claimed is not None:
            claimed.is_draining = self._draining.is_set
        return claimed

    async def _serve(self, claimed: jobs.JobContext) -> None:
        renewing = asyncio.create_task(self._renew(claimed))
        try:
            await asyncio.get_running_loop().run_in_executor(self._pool, run_job, claimed)
        finally:
            renewing.cancel()
            self._slots.release()

    async def _renew(self, claimed: jobs.JobContext) -> None:
        """Keep the lease while a step takes long."""
        while True:
            await asyncio.sleep(RENEW_S)
            try:
                await asyncio.to_thread(_renew_now, claimed)
            except OperationalError as error:
                log.warning("lease not renewed", job=claimed.job_id, error=str(error))


def _open_jobs() -> list[int]:
    close_old_connections()
    try:
        return jobs.open_job_ids(limit=JOBS_AT_ONCE * 4)
    finally:
        connections.close_all()


def _renew_now(claimed: jobs.JobContext) -> None:
    close_old_connections()
    try:
        claimed.renew()
    finally:
        connections.close_all()


async def run(context: RoleContext) -> None:
    """Serve until the context stops, then drain."""
    load_job_handlers()
    bus = await context.connect_bus()
    context.ready(lambda: bus.is_connected)
    deliverer = asyncio.create_task(Deliverer().run(context.stop), name="webhooks")
    try:
        await Worker(context=context, bus=bus).run()
        await asyncio.wait([deliverer], timeout=DRAIN_S)
    finally:
        deliverer.cancel()
        await bus.close()
