from datetime import timedelta

import pytest
import time_machine

from textwell.core import jobs
from textwell.core.bus import Bus
from textwell.core.clock import now
from textwell.core.db import advisory_key, connect_sync
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


def enqueue_once(loaves: int = 3) -> bool:
    return jobs.enqueue_once(workspace_id=1, kind="test.bake", payload={"loaves": loaves})


def test_one_job_at_a_time_is_made_of_what_is_asked_for_once() -> None:
    assert [enqueue_once(), enqueue_once(), enqueue_once(loaves=4)] == [True, True, True]
    assert list(Job.objects.order_by("id").values_list("payload", flat=True)) == [
        {"loaves": 3},
        {"loaves": 4},
    ]


@pytest.mark.parametrize("state", [JobState.FAILED, JobState.STOPPED])
def test_what_failed_or_was_stopped_is_made_again_after_a_rest(state: JobState) -> None:
    enqueue_once()
    jobs.finish_job(claim(Job.objects.get()), state=state)

    with time_machine.travel(now() + jobs.REST - timedelta(seconds=1), tick=False):
        assert (enqueue_once(), Job.objects.count()) == (False, 1)
    with time_machine.travel(now() + jobs.REST + timedelta(seconds=1), tick=False):
        assert (enqueue_once(), Job.objects.count()) == (True, 2)


def test_what_is_done_is_made_again_at_once() -> None:
    enqueue_once()
    jobs.finish_job(claim(Job.objects.get()), state=JobState.DONE)

    assert (enqueue_once(), Job.objects.count()) == (True, 2)


def test_of_two_who_ask_at_the_same_moment_one_makes_the_job() -> None:
    key = advisory_key('["test.bake", 1, {"loaves": 3}]')
    with connect_sync() as other, other.transaction():
        other.execute("SELECT pg_advisory_xact_lock(%s)", [key])  # it has looked and will insert

        assert (enqueue_once(), Job.objects.exists()) == (True, False)


def test_jobs_done_long_ago_are_forgotten_up_to_a_limit() -> None:
    ended = [JobState.DONE, JobState.DONE, JobState.DONE, JobState.FAILED]
    old, older, young, failed = [enqueue() for _ in ended]
    other = jobs.enqueue_job(workspace_id=1, kind="test.fry", payload={})
    for job, state in zip([old, older, young, failed], ended, strict=True):
        jobs.finish_job(claim(job), state=state)
    jobs.finish_job(claim(other), state=JobState.DONE)
    Job.objects.exclude(id=young.id).update(finished_at=now() - timedelta(hours=2))
    since = now() - timedelta(hours=1)

    counts = [
        jobs.forget_done_jobs(kinds=["test.bake"], older_than=since, limit=1) for _ in range(3)
    ]

    assert counts == [1, 1, 0]
    assert set(Job.objects.all()) == {young, failed, other}


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
