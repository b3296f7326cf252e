"""The plan makes a row for everybody of the audience, or says for whom it could not."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from builders import make_campaign, make_contact
from reads import know_others_only, reads
from textwell.accounts.models import AuditEntry, Workspace
from textwell.campaigns import planning
from textwell.campaigns.actions import launch_campaign
from textwell.campaigns.lifecycle import fail_unplanned, finish_campaigns
from textwell.campaigns.models import Campaign
from textwell.campaigns.planning import plan_campaign
from textwell.campaigns.selectors import (
    access_campaign,
    campaign_equation,
    canceled_with_held_ids,
    known_fields,
    list_campaigns,
    sending_campaign_ids,
)
from textwell.contacts.models import Contact, FieldDefinition
from textwell.core.clock import now
from textwell.core.errors import NotFound
from textwell.core.jobs import JobContext
from textwell.core.models import Job
from textwell.messaging.models import Message, Tally

pytestmark = pytest.mark.django_db
Begin = Callable[[Campaign], None]


def run_job(campaign: Campaign) -> None:
    job = Job.objects.get(kind="campaigns.plan", payload__campaign_id=campaign.id)
    plan_campaign(make_context(job))
    campaign.refresh_from_db()


def make_context(job: Job) -> JobContext:
    Job.objects.filter(id=job.id).update(state="running", leased_by="test")
    return JobContext(
        job_id=job.id,
        workspace_id=job.workspace_id,
        kind=job.kind,
        payload=job.payload,
        cursor=job.cursor,
        attempt=job.attempts,
        leased_by="test",
    )


def launch(workspace: Workspace, *, people: int) -> Campaign:
    for _person in range(people):
        make_contact(workspace=workspace)
    return launch_campaign(campaign=make_campaign(workspace=workspace), actor="user:1")


def test_everybody_has_a_row_and_the_equation_has_the_real_audience(workspace: Workspace) -> None:
    make_contact(workspace=workspace, has_consent=False)
    campaign = launch(workspace, people=4)

    run_job(campaign)

    equation = campaign_equation(campaign)
    assert (campaign.state, campaign.audience_count) == ("sending", 5)
    assert (equation["waiting"], equation["skipped"], equation.is_balanced) == (4, 1, True)


def test_a_plan_looks_at_each_person_a_few_times_where_the_planner_does_not_know_them(
    workspace: Workspace,
) -> None:
    know_others_only()
    Workspace.objects.filter(id=workspace.id).update(cap_count=4, cap_hours=168)
    Contact.objects.bulk_create(
        Contact(workspace_id=workspace.id, msisdn=f"+33612{n:06d}", country="FR")
        for n in range(2_000)
    )
    campaign = launch(workspace, people=1)
    before = reads()

    run_job(campaign)

    assert campaign_equation(campaign)["skipped"] == 2_000
    assert reads() - before < 100 * 2_000


def test_people_who_join_while_the_plan_is_made_are_planned_too(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(planning, "CHUNK_PEOPLE", 2)
    campaign = launch(workspace, people=3)
    monkeypatch.setattr(planning, "_begin", begin_then_grow(workspace, planning._begin))

    run_job(campaign)

    assert (campaign.state, campaign.audience_count) == ("sending", 8)
    assert Message.objects.filter(campaign_id=campaign.id).count() == 8


def begin_then_grow(workspace: Workspace, begin: Begin) -> Begin:
    """As if five more people came between the count and the first chunk."""

    def grown(campaign: Campaign) -> None:
        begin(campaign)
        for _person in range(5):
            make_contact(workspace=workspace)

    return grown


def test_where_there_is_no_room_the_campaign_fails_and_says_for_how_many(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(planning, "SPARE_IDS", 0)
    campaign = launch(workspace, people=3)
    monkeypatch.setattr(planning, "_begin", begin_then_grow(workspace, planning._begin))

    run_job(campaign)

    equation = campaign_equation(campaign)
    assert campaign.state == "failed"
    assert campaign.error.startswith("There was no room for 5 people")
    assert (equation.audience, equation["canceled"], equation.is_balanced) == (3, 3, True)


def test_a_full_block_that_held_everybody_is_no_failure(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(planning, "SPARE_IDS", 0)
    campaign = launch(workspace, people=3)

    run_job(campaign)

    assert (campaign.state, campaign.audience_count) == ("sending", 3)


def test_a_plan_that_is_run_again_goes_on_where_it_stood(workspace: Workspace) -> None:
    campaign = launch(workspace, people=2)
    run_job(campaign)

    run_job(campaign)

    assert Message.objects.filter(campaign_id=campaign.id).count() == 2


def test_a_campaign_is_finished_when_nothing_waits_and_no_receipt_can_come(
    workspace: Workspace,
) -> None:
    campaign = launch(workspace, people=1)
    run_job(campaign)

    assert finish_campaigns() == []

    Tally.objects.filter(campaign_id=campaign.id).update(state="delivered")
    assert (finish_campaigns(), finish_campaigns()) == ([campaign.id], [])
    campaign.refresh_from_db()
    assert (campaign.state, campaign.finished_at is not None) == ("finished", True)


def test_a_campaign_waits_for_receipts_until_their_validity_is_over(workspace: Workspace) -> None:
    campaign = launch(workspace, people=1)
    run_job(campaign)
    Tally.objects.filter(campaign_id=campaign.id).update(state="submitted")
    handed = Message.objects.filter(campaign_id=campaign.id)
    handed.update(state="submitted", handed_at=now())

    assert finish_campaigns() == []

    handed.update(handed_at=now() - timedelta(hours=campaign.validity_hours + 1))
    assert finish_campaigns() == [campaign.id]


def test_an_audience_of_nobody_is_finished_at_once(workspace: Workspace) -> None:
    campaign = make_campaign(workspace=workspace, state="sending", audience_count=0)

    finish_campaigns()

    assert Campaign.objects.get(id=campaign.id).state == "finished"


def test_a_campaign_whose_plan_failed_ends_and_says_why(workspace: Workspace) -> None:
    campaign = launch(workspace, people=2)
    assert fail_unplanned() == []
    job = Job.objects.filter(kind="campaigns.plan", payload__campaign_id=campaign.id)
    job.update(state="failed", error="FieldError: audience: visits is not a field")

    assert (fail_unplanned(), fail_unplanned()) == ([campaign.id], [])

    campaign.refresh_from_db()
    assert (campaign.state, campaign.finished_at is not None) == ("failed", True)
    assert "(FieldError: audience: visits is not a field). Copy the campaign" in campaign.error
    assert AuditEntry.objects.filter(action="campaigns.failed").count() == 1


def test_lists_show_the_newest_first_by_state_and_name(workspace: Workspace) -> None:
    first = make_campaign(workspace=workspace, name="Spring", state="sending")
    second = make_campaign(workspace=workspace, name="Summer")
    third = make_campaign(workspace=workspace, name="Spring again", state="finished")

    assert list_campaigns(workspace.id) == [third, second, first]
    assert list_campaigns(workspace.id, search="spring") == [third, first]
    assert list_campaigns(workspace.id, states=["sending", "draft"]) == [second, first]
    assert list_campaigns(workspace.id, before_id=third.id, limit=1) == [second]
    assert sending_campaign_ids() == [first.id]


def test_another_workspaces_campaign_is_not_there(workspace: Workspace) -> None:
    other = Workspace.objects.create(name="Other", country="FR")
    theirs = make_campaign(workspace=other)

    with pytest.raises(NotFound):
        access_campaign(workspace.id, theirs.id)
    assert list_campaigns(workspace.id) == []
    assert access_campaign(other.id, theirs.id) == theirs


def test_a_text_may_use_the_workspaces_own_fields_and_no_others(workspace: Workspace) -> None:
    FieldDefinition.objects.create(
        workspace_id=workspace.id, name="points", label="Points", kind="number"
    )
    other = Workspace.objects.create(name="Other", country="FR")

    assert known_fields(workspace.id) - known_fields(other.id) == {"points"}
    assert "first_name" in known_fields(other.id)


def test_canceled_campaigns_with_held_messages_are_found(workspace: Workspace) -> None:
    canceled = make_campaign(workspace=workspace, state="canceled")
    running = make_campaign(workspace=workspace, state="sending")
    for campaign in (canceled, running):
        Tally.objects.create(campaign_id=campaign.id, state="held", reason="", message_count=2)

    assert canceled_with_held_ids() == [canceled.id]
