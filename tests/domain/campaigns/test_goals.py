"""A goal presets a draft that can be launched: words, class, metric, time and holdout."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine

from builders import make_campaign, make_contact, make_gateway, make_workspace
from textwell.accounts.models import Workspace
from textwell.campaigns.actions import create_campaign
from textwell.campaigns.checks import check_campaign, list_warnings
from textwell.campaigns.goals import Asked, explain_no_holdout, preset_values
from textwell.campaigns.models import Campaign, Goal
from textwell.contacts.tracked.actions import record_events
from textwell.core.errors import FieldError
from textwell.core.wire import EventItem

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
SUNDAY = datetime(2026, 11, 29, 18, tzinfo=UTC)
BREAD = Asked("20 % off all bread", SUNDAY, "https://bread.example/")


@pytest.fixture
def noon() -> Any:
    with time_machine.travel(NOON, tick=False):
        yield


def _draft(workspace: Workspace, goal: Goal, asked: Asked = BREAD) -> Campaign:
    gateway = make_gateway(workspace=workspace)
    values = preset_values(workspace, goal, asked)
    return create_campaign(
        workspace_id=workspace.id, actor="user:1", gateway_id=gateway.id, sender="BAKERY", **values
    )


def order(
    workspace: Workspace,
    *,
    contact_id: int | None = None,
    at: datetime = NOON,
    name: str = "order_completed",
) -> None:
    key = f"{contact_id}-{at}"
    record_events([
        EventItem(workspace_id=workspace.id, name=name, at=at.timestamp(),
                  source_key=key, contact_id=contact_id)
    ])  # fmt: skip


@pytest.mark.parametrize("goal", Goal)
@pytest.mark.parametrize("language", ["en", "fr", "es", "vi", "zh-hans", "zh-hant"])
def test_every_goal_makes_a_draft_without_a_fault(goal: Goal, language: str) -> None:
    workspace = make_workspace(language=language, country="FR", zone="Europe/Paris")
    make_contact(workspace=workspace)

    draft = _draft(workspace, goal)

    assert check_campaign(draft) == []
    assert list_warnings(draft) == []


@pytest.mark.parametrize(
    ("country", "language", "ending"),
    [
        ("FR", "fr", "STOP"), ("ES", "es", "BAJA"), ("VN", "vi", "TC"), ("CN", "zh-hans", "TD"),
        ("US", "es", "ALTO"), ("XX", "en", "STOP"),
    ],
)  # fmt: skip
def test_the_way_out_is_a_word_of_the_country(country: str, language: str, ending: str) -> None:
    workspace = make_workspace(language=language, country=country)

    values = preset_values(workspace, Goal.NEWS, BREAD)

    assert ending in values["body"].split("{{ link }}")[1]


def test_a_discount_says_its_end_and_is_counted(workspace: Workspace) -> None:
    values = preset_values(workspace, Goal.DISCOUNT, BREAD)

    assert values["body"] == (
        "Green Bakery: {{ first_name }}, 20 % off all bread until November 29."
        " {{ link }} Reply STOP to end."
    )
    assert (values["metric"], values["holdout_percent"]) == ("clicks", 0)
    assert values["utm"]["utm_content"] == "discount"


def test_a_service_notice_needs_no_consent_and_advertises_nothing(workspace: Workspace) -> None:
    values = preset_values(workspace, Goal.SERVICE, Asked("your bread is ready"))

    assert values["body"] == "Green Bakery: {{ first_name }}, your bread is ready."
    assert (values["purpose"], values["metric"]) == ("transactional", "delivered")
    assert (values["links"], values["utm"]) == ([], {})


@pytest.mark.parametrize(
    "name",
    ["order_cancelled", "border_crossed", "preorder", "reorder_reminder_shown", "order.viewed"],
)
def test_what_only_sounds_like_an_order_is_none(workspace: Workspace, name: str) -> None:
    order(workspace, name=name)

    assert preset_values(workspace, Goal.WIN_BACK, BREAD)["metric"] == "clicks"


@pytest.mark.parametrize(
    "name", ["order_paid", "shop.orders.created", "purchase", "checkout_completed"]
)
def test_an_order_is_known_by_its_name(workspace: Workspace, name: str) -> None:
    order(workspace, name=name)

    assert preset_values(workspace, Goal.WIN_BACK, BREAD)["metric_event"] == name


def test_orders_are_the_metric_where_orders_are_told(workspace: Workspace) -> None:
    order(workspace)
    order(make_workspace(name="Other"), at=NOON - timedelta(days=1))

    values = preset_values(workspace, Goal.WIN_BACK, BREAD)

    assert (values["metric"], values["metric_event"]) == ("events", "order_completed")


@pytest.mark.parametrize(("people", "percent"), [(9, 0), (10, 10)])
def test_only_an_audience_that_can_tell_something_is_held_out(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, people: int, percent: int
) -> None:
    monkeypatch.setattr("textwell.campaigns.goals.LEAST_HELD_OUT", 1)
    order(workspace)
    for _each in range(people):
        make_contact(workspace=workspace, has_consent=False)

    assert preset_values(workspace, Goal.DISCOUNT, BREAD)["holdout_percent"] == percent


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"purpose": "transactional"}, "everyone needs"),
        ({"metric": "clicks"}, "neither click nor answer"),
        ({"metric": "events"}, "fewer than 100 people"),
        ({"metric": "events", "audience": {}}, ""),
    ],
)
def test_why_nobody_is_held_out_is_said(
    workspace: Workspace, values: dict[str, Any], said: str
) -> None:
    campaign = make_campaign(workspace=workspace, goal="discount", **values)

    found = explain_no_holdout(campaign)

    assert said in found
    assert bool(said) is bool(found)


def test_whoever_could_hold_out_and_does_not_is_told_no_reason(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("textwell.campaigns.goals.LEAST_HELD_OUT", 0)

    assert explain_no_holdout(make_campaign(workspace=workspace, metric="events")) == ""


@pytest.mark.parametrize(
    ("zone", "event", "starts"),
    [
        ("the usual hour the day before", SUNDAY, datetime(2026, 11, 28, 9, tzinfo=UTC)),
        ("the day before is over", NOON + timedelta(hours=5), None),
    ],
)
def test_a_text_for_an_event_leaves_the_day_before(
    zone: str, event: datetime, starts: datetime | None
) -> None:
    workspace = make_workspace(zone="Europe/Paris")

    asked = Asked("tasting", event)

    assert preset_values(workspace, Goal.EVENT, asked)["scheduled_at"] == starts


def test_at_night_a_text_waits_for_the_morning_of_most_people() -> None:
    workspace = make_workspace(zone="Europe/Paris")
    for zone in ("America/New_York", "America/New_York", "Europe/Paris"):
        make_contact(workspace=workspace, zone=zone)

    with time_machine.travel(datetime(2026, 11, 24, 3, tzinfo=UTC)):
        values = preset_values(workspace, Goal.NEWS, BREAD)

    assert values["scheduled_at"] == datetime(2026, 11, 24, 13, tzinfo=UTC)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"goal": "discount", "links": [{"url": "https://a.example/"}]}, "goal_at"),
        ({"goal": "event"}, "goal_at"),
        ({"goal": "discount", "goal_at": SUNDAY}, "links"),
        ({"goal": "news", "metric": "clicks"}, "links"),
        ({"holdout_percent": 10, "metric": "clicks", "links": [{"url": "https://a.example/"}]},
         "holdout_percent"),
        ({"metric": "events", "metric_event": "order_complted"}, "metric_event"),
        ({"holdout_percent": 10, "metric": "events", "metric_event": "order_completed"},
         "holdout_percent"),
        ({"holdout_percent": 10, "purpose": "care"}, "holdout_percent"),
    ],
)  # fmt: skip
def test_what_does_not_fit_the_goal_is_a_tip(
    workspace: Workspace, values: dict[str, Any], field: str
) -> None:
    order(workspace)
    link = " {{ link }}" if "links" in values else ""
    body = f"Bread{link}. Reply STOP to end."
    campaign = make_campaign(workspace=workspace, body=body, **values)

    assert [each.field for each in list_warnings(campaign)] == [field]


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"goal": "event", "goal_at": NOON}, "goal_at"),
        ({"goal": "discount", "goal_at": NOON - timedelta(days=1)}, "goal_at"),
        ({"goal": "event", "goal_at": SUNDAY, "scheduled_at": SUNDAY}, "scheduled_at"),
        ({"metric": "events"}, "metric_event"),
    ],
)
def test_what_cannot_be_meant_is_refused(
    workspace: Workspace, values: dict[str, Any], field: str
) -> None:
    make_contact(workspace=workspace)
    campaign = make_campaign(workspace=workspace, **values)

    assert [each.field for each in check_campaign(campaign)] == [field]


@pytest.mark.parametrize(
    ("values", "field"),
    [({"goal": "party"}, "goal"), ({"metric": "opens"}, "metric"),
     ({"holdout_percent": 51}, "holdout_percent"), ({"holdout_percent": -1}, "holdout_percent")],
)  # fmt: skip
def test_values_out_of_range_are_refused_by_name(
    workspace: Workspace, values: dict[str, Any], field: str
) -> None:
    with pytest.raises(FieldError) as refused:
        create_campaign(workspace_id=workspace.id, actor="user:1", **values)

    assert refused.value.field == field


@pytest.mark.parametrize("goal", ["", *Goal])
def test_nothing_is_handed_off_once_the_offer_is_over(workspace: Workspace, goal: str) -> None:
    """The page and the API say so beside the time itself, whatever the goal."""
    later = SUNDAY + timedelta(days=1)
    campaign = make_campaign(workspace=workspace, goal=goal, goal_at=SUNDAY, expires_at=later)
    sooner = make_campaign(workspace=workspace, goal=goal, goal_at=later, expires_at=SUNDAY)

    assert (campaign.ends_at, sooner.ends_at) == (SUNDAY, SUNDAY)


@pytest.mark.parametrize("goal", ["", *Goal])
def test_a_moment_that_is_past_keeps_every_goal_from_a_launch(
    workspace: Workspace, goal: str
) -> None:
    make_contact(workspace=workspace)
    campaign = make_campaign(workspace=workspace, goal=goal, goal_at=NOON - timedelta(days=1))

    assert [each.field for each in check_campaign(campaign)] == ["goal_at"]
