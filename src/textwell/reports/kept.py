"""Reports of large campaigns, kept: to count a million messages by country and place takes seconds.

Up to `MOST_LIVE` people a report is counted when it is asked for. Beyond, it is the one that was
counted last, as of its `made_at`. Who asks for one that is no longer fresh has a job count it again.
Programs that ask for one that is old, or that never was, wait until it is counted; a person's page
says that it is being counted. The scheduler has it counted before
anybody asks: when sending begins, every hour until the end, at the end and an hour after it.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

import msgspec
from django.db.models import F, Q

from textwell.campaigns.models import Campaign
from textwell.core.clock import now
from textwell.core.db import cursor, one_at_a_time
from textwell.core.jobs import enqueue_once, is_under_way
from textwell.gateways.taxonomy import describe_failure
from textwell.messaging.statistics import sum_up_block
from textwell.reports import sql
from textwell.reports.models import KeptReport
from textwell.reports.selectors import campaign_report, cause_of
from textwell.reports.sums.facts import keep_facts
from textwell.reports.types import Report

REPORT_JOB: Final = "reports.count"
MOST_LIVE = 50_000  # people of a campaign: its report takes some 200 ms
MOVES_FOR = timedelta(hours=1)  # after its end: receipts and clicks still come by the second
# While it moves, and once it is quiet: until then one is as good as new, ...
MOVING_FRESH, QUIET_FRESH = timedelta(seconds=15), timedelta(minutes=5)
# ... and from then on it is counted while its reader waits.
MOVING_OLD, QUIET_OLD = timedelta(minutes=1), timedelta(minutes=6)
UNASKED = timedelta(hours=1)  # until its end it is counted so often though nobody looks
REPORTED_FOR = timedelta(days=8)  # of campaigns that were launched or ended since, unasked


@dataclass(frozen=True, slots=True)
class Shown:
    """What a page shows. `is_old`: a younger one should be there; `is_coming`: it is being counted.

    `report` None: none was counted yet.
    """

    report: Report | None
    is_old: bool = False
    is_coming: bool = False


def find_report(campaign: Campaign) -> Report:
    """The report of a campaign, for programs and files: counted now, or as it was at its `made_at`.

    Of a large one that is at most `MOVING_OLD` ago, `QUIET_OLD` from an hour after the end; one that
    is older is counted while the caller waits, for seconds.
    """
    if not is_kept(campaign):
        return campaign_report(campaign)
    asked_at = now()
    report = _load(campaign)
    if report is None or _is_old(campaign, report, at=asked_at):
        return _keep_once(campaign, asked_at=asked_at)
    if not is_fresh(campaign, report):
        request_report(campaign)
    return report


def show_report(campaign: Campaign) -> Shown:
    """The report of a campaign for a person: at once what is kept, however old it is.

    One that is not fresh, or is not there, is being counted from now on.
    """
    if not is_kept(campaign):
        return Shown(campaign_report(campaign))
    report = _load(campaign)
    is_old = report is None or not is_fresh(campaign, report)
    return Shown(report, is_old=is_old, is_coming=is_old and request_report(campaign))


def find_younger(campaign: Campaign, *, shown: str) -> Shown | None:
    """What the page of a kept report as of `shown` (ISO 8601) is to show next; asks for no count.

    `shown` "": of none. None: the next one is being counted, ask again. `is_old`: it was not to be had.
    """
    is_coming = is_under_way(  # asked first: it may end between the two looks
        workspace_id=campaign.workspace_id, kind=REPORT_JOB, payload=_payload(campaign)
    )
    report = _load(campaign)
    is_same = shown == (report.made_at.isoformat() if report else "")
    if is_same and is_coming:
        return None
    is_missing = report is None
    return Shown(report, is_old=is_same or is_missing, is_coming=is_coming and is_missing)


def is_kept(campaign: Campaign) -> bool:
    """Whether its report may be older than the question for it."""
    return campaign.audience_count > MOST_LIVE


def is_fresh(campaign: Campaign, report: Report) -> bool:
    """Whether it is as young as one of its campaign should be."""
    return _age(report) <= (QUIET_FRESH if _is_quiet(campaign, report) else MOVING_FRESH)


def _age(report: Report) -> timedelta:
    return now() - report.made_at


def _is_old(campaign: Campaign, report: Report, *, at: datetime) -> bool:
    return at - report.made_at > (QUIET_OLD if _is_quiet(campaign, report) else MOVING_OLD)


def _is_quiet(campaign: Campaign, report: Report) -> bool:
    # By the campaign: one that ended may go on, when unknown outcomes of it are sent again.
    return campaign.finished_at is not None and report.made_at - campaign.finished_at > MOVES_FOR


def keep_report(campaign: Campaign) -> Report:
    """Count it and keep it in place of an older one. Calling twice is safe, and so at the same time.

    The lists behind its figures are made quick as well.
    """
    sum_up_block(campaign.first_message_id or 0)
    report = campaign_report(campaign)
    body = msgspec.json.encode(report)
    with cursor() as opened:
        opened.execute(sql.KEEP, {"id": campaign.id, "made_at": report.made_at, "body": body})
    keep_facts(campaign)
    return report


def _keep_once(campaign: Campaign, *, asked_at: datetime) -> Report:
    """Count and keep it, or take the one that another caller has counted while this one waited.

    It may have begun before `asked_at`: what matters is that it was not old by then.
    """
    with one_at_a_time(f"report:{campaign.id}"):
        report = _load(campaign)
        if report is not None and not _is_old(campaign, report, at=asked_at):
            return report
        return keep_report(campaign)


def request_report(campaign: Campaign) -> bool:
    """Have it counted again; True: that is under way. Calling twice is safe.

    False: the last count failed or was stopped a moment ago, see `enqueue_once`.
    """
    return enqueue_once(
        workspace_id=campaign.workspace_id, kind=REPORT_JOB, payload=_payload(campaign)
    )


def _payload(campaign: Campaign) -> dict[str, int]:
    return {"campaign_id": campaign.id}


def request_due_reports() -> int:
    """Have reports of large campaigns counted that nobody asked for; answers how many. Twice is safe.

    The first one when sending begins, one an hour until the end, one at the end, and the last one an
    hour after it: whoever opens one the next morning sees figures that are nearly right at once.
    """
    moment = now()
    recent = Q(launched_at__gt=moment - REPORTED_FOR) | Q(finished_at__gt=moment - REPORTED_FOR)
    made_at, moves_until = F("keptreport__made_at"), F("finished_at") + MOVES_FOR
    is_due = (
        Q(keptreport=None)
        | Q(finished_at=None, keptreport__made_at__lt=moment - UNASKED)
        | Q(finished_at__gt=made_at)
        | Q(finished_at__lt=moment - MOVES_FOR, keptreport__made_at__lt=moves_until)
    )
    large = Campaign.objects.filter(audience_count__gt=MOST_LIVE, first_handoff_at__isnull=False)
    return sum(request_report(campaign) for campaign in large.filter(recent, is_due))


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
