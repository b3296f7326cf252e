"""Jobs: work longer than a second. Rows are the truth; pointers on the stream only wake a worker.

A worker leases the row, the handler saves its cursor in the same transaction as each step, and so a
killed worker costs at most the step under way. Handlers must be safe to run again from their cursor.
"""

import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import structlog
from django.db import connection, transaction
from django.db.models import F, Q

from textwell.core.bus import publish_after_commit
from textwell.core.clock import now
from textwell.core.errors import Conflict, TextwellError
from textwell.core.models import Job, JobState
from textwell.core.wire import JobPointer, encode

log = structlog.get_logger()

LEASE_S = 60
MAX_ATTEMPTS = 5  # lost leases; a handler's own error fails the job at once


class StopRequested(Exception):  # noqa: N818 - it is a request, not an error
    """Somebody asked the job to stop: leave; the cursor is saved."""


class LeaseLost(Exception):  # noqa: N818 - errors say the fact
    """Another worker has the job now: leave without writing."""


JobHandler = Callable[["JobContext"], None]
_handlers: dict[str, JobHandler] = {}


def job_handler(kind: str) -> Callable[[JobHandler], JobHandler]:
    """Register the function that does jobs of this kind."""

    def register(handler: JobHandler) -> JobHandler:
        _handlers[kind] = handler
        return handler

    return register


def enqueue_job(
    *,
    workspace_id: int | None,
    kind: str,
    payload: dict[str, Any],
    total_count: int = 0,
    created_by_id: int | None = None,
) -> Job:
    """Record a job and wake a worker after commit."""
    job = Job.objects.create(
        workspace_id=workspace_id,
        kind=kind,
        payload=payload,
        total_count=total_count,
        created_by_id=created_by_id,
    )
    _wake(job)
    return job


def _wake(job: Job) -> None:
    publish_after_commit(f"job.{job.kind}", encode(JobPointer(job_id=job.id)))


def request_stop(job_id: int) -> None:
    """Ask a job to stop at its next step; one that waits stops at once. Asking twice is safe."""
    Job.objects.filter(id=job_id, state=JobState.WAITING).update(state=JobState.STOPPED)
    Job.objects.filter(id=job_id, state=JobState.RUNNING).update(state=JobState.STOPPING)


def resume_job(job_id: int) -> Job:
    """Go on from the cursor.

    Raises:
        Conflict: the job is neither stopped nor failed.
    """
    with transaction.atomic():
        changed = Job.objects.filter(
            id=job_id, state__in=[JobState.STOPPED, JobState.FAILED]
        ).update(state=JobState.WAITING, error="", attempts=0, finished_at=None)
        job = Job.objects.get(id=job_id)
        if not changed:
            raise Conflict(f"Job {job_id} is {job.state}: only a stopped or failed job is resumed.")
        _wake(job)
    return job


@dataclass(slots=True)
class JobContext:
    """What a handler has of its job."""

    job_id: int
    workspace_id: int | None
    payload: dict[str, Any]
    worker: str
    cursor: dict[str, Any] = field(default_factory=dict)

    def save(
        self,
        *,
        cursor: dict[str, Any] | None = None,
        done_count: int | None = None,
        total_count: int | None = None,
        result: dict[str, Any] | None = None,
    ) -> None:
        """Save progress and renew the lease; call it in the transaction of the step it describes.

        Raises:
            StopRequested: leave now; what was saved stays.
            LeaseLost: the job went to another worker; the present transaction must not commit.
        """
        values: dict[str, Any] = {"lease_until": now() + timedelta(seconds=LEASE_S)}
        if cursor is not None:
            values["cursor"] = self.cursor = cursor
        given = {"done_count": done_count, "total_count": total_count, "result": result}
        values |= {name: value for name, value in given.items() if value is not None}
        mine = Job.objects.filter(
            id=self.job_id,
            leased_by=self.worker,
            state__in=[JobState.RUNNING, JobState.STOPPING],
        )
        if not mine.update(**values):
            raise LeaseLost
        is_stopping = Job.objects.filter(id=self.job_id, state=JobState.STOPPING).exists()
        if is_stopping and not connection.in_atomic_block:
            raise StopRequested

    def check_stop(self) -> None:
        """Raise StopRequested if somebody asked; for handlers that save inside transactions."""
        if Job.objects.filter(id=self.job_id, state=JobState.STOPPING).exists():
            raise StopRequested


def claim_job(*, job_id: int, worker: str) -> Job | None:
    """Lease a job that waits or whose worker is gone; None: someone else was first."""
    moment = now()
    free = Q(state=JobState.WAITING) | Q(
        state__in=[JobState.RUNNING, JobState.STOPPING], lease_until__lt=moment
    )
    changed = Job.objects.filter(free, id=job_id).update(
        state=JobState.RUNNING,
        leased_by=worker,
        lease_until=moment + timedelta(seconds=LEASE_S),
        attempts=F("attempts") + 1,
        started_at=moment,
    )
    return Job.objects.get(id=job_id) if changed else None


def run_job(*, job_id: int, worker: str) -> bool:
    """Lease and do one job; False: not ours to do. Never raises for what the handler does."""
    job = claim_job(job_id=job_id, worker=worker)
    if job is None:
        return False
    context = JobContext(job.id, job.workspace_id, job.payload, worker, dict(job.cursor))
    if job.attempts > MAX_ATTEMPTS:
        _finish(context, JobState.FAILED, "Its worker died every time it was tried.")
        return True
    handler = _handlers.get(job.kind)
    if handler is None:
        _finish(context, JobState.FAILED, f"Nobody here does jobs of the kind {job.kind}.")
        return True
    try:
        handler(context)
    except StopRequested:
        _finish(context, JobState.STOPPED, "")
    except LeaseLost:
        log.warning("job went to another worker", job=job.id)
    except Exception as error:  # noqa: BLE001 - a job must end in a state, whatever its handler raised
        log.error("job failed", job=job.id, kind=job.kind, error=traceback.format_exc())  # noqa: TRY400 - as a field
        text = (
            str(error) if isinstance(error, TextwellError) else f"{type(error).__name__}: {error}"
        )
        _finish(context, JobState.FAILED, text)
    else:
        _finish(context, JobState.DONE, "")
    return True


def _finish(context: JobContext, state: JobState, error: str) -> None:
    Job.objects.filter(id=context.job_id, leased_by=context.worker).update(
        state=state, error=error, leased_by="", lease_until=None, finished_at=now()
    )


def list_lost_jobs(*, limit: int = 100) -> list[Job]:
    """Jobs that wait longer than their pointer should need, or whose lease ran out."""
    moment = now()
    lost = Q(state=JobState.WAITING, created_at__lt=moment - timedelta(seconds=10)) | Q(
        state__in=[JobState.RUNNING, JobState.STOPPING], lease_until__lt=moment
    )
    return list(Job.objects.filter(lost).order_by("created_at")[:limit])


def wake_lost_jobs() -> int:
    """Publish the pointers of lost jobs again; the lease makes a doubled pointer harmless."""
    jobs = list_lost_jobs()
    for job in jobs:
        _wake(job)
    return len(jobs)
