"""Messages whose answer was lost: what people say of them, and sending again only when asked."""

import pytest

from domain.messaging.ledger import (
    Planned,
    append_dlr,
    append_outcome,
    fold,
    lose_answers,
    states,
    tally_equals_rows,
)
from domain.messaging.test_batches import lease, mark, run
from textwell.accounts.models import AuditEntry, Workspace
from textwell.campaigns.errors import WrongState
from textwell.campaigns.lifecycle import finish_campaigns
from textwell.campaigns.models import Campaign
from textwell.campaigns.selectors import campaign_equation
from textwell.campaigns.settling import send_messages_again, settle_messages
from textwell.core.errors import Conflict, FieldError
from textwell.gateways.models import Gateway
from textwell.messaging import sql
from textwell.messaging.actions import cancel_messages, claim_due_batches, wake_held
from textwell.messaging.models import Batch, Message, Outcome, Progress
from textwell.messaging.selectors import message_timeline
from textwell.messaging.settling import Fate

pytestmark = pytest.mark.django_db
WHY = "The carrier's portal lists it"


def settle(planned: Planned, fate: Fate, ids: list[int] | None = None) -> int:
    return settle_messages(
        campaign=planned.campaign, actor="user:7", fate=fate, reason=WHY, message_ids=ids
    )


def again(planned: Planned, ids: list[int] | None = None) -> int:
    return send_messages_again(
        campaign=planned.campaign, actor="user:7", reason=WHY, message_ids=ids
    )


def is_balanced(planned: Planned) -> bool:
    campaign = Campaign.objects.get(id=planned.campaign.id)
    return campaign_equation(campaign).is_balanced and tally_equals_rows(campaign.id)


def test_one_that_was_sent_awaits_its_receipt(workspace: Workspace) -> None:
    planned, ids = lose_answers(workspace)

    assert settle(planned, Fate.SENT, ids[:1]) == 1

    assert [states(planned)[each] for each in ids] == ["submitted", "unknown"]
    assert campaign_equation(planned.campaign).terms["accepted"] == 1
    assert campaign_equation(planned.campaign).handed_count == 2
    assert is_balanced(planned)


def test_one_that_was_not_sent_was_not_handed_off_and_cost_nothing(workspace: Workspace) -> None:
    planned, ids = lose_answers(workspace)

    assert settle(planned, Fate.NOT_SENT, ids[:1]) == 1

    message = Message.objects.get(id=ids[0])
    assert (message.state, message.reason, message.handed_at, message.cost_micros) == (
        "not_sent", "by_hand", None, 0,
    )  # fmt: skip
    equation = campaign_equation(planned.campaign)
    assert (equation.terms["canceled"], equation.handed_count, equation.cost_micros) == (1, 1, 1000)
    assert sum(Progress.objects.values_list("handed_count", flat=True)) == 1
    assert is_balanced(planned)


def test_all_are_settled_at_once_and_a_second_time_nothing_is(workspace: Workspace) -> None:
    planned, ids = lose_answers(workspace, people=4, count=3)

    assert settle(planned, Fate.NOT_SENT) == 3
    assert settle(planned, Fate.SENT) == 0
    fold()

    assert {states(planned)[each] for each in ids} == {"not_sent"}
    assert AuditEntry.objects.filter(action="messages.settled").count() == 1
    assert is_balanced(planned)


def test_the_log_and_the_audit_keep_who_said_so_and_why(workspace: Workspace) -> None:
    planned, ids = lose_answers(workspace)

    settle(planned, Fate.SENT, ids[:1])

    entry = message_timeline(workspace.id, ids[0])[-1]
    assert (entry.kind, entry.detail) == ("found_sent", "")
    assert entry.data is not None
    assert (entry.data["by"], entry.data["why"]) == ("user:7", WHY)
    assert list(Outcome.objects.filter(message_id=ids[0]).values_list("outcome", flat=True)) == [
        "unknown", "submitted",
    ]  # fmt: skip
    audit = AuditEntry.objects.get(action="messages.settled")
    assert (audit.actor, audit.subject, audit.reason) == (
        "user:7", f"campaign:{planned.campaign.id}", WHY,
    )  # fmt: skip
    assert audit.data["after"] == {"fate": "sent", "messages": 1, "message_ids": [ids[0]]}


@pytest.mark.parametrize("reason", ["", "   "])
def test_without_a_reason_nothing_is_settled(workspace: Workspace, reason: str) -> None:
    planned, ids = lose_answers(workspace)

    with pytest.raises(FieldError, match="reason"):
        settle_messages(campaign=planned.campaign, actor="user:7", fate=Fate.SENT, reason=reason)

    assert states(planned)[ids[0]] == "unknown"


def test_nobody_named_is_not_everybody(workspace: Workspace) -> None:
    planned, ids = lose_answers(workspace)

    with pytest.raises(FieldError, match="message_ids"):
        settle(planned, Fate.NOT_SENT, [])

    assert states(planned)[ids[0]] == "unknown"


def test_messages_of_another_campaign_are_left_alone(workspace: Workspace) -> None:
    planned, _ids = lose_answers(workspace)
    other, others = lose_answers(workspace)

    assert settle(planned, Fate.SENT, others) == 0

    assert {states(other)[each] for each in others} == {"unknown"}


