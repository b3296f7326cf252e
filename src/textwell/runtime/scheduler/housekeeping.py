"""Tasks that keep the house: lost pointers of jobs, old counts, ended sessions, addresses of clicks."""

from datetime import timedelta

from django.core.management import call_command
from django.db.models import Q

from textwell.core.bus import publish_after_commit
from textwell.core.clock import now
from textwell.core.jobs import forget_done_jobs, job_subject
from textwell.core.models import Job, JobState
from textwell.core.settings import load_settings
from textwell.core.wire import JobPointer, encode
from textwell.links.actions import forget_raw_ips
from textwell.reports.kept import REPORT_JOB
from textwell.runtime.quarantine import forget_click_addresses
from textwell.segments.figures import COUNT_JOB

POINTERS_AT_ONCE = 500
COUNTS_AT_ONCE = 10_000  # a watched campaign makes 240 an hour


def publish_lost_jobs() -> int:
    """Publish pointers of jobs that wait or whose worker is gone; answers how many.

    The same pointer within two minutes is stored once: a job that waits for a free worker does
    not fill the stream.
    """
    moment = now()
    free = Q(state=JobState.WAITING) | Q(
        state__in=[JobState.RUNNING, JobState.STOPPING], lease_until__lt=moment
    )
    rows = Job.objects.filter(free).order_by("created_at")
    found = list(rows.values_list("id", "kind", "attempts")[:POINTERS_AT_ONCE])
    for job_id, kind, attempts in found:
        publish_after_commit(
            job_subject(kind),
            encode(JobPointer(job_id=job_id)),
            msg_id=f"job-{job_id}-{attempts}-{int(moment.timestamp()) // 60}",
        )
    return len(found)


def forget_done_counts() -> int:
    """Delete jobs that counted reports, lists and tags, a day after they were done; answers how many.

    What they counted is kept elsewhere; jobs that failed stay, with their error.
    """
    return forget_done_jobs(
        kinds=[REPORT_JOB, COUNT_JOB],
        older_than=now() - timedelta(days=1),
        limit=COUNTS_AT_ONCE,
    )


def forget_ended_sessions() -> None:
    """Delete sessions of browsers that are past their end."""
    call_command("clearsessions")


def forget_clicks_ips() -> int:
    """Delete the raw addresses of clicks older than the setting `raw_ip_days`; answers how many.

    Those of clicks that were set aside too.
    """
    older_than = now() - timedelta(days=load_settings().raw_ip_days)
    return forget_raw_ips(older_than=older_than) + forget_click_addresses(older_than=older_than)
