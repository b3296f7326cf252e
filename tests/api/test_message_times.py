"""Single messages for later, and those that are withdrawn."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from api.conftest import Program
from builders import make_campaign, make_contact, make_gateway
from textwell.accounts.models import AuditEntry
from textwell.core.clock import now
from textwell.messaging.actions import claim_due_batches
from textwell.messaging.models import Batch, Message

pytestmark = pytest.mark.django_db


def send(program: Program, **given: Any) -> dict[str, Any]:
    make_gateway(workspace=program.workspace)
    contact = make_contact(workspace=program.workspace)
    answer = program.post("/messages", {"to": contact.msisdn, "body": "Bread.", **given})
    assert answer.status_code == 202, answer.content
    return dict(answer.json())


def soon(**span: int) -> str:
    return (now() + timedelta(**span)).isoformat()


def test_a_message_for_later_waits_until_it_is_due(program: Program) -> None:
    at = now() + timedelta(hours=2)
    made = send(program, send_at=at.isoformat())

    batch = Batch.objects.get()

    assert (batch.state, batch.due_at, batch.queued_at) == ("planned", at, None)
    assert Message.objects.get().due_at == at
    shown = program.get(f"/messages/{made['id']}").json()
    assert (shown["state"], datetime.fromisoformat(shown["due_at"])) == ("planned", at)
    assert claim_due_batches() == []
    Batch.objects.update(due_at=now())
    assert [row[0] for row in claim_due_batches()] == [batch.id]


def test_a_time_that_is_past_means_at_once(program: Program) -> None:
    send(program, send_at=soon(minutes=-5))

    assert Batch.objects.get().state == "queued"


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("send_at", {"send_at": soon(days=36)}),
        ("expires_at", {"send_at": soon(hours=2), "expires_at": soon(hours=1)}),
    ],
)
def test_a_time_that_cannot_be_is_refused(
    program: Program, field: str, given: dict[str, str]
) -> None:
    make_gateway(workspace=program.workspace)
    contact = make_contact(workspace=program.workspace)

    answer = program.post("/messages", {"to": contact.msisdn, "body": "Bread.", **given})

    assert answer.json()["errors"][0]["field"] == field
    assert not Message.objects.exists()


@pytest.mark.parametrize("given", [{}, {"send_at": soon(hours=2)}])
def test_what_has_not_left_is_canceled_once(program: Program, given: dict[str, str]) -> None:
    path = f"/messages/{send(program, **given)['id']}/cancel"

    answers = [program.post(path), program.post(path)]

    assert [(each.status_code, each.json()["state"]) for each in answers] == [(200, "canceled")] * 2
    entry = AuditEntry.objects.get(action="messages.canceled")
    assert entry.actor == f"key:{program.key.id}"


def test_what_is_marked_may_have_left_and_stays(program: Program) -> None:
    made = send(program)
    Batch.objects.update(marked_id=made["id"])

    answer = program.post(f"/messages/{made['id']}/cancel")

    assert answer.status_code == 409
    assert Message.objects.get().state == "planned"
    assert not AuditEntry.objects.filter(action="messages.canceled").exists()


def test_a_campaigns_message_is_canceled_with_its_campaign_only(program: Program) -> None:
    made = send(program)
    campaign = make_campaign(workspace=program.workspace)
    Message.objects.update(campaign_id=campaign.id)

    assert program.post(f"/messages/{made['id']}/cancel").status_code == 409


def test_another_workspaces_message_is_not_there(program: Program, stranger: Program) -> None:
    made = send(program)

    assert stranger.post(f"/messages/{made['id']}/cancel").status_code == 404
    assert Message.objects.get().state == "planned"