def test_what_was_not_sent_is_never_sent_again_by_itself(workspace: Workspace) -> None:
    planned, ids = lose_answers(workspace, people=2)
    settle(planned, Fate.NOT_SENT)

    woken = wake_held(campaign_ids=[planned.campaign.id])
    claimed = claim_due_batches()
    canceled = cancel_messages(campaign_id=planned.campaign.id)
    fold()

    assert (woken, claimed, canceled) == (0, [], 0)
    assert {states(planned)[each] for each in ids} == {"not_sent"}


def test_sent_again_it_waits_in_a_batch_of_its_own_for_the_gate(workspace: Workspace) -> None:
    planned, ids = lose_answers(workspace)
    settle(planned, Fate.NOT_SENT)

    assert again(planned, ids[1:]) == 1
    assert again(planned, ids[1:]) == 0

    batch = Batch.objects.get(campaign_id=planned.campaign.id, state="planned")
    assert (batch.first_message_id, batch.last_message_id, batch.marked_id) == (
        ids[1], ids[1], ids[1] - 1,
    )  # fmt: skip
    assert [states(planned)[each] for each in ids] == ["not_sent", "planned"]
    assert [row[0] for row in claim_due_batches()] == [batch.id]
    assert AuditEntry.objects.filter(action="messages.sent_again").count() == 1
    assert is_balanced(planned)


def test_only_what_was_found_not_sent_is_sent_again(workspace: Workspace) -> None:
    planned, ids = lose_answers(workspace)
    settle(planned, Fate.SENT, ids[:1])

    assert again(planned) == 0

    assert [states(planned)[each] for each in ids] == ["submitted", "unknown"]


def test_a_finished_campaign_is_sending_until_they_are_through(workspace: Workspace) -> None:
    planned, ids = lose_answers(workspace, people=2)
    settle(planned, Fate.NOT_SENT)
    assert finish_campaigns() == [planned.campaign.id]

    again(planned)

    assert finish_campaigns() == []
    assert Campaign.objects.get(id=planned.campaign.id).state == "sending"
    for message_id in ids:
        append_outcome(message_id, "rejected")
    fold()
    assert finish_campaigns() == [planned.campaign.id]
    assert is_balanced(planned)


@pytest.mark.parametrize("state", ["paused", "canceled", "failed"])
def test_a_campaign_that_is_halted_sends_nothing_again(workspace: Workspace, state: str) -> None:
    planned, ids = lose_answers(workspace)
    settle(planned, Fate.NOT_SENT)
    Campaign.objects.filter(id=planned.campaign.id).update(state=state)

    with pytest.raises(WrongState, match="cannot be sent again"):
        again(planned)

    assert {states(planned)[each] for each in ids} == {"not_sent"}


def test_an_answer_that_is_lost_again_makes_it_unknown_again(workspace: Workspace) -> None:
    planned, ids = lose_answers(workspace)
    settle(planned, Fate.NOT_SENT, ids[:1])
    again(planned)
    batch = Batch.objects.get(campaign_id=planned.campaign.id, state="planned")
    Batch.objects.filter(id=batch.id).update(state="queued")
    assert lease(batch)
    assert mark(batch, ids[0], ids[0])

    parked = run(
        sql.PARK_UNKNOWN, batch_id=batch.id, first_id=ids[0], last_id=ids[0], own_window_ids=[]
    )
    fold()

    assert parked == (1,)
    assert states(planned)[ids[0]] == "unknown"
    assert is_balanced(planned)


def test_a_receipt_proves_a_person_wrong(workspace: Workspace) -> None:
    planned, ids = lose_answers(workspace)
    settle(planned, Fate.NOT_SENT, ids[:1])

    append_dlr("delivered", key=7, message_id=ids[0])
    fold()

    assert states(planned)[ids[0]] == "delivered"
    assert campaign_equation(planned.campaign).handed_count == 2
    assert is_balanced(planned)


def test_a_late_answer_keeps_what_waits_again_from_a_second_copy(workspace: Workspace) -> None:
    planned, ids = lose_answers(workspace)
    settle(planned, Fate.NOT_SENT, ids[:1])
    again(planned)

    append_outcome(ids[0], "submitted", key=7)
    fold()

    assert states(planned)[ids[0]] == "submitted"
    assert is_balanced(planned)


def test_an_invitation_is_never_sent_again(workspace: Workspace) -> None:
    planned, ids = lose_answers(workspace)
    settle(planned, Fate.NOT_SENT)
    Campaign.objects.filter(id=planned.campaign.id).update(purpose="invitation")

    with pytest.raises(Conflict, match="may get one invitation, once"):
        again(planned)

    assert {states(planned)[each] for each in ids} == {"not_sent"}


def test_nothing_is_sent_again_by_a_gateway_that_was_taken_away(workspace: Workspace) -> None:
    planned, ids = lose_answers(workspace)
    settle(planned, Fate.NOT_SENT, ids)
    gateways = Gateway.objects.filter(id=planned.campaign.gateway_id)
    gateways.update(state="retired")

    with pytest.raises(Conflict, match="Bring it back first"):
        again(planned)

    assert {states(planned)[each] for each in ids} == {"not_sent"}
    gateways.update(state="active")
    assert again(planned) == len(ids)
