"""Launching without consent and changing the time, as people of several roles do it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from builders import make_campaign, make_contact, make_member
from textwell.accounts.models import AuditEntry, User, Workspace
from textwell.campaigns.models import Campaign
from textwell.contacts.zones import load_zones
from textwell.core.clock import now
from textwell.segments import figures

pytestmark = pytest.mark.django_db


def make_care(workspace: Workspace) -> Campaign:
    make_contact(workspace=workspace, has_consent=False)
    return make_campaign(workspace=workspace, purpose="care", lane="care")


def test_the_review_says_how_many_never_agreed_and_an_owner_gives_the_reason(
    owner_client: Client, workspace: Workspace
) -> None:
    campaign = make_care(workspace)

    page = owner_client.get(f"/campaigns/{campaign.id}/review").content.decode()
    owner_client.post(f"/campaigns/{campaign.id}/launch")
    campaign.refresh_from_db()
    before = campaign.state
    owner_client.post(f"/campaigns/{campaign.id}/launch", {"reason": "Recall of a product"})

    campaign.refresh_from_db()
    assert "1 of these people never agreed to marketing." in page
    assert 'id="launch-reason"' in page
    assert (before, campaign.state) == ("draft", "planning")
    assert AuditEntry.objects.get(action="campaigns.launched").reason == "Recall of a product"


def test_a_marketer_may_not_launch_to_people_without_consent(
    workspace: Workspace, client_of: Callable[[User], Client]
) -> None:
    campaign = make_care(workspace)
    client = client_of(make_member(workspace=workspace, role="marketer"))

    client.post(f"/campaigns/{campaign.id}/launch", {"reason": "Because"})

    campaign.refresh_from_db()
    assert campaign.state == "draft"


def test_the_review_of_a_large_workspace_says_that_it_takes_its_time(
    owner_client: Client, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_contact(workspace=workspace)
    campaign = make_campaign(workspace=workspace)
    monkeypatch.setattr(figures, "MOST_LIVE", 0)

    waiting = owner_client.get(f"/campaigns/{campaign.id}/review").content.decode()
    whole = owner_client.get(f"/campaigns/{campaign.id}/review?whole=1").content.decode()

    assert 'hx-get="?whole=1"' in waiting
    assert 'id="launch"' not in waiting
    assert 'id="launch"' in whole
    assert "Would get it" in whole


def test_a_marketing_review_asks_for_no_reason(owner_client: Client, workspace: Workspace) -> None:
    make_contact(workspace=workspace)
    campaign = make_campaign(workspace=workspace)

    page = owner_client.get(f"/campaigns/{campaign.id}/review").content.decode()

    assert "never agreed" not in page
    assert 'id="launch-reason"' not in page


def test_a_scheduled_campaign_gets_another_time_and_becomes_a_draft_again(
    owner_client: Client, workspace: Workspace
) -> None:
    make_contact(workspace=workspace)
    begins = datetime(2099, 5, 17, 9, 30, tzinfo=UTC)
    campaign = make_campaign(workspace=workspace, state="scheduled", scheduled_at=begins)

    page = owner_client.get(f"/campaigns/{campaign.id}/live").content.decode()
    owner_client.post(f"/campaigns/{campaign.id}/reschedule", {"at": "2099-06-01T10:00"})
    campaign.refresh_from_db()
    time = campaign.scheduled_at
    owner_client.post(f"/campaigns/{campaign.id}/unschedule")

    campaign.refresh_from_db()
    assert 'value="2099-05-17T09:30"' in page
    assert time == datetime(2099, 6, 1, 10, tzinfo=UTC)
    assert campaign.state == "draft"


def test_a_new_time_that_is_no_time_changes_nothing(
    owner_client: Client, workspace: Workspace
) -> None:
    begins = now() + timedelta(days=1)
    campaign = make_campaign(workspace=workspace, state="scheduled", scheduled_at=begins)

    owner_client.post(f"/campaigns/{campaign.id}/reschedule", {"at": "tomorrow"})

    campaign.refresh_from_db()
    assert campaign.scheduled_at == begins


def test_the_review_says_for_how_many_it_may_be_night(
    owner_client: Client, workspace: Workspace
) -> None:
    load_zones()
    make_contact(workspace=workspace, msisdn="+84901234567")
    make_contact(workspace=workspace, msisdn="+33612345678")
    at = {
        "night": datetime(2099, 1, 15, 15, tzinfo=UTC),
        "day": datetime(2099, 1, 15, 9, tzinfo=UTC),
    }

    pages = {
        name: owner_client.get(
            f"/campaigns/{make_campaign(workspace=workspace, scheduled_at=moment).id}/review"
        ).content.decode()
        for name, moment in at.items()
    }

    assert "It may be night for 1 of these people when it begins." in pages["night"]
    assert "It may be night" not in pages["day"]
