"""The button of the first steps that brings sample people, and the one that takes them away."""

import pytest
from django.test import Client

from builders import make_contact, make_gateway
from textwell.accounts.models import Workspace
from textwell.consent.sample import COUNT, count_sample

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
