"""A share of those who would get it is left out by lot, and the report compares the two."""

from datetime import datetime, timedelta

import pytest

from builders import make_campaign, make_contact, make_crowd
from domain.campaigns.test_goals import order
from domain.campaigns.test_planning import run_job
from domain.messaging.ledger import build_plan, run_plan, tally_equals_rows
from textwell.accounts.models import Workspace
from textwell.campaigns.actions import launch_campaign
from textwell.campaigns.forecast import build_forecast
from textwell.campaigns.models import Campaign
from textwell.consent.models import ConsentState
from textwell.core.clock import now
from textwell.messaging.models import Message
from textwell.reports.export import report_as_csv, report_as_json
from textwell.reports.figures import read_figure
from textwell.reports.measuring import Arm, Comparison, interval
from textwell.reports.people import count_people, people_of
from textwell.reports.selectors import campaign_report

pytestmark = pytest.mark.django_db
PEOPLE = 400


def _held_out(campaign: Campaign) -> set[int]:
    found = Message.objects.filter(campaign_id=campaign.id, state="skipped", reason="holdout")
    return set(found.values_list("contact_id", flat=True))


def _plan(workspace: Workspace, campaign: Campaign) -> set[int]:
    plan = build_plan(workspace, campaign, holdout_percent=campaign.holdout_percent)
    run_plan(plan)
    Campaign.objects.filter(id=campaign.id).update(
        first_message_id=plan.first_message_id, last_message_id=plan.last_message_id
    )
    campaign.refresh_from_db()
    return _held_out(campaign)


def test_a_share_of_those_who_would_get_it_is_held_out(workspace: Workspace) -> None:
    people = make_crowd(workspace=workspace, count=PEOPLE)
    ConsentState.objects.filter(contact_id__in=[p.id for p in people[:100]]).delete()
    campaign = make_campaign(workspace=workspace, holdout_percent=50)

    held_out = _plan(workspace, campaign)

    assert 110 < len(held_out) < 190  # of 300: five deviations either way
    assert held_out.isdisjoint(p.id for p in people[:100])
    assert tally_equals_rows(campaign.id)


def test_a_plan_that_is_made_again_holds_out_the_same_people(workspace: Workspace) -> None:
    make_crowd(workspace=workspace, count=PEOPLE)
    first, other = (make_campaign(workspace=workspace, holdout_percent=20) for _each in range(2))
    held_out = _plan(workspace, first)
    Message.objects.filter(campaign_id=first.id).delete()

    assert _plan(workspace, first) == held_out
    assert _plan(workspace, other) != held_out


def test_nobody_is_held_out_at_nought(workspace: Workspace) -> None:
    make_crowd(workspace=workspace, count=PEOPLE)

    assert _plan(workspace, make_campaign(workspace=workspace)) == set()


def test_a_launch_holds_out_and_ends_with_the_offer(workspace: Workspace) -> None:
    make_crowd(workspace=workspace, count=PEOPLE)
    ends_at = now() + timedelta(days=2)
    campaign = make_campaign(
        workspace=workspace, holdout_percent=30, goal="discount", goal_at=ends_at
    )
    left_out = build_forecast(campaign).left_out

    run_job(launch_campaign(campaign=campaign, actor="user:1"))

    assert left_out == {"holdout": len(_held_out(campaign))}
    ends = Message.objects.filter(campaign_id=campaign.id).values_list("expires_at", flat=True)
    assert set(ends) == {ends_at}


def _hand_off(campaign: Campaign, *, at: datetime) -> list[int]:
    """Everybody who is planned; answers their ids."""
    planned = Message.objects.filter(campaign_id=campaign.id, state="planned")
    people = sorted(planned.values_list("contact_id", flat=True))
    planned.update(state="delivered", handed_at=at)
    return people


def test_who_is_texted_late_has_a_week_too(workspace: Workspace) -> None:
    """The sending stood still for nine days: all orders came after the first week."""
    make_crowd(workspace=workspace, count=PEOPLE)
    campaign = make_campaign(
        workspace=workspace, holdout_percent=50, metric="events", metric_event="order_completed",
        first_handoff_at=now() - timedelta(days=10),
    )  # fmt: skip
    held_out = sorted(_plan(workspace, campaign))
    late = now() - timedelta(days=1)
    texted = _hand_off(campaign, at=late)
    for contact_id in (*texted, *held_out[:3]):
        order(workspace, contact_id=contact_id, at=now())

    measure = campaign_report(campaign).measure

    assert (measure.since, measure.until) == (
        campaign.first_handoff_at, late + timedelta(days=7)
    )  # fmt: skip
    assert measure.texted == Arm(len(texted), len(texted))
    assert measure.comparison is not None
    assert measure.comparison.held_out == Arm(len(held_out), 3)


