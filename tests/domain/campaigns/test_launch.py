"""From a draft to its plan: checked and claimed at once, checked again when its time comes."""

from datetime import timedelta

import pytest

from builders import make_campaign, make_contact, make_gateway, make_workspace
from textwell.accounts.models import AuditEntry, Workspace
from textwell.campaigns.actions import (
    create_campaign,
    launch_campaign,
    reschedule_campaign,
    start_due_campaigns,
    unschedule_campaign,
    update_campaign,
)
from textwell.campaigns.checks import check_campaign
from textwell.campaigns.errors import WrongState
from textwell.campaigns.forecast import build_forecast
from textwell.campaigns.models import Campaign
from textwell.core.clock import now
from textwell.core.errors import FieldError, Forbidden
from textwell.core.models import Job
from textwell.gateways.models import Gateway

pytestmark = pytest.mark.django_db
SOON = timedelta(hours=2)


def make_ready(workspace: Workspace, **values: object) -> Campaign:
    make_contact(workspace=workspace)
    return make_campaign(workspace=workspace, **values)  # type: ignore[arg-type]


def make_scheduled(workspace: Workspace) -> Campaign:
    campaign = make_ready(workspace)
    return launch_campaign(campaign=campaign, actor="user:1", at=now() + SOON)


def let_its_time_come(campaign: Campaign) -> None:
    Campaign.objects.filter(id=campaign.id).update(scheduled_at=now())


def test_a_launch_plans_once_and_a_second_one_is_refused(workspace: Workspace) -> None:
    campaign = make_ready(workspace)

    launched = launch_campaign(campaign=campaign, actor="user:1")

    assert launched.state == "planning"
    assert launched.launched_at is not None
    with pytest.raises(WrongState):
        launch_campaign(campaign=campaign, actor="user:2")
    assert Job.objects.filter(kind="campaigns.plan").count() == 1


def test_a_launch_judges_what_is_stored_and_not_what_the_caller_read(workspace: Workspace) -> None:
    campaign = make_ready(workspace)
    Campaign.objects.filter(id=campaign.id).update(sender="NOBODY")

    with pytest.raises(FieldError) as refused:
        launch_campaign(campaign=campaign, actor="user:1")

    assert refused.value.field == "sender"
    assert Campaign.objects.get().state == "draft"


def test_a_campaign_with_a_time_to_come_waits_for_it(workspace: Workspace) -> None:
    campaign = make_scheduled(workspace)

    assert (campaign.state, start_due_campaigns()) == ("scheduled", 0)

    let_its_time_come(campaign)
    assert (start_due_campaigns(), start_due_campaigns()) == (1, 0)
    assert Campaign.objects.get().state == "planning"
    assert Job.objects.filter(kind="campaigns.plan").count() == 1


def test_a_scheduled_campaign_that_is_no_longer_ready_fails_and_says_why(
    workspace: Workspace,
) -> None:
    campaign = make_scheduled(workspace)
    Gateway.objects.update(state="paused", name="Carrier A")
    let_its_time_come(campaign)

    assert start_due_campaigns() == 0

    campaign.refresh_from_db()
    assert campaign.state == "failed"
    assert campaign.error == "The gateway “Carrier A” is not active. Resume it, or choose another."
    assert AuditEntry.objects.get(action="campaigns.failed").reason == campaign.error
    assert not Job.objects.filter(kind="campaigns.plan").exists()


@pytest.mark.parametrize("purpose", ["nonsense", "otp", "markting", ""])
def test_a_purpose_that_is_none_of_the_known_is_refused(workspace: Workspace, purpose: str) -> None:
    campaign = make_ready(workspace)

    with pytest.raises(FieldError) as refused:
        create_campaign(workspace_id=workspace.id, actor="user:1", name="Spring", purpose=purpose)
    with pytest.raises(FieldError):
        update_campaign(campaign=campaign, actor="user:1", purpose=purpose)

    assert refused.value.field == "purpose"
    assert [c.purpose for c in Campaign.objects.all()] == ["marketing"]


def test_a_stored_purpose_that_is_unknown_cannot_be_launched(workspace: Workspace) -> None:
    campaign = make_ready(workspace, purpose="nonsense")

    assert [problem.field for problem in check_campaign(campaign)] == ["purpose"]


