"""The public promise: its settings, its page, its file."""

import json

import pytest
from django.test import Client

from textwell.accounts.models import Workspace
from textwell.messaging.models import Promise
from textwell.messaging.promises import publish_promise

pytestmark = pytest.mark.django_db


def test_an_owner_publishes_and_everybody_reads(owner_client: Client, client: Client) -> None:
    answer = owner_client.post("/settings/promise/", {"most": "4"})

    made = Promise.objects.get()
    assert (answer.status_code, made.most) == (302, 4)
    assert f"/promise/{made.code}" in owner_client.get("/settings/promise/").content.decode()
    page = client.get(f"/promise/{made.code}", {"lang": "fr"})
    text = page.content.decode()
    assert "Au plus 4 SMS à une personne" in text
    assert not page.cookies
    assert "script" not in text
    signed = client.get(f"/promise/{made.code}/1.json")
    assert json.loads(signed.content)["promise"]["most"] == 4


@pytest.mark.parametrize("address", ["/promise/nobody", "/promise/nobody/1.json"])
def test_there_is_no_other_page(client: Client, address: str) -> None:
    assert client.get(address).status_code == 404


def test_another_version_is_not_there(client: Client, workspace: Workspace) -> None:
    made = publish_promise(workspace=workspace, most=1, actor="user:1")

    assert client.get(f"/promise/{made.code}/2.json").status_code == 404
    assert client.post(f"/promise/{made.code}").status_code == 405


def test_what_cannot_be_promised_is_said_in_the_form(owner_client: Client) -> None:
    assert owner_client.post("/settings/promise/", {"most": "0"}).status_code == 422
    assert not Promise.objects.exists()
