"""The jobs of campaigns."""

from textwell.campaigns.actions import PLAN_JOB
from textwell.campaigns.planning import plan_campaign
from textwell.core.jobs import JobContext, job_handler


@job_handler(PLAN_JOB)
def plan(context: JobContext) -> None:
    """Make the message rows of a launched campaign."""
    plan_campaign(context)