def test_texting_without_consent_needs_its_own_permission_and_a_reason(
    workspace: Workspace,
) -> None:
    campaign = make_ready(workspace, purpose="care", lane="care")

    with pytest.raises(Forbidden):
        launch_campaign(campaign=campaign, actor="user:1", reason="They asked")
    with pytest.raises(FieldError) as refused:
        launch_campaign(campaign=campaign, actor="user:1", may_skip_consent=True, reason=" ")
    assert (refused.value.field, Campaign.objects.get().state) == ("reason", "draft")

    launch_campaign(campaign=campaign, actor="user:1", may_skip_consent=True, reason="Recall")
    assert AuditEntry.objects.get(action="campaigns.launched").reason == "Recall"


def test_the_forecast_says_how_many_never_agreed(workspace: Workspace) -> None:
    make_contact(workspace=workspace)
    for _person in range(2):
        make_contact(workspace=workspace, has_consent=False)
    care = make_campaign(workspace=workspace, purpose="care", lane="care")
    marketing = make_campaign(workspace=workspace)

    assert build_forecast(care).never_agreed_count == 2
    assert build_forecast(marketing).never_agreed_count == 0


def test_a_scheduled_campaign_becomes_a_draft_again_and_can_be_changed(
    workspace: Workspace,
) -> None:
    campaign = make_scheduled(workspace)

    unschedule_campaign(campaign=campaign, actor="user:1")
    changed = update_campaign(campaign=campaign, actor="user:1", body="Stale bread")

    assert (changed.state, changed.body, changed.launched_at) == ("draft", "Stale bread", None)
    assert unschedule_campaign(campaign=campaign, actor="user:1").state == "draft"
    let_its_time_come(campaign)
    assert start_due_campaigns() == 0


def test_what_has_begun_can_be_neither_unscheduled_nor_rescheduled(workspace: Workspace) -> None:
    campaign = make_campaign(workspace=workspace, state="sending")

    with pytest.raises(WrongState):
        unschedule_campaign(campaign=campaign, actor="user:1")
    with pytest.raises(WrongState):
        reschedule_campaign(campaign=campaign, actor="user:1", at=now() + SOON)

    assert Campaign.objects.get().state == "sending"


def test_a_scheduled_campaign_gets_another_time(workspace: Workspace) -> None:
    campaign = make_scheduled(workspace)
    later = now() + timedelta(days=3)

    reschedule_campaign(campaign=campaign, actor="user:1", at=later)

    campaign.refresh_from_db()
    assert (campaign.state, campaign.scheduled_at) == ("scheduled", later)
    assert AuditEntry.objects.filter(action="campaigns.rescheduled").count() == 1


def test_a_new_time_must_be_to_come_and_before_the_expiry(workspace: Workspace) -> None:
    campaign = make_scheduled(workspace)
    Campaign.objects.update(expires_at=now() + timedelta(days=1))

    with pytest.raises(FieldError) as past:
        reschedule_campaign(campaign=campaign, actor="user:1", at=now() - SOON)
    with pytest.raises(FieldError) as too_late:
        reschedule_campaign(campaign=campaign, actor="user:1", at=now() + timedelta(days=2))

    assert (past.value.field, too_late.value.field) == ("scheduled_at", "expires_at")
    assert Campaign.objects.get().scheduled_at == campaign.scheduled_at


def test_each_due_campaign_is_judged_in_its_own_workspace(workspace: Workspace) -> None:
    good, other = make_scheduled(workspace), make_workspace(name="Other")
    bad = make_scheduled(other)
    Gateway.objects.filter(workspace_id=other.id).update(state="paused")
    for campaign in (good, bad):
        let_its_time_come(campaign)

    assert start_due_campaigns() == 1

    states = dict(Campaign.objects.values_list("id", "state"))
    assert states == {good.id: "planning", bad.id: "failed"}


def test_a_draft_may_be_made_on_any_gateway_but_not_launched_without_one(
    workspace: Workspace,
) -> None:
    make_gateway(workspace=workspace)
    campaign = make_ready(workspace)
    update_campaign(campaign=campaign, actor="user:1", gateway_id=None)

    with pytest.raises(FieldError) as refused:
        launch_campaign(campaign=campaign, actor="user:1")

    assert refused.value.field == "gateway_id"
