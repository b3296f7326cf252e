"""Rows of a campaign's filter on its page: yes/no is chosen, and what is wrong stands beside them."""

import pytest
from django.test import Client

from builders import make_campaign
from page_forms import untouched
from textwell.accounts.models import Workspace
from textwell.campaigns.models import Campaign
from textwell.contacts.models import FieldDefinition

pytestmark = pytest.mark.django_db
MEMBER = {"field": "is_member", "op": "is"}


@pytest.fixture(autouse=True)
def fields(workspace: Workspace) -> None:
    for name, kind in (("is_member", "boolean"), ("points", "number")):
        FieldDefinition.objects.create(workspace_id=workspace.id, name=name, label=name, kind=kind)


@pytest.mark.parametrize(
    ("value", "shown"), [(True, "true"), ("oui", "true"), (False, "false"), ("", "")]
)
def test_yes_or_no_is_chosen_and_stays_as_it_was(
    owner_client: Client, workspace: Workspace, value: object, shown: str
) -> None:
    filters = {"filters": [{**MEMBER, "value": value}]}
    path = f"/campaigns/{make_campaign(workspace=workspace, audience=filters).id}/compose"
    page = owner_client.get(path).content.decode()

    owner_client.post(path, untouched(page, "compose"))

    assert untouched(page, "compose")["truth_1"] == shown
    assert '<option value="is_member" selected data-kind="boolean">' in page
    assert Campaign.objects.get().audience == filters


def test_the_choice_is_stored_as_yes_or_no(owner_client: Client, workspace: Workspace) -> None:
    path = f"/campaigns/{make_campaign(workspace=workspace).id}/compose"
    sent = untouched(owner_client.get(path).content.decode(), "compose")
    row = {"field_1": "is_member", "op_1": "is", "truth_1": "false", "value_1": "left over"}

    owner_client.post(path, {**sent, **row, "audience_kind": "filter"})

    stored = Campaign.objects.get().audience
    assert stored["filters"] == [{**MEMBER, "value": False}]


def test_a_word_that_is_neither_yes_nor_no_is_kept_as_a_sentence(
    owner_client: Client, workspace: Workspace
) -> None:
    filters = {"filters": [{**MEMBER, "value": "maybe"}]}
    campaign = make_campaign(workspace=workspace, audience=filters)

    page = owner_client.get(f"/campaigns/{campaign.id}/compose").content.decode()

    assert "<span>is_member is maybe</span>" in page


@pytest.mark.parametrize("value", ["nan", "inf", "1e999", "", "9" * 200])
def test_what_is_wrong_stands_beside_the_filters(
    owner_client: Client, workspace: Workspace, value: str
) -> None:
    campaign = make_campaign(workspace=workspace, body="Bread")
    page = owner_client.get(f"/campaigns/{campaign.id}/compose").content.decode()
    row = {"field_1": "points", "op_1": "gt", "value_1": value, "audience_kind": "filter"}
    sent = {**untouched(page, "compose"), **row}

    answers = [
        owner_client.post(f"/campaigns/{part}", sent) for part in ("forecast", "count", "preview")
    ]

    assert [answer.status_code for answer in answers] == [200, 200, 200]
    found = answers[0].content.decode().partition('id="problems-audience"')[2]
    is_number = value.isdigit()
    assert ("Filter 1, points: " in found.partition("</ul>")[0]) != is_number
