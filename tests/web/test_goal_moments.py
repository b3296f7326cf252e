"""The moment of a goal: what a text says of it is what is sent beside it."""

from datetime import UTC, datetime

import pytest
from django.test import Client

from builders import make_campaign
from page_forms import untouched
from textwell.accounts.models import Workspace
from textwell.campaigns.models import Campaign

pytestmark = pytest.mark.django_db
MARCH = datetime(2027, 3, 1, 18, tzinfo=UTC)


@pytest.mark.parametrize(
    ("label", "goal_at", "said"),
    [
        ("another date", "2027-05-05T18:00", "5 mai"),
        ("no date", "", "…"),
        ("the stored one", "2027-03-01T18:00", "1 mars"),
    ],
)
def test_a_version_that_is_added_names_the_date_that_is_sent_with_it(
    owner_client: Client, workspace: Workspace, label: str, goal_at: str, said: str
) -> None:
    campaign = make_campaign(workspace=workspace, goal="event", goal_at=MARCH, name="tasting")
    path = f"/campaigns/{campaign.id}/compose"
    form = untouched(owner_client.get(path).content.decode(), "compose")

    owner_client.post(path, form | {"goal_at": goal_at, "then": "add", "add_language": "fr"})

    (version,) = Campaign.objects.get().versions
    assert said in version["body"]
