"""What the scheduler does for campaigns: begin due ones, finish those of which nothing is open.

And end those that cannot be planned.
"""

from django.db import connection, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from textwell.accounts.models import Workspace
from textwell.campaigns.actions import PLAN_JOB, fail_campaign, start_due_campaigns
from textwell.campaigns.models import Campaign, CampaignState
from textwell.core.clock import now
from textwell.core.models import Job, JobState

# Finished: nothing waits, and every accepted message has its receipt or is past its validity.
_FINISH = """
UPDATE campaigns_campaign k SET state = 'finished', finished_at = %(now)s
FROM (
    SELECT t.campaign_id,
        coalesce(sum(message_count) FILTER (
            WHERE t.state IN ('planned', 'queued', 'handing', 'held')), 0) AS waiting,
        coalesce(sum(message_count) FILTER (WHERE t.state = 'submitted'), 0) AS accepted
    FROM messaging_tally t JOIN campaigns_campaign c ON c.id = t.campaign_id AND c.state = 'sending'
    GROUP BY t.campaign_id
) sums
WHERE k.id = sums.campaign_id AND k.state = 'sending' AND sums.waiting = 0
  AND (sums.accepted = 0 OR NOT EXISTS (
      SELECT 1 FROM messaging_message m
      WHERE m.id BETWEEN k.first_message_id AND k.last_message_id AND m.state = 'submitted'
        AND m.handed_at > %(now)s - make_interval(hours => k.validity_hours)))
RETURNING k.id
"""


def finish_campaigns() -> list[int]:
    """Ids of campaigns that are finished now. Calling twice is safe."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_FINISH, {"now": now()})
        finished = [int(row[0]) for row in cursor.fetchall()]
        empty = Campaign.objects.filter(state=CampaignState.SENDING, audience_count=0)
        empty.update(state=CampaignState.FINISHED, finished_at=now())
    return finished


def fail_unplanned() -> list[int]:
    """Ids of campaigns that end now because the job of their plan failed; each says why. Twice is safe."""
    planning = Campaign.objects.filter(state=CampaignState.PLANNING)
    ids = list(planning.values_list("workspace_id", "id"))
    return [campaign_id for workspace_id, campaign_id in ids if _fail(workspace_id, campaign_id)]


def _fail(workspace_id: int, campaign_id: int) -> bool:
    """False: its plan is under way, or somebody else ended it."""
    jobs = Job.objects.filter(
        workspace_id=workspace_id, kind=PLAN_JOB, payload__campaign_id=campaign_id
    )
    job = jobs.order_by("-created_at").first()
    if job is None or job.state != JobState.FAILED:
        return False
    with transaction.atomic():
        found = Campaign.objects.select_for_update(skip_locked=True)
        campaign = found.filter(id=campaign_id, state=CampaignState.PLANNING).first()
        if campaign is None:
            return False
        workspace = Workspace.objects.get(id=campaign.workspace_id)
        with translation.override(workspace.language):
            error = _(
                "The list of recipients could not be made (%(reason)s). Copy the campaign, correct"
                " what it names, and launch the copy."
            ) % {"reason": job.error}
        fail_campaign(campaign, error)
    return True


__all__ = ["fail_unplanned", "finish_campaigns", "start_due_campaigns"]
