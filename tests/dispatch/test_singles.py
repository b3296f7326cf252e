"""Single texts, as the API takes them by hundreds a second: marked together, each its own."""

from collections.abc import Sequence
from typing import Any
from unittest.mock import AsyncMock, Mock

import pytest
from django.db import transaction
from django.db.models import Q
from psycopg import DataError, OperationalError

from builders import make_contact, make_crowd
from dispatch.conftest import Stage, in_thread
from textwell.accounts.models import Workspace
from textwell.contacts.models import Contact
from textwell.gateways.providers.simulator.log import hash_text
from textwell.messaging import sql
from textwell.messaging.actions import SingleMessage, cancel_single, claim_due_batches, send_single
from textwell.messaging.models import Batch, Message, Outcome, Window
from textwell.runtime.connector import feeder
from textwell.runtime.connector.leases import Leases
from textwell.runtime.connector.ledger import Ledger

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(60)]


def send_all(
    stage: Stage,
    people: Sequence[Contact],
    *,
    purposes: Sequence[str] = ("transactional",),
    **more: Any,
) -> list[int]:
    """One text to each, urgent, all in one commit; their ids."""
    with transaction.atomic():
        return [
            send_single(
                SingleMessage(
                    workspace_id=stage.workspace.id, contact_id=person.id, msisdn=person.msisdn,
                    country=person.country, body=f"Your code is {number}",
                    purpose=purposes[number % len(purposes)], gateway_id=stage.gateway.id,
                    sender="BAKERY", **{"lane": "urgent", **more},
                ),
                actor="test",
            )
            for number, person in enumerate(people)
        ]  # fmt: skip


def make_people(stage: Stage, count: int) -> list[Contact]:
    return make_crowd(workspace=stage.workspace, count=count)


async def test_what_waits_is_marked_together_and_each_is_handed_off_once(stage: Stage) -> None:
    people = await in_thread(make_people, stage, 90)
    ids = await in_thread(send_all, stage, people, purposes=("transactional", "marketing"))
    await stage.connect()

    sent = Message.objects.filter(id__in=ids, state="submitted")
    await stage.until(lambda: sent.count() == 90)

    log = await stage.handed()
    assert dict(log.handed) == {
        (person.msisdn, hash_text(f"Your code is {number}")): 1
        for number, person in enumerate(people)
    }
    windows = Window.objects.filter(first_message_id__in=ids, is_settled=True)
    assert await in_thread(windows.count) == 90
    assert await in_thread(windows.values("marked_at").distinct().count) < 30
    assert not await in_thread(Batch.objects.exclude(state="done").exists)


async def test_of_texts_marked_together_a_cap_lets_the_first_through(stage: Stage) -> None:
    await in_thread(Workspace.objects.filter(id=stage.workspace.id).update, cap_count=1)
    person = await in_thread(make_contact, workspace=stage.workspace)
    ids = await in_thread(send_all, stage, [person] * 4, purposes=("marketing",))
    await stage.connect()

    done = Message.objects.filter(id__in=ids, state__in=["submitted", "skipped"])
    await stage.until(lambda: done.count() == 4)

    found = await in_thread(lambda: list(done.order_by("id").values_list("state", "reason")))
    assert found == [("submitted", ""), *[("skipped", "frequency_cap")] * 3]


async def test_one_that_was_taken_back_or_taken_over_stays_out_of_the_mark(stage: Stage) -> None:
    people = await in_thread(make_people, stage, 4)
    ids = await in_thread(send_all, stage, people)
    batch_ids = await in_thread(
        lambda: list(Batch.objects.order_by("id").values_list("id", flat=True))
    )
    await in_thread(claim_due_batches)
    ledger = Ledger(gateway_id=stage.gateway.id, connector="one")
    batches = await ledger.lease([*batch_ids, batch_ids[0], 0], own_window_ids=[])
    await in_thread(
        cancel_single, workspace_id=stage.workspace.id, message_id=ids[1], actor="user:1"
    )
    await in_thread(Batch.objects.filter(id=batch_ids[2]).update, leased_by="two")

    marked = await ledger.mark_singles(batches, now=0)

    await ledger.close()
    assert [batch.id for batch in batches] == batch_ids
    assert [(window.batch.id, [row[0] for row in rows]) for window, rows in marked] == [
        (batch_ids[0], [ids[0]]),
        (batch_ids[1], []),
        (batch_ids[3], [ids[3]]),
    ]
    assert [batch.is_lost for batch in batches] == [False, False, True, False]


@pytest.mark.parametrize("stage", [200], indirect=True)
async def test_all_that_is_urgent_goes_in_the_middle_of_a_window_of_a_campaign(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feeder, "WINDOW_S", 3.0)  # all of the campaign is one window
    monkeypatch.setattr(feeder, "MOST_BESIDE", 50)
    campaign = await stage.plan(600)
    people = await in_thread(make_people, stage, 150)
    await stage.connect()
    await stage.until(stage.has_outcomes(campaign, 10))

    ids = await in_thread(send_all, stage, people)
    mine = Message.objects.filter(Q(campaign_id=campaign.id) | Q(id__in=ids), state="submitted")
    await stage.until(lambda: mine.count() == 750)

    log = Outcome.objects.order_by("id").values_list("message_id", flat=True)
    handed = await in_thread(lambda: list(log))
    assert await in_thread(Window.objects.filter(last_message_id__lt=ids[0]).count) == 1
    assert len(set(handed)) == len(handed) == 750
    assert handed[-1] not in ids  # the window goes on behind them


async def test_a_lease_that_cannot_give_back_what_is_spent_holds_nothing_but_what_it_gives(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = await in_thread(make_people, stage, 3)
    await in_thread(send_all, stage, people)
    batches = await in_thread(lambda: list(Batch.objects.order_by("id")))
    spent = Batch.objects.filter(id=batches[1].id)
    await in_thread(spent.update, marked_id=batches[1].last_message_id)
    await in_thread(claim_due_batches)
    ledger = Ledger(gateway_id=stage.gateway.id, connector="one")
    monkeypatch.setattr(ledger, "release", AsyncMock(side_effect=OperationalError("away")))
    leases = Leases(ledger=ledger, on_lost=Mock())

    found = await leases.lease([batch.id for batch in batches])

    await ledger.close()
    assert [batch.id for batch in found] == [batches[0].id, batches[2].id]
    assert len(leases) == 2


async def test_a_read_that_fails_leaves_no_mark(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = await in_thread(make_people, stage, 3)
    await in_thread(send_all, stage, people)
    await in_thread(claim_due_batches)
    ids = await in_thread(lambda: list(Batch.objects.values_list("id", flat=True)))
    ledger = Ledger(gateway_id=stage.gateway.id, connector="one")
    batches = await ledger.lease(ids, own_window_ids=[])
    broken = "SELECT 1/0 FROM unnest(%(message_ids)s::bigint[])"
    monkeypatch.setattr(sql, "READ_SINGLES", broken)

    with pytest.raises(DataError):
        await ledger.mark_singles(batches, now=0)

    await ledger.close()
    assert not await in_thread(Window.objects.exists)
    assert [batch.is_marked_through for batch in batches] == [False] * 3
