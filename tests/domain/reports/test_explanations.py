"""Why one person did or did not get a campaign, for every way that a text can end."""

from datetime import timedelta
from typing import Any

import pytest

from builders import grant_consent, make_campaign, make_contact
from domain.reports.sent import Sent, make_sent
from textwell.accounts.models import Workspace
from textwell.campaigns.models import Campaign, Stop
from textwell.consent.actions import record_opt_in, record_opt_out
from textwell.contacts.models import Contact
from textwell.core.clock import now
from textwell.messaging.models import Message, Outcome
from textwell.reports.explanations import Answer, Explanation, Stage, explain

pytestmark = pytest.mark.django_db


@pytest.fixture
def sent(workspace: Workspace) -> Sent:
    return make_sent(workspace)


def _explain(sent: Sent, message_id: int) -> Explanation:
    message = Message.objects.get(id=message_id)
    return explain(sent.campaign, Contact.objects.get(id=message.contact_id))


@pytest.mark.parametrize(
    ("facts", "answer", "stage", "reason"),
    [
        ({"state": "delivered"}, Answer.YES, Stage.CARRIER, "delivered"),
        ({"state": "submitted"}, Answer.MAYBE, Stage.CARRIER, "submitted"),
        ({"state": "unknown"}, Answer.MAYBE, Stage.CARRIER, "unknown"),
        ({"state": "undelivered", "code": "27"}, Answer.NO, Stage.CARRIER, "absent_subscriber"),
        ({"state": "rejected", "code": "11"}, Answer.NO, Stage.CARRIER, "invalid_number"),
        ({"state": "expired", "code": "34"}, Answer.NO, Stage.CARRIER, "handset_off"),
        ({"state": "expired", "code": ""}, Answer.NO, Stage.HANDOFF, "expired"),
        ({"state": "skipped", "reason": "no_consent"}, Answer.NO, Stage.PLAN, "no_consent"),
        ({"state": "canceled"}, Answer.NO, Stage.HANDOFF, "canceled"),
        ({"state": "planned"}, Answer.NOT_YET, Stage.HANDOFF, "in_turn"),
    ],
)
def test_every_end_of_a_text_is_explained(
    sent: Sent, facts: dict[str, Any], answer: Answer, stage: Stage, reason: str
) -> None:
    found = _explain(sent, sent.where(**facts)[0])

    assert (found.answer, found.stage, found.reason) == (answer, stage, reason)
    assert str(found.why).endswith(".")
    assert found.code == facts.get("code", found.code)


def test_what_the_gate_saw_at_hand_off_is_told_with_the_rule_that_failed(sent: Sent) -> None:
    (message_id, *_) = sent.where(state="skipped", reason="opted_out")
    rules = [
        {"rule": "contact", "passed": True, "inputs": {"is_known": True}},
        {"rule": "cap", "passed": False, "inputs": {"cap_count": 1, "recent_count": 1}},
    ]
    Outcome.objects.create(
        message_id=message_id, at=now(), outcome="skipped", reason="frequency_cap",
        facts={"rules": rules}, segment_count=0, cost_micros=0,
    )  # fmt: skip

    found = _explain(sent, message_id)

    assert (found.stage, found.reason) == (Stage.HANDOFF, "frequency_cap")
    assert found.failed_rules == (rules[1],)


def test_the_persons_last_word_before_it_is_told_and_no_other(sent: Sent) -> None:
    (message_id, *_) = sent.where(state="skipped", reason="opted_out")
    person = sent.contacts[Message.objects.get(id=message_id).contact_id]
    record_opt_out(
        workspace_id=person.workspace_id, contact_id=person.id, msisdn=person.msisdn,
        source="counter", wording="No more.", given_at=now() - timedelta(days=2), actor="system",
    )  # fmt: skip
    grant_consent(contact=person, purpose="care")
    record_opt_in(
        workspace_id=person.workspace_id, contact_id=person.id, source="counter",
        wording="Yes again.", given_at=now(), actor="system",
    )  # fmt: skip

    found = _explain(sent, message_id)

    assert found.consent is not None
    assert (found.consent.kind, found.consent.wording) == ("opt_out", "No more.")


def test_a_waiting_text_names_what_holds_it(sent: Sent) -> None:
    (message_id, *_) = sent.where(state="planned")
    sent.campaign.scheduled_at = now() + timedelta(days=1)
    Message.objects.filter(id=message_id).update(due_at=sent.campaign.scheduled_at)
    assert _explain(sent, message_id).reason == "scheduled"

    sent.campaign.state = "paused"
    assert _explain(sent, message_id).reason == "paused"

    Stop.objects.create(
        workspace_id=sent.campaign.workspace_id, stopped_by="user:1", stopped_at=now()
    )
    assert _explain(sent, message_id).reason == "stopped"


def test_a_text_that_law_moved_to_another_hour_says_so(sent: Sent) -> None:
    (message_id, *_) = sent.where(state="planned")
    sent.campaign.launched_at = now()
    Message.objects.filter(id=message_id).update(due_at=now() + timedelta(hours=9))
    assert _explain(sent, message_id).reason == "law"

    Message.objects.filter(id=message_id).update(state="held", reason="holiday", due_at=now())
    assert _explain(sent, message_id).reason == "law"


def _launched(workspace: Workspace, **values: Any) -> Campaign:
    return make_campaign(
        workspace=workspace, **{"launched_at": now(), "state": "finished"} | values
    )


@pytest.mark.parametrize(
    ("values", "answer", "reason"),
    [
        ({"state": "draft", "launched_at": None}, Answer.NOT_YET, "not_launched"),
        ({"state": "scheduled"}, Answer.NOT_YET, "not_launched"),
        ({"state": "planning"}, Answer.NOT_YET, "being_planned"),
        ({"audience": {"tag": "vip"}}, Answer.NO, "not_in_audience"),
        ({"audience": {"list_id": 2**40}}, Answer.NO, "not_in_audience"),
        ({"audience": {"tag": "new"}}, Answer.NO, "joined_later"),
        ({"state": "canceled"}, Answer.NO, "not_planned"),
        ({"state": "canceled", "plan_cursor": 2**40}, Answer.NO, "joined_later"),
        ({"launched_at": now() - timedelta(days=1)}, Answer.NO, "added_later"),
    ],
)
def test_without_a_text_it_says_why_there_is_none(
    workspace: Workspace, values: dict[str, Any], answer: Answer, reason: str
) -> None:
    person = make_contact(workspace=workspace, tags=["new"])

    found = explain(_launched(workspace, **values), person)

    assert (found.answer, found.stage, found.reason) == (answer, Stage.AUDIENCE, reason)
    assert found.message_id is None
