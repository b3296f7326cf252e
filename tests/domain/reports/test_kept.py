"""Reports of large campaigns are kept, and counted again when they are older than they should be."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from django.db import DatabaseError, connection, connections
from django.utils import translation

from domain.reports.sent import Sent, make_sent, reply
from textwell.accounts.models import Workspace
from textwell.campaigns.actions import cancel_campaign
from textwell.campaigns.models import Campaign
from textwell.core.clock import now
from textwell.core.models import Job, JobState
from textwell.reports import kept, selectors
from textwell.reports.kept import (
    find_report,
    find_younger,
    is_kept,
    keep_report,
    request_due_reports,
    show_report,
)
from textwell.reports.models import KeptReport
from textwell.reports.selectors import campaign_report
from textwell.reports.types import Report

pytestmark = pytest.mark.django_db


@pytest.fixture
def sent(workspace: Workspace) -> Sent:
    made = make_sent(workspace)
    made.campaign.audience_count = 60
    made.campaign.save()
    return made


@pytest.fixture
def large(sent: Sent, monkeypatch: pytest.MonkeyPatch) -> Sent:
    """The same sixty people, as if they were many."""
    monkeypatch.setattr(kept, "MOST_LIVE", 59)
    return sent


def without_time(report: Report) -> Report:
    return replace(report, made_at=datetime(2000, 1, 1, tzinfo=UTC))


def age(report: Report, *, by: timedelta) -> None:
    """Make what is kept older."""
    old = replace(report, made_at=report.made_at - by)
    KeptReport.objects.update(made_at=old.made_at, body=msgspec.json.encode(old))


def test_the_report_of_a_small_campaign_is_counted_when_it_is_asked_for(sent: Sent) -> None:
    before = find_report(sent.campaign)
    reply(sent, sent.messages[0].id, "other")

    assert find_report(sent.campaign).replied_people == before.replied_people + 1
    assert not KeptReport.objects.exists()


def test_what_is_kept_is_what_was_counted(large: Sent) -> None:
    counted = campaign_report(large.campaign)

    first, second = find_report(large.campaign), find_report(large.campaign)

    assert without_time(first) == without_time(counted)
    assert second == first
    assert not Job.objects.exists()


def test_an_old_one_is_shown_and_counted_again_once(large: Sent) -> None:
    before = find_report(large.campaign)
    age(before, by=timedelta(seconds=16))
    reply(large, large.messages[0].id, "other")

    shown = [find_report(large.campaign) for _ in range(2)]

    assert [report.replied_people for report in shown] == [before.replied_people] * 2
    (job,) = Job.objects.filter(kind=kept.REPORT_JOB)
    assert job.payload == {"campaign_id": large.campaign.id}
    keep_report(large.campaign)
    assert find_report(large.campaign).replied_people == before.replied_people + 1


@pytest.mark.parametrize(
    ("since_end", "seconds", "is_counted"),
    [(None, 59, False), (None, 61, True), (2, 61, False), (2, 359, False), (2, 361, True)],
)
def test_programs_and_files_get_no_report_that_is_old(
    large: Sent, since_end: int | None, seconds: int, is_counted: bool
) -> None:
    if since_end:
        large.campaign.finished_at = now() - timedelta(hours=since_end)
    before = find_report(large.campaign)
    age(before, by=timedelta(seconds=seconds))
    reply(large, large.messages[0].id, "other")

    found = find_report(large.campaign)

    assert found.replied_people - before.replied_people == int(is_counted)
    assert (found.made_at > before.made_at) == is_counted


def test_a_person_sees_an_old_one_at_once_and_it_is_counted_again(large: Sent) -> None:
    find_report(large.campaign)
    assert show_report(large.campaign) == kept.Shown(find_report(large.campaign))
    age(find_report(large.campaign), by=timedelta(days=1))

    shown = show_report(large.campaign)

    assert now() - shown.report.made_at > timedelta(days=1)
    assert (shown.is_old, shown.is_coming, Job.objects.count()) == (True, True, 1)
    Job.objects.update(state=JobState.FAILED, finished_at=now())
    assert show_report(large.campaign) == replace(shown, is_coming=False)


def test_a_page_asks_until_a_younger_one_is_there_or_cannot_be(large: Sent) -> None:
    age(find_report(large.campaign), by=timedelta(days=1))
    old = show_report(large.campaign).report
    shown = old.made_at.isoformat()

    assert find_younger(large.campaign, shown=shown) is None
    Job.objects.update(state=JobState.FAILED, finished_at=now())
    assert find_younger(large.campaign, shown=shown) == kept.Shown(old, is_old=True)
    younger = keep_report(large.campaign)
    assert find_younger(large.campaign, shown=shown) == kept.Shown(younger)
    assert Job.objects.count() == 1


def test_a_person_need_not_wait_for_the_first_one(large: Sent) -> None:
    assert show_report(large.campaign) == kept.Shown(None, is_old=True, is_coming=True)
    assert find_younger(large.campaign, shown="") is None
    Job.objects.update(state=JobState.FAILED, finished_at=now())

    failed = kept.Shown(None, is_old=True)
    assert show_report(large.campaign) == find_younger(large.campaign, shown="") == failed
    report = keep_report(large.campaign)
    assert find_younger(large.campaign, shown="") == kept.Shown(report)


def test_a_campaign_that_goes_on_after_its_end_moves_again(large: Sent) -> None:
    large.campaign.finished_at = now() - timedelta(hours=2)
    age(find_report(large.campaign), by=timedelta(seconds=16))
    assert not show_report(large.campaign).is_old

    large.campaign.finished_at = None

    assert show_report(large.campaign).is_old


def test_an_older_count_that_ends_later_does_not_replace_a_younger_one(
    large: Sent, monkeypatch: pytest.MonkeyPatch
) -> None:
    older = campaign_report(large.campaign)
    reply(large, large.messages[0].id, "other")
    younger = keep_report(large.campaign)
    monkeypatch.setattr(kept, "campaign_report", lambda _campaign: older)

    keep_report(large.campaign)

    assert find_report(large.campaign) == younger
    assert KeptReport.objects.get().made_at == younger.made_at


def test_a_report_is_as_of_the_moment_before_its_count(
    sent: Sent, monkeypatch: pytest.MonkeyPatch
) -> None:
    began: list[datetime] = []
    facts = selectors.read_facts
    monkeypatch.setattr(selectors, "read_facts", lambda scope: began.append(now()) or facts(scope))

    assert campaign_report(sent.campaign).made_at < began[0]


def test_one_question_tells_whose_report_is_kept(large: Sent) -> None:
    large.campaign.audience_count = 59  # as while it is planned: the report counts 60 people
    assert not is_kept(large.campaign)
    find_report(large.campaign)
    assert not KeptReport.objects.exists()


def test_a_count_that_failed_is_not_asked_for_again_at_once(large: Sent) -> None:
    age(find_report(large.campaign), by=timedelta(seconds=16))
    find_report(large.campaign)
    Job.objects.update(state=JobState.FAILED, finished_at=now())

    find_report(large.campaign)

    assert Job.objects.get().state == JobState.FAILED


@pytest.mark.parametrize(("minutes", "is_asked"), [(4.5, False), (5.5, True)])
def test_one_that_ended_long_ago_is_counted_again_after_five_minutes(
    large: Sent, minutes: float, is_asked: bool
) -> None:
    large.campaign.finished_at = now() - timedelta(hours=2)
    large.campaign.save()
    age(find_report(large.campaign), by=timedelta(minutes=minutes))

    find_report(large.campaign)

    assert Job.objects.exists() == is_asked


def test_causes_are_told_in_the_language_of_the_reader(large: Sent) -> None:
    english = find_report(large.campaign).failures
    with translation.override("vi"):
        vietnamese = find_report(large.campaign).failures
        counted = campaign_report(large.campaign).failures

    assert vietnamese == counted
    assert [f.cause for f in vietnamese] != [f.cause for f in english]


def test_one_of_another_version_is_counted_again_at_once(large: Sent) -> None:
    find_report(large.campaign)
    KeptReport.objects.update(body=b'{"campaign_id": 1, "name": "Old"}')

    assert find_report(large.campaign).equation.audience == 60


@pytest.fixture
def launched(large: Sent) -> Campaign:
    large.campaign.launched_at = large.campaign.first_handoff_at = now()
    large.campaign.save()
    return large.campaign


def test_a_first_report_is_counted_unasked(launched: Campaign) -> None:
    assert [request_due_reports() for _ in range(2)] == [1, 1]
    assert Job.objects.filter(kind=kept.REPORT_JOB).count() == 1
    keep_report(launched)
    assert request_due_reports() == 0


@pytest.mark.parametrize(
    ("ended", "counted", "count"),
    [  # minutes ago
        (None, 59, 0),
        (None, 61, 1),
        (5, 6, 1),  # at the end
        (5, 4, 0),
        (59, 57, 0),
        (61, 57, 1),  # an hour after it
        (300, 239, 0),
        (8 * 24 * 60 + 1, 8 * 24 * 60 + 2, 0),  # long ago: by whoever asks
    ],
)
def test_reports_are_counted_unasked_by_the_hour_at_the_end_and_an_hour_after_it(
    launched: Campaign, ended: int | None, counted: int, count: int
) -> None:
    launched.launched_at = now() - timedelta(days=9 if ended else 0)
    launched.finished_at = None if ended is None else now() - timedelta(minutes=ended)
    launched.save()
    age(keep_report(launched), by=timedelta(minutes=counted))

    assert request_due_reports() == count


def test_a_canceled_campaign_is_counted_at_its_end_and_once_more_not_every_hour(
    launched: Campaign,
) -> None:
    keep_report(launched)
    cancel_campaign(campaign=launched, actor="user:1")
    launched.refresh_from_db()

    assert launched.finished_at is not None
    assert request_due_reports() == 1
    keep_report(launched)
    Campaign.objects.update(finished_at=now() - timedelta(hours=5))
    KeptReport.objects.update(made_at=now() - timedelta(hours=3))
    assert request_due_reports() == 0


@pytest.fixture
def counts(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[list[int], threading.Event]]:
    """How often a report is counted, and what each count waits for."""
    counted, goes_on = [0], threading.Event()

    def count(campaign: Campaign) -> Report:
        counted[0] += 1
        assert goes_on.wait(20)
        return campaign_report(campaign)

    monkeypatch.setattr(kept, "campaign_report", count)
    yield counted, goes_on
    goes_on.set()


def until_waiting(callers: int) -> None:
    """Until so many sessions wait for an advisory lock."""
    while True:
        with connection.cursor() as opened:
            opened.execute(
                "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
            )
            if opened.fetchone()[0] >= callers:
                return


def find_elsewhere(campaign: Campaign) -> Report:
    try:
        return find_report(campaign)
    finally:
        connections.close_all()


@pytest.mark.timeout(60)
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_kept_already", [False, True])
def test_of_many_who_ask_for_an_old_one_at_once_one_counts_and_all_get_it(
    large: Sent, counts: tuple[list[int], threading.Event], *, is_kept_already: bool
) -> None:
    counted, goes_on = counts
    if is_kept_already:
        goes_on.set()
        age(keep_report(large.campaign), by=timedelta(hours=1))
        goes_on.clear()
        counted[0] = 0

    with ThreadPoolExecutor(4) as pool:
        asked = [pool.submit(find_elsewhere, large.campaign) for _ in range(4)]
        until_waiting(3)
        goes_on.set()
        reports = [each.result(30) for each in asked]

    assert counted == [1]
    assert [report == reports[0] for report in reports] == [True] * 4
    assert reports[0].made_at > now() - timedelta(minutes=1)


@pytest.mark.django_db(transaction=True)
def test_a_count_that_fails_keeps_nobody_waiting(
    large: Sent, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_campaign: Campaign) -> Report:
        raise DatabaseError("cannot")

    with monkeypatch.context() as patch:
        patch.setattr(kept, "campaign_report", fails)
        with pytest.raises(DatabaseError):
            find_report(large.campaign)

    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(find_elsewhere, large.campaign).result(20).equation.audience == 60
