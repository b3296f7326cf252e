"""What the scheduler does for campaigns: begin due ones, finish those of which nothing is open."""

from django.db import connection, transaction

from textwell.campaigns.actions import start_due_campaigns
from textwell.campaigns.models import Campaign, CampaignState
from textwell.core.clock import now

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


__all__ = ["finish_campaigns", "start_due_campaigns"]
