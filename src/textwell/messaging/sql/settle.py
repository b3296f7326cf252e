"""What people do by hand about messages whose answer was lost: say what became of them, send again."""

from textwell.messaging.sql.moves import ADDED_COST, count_moves
from textwell.messaging.sql.waiting import BATCH_RUNS

# Every message of a campaign in one state, or those of them that are named; without a campaign one
# single message by its block of ids.
_CHOSEN = """
    WHERE m.workspace_id = %(workspace_id)s AND (m.campaign_id = %(campaign_id)s
        OR %(campaign_id)s::bigint IS NULL AND m.campaign_id IS NULL)
      AND m.id BETWEEN %(first_id)s AND %(last_id)s
      AND (%(message_ids)s::bigint[] IS NULL OR m.id = ANY(%(message_ids)s))
"""
# Rows and log in one step, under FOLD_LOCK: the fold would else count by a state that it read before.
_LOG = """
logged AS (
    INSERT INTO messaging_outcome (message_id, gateway_id, at, outcome, reason, facts)
    SELECT id, gateway_id, %(now)s, %(state)s, 'by_hand', %(facts)s::jsonb FROM due
)
"""
_STEPS = f"""
    SELECT campaign_id, at, state, 1 AS n, handed - old_handed AS handed, {ADDED_COST} AS cost FROM moved
"""
_MOVED = """
    FROM due WHERE m.id = due.id
    RETURNING m.campaign_id, m.state, m.reason, m.segment_count, m.cost_micros, %(now)s::timestamptz AS at,
        due.state AS old_state, due.reason AS old_reason, due.segment_count AS old_segments,
        due.cost_micros AS old_cost, (due.handed_at IS NOT NULL)::int AS old_handed,
        (m.handed_at IS NOT NULL)::int AS handed
"""

# A person says what became of unknown messages: `submitted` or `not_sent`. What was not sent was not
# handed off either, and cost nothing.
SETTLE_UNKNOWN = f"""
WITH due AS (
    SELECT m.* FROM messaging_message m {_CHOSEN} AND m.state = 'unknown'
),
{_LOG},
moved AS (
    UPDATE messaging_message m SET state = %(state)s,
        reason = CASE %(state)s WHEN 'not_sent' THEN 'by_hand' ELSE '' END,
        handed_at = CASE %(state)s WHEN 'not_sent' THEN NULL ELSE m.handed_at END,
        cost_micros = CASE %(state)s WHEN 'not_sent' THEN 0 ELSE m.cost_micros END
    {_MOVED}
),
{count_moves(_STEPS, knows_handed=True)}
"""

# A person asks for it: what was found not sent waits again, in batches of its own, and meets the gate
# at its hand-off. It is due from now on by the clock of marks: its old mark counts against no cap.
SEND_AGAIN = f"""
WITH due AS (
    SELECT m.* FROM messaging_message m {_CHOSEN} AND m.state = 'not_sent'
    ORDER BY m.id LIMIT %(limit)s
),
{_LOG},
{BATCH_RUNS},
moved AS (
    UPDATE messaging_message m SET state = 'planned', reason = '', due_at = now()
    {_MOVED}
),
{count_moves(_STEPS, knows_handed=True)}
"""
