"""Work longer than a second: one row each, found by a pointer on the stream or by a sweep.

A handler is a plain function. It saves its cursor after each committed step and can be started
again from there: after a crash, after a stop, on another machine.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Q

from textwell.core.bus import publish_after_commit
from textwell.core.clock import now
from textwell.core.db import advisory_key, cursor
from textwell.core.errors import Conflict, NotFound
from textwell.core.models import Job, JobState
from textwell.core.wire import JobPointer, encode

LEASE_S = 20  # a dead worker's job starts again after this
MAX_ATTEMPTS = 20  # leases of one job; more means that it kills its workers
REST = timedelta(minutes=10)  # after one that failed or was stopped, of `enqueue_once`
OPEN = (JobState.WAITING, JobState.RUNNING, JobState.STOPPING)

JsonObject = dict[str, Any]  # Any: JSON values


class StopRequested(Exception):
    """Someone asked this job to stop: leave now, the cursor is saved."""


class Draining(StopRequested):
    """The worker is shutting down: leave now, another one goes on at the cursor."""


class LeaseLost(Exception):
    """Another worker has taken the job over: leave now and change nothing more."""


@dataclass(slots=True)
class JobContext:
    """What a handler sees of its job. `payload` never changes, `cursor` is what was saved last."""

    job_id: int
    workspace_id: int | None
    kind: str
    payload: JsonObject
    cursor: JsonObject
    attempt: int
    leased_by: str
    created_by_id: int | None = None
    result: JsonObject = field(default_factory=dict)
    is_draining: Callable[[], bool] = bool  # bool(): False; the worker role gives its own

    def save(
        self,
        *,
        cursor: JsonObject | None = None,
        done_count: int | None = None,
        total_count: int | None = None,
        result: JsonObject | None = None,
    ) -> None:
        """Store progress and renew the lease. Inside a transaction it commits with the step.

        Raises:
            StopRequested: the values are stored; return or let it pass, the job is then stopped.
            LeaseLost: nothing is stored.
        """
        given = {
            "cursor": cursor,
            "done_count": done_count,
            "total_count": total_count,
            "result": result,
        }
        values = {name: value for name, value in given.items() if value is not None}
        until = now() + timedelta(seconds=LEASE_S)
        if not self._mine().update(lease_until=until, **values):
            raise LeaseLost(f"job {self.job_id}")
        self.cursor = self.cursor if cursor is None else cursor
        self.result = self.result if result is None else result
        if Job.objects.filter(id=self.job_id, state=JobState.STOPPING).exists():
            raise StopRequested(f"job {self.job_id}")
        if self.is_draining():
            raise Draining(f"job {self.job_id}")

    def renew(self) -> bool:
        """Keep the lease while a long step runs; False: it is lost. Called by the worker role."""
        return bool(self._mine().update(lease_until=now() + timedelta(seconds=LEASE_S)))

    def _mine(self) -> Any:  # Any: Django's queryset type adds nothing here
        # `attempts` fences: a worker that slept past its lease no longer matches.
        return Job.objects.filter(
            id=self.job_id,
            leased_by=self.leased_by,
            attempts=self.attempt,
            state__in=[JobState.RUNNING, JobState.STOPPING],
        )


Handler = Callable[[JobContext], None]

_handlers: dict[str, Handler] = {}


def job_handler(kind: str) -> Callable[[Handler], Handler]:
    """Register the function that does jobs of `kind` ("campaigns.plan").

    The module must be imported when Django is ready: put handlers into `<module>/jobs.py`, which
    is found by name, or import their module in `AppConfig.ready`.
    """

    def register(handler: Handler) -> Handler:
        present = _handlers.get(kind)
        if present is not None and present.__qualname__ != handler.__qualname__:
            raise ValueError(f"two handlers for jobs of kind {kind}")
        _handlers[kind] = handler
        return handler

    return register


def find_handler(kind: str) -> Handler | None:
    return _handlers.get(kind)


def job_kinds() -> list[str]:
    return sorted(_handlers)


def enqueue_job(
    *,
    workspace_id: int | None,
    kind: str,
    payload: JsonObject,
    total_count: int = 0,
    created_by_id: int | None = None,
) -> Job:
    """A waiting job, in the present transaction; a worker hears of it after commit."""
    with transaction.atomic():
        job = Job.objects.create(
            workspace_id=workspace_id,
            kind=kind,
            payload=payload,
            total_count=total_count,
            created_by_id=created_by_id,
        )
        publish_after_commit(job_subject(kind), encode(JobPointer(job_id=job.id)))
    return job


def enqueue_once(*, workspace_id: int | None, kind: str, payload: JsonObject) -> bool:
    """Have a job of this kind and payload done, at most one at a time; True: it is under way.

    False: the last one failed or was stopped less than `REST` ago, and none is made: what asks every
    few seconds neither repeats a failure so often nor undoes a stop. Of many who ask at the same
    moment one makes the job. Calling twice is safe.
    """
    same: JsonObject = {"workspace_id": workspace_id, "kind": kind, "payload": payload}
    rests = Q(state__in=[JobState.FAILED, JobState.STOPPED], finished_at__gt=now() - REST)
    with transaction.atomic(), cursor() as opened:
        text = json.dumps([kind, workspace_id, payload], sort_keys=True)
        opened.execute("SELECT pg_try_advisory_xact_lock(%s)", [advisory_key(text)])
        if not opened.fetchone()[0] or is_under_way(**same):
            return True  # somebody else makes it now, or did
        if Job.objects.filter(rests, **same).exists():
            return False
        enqueue_job(**same)
    return True


def is_under_way(*, workspace_id: int | None, kind: str, payload: JsonObject) -> bool:
    """Whether a job of this kind and payload waits or runs."""
    same = Job.objects.filter(workspace_id=workspace_id, kind=kind, payload=payload)
    return same.filter(state__in=OPEN).exists()


def forget_done_jobs(*, kinds: Sequence[str], older_than: datetime, limit: int) -> int:
    """Delete at most `limit` jobs of these kinds that were done before `older_than`; answers how many."""
    done = Job.objects.filter(kind__in=kinds, state=JobState.DONE, finished_at__lt=older_than)
    return Job.objects.filter(id__in=done.order_by("id").values("id")[:limit]).delete()[0]


def job_subject(kind: str) -> str:
    return f"job.{kind}"


def request_stop(job_id: int) -> None:
    """Ask a job to stop at its next step; one that waits stops at once. Twice is once."""
    if Job.objects.filter(id=job_id, state=JobState.WAITING).update(
        state=JobState.STOPPED, finished_at=now()
    ):
        return
    if Job.objects.filter(id=job_id, state=JobState.RUNNING).update(state=JobState.STOPPING):
        return
    if not Job.objects.filter(id=job_id).exists():
        raise NotFound("job", job_id)


def resume_job(job_id: int) -> None:
    """Let a stopped or failed job go on at its cursor.

    Raises:
        Conflict: it is done, or runs.
    """
    with transaction.atomic():
        changed = Job.objects.filter(
            id=job_id, state__in=[JobState.STOPPED, JobState.FAILED]
        ).update(state=JobState.WAITING, error="", attempts=0, finished_at=None)
        if not changed:
            raise Conflict("Only a stopped or failed job can go on.")
        job = Job.objects.get(id=job_id)
        publish_after_commit(job_subject(job.kind), encode(JobPointer(job_id=job.id)))


def claim_job(job_id: int, *, leased_by: str) -> JobContext | None:
    """Take a job that waits or whose worker is gone; None: someone else has it, or it is over."""
    moment = now()
    stopping = Job.objects.filter(id=job_id, state=JobState.STOPPING, lease_until__lt=moment)
    if stopping.update(
        state=JobState.STOPPED, finished_at=moment
    ):  # its worker died before it left
        return None
    free = Q(state=JobState.WAITING) | Q(state=JobState.RUNNING, lease_until__lt=moment)
    claimed = Job.objects.filter(free, id=job_id).update(
        state=JobState.RUNNING,
        leased_by=leased_by,
        lease_until=moment + timedelta(seconds=LEASE_S),
        attempts=F("attempts") + 1,
    )
    if not claimed:
        return None
    Job.objects.filter(id=job_id, started_at=None).update(started_at=moment)
    job = Job.objects.get(id=job_id)
    return JobContext(
        job_id=job.id,
        workspace_id=job.workspace_id,
        kind=job.kind,
        payload=job.payload,
        cursor=job.cursor,
        attempt=job.attempts,
        leased_by=leased_by,
        created_by_id=job.created_by_id,
        result=job.result,
    )


def finish_job(context: JobContext, *, state: JobState, error: str = "") -> None:
    """Close a job that we still hold; nothing happens if another worker has it."""
    context._mine().update(  # noqa: SLF001 - the same module's fence
        state=state, error=error, finished_at=now(), lease_until=None
    )


def give_back_job(context: JobContext) -> None:
    """Let anyone start it again at once (the worker drains, or its database went away)."""
    context._mine().update(state=JobState.WAITING, lease_until=None)  # noqa: SLF001 - as above


def open_job_ids(*, limit: int = 100) -> list[int]:
    """Jobs that a sweep may take: waiting ones and those whose lease ran out, oldest first."""
    free = Q(state=JobState.WAITING) | Q(
        state__in=[JobState.RUNNING, JobState.STOPPING], lease_until__lt=now()
    )
    return list(
        Job.objects.filter(free).order_by("created_at").values_list("id", flat=True)[:limit]
    )