@pytest.mark.parametrize(
    ("days_ago", "left_waiting", "is_over"), [(8, 0, True), (6, 0, False), (8, 1, False)]
)
def test_whether_it_is_chance_is_said_once_the_time_is_over(
    workspace: Workspace, days_ago: int, left_waiting: int, is_over: bool
) -> None:
    """Who looks daily until then takes chance for more far oftener than the interval allows."""
    make_crowd(workspace=workspace, count=PEOPLE)
    at = now() - timedelta(days=days_ago)
    campaign = make_campaign(
        workspace=workspace, holdout_percent=50, metric="events", metric_event="order_completed",
        first_handoff_at=at,
    )  # fmt: skip
    _plan(workspace, campaign)
    texted = _hand_off(campaign, at=at)
    for contact_id in texted[:40]:
        order(workspace, contact_id=contact_id, at=at + timedelta(days=1))
    waiting = Message.objects.filter(campaign_id=campaign.id, contact_id__in=texted[:left_waiting])
    waiting.update(state="held", handed_at=None)

    report = campaign_report(campaign)

    assert report.measure.comparison is not None
    assert report.measure.comparison.is_told_apart is (True if is_over else None)
    told = report_as_json(report)["measure"]
    assert (told["is_over"], told["comparison"]["is_told_apart"]) == (
        is_over,
        True if is_over else None,
    )


def test_the_report_compares_by_events_of_the_week_after(workspace: Workspace) -> None:
    make_crowd(workspace=workspace, count=PEOPLE)
    campaign = make_campaign(
        workspace=workspace, holdout_percent=50, metric="events", metric_event="order_completed",
        first_handoff_at=now() - timedelta(days=12),
    )  # fmt: skip
    held_out = sorted(_plan(workspace, campaign))
    texted = _hand_off(campaign, at=now() - timedelta(days=9))
    for contact_id in (*texted[:40], *held_out[:5]):
        order(workspace, contact_id=contact_id, at=now() - timedelta(days=3))
    order(workspace, contact_id=texted[0], at=now() - timedelta(days=4))
    order(workspace, contact_id=held_out[9], at=now() - timedelta(days=13))
    order(workspace, contact_id=held_out[8], at=now() - timedelta(days=1))

    found = campaign_report(campaign).measure.comparison

    assert found is not None
    assert (found.texted, found.held_out) == (Arm(len(texted), 40), Arm(len(held_out), 5))
    assert found.is_told_apart
    for figure, expected in (
        (found.texted_figure, texted),
        (found.texted_did_figure, texted[:40]),
        (found.held_out_figure, held_out),
        (found.held_out_did_figure, held_out[:5]),
    ):
        people = people_of(campaign, read_figure(figure.query()), limit=PEOPLE).people
        assert sorted(person.contact_id for person in people) == expected
        assert count_people(campaign, figure) == len(expected)


def test_who_opted_out_before_the_hand_off_stays_on_their_side(workspace: Workspace) -> None:
    """Else the sides would not be by lot alone. Whom the plan left out is on none."""
    make_contact(workspace=workspace)
    make_contact(workspace=workspace, has_consent=False)
    campaign = make_campaign(
        workspace=workspace, metric="events", metric_event="x", first_handoff_at=now()
    )
    _plan(workspace, campaign)
    sent = Message.objects.filter(campaign_id=campaign.id, state="planned")
    sent.update(state="skipped", reason="opted_out", done_at=now())

    measure = campaign_report(campaign).measure

    assert measure.texted == Arm(1, 0)


def test_where_nobody_is_held_out_nothing_is_compared(workspace: Workspace) -> None:
    (person,) = make_crowd(workspace=workspace, count=1)
    campaign = make_campaign(
        workspace=workspace, metric="events", metric_event="x", first_handoff_at=now()
    )
    _plan(workspace, campaign)
    order(workspace, contact_id=person.id, at=now() + timedelta(hours=1), name="x")

    report = campaign_report(campaign)

    assert (report.measure.comparison, report.measure.texted) == (None, Arm(1, 1))
    assert count_people(campaign, report.measure.did_figure) == 1
    assert "causal" not in "".join(report_as_csv(report))


def test_clicks_are_not_compared_with_people_who_got_no_link(workspace: Workspace) -> None:
    make_crowd(workspace=workspace, count=20)
    campaign = make_campaign(workspace=workspace, holdout_percent=50, metric="clicks")
    held_out = _plan(workspace, campaign)

    measure = campaign_report(campaign).measure

    assert (measure.comparison, measure.held_out_count) == (None, len(held_out))


@pytest.mark.parametrize(
    ("one", "other", "bounds"),
    [  # Newcombe 1998, table II, method 10
        (Arm(70, 56), Arm(80, 48), (0.0524, 0.3339)),
        (Arm(10, 9), Arm(10, 3), (0.1705, 0.8090)),
        (Arm(56, 5), Arm(29, 0), (-0.0381, 0.1926)),
        (Arm(10, 10), Arm(10, 0), (0.6075, 1.0000)),
        (Arm(0, 0), Arm(10, 3), (-1.0, 1.0)),
    ],
)
def test_the_interval_holds_for_small_numbers(
    one: Arm, other: Arm, bounds: tuple[float, float]
) -> None:
    assert interval(one, other) == pytest.approx(bounds, abs=5e-5)


def test_small_numbers_are_not_told_apart() -> None:
    one, other = Arm(20, 4), Arm(20, 2)
    low, high = interval(one, other)

    bounds = ("2026-11-01T00:00:00Z", "2026-11-08T00:00:00Z")
    assert Comparison(one, other, low, high, "order", *bounds, is_over=True).is_told_apart is False
