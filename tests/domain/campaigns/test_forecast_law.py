"""What a review says of law: who gets it later, who never, and when one person would."""

from datetime import UTC, datetime, timedelta

import pytest

from builders import make_campaign, make_contact, make_crowd, make_gateway, make_registration
from domain.messaging.test_plan_law import had_texts, hours_ago
from textwell.accounts.models import Workspace
from textwell.campaigns.checks import check_campaign, list_warnings
from textwell.campaigns.forecast import build_forecast, build_preview
from textwell.campaigns.models import Campaign
from textwell.campaigns.planning import build_plan
from textwell.messaging.plan import reserve_block

pytestmark = pytest.mark.django_db

SUNDAY = datetime(2030, 6, 2, 10, tzinfo=UTC)  # noon in Paris
MONDAY_AT_EIGHT = datetime(2030, 6, 3, 6, tzinfo=UTC)


def begun(campaign: Campaign) -> Campaign:
    campaign.first_message_id, campaign.last_message_id = reserve_block(10)
    return campaign


@pytest.fixture
def campaign(workspace: Workspace) -> Campaign:
    """Planned for a Sunday over a gateway that reaches phones."""
    gateway = make_gateway(workspace=workspace, provider="smpp")
    return make_campaign(workspace=workspace, gateway=gateway, scheduled_at=SUNDAY)


def test_who_gets_it_later_is_counted_by_the_moment(
    workspace: Workspace, campaign: Campaign
) -> None:
    for number in range(3):
        make_contact(workspace=workspace, country="FR", msisdn=f"+3361234567{number}")
    make_crowd(workspace=workspace, country="VN", count=30)
    make_contact(workspace=workspace, country="LU", msisdn="+352621123456")
    make_registration(workspace=workspace)

    found = build_forecast(campaign)

    assert found.held == {"2030-06-03T06:00:00+00:00": 3}
    assert (found.sendable_count, found.left_out) == (33, {"no_pack": 1})


def test_who_may_not_be_shown_the_sender_is_left_out(
    workspace: Workspace, campaign: Campaign
) -> None:
    make_contact(workspace=workspace, country="FR", msisdn="+33612345678")
    vietnamese = make_contact(workspace=workspace, country="VN", msisdn="+84901234567")

    found = build_forecast(campaign)

    assert (found.sendable_count, found.left_out) == (1, {"sender_unregistered": 1})
    assert build_preview(campaign, vietnamese).reason == "sender_unregistered"
    (warning,) = [w for w in list_warnings(campaign) if w.field == "sender"]
    assert "“BAKERY” is not registered in VN for marketing." in warning.problem
    assert "Government brandname system" in warning.problem
    assert check_campaign(campaign) == []
    assert build_plan(begun(campaign)).sender_reasons["VN"] == "sender_unregistered"


def test_a_campaign_whose_sender_may_be_shown_to_nobody_is_not_launched(
    workspace: Workspace, campaign: Campaign
) -> None:
    make_crowd(workspace=workspace, country="VN", count=30)

    assert [problem.field for problem in check_campaign(campaign)] == ["sender"]
    make_registration(workspace=workspace)
    assert check_campaign(campaign) == []


def test_a_gateway_that_reaches_no_phone_needs_no_registration(workspace: Workspace) -> None:
    campaign = make_campaign(workspace=workspace, gateway=make_gateway(workspace=workspace))
    make_contact(workspace=workspace, country="VN", msisdn="+84901234567")

    assert check_campaign(campaign) == []
    assert build_forecast(campaign).left_out == {}


def test_one_person_is_told_the_first_lawful_hour(workspace: Workspace, campaign: Campaign) -> None:
    person = make_contact(workspace=workspace, country="FR", msisdn="+33612345670")

    preview = build_preview(campaign, person)

    assert (preview.verdict, preview.reason) == ("hold", "quiet_hours")
    assert preview.allowed_at == MONDAY_AT_EIGHT


def test_a_simulated_gateway_keeps_no_hours(workspace: Workspace, campaign: Campaign) -> None:
    person = make_contact(workspace=workspace, country="FR", msisdn="+33612345670")
    campaign.gateway_id = make_gateway(workspace=workspace).id
    campaign.save()

    assert build_preview(campaign, person).verdict == "allow"
    assert build_forecast(campaign).held == {}


def test_the_recommended_hours_hold_unless_a_workspace_wants_those_of_law_alone(
    workspace: Workspace, campaign: Campaign
) -> None:
    person = make_contact(workspace=workspace, country="FR", msisdn="+33612345670")
    campaign.scheduled_at = datetime(2030, 6, 3, 19, tzinfo=UTC)  # Monday, 21:00 in Paris
    assert build_preview(campaign, person).verdict == "hold"

    Workspace.objects.filter(id=workspace.id).update(law_layer="legal")

    assert build_preview(campaign, person).verdict == "allow"


def test_who_had_as_many_texts_as_law_allows_is_counted_among_those_who_get_it_later(
    workspace: Workspace, campaign: Campaign
) -> None:
    make_registration(workspace=workspace)
    full = make_contact(workspace=workspace, country="VN", msisdn="+84901234567")
    make_crowd(workspace=workspace, country="VN", count=29)
    had_texts(full, *hours_ago(23, 3, 2))

    found = build_forecast(campaign)
    preview = build_preview(campaign, full)

    free_at = SUNDAY + timedelta(hours=1)
    assert (found.sendable_count, found.held) == (30, {free_at.isoformat(): 1})
    assert (preview.verdict, preview.reason) == ("hold", "legal_cap")
    assert preview.allowed_at == free_at
