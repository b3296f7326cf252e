"""Before the send: exact numbers of people, segments and cost, and one person's verdict."""

from datetime import UTC, datetime, timedelta

import pytest

from builders import make_campaign, make_contact, make_gateway, make_workspace
from textwell.accounts.models import Workspace
from textwell.campaigns import forecast
from textwell.campaigns.forecast import build_forecast, build_preview
from textwell.consent.models import Suppression
from textwell.contacts.models import Contact
from textwell.contacts.zones import load_zones
from textwell.core.clock import now
from textwell.gateways.models import Gateway
from textwell.messaging.models import Message
from textwell.messaging.plan import reserve_block

pytestmark = pytest.mark.django_db


def make_dear_gateway(workspace: Workspace) -> Gateway:
    """40,000 millionths a segment, 90,000 to Germany, ten segments a second."""
    return make_gateway(
        workspace=workspace,
        price_micros=40_000,
        prices={"DE": 90_000},
        currency="EUR",
        segments_per_second=10,
    )


def give_text(contact: Contact, *, hours_ago: float) -> None:
    first, _last = reserve_block(1)
    at = now() - timedelta(hours=hours_ago)
    Message.objects.create(
        id=first, workspace_id=contact.workspace_id, contact_id=contact.id, msisdn=contact.msisdn,
        country=contact.country, state="delivered", planned_at=at, due_at=at, handed_at=at,
    )  # fmt: skip


@pytest.mark.parametrize("purpose", ["transactional", "care"])
def test_a_text_that_needs_no_consent_is_forecast_for_people_who_never_agreed(
    workspace: Workspace, purpose: str
) -> None:
    for country in ("FR", "FR", "DE"):
        make_contact(workspace=workspace, country=country, has_consent=False)
    campaign = make_campaign(
        workspace=workspace, gateway=make_dear_gateway(workspace), purpose=purpose, lane="care"
    )

    found = build_forecast(campaign)

    assert (found.people_count, found.sendable_count, found.left_out) == (3, 3, {})
    assert (found.segment_count, found.cost_micros, found.currency) == (3, 170_000, "EUR")
    assert (found.segment_shares, found.duration_s) == ({1: 1.0}, 0.3)
    assert (found.is_exact, found.sample_count) == (True, 3)


def test_only_people_who_would_get_it_are_counted_in_segments_and_cost(
    workspace: Workspace,
) -> None:
    make_contact(workspace=workspace, first_name="A" * 80)
    make_contact(workspace=workspace, has_consent=False)
    complained, capped = (make_contact(workspace=workspace) for _ in range(2))
    Suppression.objects.create(
        workspace_id=workspace.id, msisdn=complained.msisdn, reason="complaint"
    )
    give_text(capped, hours_ago=1)
    campaign = make_campaign(
        workspace=workspace,
        gateway=make_dear_gateway(workspace),
        body="Hi {{ first_name }} {{ first_name }}",
        fallbacks={"first_name": "friend"},
        cap_count=1,
    )

    found = build_forecast(campaign)

    assert found.left_out == {"no_consent": 1, "suppressed": 1, "frequency_cap": 1}
    assert (found.people_count, found.sendable_count) == (4, 1)
    assert (found.segment_count, found.cost_micros) == (2, 80_000)


def test_a_forecast_from_a_part_of_the_people_says_so(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forecast, "SAMPLE_PEOPLE", 4)
    for _person in range(5):
        make_contact(workspace=workspace)
    campaign = make_campaign(workspace=workspace, gateway=make_dear_gateway(workspace))

    found = build_forecast(campaign)

    assert (found.is_exact, found.sample_count) == (False, 4)
    assert (found.sendable_count, found.segment_count, found.cost_micros) == (5, 5, 200_000)


