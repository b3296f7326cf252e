"""The answer on a person's page: why did or didn't they get this campaign?"""

import re

import pytest
from django.test import Client

from builders import make_campaign, make_contact, make_workspace
from domain.reports.sent import make_sent
from proofs import note_many, store
from textwell.accounts.models import Workspace
from textwell.core.clock import now
from textwell.messaging.models import Message, Outcome

pytestmark = pytest.mark.django_db
HTMX = {"HTTP_HX_REQUEST": "true", "HTTP_HX_TARGET": "why"}


def test_a_person_left_out_is_told_why_and_what_may_be_done(
    owner_client: Client, workspace: Workspace
) -> None:
    sent = make_sent(workspace)
    (message_id, *_) = sent.where(state="skipped", reason="no_consent")
    address = f"/contacts/{Message.objects.get(id=message_id).contact_id}"
    query = {"campaign": sent.campaign.id}

    page = owner_client.get(address, query).content.decode()
    part = owner_client.get(address, query, **HTMX).content.decode()

    for told in (page, part):
        assert "Did not get it" in told
        assert "Nobody had recorded that the person agreed to texts of this kind." in told
        assert "If they did agree, record where, when and to which words." in told
        assert f'href="/messages/{message_id}"' in told
    assert "<h1>" not in part


def test_every_rule_is_shown_with_what_it_saw(owner_client: Client, workspace: Workspace) -> None:
    sent = make_sent(workspace, people=1)
    (message,) = sent.messages
    store(note_many(1, workspace_id=workspace.id, first_id=message.id))
    address, query = f"/contacts/{message.contact_id}", {"campaign": sent.campaign.id}

    part = owner_client.get(address, query, **HTMX).content.decode()

    assert "Europe/Paris" in part
    assert "FR@2026-11-01" in part
    assert '<dt>Consent</dt><dd>passed <span class="tag mono">needs_consent: True</span>' in part
    assert '<span class="tag mono">workspace_cap_count: 4</span>' in part


def test_a_draft_is_judged_before_it_is_launched(
    owner_client: Client, workspace: Workspace
) -> None:
    draft, person = make_campaign(workspace=workspace), make_contact(workspace=workspace)

    page = owner_client.get(f"/contacts/{person.id}", {"campaign": draft.id}).content.decode()

    assert "The campaign is not launched." in page
    assert "What the gate would say now" in page


def test_nothing_is_asked_where_no_campaign_was_launched(
    owner_client: Client, workspace: Workspace
) -> None:
    make_campaign(workspace=workspace)
    person = make_contact(workspace=workspace)

    assert 'id="why"' not in owner_client.get(f"/contacts/{person.id}").content.decode()


def test_a_campaign_of_another_workspace_is_not_there(
    owner_client: Client, workspace: Workspace
) -> None:
    foreign = make_campaign(workspace=make_workspace(name="Other"))
    person = make_contact(workspace=workspace)

    answer = owner_client.get(f"/contacts/{person.id}", {"campaign": foreign.id})

    assert answer.status_code == 404


def test_who_may_see_no_reports_is_told_nothing(agent_client: Client, workspace: Workspace) -> None:
    sent = make_sent(workspace, people=1)
    address, query = f"/contacts/{sent.messages[0].contact_id}", {"campaign": sent.campaign.id}

    assert 'id="why"' not in agent_client.get(address, query).content.decode()
    assert agent_client.get(address, query, **HTMX).status_code == 403


def test_the_page_of_a_message_tells_the_rule_that_failed_from_those_that_passed(
    owner_client: Client, workspace: Workspace
) -> None:
    (message_id, *_) = make_sent(workspace).where(state="skipped", reason="opted_out")
    rules = [
        {"rule": "contact", "passed": True, "inputs": {"is_known": True}},
        {"rule": "consent", "passed": False, "inputs": {"is_granted": False}},
    ]
    Outcome.objects.create(
        message_id=message_id, at=now(), outcome="skipped", reason="opted_out",
        facts={"rules": rules}, segment_count=0, cost_micros=0,
    )  # fmt: skip

    page = owner_client.get(f"/messages/{message_id}").content.decode()

    shown = re.findall(r"<dt>(contact|consent)</dt><dd>(?:<strong>)?(passed|not passed)", page)
    assert shown == [("contact", "passed"), ("consent", "not passed")]
