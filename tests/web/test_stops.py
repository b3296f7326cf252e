"""The red button as people see it: who pressed it and why, while it holds and afterwards."""

import csv
import io

import pytest
from django.test import Client

from crawl import differences
from domain.messaging.ledger import Planned, append_outcome, fold, plan_campaign
from textwell.accounts.models import User, Workspace
from textwell.campaigns.models import Stop


@pytest.fixture
def planned(workspace: Workspace) -> Planned:
    """Three people, one of whom has the text."""
    made = plan_campaign(workspace, people=3)
    made.campaign.first_message_id = made.plan.first_message_id
    made.campaign.last_message_id = made.plan.last_message_id
    made.campaign.save()
    append_outcome(made.message_ids[0], "submitted")
    fold()
    return made


def _stop(client: Client) -> str:
    return client.post("/stop", {"reason": "wrong price"}, follow=True).content.decode()


def test_while_it_holds_every_page_says_who_stopped_and_why(
    owner_client: Client, owner: User, planned: Planned
) -> None:
    _stop(owner_client)

    page = owner_client.get("/contacts/").content.decode()

    assert "All sending is stopped. “wrong price”" in page
    assert f"{owner.name}, " in page
    assert 'href="/stops/"' in page


def test_the_history_says_what_was_held_and_who_had_it(
    owner_client: Client, owner: User, planned: Planned
) -> None:
    page = _stop(owner_client)

    assert "Not yet: nothing is handed off" in page
    for label, count in (("Planned", "3"), ("Held back", "2")):
        assert f'data-label="{label}"><span>{count}</span>' in page
    assert differences(owner_client, "/stops/") == []

    owner_client.post("/stop/lift")
    page = owner_client.get("/stops/").content.decode()
    assert "Not yet" not in page
    assert page.count(owner.name) >= 2
    assert differences(owner_client, "/stops/") == []


def test_the_file_lists_who_had_it_with_masked_numbers(
    owner_client: Client, planned: Planned
) -> None:
    _stop(owner_client)

    answer = owner_client.get(f"/stops/{Stop.objects.get().id}/people.csv")

    rows = list(csv.DictReader(io.StringIO(answer.getvalue().decode("utf-8-sig"))))
    assert [(row["campaign"], row["state"]) for row in rows] == [("Spring bread", "submitted")]
    assert "•" in rows[0]["msisdn"]


def test_without_a_stop_the_page_says_so(owner_client: Client, workspace: Workspace) -> None:
    assert "Nothing was ever stopped" in owner_client.get("/stops/").content.decode()


def test_another_workspaces_file_is_not_found(owner_client: Client, workspace: Workspace) -> None:
    assert owner_client.get("/stops/999999/people.csv").status_code == 404
