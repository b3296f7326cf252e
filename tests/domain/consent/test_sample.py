"""Sample people: numbers that nobody has, consent that says what it is, and no way to a telephone."""

import re

import pytest

from builders import make_campaign, make_contact, make_gateway, make_workspace
from textwell.accounts.models import AuditEntry, Workspace
from textwell.campaigns.forecast import build_forecast
from textwell.campaigns.planning import build_plan
from textwell.campaigns.trial import send_test
from textwell.consent.models import ConsentEvent, ConsentState
from textwell.consent.sample import COUNT, add_sample, count_sample, remove_sample
from textwell.contacts.actions import create_list
from textwell.contacts.choosing import Chosen
from textwell.contacts.groups.actions import put_on_list
from textwell.contacts.models import Contact, ListMember
from textwell.core.errors import FieldError
from textwell.text import parse_number

pytestmark = pytest.mark.django_db
# 555-0100 to 555-0199 of the North American plan; 070-174 06 05 to 06 99 of the Swedish one.
RESERVED = re.compile(r"\+1[2-9]\d\d55501\d\d|\+467017406(0[5-9]|[1-9]\d)")


def test_everybody_has_another_valid_number_of_a_range_that_nobody_gets(
    workspace: Workspace,
) -> None:
    assert add_sample(workspace_id=workspace.id, actor="user:1") == COUNT

    people = Contact.objects.filter(workspace_id=workspace.id)
    assert {p.msisdn for p in people if not RESERVED.fullmatch(p.msisdn)} == set()
    assert {(p.msisdn, p.country) for p in people} == {
        (p.msisdn, parse_number(p.msisdn).region) for p in people
    }
    assert people.filter(is_sample=True, tags=["sample"]).count() == COUNT
    assert len({(p.first_name, p.last_name) for p in people}) == COUNT


def test_consent_says_that_it_is_a_sample_and_some_were_never_asked(workspace: Workspace) -> None:
    add_sample(workspace_id=workspace.id, actor="user:1")

    events = ConsentEvent.objects.filter(workspace_id=workspace.id)
    assert {(e.source, e.evidence["sample"], e.actor) for e in events} == {
        ("sample", True, "user:1")
    }
    assert ConsentState.objects.filter(workspace_id=workspace.id).count() == COUNT - 2


def test_twice_is_once_and_both_ways_are_audited_once(workspace: Workspace) -> None:
    other = make_workspace(name="Other")
    add_sample(workspace_id=other.id, actor="user:2")

    added = [add_sample(workspace_id=workspace.id, actor="user:1") for _ in range(2)]
    removed = [remove_sample(workspace_id=workspace.id, actor="user:1") for _ in range(2)]

    assert (added, removed) == ([COUNT, 0], [COUNT, 0])
    entries = AuditEntry.objects.filter(workspace_id=workspace.id)
    assert [(e.action, e.data) for e in entries.order_by("id")] == [
        ("contacts.sample_added", {"after": {"people": COUNT}}),
        ("contacts.sample_removed", {"before": {"people": COUNT}}),
    ]
    assert (count_sample(workspace.id), count_sample(other.id)) == (0, COUNT)


def test_whoever_has_such_a_number_already_stays_as_they_are(workspace: Workspace) -> None:
    own = make_contact(workspace=workspace, msisdn="+12125550110", first_name="Own")

    added = add_sample(workspace_id=workspace.id, actor="user:1")
    remove_sample(workspace_id=workspace.id, actor="user:1")

    assert added == COUNT - 1
    assert Contact.objects.get(workspace_id=workspace.id).id == own.id
    assert ConsentState.objects.get(workspace_id=workspace.id).contact_id == own.id


def test_they_go_from_lists_too(workspace: Workspace) -> None:
    add_sample(workspace_id=workspace.id, actor="user:1")
    made = create_list(workspace_id=workspace.id, name="All", actor="user:1")
    everybody = Chosen(ids=[*Contact.objects.values_list("id", flat=True)])
    put_on_list(workspace_id=workspace.id, list_id=made.id, whom=everybody, actor="user:1")

    remove_sample(workspace_id=workspace.id, actor="user:1")

    assert ListMember.objects.filter(list_id=made.id).count() == 0


def test_no_gateway_that_reaches_telephones_gets_them(workspace: Workspace) -> None:
    gateway = make_gateway(workspace=workspace, provider="smpp")
    campaign = make_campaign(workspace=workspace, gateway=gateway)
    add_sample(workspace_id=workspace.id, actor="user:1")
    make_contact(workspace=workspace)
    campaign.first_message_id = campaign.last_message_id = 1

    forecast = build_forecast(campaign)

    assert (forecast.sendable_count, forecast.left_out) == (1, {"sample_person": COUNT})
    assert build_plan(campaign).is_simulated is False
    person = Contact.objects.filter(is_sample=True).first()
    assert person is not None
    with pytest.raises(FieldError, match="may not be texted: Made up"):
        send_test(campaign=campaign, contact=person, actor="user:1")


def test_a_simulated_gateway_gets_all_who_agreed(workspace: Workspace) -> None:
    campaign = make_campaign(workspace=workspace)
    campaign.first_message_id = campaign.last_message_id = 1
    add_sample(workspace_id=workspace.id, actor="user:1")

    forecast = build_forecast(campaign)

    assert (forecast.sendable_count, forecast.left_out) == (COUNT - 2, {"no_consent": 2})
    assert build_plan(campaign).is_simulated is True
