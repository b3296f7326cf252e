"""What a draft may hold: known names, things of its own workspace, a time to come."""

from datetime import timedelta
from typing import Any

import pytest

from builders import make_campaign, make_gateway, make_workspace
from textwell.accounts.models import Workspace
from textwell.campaigns.actions import create_campaign, launch_campaign, update_campaign
from textwell.campaigns.models import Campaign
from textwell.contacts.actions import create_list
from textwell.core.clock import now
from textwell.core.errors import FieldError

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"utm": {"source": "sms"}}, "utm.source"),
        ({"audience": {"all": True, "limit": 5}}, "audience.limit"),
        ({"audience": {"list": 3}}, "audience.list"),
        ({"audience": {"list_id": 2**62}}, "audience.list_id"),
        ({"gateway_id": 2**62}, "gateway_id"),
        ({"scheduled_at": now() - timedelta(hours=1)}, "scheduled_at"),
    ],
)
def test_what_cannot_be_used_is_refused_when_it_is_saved(
    workspace: Workspace, values: dict[str, Any], field: str
) -> None:
    campaign = make_campaign(workspace=workspace)

    with pytest.raises(FieldError) as refused:
        update_campaign(campaign=campaign, actor="user:1", **values)
    with pytest.raises(FieldError):
        create_campaign(workspace_id=workspace.id, actor="user:1", name="Spring", **values)

    assert (refused.value.field, refused.value.mend != "") == (field, True)
    assert Campaign.objects.values().get() == Campaign.objects.values().get(id=campaign.id)


def test_things_of_another_workspace_are_not_there(workspace: Workspace) -> None:
    other = make_workspace(name="Other")
    foreign = create_list(workspace_id=other.id, name="Theirs")
    campaign = make_campaign(workspace=workspace)

    for values in (
        {"gateway_id": make_gateway(workspace=other).id},
        {"audience": {"list_id": foreign.id}},
    ):
        with pytest.raises(FieldError):
            update_campaign(campaign=campaign, actor="user:1", **values)


def test_a_launch_at_a_time_that_is_over_is_refused(workspace: Workspace) -> None:
    campaign = make_campaign(workspace=workspace)

    with pytest.raises(FieldError) as refused:
        launch_campaign(campaign=campaign, actor="user:1", at=now() - timedelta(days=1))

    assert refused.value.field == "scheduled_at"
    assert Campaign.objects.get().state == "draft"
