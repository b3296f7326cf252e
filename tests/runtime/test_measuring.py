import math
from datetime import timedelta

import pytest
from prometheus_client import REGISTRY

from builders import make_gateway, make_workspace
from textwell.core import jobs
from textwell.core.bus import Bus
from textwell.core.clock import now
from textwell.messaging.models import Batch
from textwell.runtime.scheduler.measuring import forget_measures, measure
from textwell.webhooks.actions import create_endpoint, send_test_event
from textwell.webhooks.models import Endpoint

pytestmark = pytest.mark.django_db(transaction=True)


def value(name: str, **labels: str) -> float | None:
    return REGISTRY.get_sample_value(f"textwell_{name}", labels)


def make_batch(*, due_s: int, state: str = "planned") -> None:
    workspace = make_workspace()
    Batch.objects.create(
        workspace_id=workspace.id,
        gateway_id=make_gateway(workspace=workspace).id,
        lane="bulk",
        due_at=now() - timedelta(seconds=due_s),
        first_message_id=1,
        last_message_id=10,
        marked_id=0,
        state=state,
    )


async def test_what_waits_in_the_stores_is_shown(bus: Bus) -> None:
    make_batch(due_s=90)
    make_batch(due_s=-90)
    make_batch(due_s=90, state="done")
    workspace = make_workspace()
    jobs.enqueue_job(workspace_id=workspace.id, kind="test.waiting", payload={})
    endpoint, _secret = create_endpoint(
        workspace_id=workspace.id, url="https://a.test/", kinds=["link.clicked"], actor="test"
    )
    send_test_event(endpoint=endpoint, actor="test")
    Endpoint.objects.update(failing_since=now())
    await bus.publish("dlr.1", b"[]")

    measure()

    assert (value("due_batches", state="planned"), value("due_batches", state="leased")) == (1, 0)
    assert 89 < (value("due_batches_oldest_seconds") or 0) < 150
    assert (value("jobs_open", state="waiting"), value("jobs_open", state="running")) == (1, 0)
    assert (value("webhook_deliveries_waiting"), value("webhook_endpoints_failing")) == (1, 1)
    assert value("stream_pending", stream="DLR") == 1


async def test_a_scheduler_that_leads_no_more_shows_no_figures(bus: Bus) -> None:
    make_batch(due_s=90)
    measure()

    forget_measures()

    assert value("due_batches", state="planned") is None
    assert math.isnan(value("due_batches_oldest_seconds") or 0)
