"""Reports of large campaigns, kept: to count a million messages by country and place takes seconds.

Up to `MOST_LIVE` people a report is counted when it is asked for. Beyond, it is the one that was
counted last, as of its `made_at`, and a job counts it again when it is older than it should be. The
scheduler has the first one counted before anybody asks.
"""

from dataclasses import replace
from datetime import timedelta
from typing import Final

import msgspec

from textwell.campaigns.models import Campaign
from textwell.core.clock import now
from textwell.core.db import cursor
from textwell.core.jobs import enqueue_once
from textwell.gateways.taxonomy import describe_failure
from textwell.reports import sql
from textwell.reports.models import KeptReport
from textwell.reports.selectors import campaign_report, cause_of
from textwell.reports.types import Report

REPORT_JOB: Final = "reports.count"
MOST_LIVE = 50_000  # people of a campaign: its report takes some 200 ms
MOVING_FRESH, QUIET_FRESH = timedelta(seconds=15), timedelta(minutes=5)
MOVES_FOR = timedelta(hours=1)  # after its end: receipts and clicks still come by the second
REPORTED_FOR = timedelta(days=8)  # a first report is counted unasked: of campaigns launched since


def find_report(campaign: Campaign) -> Report:
    """The report of a campaign, counted now or as it was at its `made_at`.

    Of a large one at most `MOVING_FRESH` old, and what the job takes, where somebody keeps looking.
    """
    if not is_kept(campaign):
        return campaign_report(campaign)
    report = _load(campaign)
    if report is None:
        return keep_report(campaign)
    if not is_fresh(report):
        request_report(campaign)
    return report


def is_kept(campaign: Campaign) -> bool:
    """Whether its report may be older than the question for it."""
    return campaign.audience_count > MOST_LIVE


def is_fresh(report: Report) -> bool:
    """Whether it is as young as one of its campaign should be."""
    age = now() - report.made_at
    is_quiet = report.finished_at is not None and report.made_at - report.finished_at > MOVES_FOR
    return age <= (QUIET_FRESH if is_quiet else MOVING_FRESH)


def keep_report(campaign: Campaign) -> Report:
    """Count it and keep it in place of an older one. Calling twice is safe, and so at the same time."""
    report = campaign_report(campaign)
    body = msgspec.json.encode(report)
    with cursor() as opened:
        opened.execute(sql.KEEP, {"id": campaign.id, "made_at": report.made_at, "body": body})
    return report


def request_report(campaign: Campaign) -> bool:
    """Have it counted again; True: that is under way. Calling twice is safe.

    False: the last count failed or was stopped a moment ago, see `enqueue_once`.
    """
    return enqueue_once(
        workspace_id=campaign.workspace_id, kind=REPORT_JOB, payload={"campaign_id": campaign.id}
    )


def request_first_reports() -> int:
    """Have large campaigns that were never counted counted; answers how many. Twice is safe."""
    campaigns = Campaign.objects.filter(
        audience_count__gt=MOST_LIVE,
        launched_at__gt=now() - REPORTED_FOR,
        first_handoff_at__isnull=False,
        keptreport__isnull=True,
    )
    return sum(request_report(campaign) for campaign in campaigns)


def _load(campaign: Campaign) -> Report | None:
    """In the reader's language; None: none is kept, or it is of another version of the product."""
    kept = KeptReport.objects.filter(campaign_id=campaign.id).first()
    if kept is None:
        return None
    try:
        report = msgspec.json.decode(bytes(kept.body), type=Report)
    except msgspec.ValidationError:
        return None
    failures = tuple(
        replace(failure, cause=str(facts.cause), mend=str(facts.mend))
        for failure in report.failures
        for facts in [describe_failure(cause_of(failure.state, failure.reason))]
    )
    return replace(report, name=campaign.name, failures=failures)
