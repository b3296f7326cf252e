from datetime import UTC, datetime

import pytest
from django.test import Client
from pytest_django.fixtures import DjangoAssertNumQueries

from builders import make_campaign, make_workspace
from textwell.accounts.models import Workspace
from textwell.campaigns.models import Campaign
from textwell.core.clock import now
from textwell.core.errors import NotFound
from textwell.messaging.models import Batch, Progress, Tally
from textwell.web.live_reads import SharedReads
from textwell.web.tallies import build_curve
from textwell.web.views import live


def _running(workspace: Workspace, **tallies: int) -> Campaign:
    campaign = make_campaign(
        workspace=workspace,
        state="sending",
        audience_count=sum(tallies.values()),
        launched_at=datetime(2026, 11, 24, 9, tzinfo=UTC),
    )
    for state, count in tallies.items():
        Tally.objects.create(
            campaign_id=campaign.id, state=state, reason="", message_count=count, cost_micros=1000
        )
    return campaign


def test_the_live_part_shows_every_term_and_that_they_add_up(
    owner_client: Client, workspace: Workspace
) -> None:
    campaign = _running(workspace, delivered=60, submitted=20, planned=10, skipped=10)

    page = owner_client.get(f"/campaigns/{campaign.id}/live/part").content.decode()

    assert "balanced" in page
    assert "not balanced" not in page
    assert 'id="term-bar-delivered" class="fill-delivered" x="0.0" width="600.0"' in page
    assert '<span class="percent">89%</span>' in page


def test_an_equation_that_does_not_add_up_says_so(
    owner_client: Client, workspace: Workspace
) -> None:
    campaign = _running(workspace, delivered=60)
    Campaign.objects.filter(id=campaign.id).update(audience_count=61)

    page = owner_client.get(f"/campaigns/{campaign.id}/live/part").content.decode()

    assert "not balanced" in page


def test_the_page_asks_again_while_it_runs_and_stops_when_finished(
    owner_client: Client, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    campaign = _running(workspace, delivered=5)
    path = f"/campaigns/{campaign.id}/live/part"
    assert 'hx-trigger="every 1s"' in owner_client.get(path).content.decode()

    Campaign.objects.update(state="finished")
    monkeypatch.setattr(live, "shared_reads", SharedReads())

    assert 'hx-trigger="every 1s"' not in owner_client.get(path).content.decode()


def test_a_refresh_costs_the_same_few_queries_however_large_the_campaign(
    owner_client: Client, workspace: Workspace, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    campaign = _running(workspace, delivered=900_000, submitted=100_000)

    # session, user, membership with the workspace, campaign with all of its figures
    with django_assert_num_queries(4):
        owner_client.get(f"/campaigns/{campaign.id}/live/part")


def test_those_who_watch_at_one_moment_read_the_campaign_once(
    workspace: Workspace, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    campaign = _running(workspace, delivered=60)
    time = iter([0.0, 0.0, 0.5, 1.1, 1.1])
    reads = SharedReads(clock=lambda: next(time))

    with django_assert_num_queries(1):
        first, second = [reads.get(workspace.id, campaign.id) for _ in range(2)]
    Campaign.objects.update(state="finished")
    later = reads.get(workspace.id, campaign.id)

    assert (first.campaign.state, second.campaign.state) == ("sending", "sending")
    assert later.campaign.state == "finished"


def test_a_read_of_another_workspace_is_not_shared(workspace: Workspace) -> None:
    campaign = _running(workspace, delivered=60)
    reads = SharedReads()
    reads.get(workspace.id, campaign.id)

    with pytest.raises(NotFound):
        reads.get(make_workspace().id, campaign.id)


def test_the_curve_counts_up_who_was_handed_off_and_who_failed(workspace: Workspace) -> None:
    at = datetime(2026, 11, 24, 9, 0, 0, tzinfo=UTC)
    rows = [
        (0, "submitted", 10, 10), (0, "delivered", 4, 0), (5, "delivered", 3, 3),
        (5, "unknown", 2, 2), (10, "submitted", 2, 0), (10, "rejected", 2, 0),
    ]  # fmt: skip
    for second, state, count, handed in rows:
        Progress.objects.create(
            campaign_id=7,
            slot_at=at.replace(second=second),
            state=state,
            message_count=count,
            handed_count=handed,
        )

    curve = build_curve(7)

    assert curve is not None
    assert curve.handed == [0, 10, 15, 15]
    assert curve.delivered == [0, 4, 7, 7]
    assert curve.failed == [0, 0, 0, 2]
    assert (curve.rows[-1].at, curve.rows[-1].handed) == (at.replace(second=15), 15)


def test_stop_all_stops_the_workspace_and_can_be_lifted(
    owner_client: Client, workspace: Workspace
) -> None:
    stopped = owner_client.post("/stop", {"reason": "wrong text"}, follow=True)
    workspace.refresh_from_db()
    assert workspace.is_stopped
    assert "All sending is stopped." in stopped.content.decode()

    owner_client.post("/stop/lift")

    workspace.refresh_from_db()
    assert not workspace.is_stopped


def test_pausing_what_is_not_sending_changes_nothing_and_says_why(
    owner_client: Client, workspace: Workspace
) -> None:
    campaign = make_campaign(workspace=workspace, state="finished")

    answer = owner_client.post(f"/campaigns/{campaign.id}/pause", follow=True)

    campaign.refresh_from_db()
    assert campaign.state == "finished"
    assert "cannot be paused" in answer.content.decode()


@pytest.mark.parametrize(("state", "label"), [("finished", "Finished"), ("canceled", "Canceled")])
def test_the_page_says_when_and_how_it_ended(
    owner_client: Client, workspace: Workspace, state: str, label: str
) -> None:
    campaign = make_campaign(workspace=workspace, state=state, finished_at=now())

    page = owner_client.get(f"/campaigns/{campaign.id}/live").content.decode()

    assert f"<dt>{label}</dt>" in page


def test_the_page_says_why_texts_wait_that_cannot_be_read(
    owner_client: Client, workspace: Workspace
) -> None:
    campaign = _running(workspace, planned=5)
    path = f"/campaigns/{campaign.id}/live"
    assert "unread-notice" not in owner_client.get(path).content.decode()

    Batch.objects.create(
        workspace_id=workspace.id, campaign_id=campaign.id, gateway_id=1, lane="bulk", due_at=now(),
        first_message_id=5, last_message_id=9, marked_id=4, state="leased", problem="ValueError: <x>",
    )  # fmt: skip

    assert "cannot be read: ValueError: &lt;x&gt;." in owner_client.get(path).content.decode()
