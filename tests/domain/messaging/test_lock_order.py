"""Who locks what first: a campaign before its batches, or two wait for each other for ever."""

import asyncio
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.db import connection as django_connection

from builders import make_workspace
from domain.messaging.ledger import Planned, plan_campaign
from textwell.campaigns.models import Campaign
from textwell.core.db import connect_async
from textwell.messaging import sql
from textwell.messaging.actions import claim_due_batches
from textwell.messaging.models import Batch
from textwell.runtime.connector.ledger import Ledger, Settled

pytestmark = pytest.mark.django_db(transaction=True)


async def in_thread(work: Any, *args: Any, **kwargs: Any) -> Any:  # Any: whatever the work is
    return await sync_to_async(work, thread_sensitive=True)(*args, **kwargs)


def planned_and_due() -> Planned:
    workspace = make_workspace()
    planned = plan_campaign(workspace)
    claim_due_batches()
    return planned


def is_anybody_waiting_for(pid: int) -> bool:
    with django_connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE %s = ANY(pg_blocking_pids(pid))", [pid]
        )
        return bool(cursor.fetchone()[0])


async def test_a_cancel_and_the_first_outcomes_of_a_campaign_do_not_wait_for_each_other() -> None:
    campaign = (await in_thread(planned_and_due)).campaign
    batch_row = await in_thread(Batch.objects.get, campaign_id=campaign.id)
    ledger = Ledger(gateway_id=batch_row.gateway_id, connector="one")
    (batch,) = await ledger.lease([batch_row.id], own_window_ids=[])
    marked = await ledger.mark(batch, size=100, now=0)
    assert marked is not None
    settled = Settled([], [marked[0].id], [batch.id], [campaign.id])
    cancel = await connect_async()
    async with cancel.transaction():  # as `cancel_campaign` does it
        await cancel.execute(
            "SELECT 1 FROM campaigns_campaign WHERE id = %s FOR UPDATE", [campaign.id]
        )
        append = asyncio.create_task(ledger.append(settled))
        while not await in_thread(is_anybody_waiting_for, cancel.info.backend_pid):
            pass  # each look takes its time in another thread
        await cancel.execute(sql.CANCEL_BATCHES.encode(), {"campaign_id": campaign.id})

    await append
    await cancel.close()
    await ledger.close()
    assert await in_thread(lambda: Batch.objects.get(id=batch.id).state) == "done"
    assert await in_thread(lambda: Campaign.objects.get(id=campaign.id).first_handoff_at)
