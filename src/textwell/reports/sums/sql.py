"""Statements that add up what is kept: tallies, and facts of large campaigns."""

from textwell.reports.sql import OWNERS

# Kept tallies of what a figure asks for: people, segments, cost, handed off, their segments.
_SUMS = """
SELECT t.message_count, t.segment_count, t.cost_micros, t.handed_count, t.handed_segments
"""
_ASKED = """
(%(states)s::text[] IS NULL OR t.state = ANY(%(states)s::text[]))
    AND (%(reason)s::text IS NULL OR t.reason = %(reason)s::text)
"""
TALLIES = f"{_SUMS} FROM messaging_tally t WHERE t.campaign_id = %(key)s AND {_ASKED}"
TALLIES_OF_GATEWAY = f"""
WITH {OWNERS} {_SUMS}
FROM owners o JOIN messaging_tally t ON t.campaign_id = o.key
WHERE o.gateway_id = %(key)s AND {_ASKED}
"""
COUNT_MESSAGES = f"""
WITH {OWNERS}
SELECT coalesce(sum(t.message_count), 0)::bigint FROM owners o JOIN messaging_tally t ON t.campaign_id = o.key
"""
# A campaign that was launched since then has no message that moved before.
_LAUNCHED_SINCE = "launched_at >= %(since)s"
TALLIES_SINCE = f"""
{_SUMS} FROM campaigns_campaign o JOIN messaging_tally t ON t.campaign_id = o.id
WHERE o.workspace_id = %(workspace_id)s AND o.{_LAUNCHED_SINCE} AND {_ASKED}
    AND (%(currency)s::text IS NULL OR o.gateway_id IN (
        SELECT id FROM gateways_gateway
        WHERE workspace_id = %(workspace_id)s AND currency = %(currency)s::text))
"""
MOVED_BEFORE_AND_SINCE = f"""
WITH {OWNERS}
SELECT EXISTS (
    SELECT FROM owners o JOIN messaging_progress p ON p.campaign_id = o.key AND p.slot_at >= %(since)s
    WHERE (o.key > 0 OR NOT %(is_of_campaigns)s)
        AND NOT EXISTS (SELECT FROM campaigns_campaign c WHERE c.id = o.key AND c.{_LAUNCHED_SINCE})
)
"""

# What only grows while messages move, and what is kept of their plan and cost.
MOVES = """
SELECT p.moved, p.handed, t.people, t.segments, t.cost FROM (
    SELECT coalesce(sum(message_count), 0) AS moved, coalesce(sum(handed_count), 0) AS handed
    FROM messaging_progress WHERE campaign_id = %(campaign_id)s
) p, (
    SELECT coalesce(sum(message_count), 0) AS people, coalesce(sum(segment_count), 0) AS segments,
        coalesce(sum(cost_micros), 0) AS cost
    FROM messaging_tally WHERE campaign_id = %(campaign_id)s
) t
"""
KEEP_FACTS = """
INSERT INTO reports_keptfacts (campaign_id, moves, body) VALUES (%(id)s, %(moves)s, %(body)s)
ON CONFLICT (campaign_id) DO UPDATE SET moves = excluded.moves, body = excluded.body
"""
FIND_FACTS = "SELECT moves, body FROM reports_keptfacts WHERE campaign_id = %(campaign_id)s"
