from datetime import timedelta

import pytest
import time_machine

from textwell.core import jobs
from textwell.core.bus import Bus
from textwell.core.clock import now
from textwell.core.errors import Conflict, NotFound
from textwell.core.models import Job, JobState
from textwell.core.wire import JobPointer, decode

pytestmark = pytest.mark.django_db


def enqueue() -> Job:
    return jobs.enqueue_job(workspace_id=1, kind="test.bake", payload={"loaves": 3})


def claim(job: Job, worker: str = "w1") -> jobs.JobContext:
    context = jobs.claim_job(job.id, leased_by=worker)
    assert context is not None
    return context


def test_a_waiting_job_is_claimed_once() -> None:
    job = enqueue()

    first = jobs.claim_job(job.id, leased_by="w1")
    second = jobs.claim_job(job.id, leased_by="w2")

    assert first is not None
    assert (first.payload, first.attempt, second) == ({"loaves": 3}, 1, None)


def test_saved_progress_is_there_after_the_lease_ran_out() -> None:
    job = enqueue()
    claim(job).save(cursor={"after": 7}, done_count=1, total_count=3)

    with time_machine.travel(now() + timedelta(seconds=jobs.LEASE_S + 1)):
        second = claim(job, "w2")

    job.refresh_from_db()
    assert (second.cursor, second.attempt) == ({"after": 7}, 2)
    assert (job.done_count, job.total_count, job.leased_by) == (1, 3, "w2")


def test_a_worker_that_lost_its_lease_cannot_save() -> None:
    job = enqueue()
    slow = claim(job)
    with time_machine.travel(now() + timedelta(seconds=jobs.LEASE_S + 1)):
        claim(job, "w2")

    with pytest.raises(jobs.LeaseLost):
        slow.save(cursor={"after": 9})

    job.refresh_from_db()
    assert job.cursor == {}


def test_a_worker_that_lost_its_lease_cannot_finish_the_job() -> None:
    job = enqueue()
    slow = claim(job)
    with time_machine.travel(now() + timedelta(seconds=jobs.LEASE_S + 1)):
        claim(job, "w2")

    jobs.finish_job(slow, state=JobState.DONE)

    job.refresh_from_db()
    assert job.state == JobState.RUNNING


def test_a_requested_stop_is_raised_at_the_next_save_which_is_kept() -> None:
    job = enqueue()
    context = claim(job)
    jobs.request_stop(job.id)

    with pytest.raises(jobs.StopRequested):
        context.save(cursor={"after": 2})

    job.refresh_from_db()
    assert (job.state, job.cursor) == (JobState.STOPPING, {"after": 2})


def test_a_waiting_job_stops_at_once_and_can_go_on() -> None:
    job = enqueue()
    jobs.request_stop(job.id)
    job.refresh_from_db()
    stopped = job.state

    jobs.resume_job(job.id)

    job.refresh_from_db()
    assert (stopped, job.state) == (JobState.STOPPED, JobState.WAITING)


def test_a_stop_whose_worker_died_is_a_stop() -> None:
    job = enqueue()
    claim(job)
    jobs.request_stop(job.id)

    with time_machine.travel(now() + timedelta(seconds=jobs.LEASE_S + 1)):
        assert jobs.claim_job(job.id, leased_by="w2") is None

    job.refresh_from_db()
    assert job.state == JobState.STOPPED


def test_a_done_job_cannot_go_on() -> None:
    job = enqueue()
    jobs.finish_job(claim(job), state=JobState.DONE)

    with pytest.raises(Conflict):
        jobs.resume_job(job.id)


def test_stopping_an_unknown_job_says_so() -> None:
    with pytest.raises(NotFound, match="no job 999999"):
        jobs.request_stop(999_999)


def test_the_sweep_finds_waiting_jobs_and_lost_leases_only() -> None:
    waiting, lost, held = enqueue(), enqueue(), enqueue()
    claim(lost)
    with time_machine.travel(now() + timedelta(seconds=jobs.LEASE_S - 1)):
        claim(held)

    with time_machine.travel(now() + timedelta(seconds=jobs.LEASE_S + 1)):
        found = jobs.open_job_ids()

    assert found == [waiting.id, lost.id]


def test_two_handlers_for_one_kind_are_refused() -> None:
    @jobs.job_handler("test.twice")
    def one(context: jobs.JobContext) -> None: ...

    with pytest.raises(ValueError, match=r"two handlers for jobs of kind test\.twice"):

        @jobs.job_handler("test.twice")
        def two(context: jobs.JobContext) -> None: ...


@pytest.mark.django_db(transaction=True)
async def test_a_pointer_to_the_job_is_on_the_stream_after_commit(bus: Bus) -> None:
    job = enqueue()

    messages = await bus.pull("JOBS", "worker", batch=5, timeout=3)

    assert [message.subject for message in messages] == ["job.test.bake"]
    assert decode(messages[0].data, JobPointer) == JobPointer(job_id=job.id)
