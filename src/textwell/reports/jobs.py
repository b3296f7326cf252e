"""The jobs of reports."""

from textwell.campaigns.models import Campaign
from textwell.core.jobs import JobContext, job_handler
from textwell.reports.kept import REPORT_JOB, keep_report


@job_handler(REPORT_JOB)
def count_report(context: JobContext) -> None:
    """Counts the report of a large campaign again; one that is gone has none."""
    campaign = Campaign.objects.filter(id=int(context.payload["campaign_id"])).first()
    if campaign is not None:
        keep_report(campaign)
    context.save(done_count=1, total_count=1)
