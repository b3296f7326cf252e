"""A batch whose content cannot be read is tried ever later, says why, and goes once it can be read."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db.models import F

from dispatch.conftest import Stage, in_thread
from textwell.accounts.models import Workspace
from textwell.campaigns.actions import cancel_campaign
from textwell.campaigns.models import Campaign
from textwell.core.clock import now
from textwell.messaging.actions import claim_due_batches
from textwell.messaging.models import Batch, Window
from textwell.messaging.selectors import count_unread_batches, find_batch_problem
from textwell.runtime.connector import content
from textwell.runtime.connector.leases import Leases
from textwell.runtime.connector.ledger import Ledger

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(60)]


def let_lease_end() -> datetime:
    """Until when the only batch was put off; its lease has ended then."""
    batch = Batch.objects.get()
    assert batch.lease_until is not None
    past = now() - timedelta(hours=2)
    Batch.objects.update(lease_until=past, queued_at=past)
    return batch.lease_until


@pytest.mark.parametrize(
    ("spoil", "problem"),
    [
        (lambda: Campaign.objects.all().delete(), "LookupError: campaign"),
        (lambda: Campaign.objects.update(body="Hi {{ first_name"), "TemplateRefused: "),
    ],
    ids=["campaign gone", "text that is no template"],
)
async def test_it_is_tried_ever_later_and_says_why(
    stage: Stage, spoil: Callable[[], object], problem: str
) -> None:
    campaign = await stage.plan(3)
    await in_thread(spoil)
    batch = await in_thread(Batch.objects.get)
    for seconds in (30, 60, 120, 240, 480, 900, 900):
        await in_thread(claim_due_batches)
        ledger = Ledger(gateway_id=stage.gateway.id, connector="one")
        before = now()
        assert await ledger.lease([batch.id], own_window_ids=[]) == []
        after = now()
        await ledger.close()
        told = await in_thread(find_batch_problem, campaign.id)
        until = await in_thread(let_lease_end)
        assert before <= until - timedelta(seconds=seconds) <= after

    assert told.startswith(problem)
    assert await in_thread(count_unread_batches) == {stage.gateway.id: (1, told)}


async def test_what_can_be_read_again_is_sent_and_says_no_more(stage: Stage) -> None:
    campaign = await stage.plan(3)
    await in_thread(Campaign.objects.update, body="Hi {{ first_name")
    await stage.connect()
    batches = Batch.objects.filter(campaign_id=campaign.id)
    await stage.until(batches.exclude(problem="").exists)
    await in_thread(Campaign.objects.update, body="Hi {{ first_name }}")
    await in_thread(
        batches.update, lease_until=now(), queued_at=F("queued_at") - timedelta(minutes=1)
    )

    await stage.until(lambda: stage.states(campaign) == {"submitted": 3})

    assert await in_thread(find_batch_problem, campaign.id) == ""


async def test_one_that_is_canceled_ends_with_what_was_marked_of_it(stage: Stage) -> None:
    campaign = await stage.plan(30)
    await in_thread(claim_due_batches)
    [batch_id] = await in_thread(lambda: list(Batch.objects.values_list("id", flat=True)))
    crashed = Ledger(gateway_id=stage.gateway.id, connector="one")
    [batch] = await crashed.lease([batch_id], own_window_ids=[])
    assert await crashed.mark(batch, size=10, now=0.0) is not None
    await crashed.close()
    await in_thread(Campaign.objects.update, body="Hi {{ first_name")
    await in_thread(let_lease_end)
    await in_thread(claim_due_batches)
    ledger = Ledger(gateway_id=stage.gateway.id, connector="two")
    leases = Leases(ledger=ledger, on_lost=lambda _batch: None)
    assert await leases.lease([batch_id]) == []
    assert (await in_thread(count_unread_batches))[stage.gateway.id][0] == 1

    await in_thread(cancel_campaign, campaign=campaign, actor="user:1")
    await in_thread(let_lease_end)
    await in_thread(claim_due_batches)
    assert await leases.lease([batch_id]) == []
    await ledger.close()

    assert await in_thread(count_unread_batches) == {}
    assert await in_thread(lambda: Batch.objects.get().state) == "done"
    assert not await in_thread(Window.objects.filter(is_settled=False).exists)
    await in_thread(stage.fold)
    assert await in_thread(stage.states, campaign) == {"unknown": 10, "canceled": 20}


async def test_who_speaks_may_be_told_while_a_campaign_runs(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    await stage.plan(3)
    batch = await in_thread(Batch.objects.get)
    connected = Ledger(gateway_id=stage.gateway.id, connector="one")
    names = []
    for name in ("Bakery Ltd", "Bread Ltd"):
        await in_thread(Workspace.objects.update, legal_name=name)
        await in_thread(claim_due_batches)
        (leased,) = await connected.lease([batch.id], own_window_ids=[])
        assert leased.content.speaker is not None
        names.append(leased.content.speaker.legal_name)
        await connected.release(batch.id)
        monkeypatch.setattr(content, "KEPT_S", 0.0)
    await connected.close()

    assert names == ["Bakery Ltd", "Bread Ltd"]
