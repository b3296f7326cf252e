"""What waits for people who opted out or were suppressed: it is skipped, and nothing else is."""

from typing import Any

import pytest
from django.db import connection

from builders import make_workspace
from domain.messaging.ledger import (
    append_outcome,
    fold,
    plan_campaign,
    send_text,
    states,
    tally_equals_rows,
)
from domain.messaging.test_batches import lease, leased, mark, rows_read, run
from textwell.accounts.models import Workspace
from textwell.contacts.models import Contact
from textwell.core.clock import now
from textwell.messaging import sql
from textwell.messaging.actions import claim_due_batches, skip_waiting, wake_held
from textwell.messaging.models import Batch, Message, Window

pytestmark = pytest.mark.django_db


def test_an_opt_out_skips_what_waits_but_not_what_is_marked(workspace: Workspace) -> None:
    planned, batch = leased(workspace)
    first = batch.first_message_id
    mark(batch, first, first)
    people = Message.objects.filter(id__in=[first, first + 1]).values_list("contact_id", flat=True)

    assert skip_waiting(workspace_id=workspace.id, contact_ids=list(people)) == 1
    assert states(planned)[first] == "planned"
    assert Message.objects.get(id=first + 1).reason == "opted_out"
    assert tally_equals_rows(planned.campaign.id)


def test_an_opt_out_skips_who_woke_though_their_first_batch_is_open(workspace: Workspace) -> None:
    planned, batch = leased(workspace)
    first = batch.first_message_id
    mark(batch, first, first)
    append_outcome(first, "held")
    fold()
    wake_held(campaign_ids=[planned.campaign.id])

    person = Message.objects.get(id=first).contact_id

    assert skip_waiting(workspace_id=workspace.id, contact_ids=[person]) == 1
    assert states(planned)[first] == "skipped"


@pytest.mark.parametrize(("reason", "more"), [("suppressed", 0), ("opted_out", 1)])
def test_an_opt_out_looks_at_no_batch_of_others(
    workspace: Workspace, reason: str, more: int
) -> None:
    for _ in range(10):
        send_text(workspace)
    plan_campaign(make_workspace(name="Other"))
    planned = plan_campaign(workspace, people=30)
    mine, _message_id = send_text(workspace)

    plan = explain_skip(workspace, [mine, *planned.people], reason)

    assert Message.objects.filter(state="skipped").count() == 31
    # Its own two: to find them, and to lock them; of a single one also what it is for.
    assert rows_read(plan, "messaging_batch") == 4 + more


def explain_skip(workspace: Workspace, people: list[Contact], reason: str) -> dict[str, Any]:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")  # of a few rows it would read all
        cursor.execute(
            f"EXPLAIN (ANALYZE, FORMAT JSON) {sql.SKIP_WAITING}",
            {
                "workspace_id": workspace.id,
                "contact_ids": [person.id for person in people],
                "reason": reason,
                "now": now(),
            },
        )
        (plan,) = cursor.fetchone()
    return dict(plan[0]["Plan"])


def test_an_opt_out_leaves_what_is_marked_though_its_outcome_is_not_folded(
    workspace: Workspace,
) -> None:
    planned = plan_campaign(workspace, people=1)
    batch = Batch.objects.get(campaign_id=planned.campaign.id)
    claim_due_batches()
    lease(batch)
    mark(batch, batch.first_message_id, batch.last_message_id)
    append_outcome(batch.first_message_id, "submitted", key=5)
    Window.objects.update(is_settled=True)
    run(sql.FINISH_BATCHES, batch_ids=[batch.id], connector="one")

    skipped = skip_waiting(workspace_id=workspace.id, contact_ids=[planned.people[0].id])
    fold()

    assert skipped == 0
    assert states(planned) == {batch.first_message_id: "submitted"}
