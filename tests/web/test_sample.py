"""The button of the first steps that brings sample people, and the one that takes them away."""

import pytest
from django.test import Client

from builders import make_campaign, make_contact, make_gateway
from textwell.accounts.models import Workspace
from textwell.consent.sample import COUNT, add_sample, count_sample
from textwell.contacts.models import Contact
from textwell.messaging.models import Message

pytestmark = pytest.mark.django_db


def test_a_press_among_the_first_steps_brings_them_and_ticks_two_steps(
    owner_client: Client, workspace: Workspace
) -> None:
    make_gateway(workspace=workspace)
    assert 'action="/contacts/sample"' in owner_client.get("/").content.decode()

    answer = owner_client.post("/contacts/sample", {"back": "home"}, follow=True)

    page = answer.content.decode()
    assert answer.redirect_chain == [("/", 302)]
    assert f"{COUNT} sample people are there." in page
    assert 'action="/contacts/sample"' not in page
    assert "Write a text" in page[page.index('aria-current="step"') :][:400]


def test_they_are_told_from_ones_own_and_go_at_a_press(
    owner_client: Client, workspace: Workspace
) -> None:
    make_contact(workspace=workspace)
    told = f"{COUNT} sample people are among your people."
    answer = owner_client.post("/contacts/sample", follow=True)
    assert answer.redirect_chain == [("/contacts/?tag=sample", 302)]
    assert told in answer.content.decode()
    assert told in owner_client.get("/contacts/imports/new").content.decode()

    owner_client.post("/contacts/sample/remove")

    assert count_sample(workspace.id) == 0
    assert told not in owner_client.get("/contacts/").content.decode()
    assert 'id="sample"' in owner_client.get("/contacts/imports/new").content.decode()


@pytest.mark.parametrize(("provider", "is_offered"), [("simulator", True), ("smpp", False)])
def test_a_text_is_tried_on_one_of_them_where_no_telephone_is_reached(
    owner_client: Client, workspace: Workspace, provider: str, *, is_offered: bool
) -> None:
    gateway = make_gateway(workspace=workspace, provider=provider)
    campaign = make_campaign(workspace=workspace, gateway=gateway)
    add_sample(workspace_id=workspace.id, actor="user:1")

    page = owner_client.get(f"/campaigns/{campaign.id}/review").content.decode()
    owner_client.post(f"/campaigns/{campaign.id}/test", {"sample": "1", "msisdn": ""})

    assert ('name="sample"' in page) is is_offered
    tried = Contact.objects.filter(id__in=Message.objects.values("contact_id"))
    assert [person.is_sample for person in tried] == [True] * is_offered
