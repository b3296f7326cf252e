import asyncio
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from prometheus_client import REGISTRY

from textwell.core import jobs
from textwell.core.bus import Bus
from textwell.core.clock import now
from textwell.core.models import Job
from textwell.core.settings import Settings
from textwell.core.wire import JobPointer, decode
from textwell.runtime.context import RoleContext
from textwell.runtime.roles.scheduler import Scheduler, run_task
from textwell.runtime.scheduler.housekeeping import forget_done_counts, publish_lost_jobs
from textwell.runtime.scheduler.tasks import TASKS, PeriodicTask
from textwell.runtime.stores import Stores


def scheduler(conf: Settings, ran: list[str], name: str) -> tuple[RoleContext, Scheduler]:
    context = RoleContext(settings=conf, role="scheduler", name=name)
    task = PeriodicTask("note", 0.02, lambda: ran.append(name))
    return context, Scheduler(context, (task,))


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(15):
        while not condition():  # noqa: ASYNC110 - a list that threads fill has no event
            await asyncio.sleep(0.01)


@pytest.mark.django_db(transaction=True)
async def test_of_two_schedulers_one_leads_until_it_leaves(
    stores: Stores, conf: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran: list[str] = []
    first_context, first = scheduler(conf, ran, "first")
    second_context, second = scheduler(conf, ran, "second")
    asked = asyncio.Event()
    is_leader = second._is_leader

    async def watched() -> bool:
        answer = await is_leader()
        asked.set()
        return answer

    monkeypatch.setattr(second, "_is_leader", watched)
    one = asyncio.create_task(first.run())
    await until(lambda: "first" in ran)
    two = asyncio.create_task(second.run())
    await asyncio.wait_for(asked.wait(), 10)  # it was refused once, while the first one leads
    by_first = set(ran)
    first_context.stop.set()
    await asyncio.wait_for(one, 10)
    await until(lambda: "second" in ran)
    second_context.stop.set()
    await asyncio.wait_for(two, 10)

    assert (by_first, ran[-1]) == ({"first"}, "second")


@pytest.mark.django_db
def test_a_failing_task_is_counted_and_stops_nobody() -> None:
    def fail() -> None:
        raise ValueError("no flour")

    assert run_task(PeriodicTask("failing", 1.0, fail)) is False

    labels = {"task": "failing", "outcome": "failed"}
    assert REGISTRY.get_sample_value("textwell_task_runs_total", labels) == 1.0


@pytest.mark.django_db(transaction=True)
async def test_the_pointer_of_a_lost_job_is_published_again(bus: Bus) -> None:
    job = jobs.enqueue_job(workspace_id=1, kind="test.lost", payload={})
    for message in await bus.pull("JOBS", "worker", batch=5, timeout=3):
        await message.ack_sync()  # taken, and then the worker died before it claimed

    with time_machine.travel(now() + timedelta(minutes=5)):
        count = publish_lost_jobs()

    [again] = await bus.pull("JOBS", "worker", batch=5, timeout=3)
    assert (count, decode(again.data, JobPointer)) == (1, JobPointer(job_id=job.id))


@pytest.mark.django_db
def test_counts_are_forgotten_a_day_after_they_were_done_and_other_jobs_are_not() -> None:
    kinds = ["reports.count", "segments.count", "campaigns.plan"]
    old = [jobs.enqueue_job(workspace_id=1, kind=kind, payload={}) for kind in kinds]
    Job.objects.update(state="done", finished_at=now() - timedelta(hours=25))
    young = jobs.enqueue_job(workspace_id=1, kind="reports.count", payload={})
    Job.objects.filter(id=young.id).update(state="done", finished_at=now() - timedelta(hours=23))

    assert forget_done_counts() == 2
    assert set(Job.objects.all()) == {old[2], young}


def test_tasks_have_names_of_their_own_and_a_pause() -> None:
    names = [task.name for task in TASKS]

    assert len(set(names)) == len(names)
    assert min(task.every_s for task in TASKS) >= 0.1
