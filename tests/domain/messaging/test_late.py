"""A receipt whose id nobody knows settles the one unknown message that it can mean, or none."""

from datetime import datetime, timedelta

import pytest
from django.db import connection

from domain.messaging.ledger import (
    Planned,
    append_outcome,
    fold,
    plan_campaign,
    states,
    tally_equals_rows,
)
from textwell.accounts.models import Workspace
from textwell.core.clock import now
from textwell.messaging.late import settle_by_number
from textwell.messaging.models import Message, Outcome

pytestmark = pytest.mark.django_db
LATER = timedelta(minutes=5)


def hear(planned: Planned, place: int, *, key: int, submitted_at: datetime) -> None:
    """A receipt `delivered` under an id that no answer told."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO messaging_dlr (gateway_id, provider_key, provider_message_id, state,"
            " received_at, msisdn, submitted_at) VALUES (%s, %s, %s, 'delivered', %s, %s, %s)",
            [
                planned.campaign.gateway_id,
                key,
                f"id-{key}",
                now(),
                planned.people[place].msisdn,
                submitted_at,
            ],
        )


def lose_answer(planned: Planned, place: int = 0) -> int:
    message_id = planned.message_ids[place]
    append_outcome(message_id, "unknown")
    fold()
    return message_id


def settle() -> int:
    fold()
    found = settle_by_number(at=now() + LATER)
    fold()
    return found


def test_the_only_message_it_can_mean_is_settled(workspace: Workspace) -> None:
    planned = plan_campaign(workspace, people=2)
    message_id = lose_answer(planned)
    hear(planned, 0, key=71, submitted_at=now())

    assert settle() == 1

    assert states(planned)[message_id] == "delivered"
    found = Outcome.objects.get(message_id=message_id, outcome="submitted")
    assert (found.provider_message_id, found.facts) == ("id-71", {"matched_by": "number"})
    assert tally_equals_rows(planned.campaign.id)
    assert settle() == 0


def test_a_fresh_receipt_waits_for_its_id(workspace: Workspace) -> None:
    planned = plan_campaign(workspace, people=1)
    lose_answer(planned)
    hear(planned, 0, key=71, submitted_at=now())
    fold()

    assert settle_by_number(at=now() + timedelta(seconds=30)) == 0


def test_of_two_unknown_messages_none_is_guessed(workspace: Workspace) -> None:
    planned = plan_campaign(workspace, people=1)
    other = plan_campaign(workspace, people=0)
    Message.objects.filter(campaign_id=other.campaign.id).update(
        gateway_id=planned.campaign.gateway_id
    )
    mine = Message.objects.filter(campaign_id=other.campaign.id)
    ids = [lose_answer(planned), mine.get().id]
    append_outcome(ids[1], "unknown")
    hear(planned, 0, key=71, submitted_at=now())

    assert settle() == 0

    assert [Message.objects.get(id=one).state for one in ids] == ["unknown", "unknown"]


def test_another_accepted_message_to_the_number_makes_it_ambiguous(workspace: Workspace) -> None:
    planned = plan_campaign(workspace, people=1)
    other = plan_campaign(workspace, people=0)
    Message.objects.filter(campaign_id=other.campaign.id).update(
        gateway_id=planned.campaign.gateway_id
    )
    accepted = Message.objects.get(campaign_id=other.campaign.id).id
    lose_answer(planned)
    append_outcome(accepted, "submitted", key=5)
    hear(planned, 0, key=71, submitted_at=now())

    assert settle() == 0


def test_two_ids_for_one_message_settle_nothing(workspace: Workspace) -> None:
    planned = plan_campaign(workspace, people=1)
    lose_answer(planned)
    hear(planned, 0, key=71, submitted_at=now())
    hear(planned, 0, key=72, submitted_at=now())

    assert settle() == 0


@pytest.mark.parametrize("minutes", [-10, 10])
def test_a_receipt_of_another_time_is_not_meant(workspace: Workspace, minutes: int) -> None:
    planned = plan_campaign(workspace, people=1)
    lose_answer(planned)
    hear(planned, 0, key=71, submitted_at=now() + timedelta(minutes=minutes))

    assert settle() == 0


def test_another_persons_receipt_is_not_meant(workspace: Workspace) -> None:
    planned = plan_campaign(workspace, people=2)
    lose_answer(planned, 0)
    hear(planned, 1, key=71, submitted_at=now())

    assert settle() == 0
