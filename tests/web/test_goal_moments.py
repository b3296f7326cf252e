"""The moment of a goal: what a text says of it is what is sent beside it."""

from datetime import UTC, datetime
from importlib import import_module

import pytest
from django.db import connection
from django.test import Client

from builders import make_campaign
from page_forms import untouched
from textwell.accounts.models import User, Workspace
from textwell.campaigns.actions import update_campaign
from textwell.campaigns.models import Campaign
from textwell.core.errors import FieldError

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


BRING_IN = import_module("textwell.campaigns.migrations.0007_years").BRING_IN
FIRST, LAST = datetime(1900, 1, 1, tzinfo=UTC), datetime(2100, 12, 31, tzinfo=UTC)


@pytest.mark.parametrize("zone", ["Asia/Ho_Chi_Minh", "America/New_York"])
@pytest.mark.parametrize(
    ("stored", "then"),
    [
        (datetime(9999, 12, 31, 23, 59, tzinfo=UTC), LAST),
        (datetime(1, 1, 1, tzinfo=UTC), FIRST),
        (MARCH, MARCH),
    ],
)
def test_a_moment_at_the_end_of_time_that_is_stored_breaks_no_page(
    owner_client: Client, workspace: Workspace, zone: str, stored: datetime, then: datetime
) -> None:
    """“Never” was written so before there was a bound; what nobody has given stays so."""
    User.objects.update(zone=zone)
    Workspace.objects.update(zone=zone)
    kept = {"goal": "event", "goal_at": stored, "expires_at": stored}
    draft = make_campaign(workspace=workspace, **kept)
    waiting = make_campaign(
        workspace=workspace, state="scheduled", scheduled_at=stored, expires_at=stored
    )
    with connection.cursor() as cursor:
        cursor.execute(BRING_IN)

    for campaign, pages in ((draft, ("compose", "review")), (waiting, ("live", "report"))):
        campaign.refresh_from_db()
        assert campaign.expires_at == then
        for page in pages:
            assert owner_client.get(f"/campaigns/{campaign.id}/{page}").status_code == 200
    assert (draft.goal_at, draft.scheduled_at, waiting.goal_at) == (then, None, None)
    assert owner_client.get("/campaigns/").status_code == 200


@pytest.mark.parametrize("field", ["goal_at", "scheduled_at", "expires_at"])
@pytest.mark.parametrize(
    "at", [datetime(2101, 1, 1, tzinfo=UTC), datetime(1899, 12, 31, tzinfo=UTC)]
)
def test_no_draft_is_stored_with_a_year_that_nobody_means(
    workspace: Workspace, field: str, at: datetime
) -> None:
    campaign = make_campaign(workspace=workspace)

    with pytest.raises(FieldError) as refused:
        update_campaign(campaign=campaign, actor="user:1", **{field: at})

    assert (refused.value.field, refused.value.problem) == (field, "is too far away")
