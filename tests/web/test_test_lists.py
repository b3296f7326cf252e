"""Test lists on pages: marked on their own, offered where a campaign is tried."""

import pytest
from django.test import Client

from builders import make_campaign, make_contact, make_gateway
from textwell.accounts.models import Workspace
from textwell.contacts.actions import create_list
from textwell.contacts.models import ContactList, ListMember
from textwell.core.clock import now
from textwell.messaging.models import Message

pytestmark = pytest.mark.django_db


@pytest.fixture
def colleagues(workspace: Workspace) -> ContactList:
    made = create_list(workspace_id=workspace.id, name="Colleagues")
    for has_consent in (True, False):
        person = make_contact(workspace=workspace, has_consent=has_consent)
        ListMember.objects.create(list_id=made.id, contact_id=person.id, added_at=now())
    return made


def test_a_list_is_marked_and_unmarked_on_its_page(
    owner_client: Client, colleagues: ContactList
) -> None:
    path = f"/contacts/lists/{colleagues.id}/"

    marked = owner_client.post(f"{path}tests", {"is_for_tests": "1"}, follow=True)
    listed = owner_client.get("/contacts/lists/")
    back = owner_client.post(f"{path}tests", {"is_for_tests": ""}, follow=True)

    badge = '<span class="badge info">Test list</span>'
    assert [badge in page.content.decode() for page in (marked, listed, back)] == [
        True, True, False,
    ]  # fmt: skip


def test_a_campaign_is_tried_with_a_test_list(
    owner_client: Client, workspace: Workspace, colleagues: ContactList
) -> None:
    campaign = make_campaign(workspace=workspace, gateway=make_gateway(workspace=workspace))
    review = f"/campaigns/{campaign.id}/review"
    before = owner_client.get(review).content.decode()
    ContactList.objects.update(is_for_tests=True)
    offered = owner_client.get(review).content.decode()

    sent = owner_client.post(
        f"/campaigns/{campaign.id}/test", {"list_id": colleagues.id}, follow=True
    ).content.decode()

    option = f'<option value="{colleagues.id}">Colleagues</option>'
    assert (option in before, option in offered) == (False, True)
    assert "The test is on its way to 1 person." in sent
    assert "1 person of the list was left out: No consent recorded" in sent
    message = Message.objects.get()
    shown = owner_client.get(f"/messages/{message.id}").content.decode()
    assert f'<a href="/campaigns/{campaign.id}/review">{campaign.name}</a>' in shown
    assert '<span class="badge">Test</span>' in shown


def test_what_cannot_be_tried_is_told_on_the_review(
    owner_client: Client, workspace: Workspace, colleagues: ContactList
) -> None:
    campaign = make_campaign(workspace=workspace, gateway=make_gateway(workspace=workspace))

    answer = owner_client.post(
        f"/campaigns/{campaign.id}/test", {"list_id": colleagues.id}, follow=True
    )

    assert "“Colleagues” is no test list." in answer.content.decode()
    assert not Message.objects.exists()
