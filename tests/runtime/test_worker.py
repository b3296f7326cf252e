import asyncio

import pytest
from django.db import OperationalError

from textwell.core import jobs
from textwell.core.bus import Bus
from textwell.core.models import Job, JobState
from textwell.core.settings import Settings
from textwell.runtime.context import RoleContext
from textwell.runtime.roles.worker import Worker, load_job_handlers, run_job

pytestmark = pytest.mark.django_db(transaction=True)

seen: list[jobs.JobContext] = []


@jobs.job_handler("test.count")
def count(context: jobs.JobContext) -> None:
    """Counts to `payload["to"]`, a step at a time."""
    seen.append(context)
    for step in range(int(context.cursor.get("done", 0)) + 1, int(context.payload["to"]) + 1):
        context.save(cursor={"done": step}, done_count=step, total_count=context.payload["to"])


@jobs.job_handler("test.fail")
def fail(_context: jobs.JobContext) -> None:
    raise ValueError("no flour")


@jobs.job_handler("test.away")
def lose_database(_context: jobs.JobContext) -> None:
    raise OperationalError("server closed the connection")


@pytest.fixture(autouse=True)
def _forget() -> None:
    seen.clear()


def claimed(kind: str, **payload: object) -> tuple[Job, jobs.JobContext]:
    job = jobs.enqueue_job(workspace_id=1, kind=kind, payload=payload)
    context = jobs.claim_job(job.id, leased_by="w1")
    assert context is not None
    return job, context


def outcome(job: Job, context: jobs.JobContext) -> tuple[str, str, str]:
    answer = run_job(context)
    job.refresh_from_db()
    return answer, job.state, job.error


def test_a_job_is_done_with_its_progress() -> None:
    job, context = claimed("test.count", to=3)

    assert outcome(job, context) == ("done", JobState.DONE, "")
    assert (job.done_count, job.total_count, job.cursor) == (3, 3, {"done": 3})


def test_a_failed_job_says_why() -> None:
    assert outcome(*claimed("test.fail")) == ("failed", JobState.FAILED, "ValueError: no flour")


def test_a_job_that_nobody_does_fails_by_name() -> None:
    error = "Nobody does jobs of test.unknown."

    assert outcome(*claimed("test.unknown")) == ("failed", JobState.FAILED, error)


def test_a_job_whose_database_went_away_keeps_its_lease_for_the_sweep() -> None:
    assert outcome(*claimed("test.away")) == ("left", JobState.RUNNING, "")


def test_a_stopped_job_goes_on_at_its_cursor() -> None:
    job, context = claimed("test.count", to=3)
    jobs.request_stop(job.id)
    first = outcome(job, context)
    cursor = dict(job.cursor)
    jobs.resume_job(job.id)
    again = jobs.claim_job(job.id, leased_by="w2")
    assert again is not None

    assert (first[1], cursor) == (JobState.STOPPED, {"done": 1})
    assert outcome(job, again)[1] == JobState.DONE
    assert seen[1].cursor == {"done": 3}


def test_a_draining_worker_gives_its_job_back() -> None:
    job, context = claimed("test.count", to=3)
    context.is_draining = lambda: True

    assert outcome(job, context) == ("given_back", JobState.WAITING, "")
    assert job.cursor == {"done": 1}


def test_a_job_that_kills_its_workers_is_given_up() -> None:
    job, context = claimed("test.count", to=1)
    context.attempt = jobs.MAX_ATTEMPTS + 1
    Job.objects.filter(id=job.id).update(attempts=context.attempt)

    assert outcome(job, context)[1] == JobState.FAILED


async def test_a_worker_takes_jobs_by_pointer_and_leaves_when_told(
    bus: Bus, conf: Settings
) -> None:
    context = RoleContext(settings=conf, role="worker", name="worker@test")
    running = asyncio.create_task(Worker(context=context, bus=bus).run())
    job = jobs.enqueue_job(workspace_id=1, kind="test.count", payload={"to": 2})
    for _ in range(200):
        await asyncio.sleep(0.05)
        await asyncio.to_thread(lambda: None)
        job.refresh_from_db()
        if job.state == JobState.DONE:
            break
    context.stop.set()
    await asyncio.wait_for(running, 10)

    assert (job.state, job.done_count, job.leased_by) == (JobState.DONE, 2, "worker@test")


def test_every_kind_that_the_product_enqueues_has_a_handler() -> None:
    load_job_handlers()

    assert "campaigns.plan" in jobs.job_kinds()
