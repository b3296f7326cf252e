"""Claim, lease, mark, pause, cancel, hold: who may hand what off, and what becomes of the rest."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from builders import make_campaign, make_gateway
from domain.messaging.ledger import (
    Planned,
    append_outcome,
    fold,
    plan_campaign,
    states,
    tally_equals_rows,
)
from textwell.accounts.models import Workspace
from textwell.campaigns.models import Campaign
from textwell.core.clock import now
from textwell.messaging import sql
from textwell.messaging.actions import (
    cancel_messages,
    claim_due_batches,
    pause_messages,
    resume_messages,
    skip_waiting,
    tidy_held,
    wake_held,
)
from textwell.messaging.models import Batch, Held, Message, Window

pytestmark = pytest.mark.django_db


def run(statement: str, **params: object) -> tuple[object, ...] | None:
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return cursor.fetchone() if cursor.description else None


def lease(batch: Batch, connector: str = "one") -> bool:
    return (
        run(
            sql.LEASE_BATCHES,
            batch_ids=[batch.id],
            gateway_id=batch.gateway_id,
            sandbox_id=0,
            capped=[],
            connector=connector,
            lease_s=30,
        )
        is not None
    )


def mark(batch: Batch, first: int, last: int, connector: str = "one") -> bool:
    found = run(
        sql.MARK_WINDOW,
        batch_id=batch.id,
        first_id=first,
        last_id=last,
        connector=connector,
        lease_s=30,
    )
    return found is not None


def leased(workspace: Workspace, people: int = 3) -> tuple[Planned, Batch]:
    planned = plan_campaign(workspace, people=people)
    claim_due_batches()
    batch = Batch.objects.get(campaign_id=planned.campaign.id)
    assert lease(batch)
    return planned, batch


def test_a_due_batch_is_claimed_once(workspace: Workspace) -> None:
    plan_campaign(workspace)

    assert len(claim_due_batches()) == 1
    assert claim_due_batches() == []


def test_a_batch_that_is_not_due_is_left(workspace: Workspace) -> None:
    plan_campaign(workspace, due_at=now() + timedelta(minutes=1))

    assert claim_due_batches() == []


def batches_of(campaign: Campaign, count: int, *, first_id: int, minutes_ago: int) -> list[int]:
    """Planned batches of 2,000 messages; ids in order."""
    made = [
        Batch.objects.create(
            workspace_id=campaign.workspace_id, campaign_id=campaign.id, lane="bulk",
            gateway_id=campaign.gateway_id or 0, due_at=now() - timedelta(minutes=minutes_ago),
            first_message_id=first, last_message_id=first + 1_999, marked_id=first - 1,
        )
        for first in range(first_id, first_id + 2_000 * count, 2_000)
    ]  # fmt: skip
    return [batch.id for batch in made]


def test_campaigns_of_a_gateway_take_turns_a_little_ahead_of_its_rate(workspace: Workspace) -> None:
    gateway = make_gateway(workspace=workspace, segments_per_second=1)
    early, late = (make_campaign(workspace=workspace, gateway=gateway) for _ in range(2))
    a = batches_of(early, 4, first_id=1, minutes_ago=60)
    b = batches_of(late, 4, first_id=10_001, minutes_ago=1)

    assert [row[0] for row in claim_due_batches()] == [a[0], b[0], a[1]]
    assert claim_due_batches() == []
    Batch.objects.filter(id=a[0]).update(state="done")
    assert [row[0] for row in claim_due_batches()] == [a[2]]  # each has one there: the older first
    Batch.objects.filter(id=a[1]).update(state="done")
    Batch.objects.filter(id=a[2]).update(state="leased", lease_until=now() + timedelta(minutes=1))
    assert [row[0] for row in claim_due_batches()] == [a[3], b[1]]


def test_a_single_text_does_not_wait_for_a_full_stream(workspace: Workspace) -> None:
    gateway = make_gateway(workspace=workspace, segments_per_second=1)
    campaign = make_campaign(workspace=workspace, gateway=gateway)
    batches_of(campaign, 4, first_id=1, minutes_ago=60)
    claim_due_batches()
    (urgent,) = batches_of(campaign, 1, first_id=10_001, minutes_ago=0)
    Batch.objects.filter(id=urgent).update(lane="urgent")

    assert claim_due_batches() == [(urgent, gateway.id, "urgent")]


def test_nothing_of_a_stopped_workspace_is_claimed_or_marked(workspace: Workspace) -> None:
    planned, batch = leased(workspace)
    Workspace.objects.filter(id=workspace.id).update(is_stopped=True)

    assert not mark(batch, batch.first_message_id, batch.last_message_id)
    assert claim_due_batches() == []
    assert set(states(planned).values()) == {"planned"}


def test_only_one_connector_leases_a_batch(workspace: Workspace) -> None:
    _planned, batch = leased(workspace)

    assert not lease(batch, "two")


def test_a_window_is_marked_once_and_in_order(workspace: Workspace) -> None:
    _planned, batch = leased(workspace)
    first = batch.first_message_id

    assert mark(batch, first, first + 1)
    assert not mark(batch, first, first + 1)
    assert not mark(batch, first + 2, first + 2, connector="two")
    assert mark(batch, first + 2, first + 2)


def test_what_a_dead_connector_marked_is_parked_as_unknown(workspace: Workspace) -> None:
    planned, batch = leased(workspace)
    first = batch.first_message_id
    mark(batch, first, first + 1)
    append_outcome(first, "submitted", key=first)
    Batch.objects.filter(id=batch.id).update(lease_until=now() - timedelta(seconds=1))
    assert lease(batch, "two")
    ends = {"first_id": first, "last_id": batch.last_message_id}

    run(sql.PARK_UNKNOWN, batch_id=batch.id, own_window_ids=[], **ends)
    fold()

    assert states(planned) == {first: "submitted", first + 1: "unknown", first + 2: "planned"}
    assert Window.objects.get(batch_id=batch.id).is_settled


def test_a_pause_takes_the_batch_away_and_a_resume_gives_it_back(workspace: Workspace) -> None:
    planned, batch = leased(workspace)
    pause_messages(campaign_id=planned.campaign.id)
    assert not mark(batch, batch.first_message_id, batch.last_message_id)
    assert claim_due_batches() == []

    resume_messages(campaign_id=planned.campaign.id)

    assert [row[0] for row in claim_due_batches()] == [batch.id]


def test_a_cancel_withdraws_what_no_window_has_marked(workspace: Workspace) -> None:
    planned, batch = leased(workspace)
    first = batch.first_message_id
    mark(batch, first, first)

    assert cancel_messages(campaign_id=planned.campaign.id) == 2
    assert not mark(batch, first + 1, first + 2)
    assert states(planned) == {first: "planned", first + 1: "canceled", first + 2: "canceled"}
    assert tally_equals_rows(planned.campaign.id)


def test_a_held_message_wakes_in_a_batch_of_its_own(workspace: Workspace) -> None:
    planned, _batch = leased(workspace)
    first = planned.message_ids[0]
    append_outcome(first, "held")
    fold()
    assert states(planned)[first] == "held"

    assert wake_held(campaign_ids=[planned.campaign.id]) == 1

    woken = Batch.objects.filter(campaign_id=planned.campaign.id).latest("id")
    assert (woken.first_message_id, woken.last_message_id) == (first, first)
    assert states(planned)[first] == "planned"
    assert tally_equals_rows(planned.campaign.id)


@pytest.mark.parametrize(
    ("reason", "days", "state"),
    [
        ("facts_missing", 8, "skipped"),
        ("wording_missing", 8, "skipped"),
        ("facts_missing", 6, "planned"),
        ("legal_cap", 8, "planned"),
    ],
)
def test_what_waits_for_what_nobody_puts_right_is_given_up_after_a_week(
    workspace: Workspace, reason: str, days: int, state: str
) -> None:
    planned, _batch = leased(workspace)
    first = planned.message_ids[0]
    append_outcome(first, "held", reason=reason)
    fold()
    with connection.cursor() as cursor:
        since = now() - timedelta(days=days)
        cursor.execute("UPDATE messaging_outcome SET at = %s", [since])

    wake_held(campaign_ids=[planned.campaign.id])

    message = Message.objects.get(id=first)
    assert (message.state, message.reason) == (state, reason if state == "skipped" else "")
    assert (message.done_at is None) == (state == "planned")
    assert not Held.objects.exists()
    assert tally_equals_rows(planned.campaign.id)


def test_a_held_message_of_a_note_that_is_missing_is_noted_again(workspace: Workspace) -> None:
    planned, _batch = leased(workspace)
    append_outcome(planned.message_ids[0], "held")
    fold()
    Held.objects.all().delete()
    assert wake_held(campaign_ids=[planned.campaign.id]) == 0

    tidy_held()

    assert wake_held(campaign_ids=[planned.campaign.id]) == 1
    assert not Held.objects.exists()


def test_the_note_of_a_held_message_that_left_is_forgotten(workspace: Workspace) -> None:
    _planned, batch = leased(workspace)
    leaves, stays = batch.first_message_id, batch.first_message_id + 1
    append_outcome(leaves, "held")
    append_outcome(stays, "held")
    fold()
    person = Message.objects.get(id=leaves).contact_id
    skip_waiting(workspace_id=workspace.id, contact_ids=[person])

    tidy_held()

    assert list(Held.objects.values_list("message_id", flat=True)) == [stays]


def rows_read(node: dict[str, Any], table: str = "messaging_message_") -> int:
    """Rows of messages that scans of this plan took up, whether they kept them or not."""
    below = sum(rows_read(child, table) for child in node.get("Plans", []))
    if not node.get("Relation Name", "").startswith(table):
        return below
    per_loop = node["Actual Rows"] + node.get("Rows Removed by Filter", 0)
    return below + int(per_loop * node["Actual Loops"])


def test_a_look_for_held_messages_reads_none_of_the_others(workspace: Workspace) -> None:
    planned, _batch = leased(workspace, people=30)
    append_outcome(planned.message_ids[0], "held")
    fold()

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")  # of thirty rows it would read all
        cursor.execute(
            f"EXPLAIN (ANALYZE, FORMAT JSON) {sql.WAKE_HELD}",
            {
                "now": now(),
                "limit": 100,
                "campaign_ids": [planned.campaign.id],
                "stopped_ids": [],
                "most_days": 7,
            },
        )
        (plan,) = cursor.fetchone()

    assert Message.objects.get(id=planned.message_ids[0]).state == "planned"
    assert rows_read(plan[0]["Plan"]) < 5


def test_held_messages_of_a_paused_campaign_sleep_on(workspace: Workspace) -> None:
    planned, _batch = leased(workspace)
    append_outcome(planned.message_ids[0], "held")
    fold()

    assert wake_held(campaign_ids=[]) == 0


def test_a_batch_with_an_open_window_is_not_done_when_given_back(workspace: Workspace) -> None:
    planned = plan_campaign(workspace)
    batch = Batch.objects.get(campaign_id=planned.campaign.id)
    claim_due_batches()
    lease(batch)
    mark(batch, batch.first_message_id, batch.last_message_id)

    run(sql.RELEASE_BATCH, batch_id=batch.id, connector="one")
    batch.refresh_from_db()
    assert batch.state == "leased"

    Window.objects.update(is_settled=True)
    run(sql.RELEASE_BATCH, batch_id=batch.id, connector="one")
    batch.refresh_from_db()
    assert batch.state == "done"


def test_who_was_held_once_is_parked_when_a_later_window_is_lost(workspace: Workspace) -> None:
    planned = plan_campaign(workspace, people=1)
    batch = Batch.objects.get(campaign_id=planned.campaign.id)
    message_id = batch.first_message_id
    claim_due_batches()
    lease(batch)
    mark(batch, message_id, message_id)
    append_outcome(message_id, "held")
    Window.objects.update(is_settled=True)
    fold()
    wake_held(campaign_ids=[planned.campaign.id])
    second = Batch.objects.exclude(id=batch.id).get()
    claim_due_batches()
    lease(second)
    mark(second, message_id, message_id)

    run(
        sql.PARK_UNKNOWN,
        batch_id=second.id,
        first_id=message_id,
        last_id=message_id,
        own_window_ids=[],
    )
    fold()

    assert states(planned) == {message_id: "unknown"}
    assert (
        Message.objects.get(id=message_id).handed_at
        == Window.objects.get(batch_id=second.id).marked_at
    )
