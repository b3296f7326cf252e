"""Replies on a real database: stored once, acted on once, in the transaction of the storing."""

import pytest

from builders import make_contact, make_gateway, make_workspace
from domain.messaging.ledger import plan_campaign, states
from textwell.accounts.models import Workspace
from textwell.consent.models import ConsentEvent
from textwell.consent.selectors import consent_state, find_suppression, is_textable
from textwell.core.wire import MoItem
from textwell.inbox.actions import record_replies
from textwell.inbox.models import Reply
from textwell.inbox.selectors import count_by_intent, list_replies

pytestmark = pytest.mark.django_db
AT = 1_772_000_000.0


def mo(gateway_id: int, msisdn: str, text: str, *, key: str = "k1", at: float = AT) -> MoItem:
    return MoItem(gateway_id, key, msisdn, "36111", text, at)


def test_a_reply_is_recorded_once(workspace: Workspace) -> None:
    gateway = make_gateway(workspace=workspace)
    person = make_contact(workspace=workspace, msisdn="+33612345678")
    item = mo(gateway.id, "33612345678", "What time do you open?")
    assert [record_replies([item, item]), record_replies([item])] == [1, 0]
    reply = Reply.objects.get()
    assert (reply.contact_id, reply.intent, reply.handled_at) == (person.id, "question", None)
    assert reply.msisdn == "+33612345678"


def test_an_opt_out_skips_waiting_messages_of_that_person_alone(workspace: Workspace) -> None:
    planned = plan_campaign(workspace, people=3)
    first = planned.people[0]
    record_replies([mo(planned.campaign.gateway_id or 0, first.msisdn, "STOP")])
    assert sorted(states(planned).values()) == ["planned", "planned", "skipped"]
    assert not is_textable(workspace.id, contact_id=first.id, msisdn=first.msisdn)
    assert count_by_intent(planned.campaign.id) == {"opt_out": 1}


def test_an_opt_out_is_proven_by_the_text(workspace: Workspace) -> None:
    gateway = make_gateway(workspace=workspace)
    person = make_contact(workspace=workspace)
    item = mo(gateway.id, person.msisdn, "Arrêt svp", key="abc")
    record_replies([item])
    record_replies([item])
    event = ConsentEvent.objects.get(contact_id=person.id, kind="opt_out")
    assert (event.wording, event.actor, event.source) == ("Arrêt svp", "mo", "reply")
    assert event.evidence["source_key"] == "abc"


def test_an_opt_in_after_an_opt_out_lifts_it(workspace: Workspace) -> None:
    gateway = make_gateway(workspace=workspace)
    person = make_contact(workspace=workspace)
    stop = mo(gateway.id, person.msisdn, "STOP", key="1")
    start = mo(gateway.id, person.msisdn, "START", key="2", at=AT + 60)
    assert record_replies([start, stop]) == 2
    assert is_textable(workspace.id, contact_id=person.id, msisdn=person.msisdn)
    state = consent_state(workspace.id, person.id)
    assert state is not None
    assert state.basis == "express_written"


def test_an_opt_out_of_an_unknown_number_suppresses_it(workspace: Workspace) -> None:
    gateway = make_gateway(workspace=workspace)
    record_replies([mo(gateway.id, "33612345699", "STOP")])
    found = find_suppression(workspace.id, "+33612345699")
    assert found is not None
    assert found.reason == "opted_out"


def test_other_workspaces_keep_their_consent(workspace: Workspace) -> None:
    rival = make_workspace(name="Rival")
    gateway = make_gateway(workspace=workspace)
    theirs = make_contact(workspace=rival, msisdn="+33612345677")
    record_replies([mo(gateway.id, "+33612345677", "STOP")])
    state = consent_state(rival.id, theirs.id)
    assert state is not None
    assert state.is_granted
    assert list_replies(rival.id) == []


def test_texts_that_cannot_be_stored_as_they_came_are_stored_all_the_same(
    workspace: Workspace,
) -> None:
    gateway = make_gateway(workspace=workspace)
    odd = mo(gateway.id, "BANK\x00" * 9, "a\x00b", key="k" * 300, at=9e9)
    lost = mo(gateway.id + 999, "+33612345678", "STOP")
    assert [record_replies([odd, lost]), record_replies([odd])] == [1, 0]
    assert Reply.objects.get().text == "ab"
    assert record_replies([]) == 0


def test_replies_are_listed_latest_first_in_pages(workspace: Workspace) -> None:
    gateway = make_gateway(workspace=workspace)
    person = make_contact(workspace=workspace)
    texts = ["hi there", "merci", "STOP"]
    record_replies(
        [mo(gateway.id, person.msisdn, text, key=str(n)) for n, text in enumerate(texts)]
    )
    page = list_replies(workspace.id, contact_id=person.id, limit=2)
    assert [reply.text for reply in page] == ["STOP", "merci"]
    rest = list_replies(workspace.id, before_id=page[-1].id)
    assert [reply.text for reply in rest] == ["hi there"]
    assert [reply.text for reply in list_replies(workspace.id, intent="opt_out")] == ["STOP"]


def test_a_number_of_no_known_plan_still_finds_its_person(workspace: Workspace) -> None:
    gateway = make_gateway(workspace=workspace)
    person = make_contact(workspace=workspace, msisdn="+99900000001")
    record_replies([mo(gateway.id, "99900000001", "STOP")])
    assert Reply.objects.get().contact_id == person.id
