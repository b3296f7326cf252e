"""A new campaign by its goal: what is asked, what is preset, what is said in place and in the report."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from builders import make_campaign, make_contact, make_crowd, make_gateway
from crawl import figures, open_figure
from domain.reports.sent import make_sent
from page_forms import untouched
from textwell.accounts.models import AuditEntry, User, Workspace
from textwell.campaigns.forecast import build_forecast
from textwell.campaigns.models import Campaign, Goal
from textwell.messaging.models import Message, Tally

pytestmark = pytest.mark.django_db
SOON = timezone.now() + timedelta(days=4)
OFFER = {"what": "20 % off", "at": f"{SOON:%Y-%m-%dT18:00}", "url": "https://bread.example/"}


def _begin(client: Client, goal: str = "discount", **changes: str) -> Any:
    return client.post(f"/campaigns/goals/{goal}", OFFER | changes)


def test_every_goal_is_offered_and_an_empty_page(owner_client: Client) -> None:
    page = owner_client.get("/campaigns/goals/").content.decode()

    assert all(f'href="/campaigns/goals/{goal.value}"' in page for goal in Goal)
    assert 'href="/campaigns/new"' in page


@pytest.mark.parametrize("goal", Goal)
def test_a_goal_makes_a_draft(owner_client: Client, workspace: Workspace, goal: Goal) -> None:
    gateway = make_gateway(workspace=workspace)

    answer = _begin(owner_client, goal.value)

    campaign = Campaign.objects.get()
    assert answer.headers["Location"] == f"/campaigns/{campaign.id}/compose"
    assert (campaign.goal, campaign.name, campaign.gateway_id) == (goal, "20 % off", gateway.id)
    assert AuditEntry.objects.filter(action="campaigns.created").count() == 1


@pytest.mark.parametrize(
    ("label", "changes", "said"),
    [
        ("no words", {"what": " "}, "This field is required."),
        ("no end", {"at": ""}, "This field is required."),
        ("an end that is over", {"at": "2026-01-01T10:00"}, "This is past. Give a time to come."),
        ("no address", {"url": "javascript:x"}, "Enter a valid URL."),
    ],
)
def test_what_cannot_be_used_is_said_and_kept(
    owner_client: Client, label: str, changes: dict[str, str], said: str
) -> None:
    answer = _begin(owner_client, **changes)

    page = answer.content.decode()
    assert answer.status_code == 422
    assert said in page
    assert next(iter((OFFER | changes).values())).strip() in page
    assert not Campaign.objects.exists()


def test_the_moment_is_meant_in_the_workspaces_zone(
    owner_client: Client, workspace: Workspace
) -> None:
    Workspace.objects.filter(id=workspace.id).update(zone="Asia/Ho_Chi_Minh")

    page = owner_client.get("/campaigns/goals/event").content.decode()
    _begin(owner_client, "event")

    assert "Time of Asia/Ho Chi Minh" in page
    assert f"{Campaign.objects.get().goal_at:%H:%M}" == "11:00"


@pytest.mark.parametrize("at", ["9999-12-31T23:59", "0001-01-01T00:00"])
@pytest.mark.parametrize("zone", ["America/New_York", "Asia/Ho_Chi_Minh"])
def test_a_moment_at_the_end_of_time_never_breaks_a_page(
    owner_client: Client, workspace: Workspace, zone: str, at: str
) -> None:
    """In UTC the one is of the year 10000 and the other before the first: what is stored is read again."""
    Workspace.objects.filter(id=workspace.id).update(zone=zone)

    answer = _begin(owner_client, "event", at=at)

    assert answer.status_code in {302, 422}
    assert owner_client.get("/campaigns/").status_code == 200


def test_a_draft_may_not_expire_in_a_year_that_cannot_be_read(
    owner_client: Client, workspace: Workspace
) -> None:
    User.objects.update(zone="America/New_York")
    campaign = make_campaign(workspace=workspace)
    path = f"/campaigns/{campaign.id}/compose"
    form = untouched(owner_client.get(path).content.decode(), "compose")

    answer = owner_client.post(path, form | {"expires_at": "9999-12-31T23:59"})

    assert answer.status_code == 422
    assert "Give a time of the years 1900 to 2100." in answer.content.decode()


def test_a_goal_that_is_none_is_not_found(owner_client: Client) -> None:
    assert owner_client.get("/campaigns/goals/party").status_code == 404


def test_the_composer_says_why_nobody_is_held_out(
    owner_client: Client, workspace: Workspace
) -> None:
    _begin(owner_client)
    campaign = Campaign.objects.get()
    path = f"/campaigns/{campaign.id}/compose"

    assert "there would be nothing to compare" in owner_client.get(path).content.decode()


def test_a_version_that_is_added_begins_with_the_goals_text(
    owner_client: Client, workspace: Workspace
) -> None:
    _begin(owner_client)
    path = f"/campaigns/{Campaign.objects.get().id}/compose"
    form = untouched(owner_client.get(path).content.decode(), "compose")

    owner_client.post(path, form | {"then": "add", "add_language": "fr"})

    (version,) = Campaign.objects.get().versions
    assert version["language"] == "fr"
    assert version["body"].startswith("Green Bakery : {{ first_name }}, 20 % off jusqu'au ")


def test_a_version_of_another_language_begins_empty(
    owner_client: Client, workspace: Workspace
) -> None:
    _begin(owner_client)
    path = f"/campaigns/{Campaign.objects.get().id}/compose"
    form = untouched(owner_client.get(path).content.decode(), "compose")

    owner_client.post(path, form | {"then": "add", "add_language": "de"})

    assert [v["body"] for v in Campaign.objects.get().versions] == [""]


def test_tips_stand_beside_the_goal(owner_client: Client, workspace: Workspace) -> None:
    make_contact(workspace=workspace)
    campaign = make_campaign(workspace=workspace, goal="event")
    path = f"/campaigns/{campaign.id}/compose"
    form = untouched(owner_client.get(path).content.decode(), "compose")

    page = owner_client.post("/campaigns/forecast", form).content.decode()

    hints = page.split('id="warnings-goal"')[1].split("</ul>")[0]
    assert "The event has no date. Say when it begins." in hints


def test_the_composer_holds_out_the_people_that_the_plan_will(
    owner_client: Client, workspace: Workspace
) -> None:
    make_crowd(workspace=workspace, count=100)
    campaign = make_campaign(workspace=workspace, holdout_percent=30)
    path = f"/campaigns/{campaign.id}/compose"
    form = untouched(owner_client.get(path).content.decode(), "compose")

    page = owner_client.post("/campaigns/forecast", form).content.decode()

    held_out = build_forecast(campaign).left_out["holdout"]
    facts = page.split("Held out to compare with")[1]
    assert f"−{held_out}<" in facts.split("</dd>")[0] + "<"


def test_a_copy_keeps_the_goal_and_leaves_the_moment(
    owner_client: Client, workspace: Workspace
) -> None:
    made = make_campaign(workspace=workspace, goal="event", goal_at=SOON, holdout_percent=7)

    owner_client.post(f"/campaigns/{made.id}/copy")

    copied = Campaign.objects.latest("id")
    assert (copied.goal, copied.goal_at, copied.holdout_percent) == ("event", None, 7)


def test_the_live_page_and_the_report_say_what_it_is_judged_by(
    owner_client: Client, workspace: Workspace
) -> None:
    campaign = make_campaign(
        workspace=workspace, goal="discount", metric="clicks", holdout_percent=10, state="finished"
    )

    live = owner_client.get(f"/campaigns/{campaign.id}/live").content.decode()
    report = owner_client.get(f"/campaigns/{campaign.id}/report").content.decode()

    assert "Measured by: People who clicked" in live
    assert "held out to compare" in live
    assert report.index('id="measure"') < report.index('class="figures"')


def test_the_report_shows_both_sides_and_says_what_may_be_chance(
    owner_client: Client, workspace: Workspace
) -> None:
    sent = make_sent(workspace)
    Campaign.objects.filter(id=sent.campaign.id).update(
        metric="events", metric_event="order_completed", holdout_percent=10
    )
    skipped = next(each for each in sent.messages if each.state == "skipped")
    Message.objects.filter(id=skipped.id).update(reason="holdout")
    Tally.objects.create(
        campaign_id=sent.campaign.id, state="skipped", reason="holdout", message_count=1
    )

    page = owner_client.get(f"/campaigns/{sent.campaign.id}/report").content.decode()

    shown = page.split('id="measure"')[1].split("</section>")[0]
    opened = {
        each.href.split("?")[1].partition("&since")[0]: each.number for each in figures(shown)
    }
    assert opened.keys() >= {
        "lot=texted", "lot=held_out", "lot=texted&event=order_completed",
        "lot=held_out&event=order_completed",
    }  # fmt: skip
    for each in figures(shown):
        assert open_figure(owner_client, each.href).total == each.number, each
    assert "Texts still wait. Whether it is more than chance is said a week after" in shown
    handed = Message.objects.filter(campaign_id=sent.campaign.id, handed_at__isnull=False)
    handed.update(handed_at=timezone.now() - timedelta(days=8))
    Campaign.objects.filter(id=sent.campaign.id).update(
        first_handoff_at=timezone.now() - timedelta(days=8)
    )
    waiting = Message.objects.filter(campaign_id=sent.campaign.id, state__in=["planned", "held"])
    waiting.update(state="canceled")
    over = owner_client.get(f"/campaigns/{sent.campaign.id}/report").content.decode()
    assert "it may be chance alone" in over
    handed.update(handed_at=timezone.now())
    early = owner_client.get(f"/campaigns/{sent.campaign.id}/report").content.decode()
    assert "when everything counts" in early.split('id="verdict"')[1].split("</p>")[0]
    assert "chance alone" not in early
