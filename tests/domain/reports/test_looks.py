"""Each look of the gate at a text: noted ones as they were, and what it would say now."""

from datetime import timedelta

import pytest

from builders import make_campaign, make_contact
from domain.reports.sent import make_sent
from proofs import NOON, facts_of_gate, note_many, store, terms_of_gate
from textwell.accounts.models import Workspace
from textwell.contacts.models import Contact
from textwell.core.clock import now
from textwell.messaging.gate import decide
from textwell.messaging.models import Message
from textwell.messaging.proof.collecting import Collector
from textwell.messaging.proof.judged import withdrawn_of
from textwell.reports.explanations import explain
from textwell.reports.looks import looks_of

pytestmark = pytest.mark.django_db


def test_a_text_that_went_out_shows_every_rule_as_it_was_judged(workspace: Workspace) -> None:
    store(note_many(3, workspace_id=workspace.id, first_id=501))

    (look,) = looks_of(workspace.id, 502)

    assert (look.is_forecast, look.at, look.verdict) == (False, NOON, "allow")
    assert (look.packs, dict(look.local)) == (("FR@2026-11-01",), {"Europe/Paris": "thu 13:00"})
    assert [(r.rule, r.passed) for r in look.rules] == [
        (r.rule, r.is_passed) for r in decide(facts_of_gate()).rules
    ]
    assert looks_of(workspace.id + 1, 502) == ()


def test_a_last_look_that_withdrew_a_text_has_no_rules_and_a_reason(workspace: Workspace) -> None:
    collector = Collector()
    judged = withdrawn_of(terms_of_gate(), NOON, "skipped", "opted_out", "")
    collector.note_withdrawn(workspace.id, message_id=7, msisdn="+33600000000", judged=judged)
    store(collector)

    (look,) = looks_of(workspace.id, 7)

    assert (look.verdict, look.reason, look.rules) == ("skip", "opted_out", ())


@pytest.mark.parametrize(
    ("state", "count"), [("planned", 1), ("skipped", 1), ("delivered", 0), ("canceled", 0)]
)
def test_a_text_whose_turn_has_not_come_is_judged_as_things_are_now(
    workspace: Workspace, state: str, count: int
) -> None:
    sent = make_sent(workspace)
    message = Message.objects.get(id=sent.where(state=state)[0])

    found = explain(sent.campaign, Contact.objects.get(id=message.contact_id))

    assert [look.is_forecast for look in found.looks] == [True] * count
    assert found.message == message


def test_a_waiting_text_does_not_count_against_its_own_cap(workspace: Workspace) -> None:
    sent = make_sent(workspace)
    message = Message.objects.get(id=sent.where(state="planned")[0])
    Message.objects.filter(id=message.id).update(due_at=now() + timedelta(minutes=5))
    sent.campaign.cap_count = 1

    found = explain(sent.campaign, Contact.objects.get(id=message.contact_id))

    (cap,) = [rule for rule in found.looks[-1].rules if rule.rule == "cap"]
    assert dict(cap.inputs) == {"cap_count": 1, "recent_count": 0}


def test_whoever_is_not_planned_is_judged_too_and_nothing_is_written(workspace: Workspace) -> None:
    person, draft = make_contact(workspace=workspace), make_campaign(workspace=workspace)

    found = explain(draft, person)

    assert (found.message, [look.verdict for look in found.looks]) == (None, ["allow"])
    assert found.consent is not None
    assert Message.objects.count() == 0