@pytest.mark.parametrize("size", [1, 2, 5, 9, 12])
def test_the_sample_of_a_large_audience_is_that_of_all_its_people(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    for _person in range(100):
        make_contact(workspace=workspace)
    terms = forecast.judging(make_campaign(workspace=workspace))
    monkeypatch.setattr(forecast, "SAMPLE_PEOPLE", size)
    asked: list[str] = []
    lowest = forecast._lowest
    monkeypatch.setattr(
        forecast, "_lowest", lambda where, params: asked.append(where) or lowest(where, params)
    )

    found = forecast._sample(terms, 100)

    assert [person.id for person in found] == [person.id for person in lowest(*terms)]
    assert (forecast.statements.IS_LOW in asked[0]) == (size < 10)


def test_the_characters_that_cost_segments_are_named_with_their_people(
    workspace: Workspace,
) -> None:
    make_contact(workspace=workspace)
    campaign = make_campaign(workspace=workspace, body="Bánh mì 漢")

    assert build_forecast(campaign).forced_by == {"á": 1, "漢": 1}


@pytest.mark.parametrize(
    ("hours", "verdict"), [(2, "skip"), (30, "allow")], ids=["in the period", "after it"]
)
def test_a_preview_counts_back_from_the_time_of_the_send(
    workspace: Workspace, hours: int, verdict: str
) -> None:
    contact = make_contact(workspace=workspace)
    give_text(contact, hours_ago=1)
    campaign = make_campaign(
        workspace=workspace,
        cap_count=1,
        cap_hours=24,
        scheduled_at=now() + timedelta(hours=hours),
    )

    assert build_preview(campaign, contact).verdict == verdict
    assert build_forecast(campaign).sendable_count == (1 if verdict == "allow" else 0)


def test_the_workspaces_cap_holds_in_preview_and_forecast() -> None:
    workspace = make_workspace(cap_count=1, cap_hours=24)
    contact = make_contact(workspace=workspace)
    give_text(contact, hours_ago=1)
    campaign = make_campaign(workspace=workspace, cap_count=5)

    assert build_preview(campaign, contact).reason == "frequency_cap"
    assert build_forecast(campaign).left_out == {"frequency_cap": 1}


def test_people_for_whom_it_may_be_night_are_counted_at_the_send_time(workspace: Workspace) -> None:
    """15:00 UTC: day in Paris and New York, night in Ho Chi Minh City and in parts of Australia."""
    load_zones()
    for number in ("+33612345678", "+12125550123", "+84901234567", "+61412345678"):
        make_contact(workspace=workspace, msisdn=number)
    make_contact(workspace=workspace, msisdn="+84901234568", zone="Europe/Paris")
    campaign = make_campaign(
        workspace=workspace,
        gateway=make_gateway(workspace=workspace),
        scheduled_at=datetime(2099, 1, 15, 15, tzinfo=UTC),
    )

    found = build_forecast(campaign)

    assert (found.sendable_count, found.night_count) == (5, 2)


def test_people_for_whom_no_text_comes_out_are_told_before_the_launch(
    workspace: Workspace,
) -> None:
    for visits in (0, 0, 2, 5):
        make_contact(workspace=workspace, fields={"visits": visits})
    campaign = make_campaign(
        workspace=workspace,
        gateway=make_dear_gateway(workspace),
        body="{{ 100 | divided_by: visits }} points a visit",
        fallbacks={"visits": "1"},
    )

    found = build_forecast(campaign)

    assert (found.people_count, found.sendable_count) == (4, 2)
    assert found.left_out == {"text_failed": 2}
    assert (found.segment_count, found.is_exact, found.sample_count) == (2, True, 2)


def test_people_for_whom_no_text_comes_out_are_estimated_from_the_sample(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forecast, "SAMPLE_PEOPLE", 2)
    for _person in range(4):
        make_contact(workspace=workspace, first_name="x" * 80)
    campaign = make_campaign(
        workspace=workspace, body="{{ first_name }} " * 20, fallbacks={"first_name": "you"}
    )

    found = build_forecast(campaign)

    assert (found.sendable_count, found.left_out) == (0, {"text_failed": 4})
    assert (found.segment_count, found.is_exact) == (0, False)
