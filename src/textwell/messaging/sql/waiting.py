"""What happens to messages that were not handed off: skipped, paused, canceled, woken."""

from textwell.messaging.sql.moves import COUNT_MOVES

_IS_OPEN = "b.state IN ('planned', 'queued', 'leased', 'paused')"


# A person opted out or was suppressed: whatever waits for them is skipped, in the transaction of it. What is
# marked is the connector's: its last look (READ_WINDOW, READ_WITHDRAWN) leaves it out. The lock on the
# batches makes a mark wait for the opt-out, or the opt-out see the mark. A single message is alone in its
# batch; one of a campaign is in one of the campaign's, or in two at once: a held one wakes in a batch of
# its own while that of before is open. People and batches are many, so that they meet by stretches of ids:
# of a batch and a message in different ones nothing is compared. Arrays: whatever the planner expects,
# batches are found by their indexes.
def _withdraw(whose: str, *, state: str, reason: str) -> str:
    """What waits and is not marked yet leaves; `whose` chooses among messages `m`, `reason` is SQL."""
    return f"""
WITH theirs AS MATERIALIZED (
    SELECT m.id, m.state, m.campaign_id FROM messaging_message m
    WHERE m.workspace_id = %(workspace_id)s AND {whose}
      AND m.state IN ('planned', 'queued', 'held')
),
open AS MATERIALIZED (
    SELECT b.id, b.first_message_id, b.last_message_id FROM messaging_batch b
    WHERE b.campaign_id = ANY(ARRAY(SELECT DISTINCT campaign_id FROM theirs WHERE state <> 'held'))
      AND b.workspace_id = %(workspace_id)s AND {_IS_OPEN}
    UNION ALL
    SELECT b.id, b.first_message_id, b.last_message_id FROM messaging_batch b
    WHERE b.first_message_id = ANY(ARRAY(
            SELECT id FROM theirs WHERE state <> 'held' AND campaign_id IS NULL))
      AND b.workspace_id = %(workspace_id)s AND {_IS_OPEN}
),
carried AS MATERIALIZED (
    SELECT t.id, o.id AS batch_id
    FROM open o
    CROSS JOIN LATERAL generate_series(o.first_message_id / 1000, o.last_message_id / 1000) AS stretch
    JOIN theirs t ON t.id / 1000 = stretch AND t.id BETWEEN o.first_message_id AND o.last_message_id
    WHERE t.state <> 'held'
),
carriers AS (
    SELECT b.id, b.last_message_id, b.marked_id FROM messaging_batch b
    WHERE b.id = ANY(ARRAY(SELECT DISTINCT batch_id FROM carried)) AND {_IS_OPEN}
    ORDER BY b.id FOR SHARE OF b
),
unmarked AS (
    SELECT t.id FROM theirs t WHERE t.state = 'held'
    UNION
    SELECT c.id FROM carried c JOIN carriers b ON b.id = c.batch_id
    WHERE b.marked_id < c.id AND c.id <= b.last_message_id
),
moved AS (
    UPDATE messaging_message m SET state = '{state}', reason = {reason}, done_at = %(now)s
    FROM unmarked, messaging_message old
    WHERE m.id = unmarked.id AND old.id = m.id
      AND m.state IN ('planned', 'queued', 'held')
    RETURNING m.campaign_id, m.state, m.reason, m.segment_count, m.cost_micros, %(now)s::timestamptz AS at,
        old.state AS old_state, old.reason AS old_reason, old.segment_count AS old_segments,
        old.cost_micros AS old_cost
),
{COUNT_MOVES}
"""


# Of an opt-out that is said again its confirmation goes out all the same: there will be no second. Not as
# EXISTS, for which the planner might read the batches of everybody.
_IS_CONFIRMATION = """
    %(reason)s = 'opted_out' AND m.campaign_id IS NULL AND coalesce((
        SELECT b.extra ->> 'purpose' = 'opt_out_confirmation' FROM messaging_batch b
        WHERE b.first_message_id = m.id AND b.campaign_id IS NULL LIMIT 1), false)
"""
SKIP_WAITING = _withdraw(
    f"m.contact_id = ANY(%(contact_ids)s) AND NOT ({_IS_CONFIRMATION})",
    state="skipped",
    reason="%(reason)s",
)
# Of one scope alone; every text says which consent it needs.
_IS_OF_SCOPE = """
    m.contact_id = %(contact_id)s AND %(sender)s IN ('*', m.sender) AND coalesce(
        (SELECT k.purpose = %(purpose)s AND %(topic)s IN ('*', k.topic) AND %(brand)s IN ('*', k.brand)
         FROM campaigns_campaign k WHERE k.id = m.campaign_id),
        (SELECT b.extra ->> 'purpose' = %(purpose)s
             AND %(topic)s IN ('*', coalesce(b.extra ->> 'topic', ''))
             AND %(brand)s IN ('*', coalesce(b.extra ->> 'brand', ''))
         FROM messaging_batch b
         WHERE m.campaign_id IS NULL AND b.first_message_id = m.id AND b.campaign_id IS NULL LIMIT 1),
        false)
"""
SKIP_SCOPE = _withdraw(_IS_OF_SCOPE, state="skipped", reason="'opted_out'")
CANCEL_SINGLE = _withdraw(
    "m.id = %(message_id)s AND m.campaign_id IS NULL", state="canceled", reason="''"
)

# A pause takes the batches away from the connector: its next mark finds them gone.
PAUSE_BATCHES = """
WITH open AS (
    SELECT id FROM messaging_batch
    WHERE campaign_id = %(campaign_id)s AND state IN ('planned', 'queued', 'leased')
    ORDER BY id FOR UPDATE
)
UPDATE messaging_batch b
SET state = 'paused', leased_by = '', lease_until = NULL, queued_at = NULL
FROM open WHERE b.id = open.id
"""
RESUME_BATCHES = """
UPDATE messaging_batch SET state = 'planned'
WHERE campaign_id = %(campaign_id)s AND state = 'paused'
"""

# Terms changed that connectors read with a batch: nobody marks more of what they have before they take it
# anew. What is marked goes on, and its outcomes are written as ever. Those that nobody has are locked too:
# whoever takes one this moment has read the terms of before.
RELEASE_WORKSPACE = """
WITH open AS (
    SELECT id FROM messaging_batch
    WHERE workspace_id = %(workspace_id)s AND state IN ('planned', 'queued', 'leased')
    ORDER BY id FOR UPDATE
)
UPDATE messaging_batch b
SET state = 'planned', leased_by = '', lease_until = NULL, queued_at = NULL
FROM open WHERE b.id = open.id AND b.state <> 'planned'
"""

# A stop was lifted: what was published while it held was refused to every connector, and its pointer
# is spent. It is published again at the scheduler's next look, not when it is overdue.
REPUBLISH_BATCHES = """
WITH open AS (
    SELECT id FROM messaging_batch WHERE workspace_id = %(workspace_id)s AND state = 'queued'
    ORDER BY id FOR UPDATE
)
UPDATE messaging_batch b SET state = 'planned', queued_at = NULL
FROM open WHERE b.id = open.id
"""

# Withdraw everything of a campaign that no window has marked. A batch with a marked part stays, cut
# to that part, so that its windows are settled.
CANCEL_BATCHES = """
WITH old AS (
    SELECT id, marked_id, last_message_id FROM messaging_batch
    WHERE campaign_id = %(campaign_id)s AND state IN ('planned', 'queued', 'leased', 'paused')
    ORDER BY id FOR UPDATE
)
UPDATE messaging_batch b
SET state = CASE WHEN old.marked_id < b.first_message_id THEN 'canceled'
            WHEN b.state = 'paused' THEN 'planned' ELSE b.state END,
    last_message_id = CASE WHEN old.marked_id < b.first_message_id THEN b.last_message_id
            ELSE old.marked_id END
FROM old WHERE b.id = old.id
RETURNING old.marked_id + 1, old.last_message_id
"""

CANCEL_MESSAGES = f"""
WITH ranges AS (SELECT unnest(%(firsts)s::bigint[]) AS low, unnest(%(lasts)s::bigint[]) AS high),
moved AS (
    UPDATE messaging_message m SET state = 'canceled', reason = '', done_at = %(now)s
    FROM ranges, messaging_message old
    WHERE m.id BETWEEN ranges.low AND ranges.high AND old.id = m.id
      AND m.campaign_id = %(campaign_id)s AND m.state IN ('planned', 'queued', 'held')
    RETURNING m.campaign_id, m.state, m.reason, m.segment_count, m.cost_micros, %(now)s::timestamptz AS at,
        old.state AS old_state, old.reason AS old_reason, old.segment_count AS old_segments,
        old.cost_micros AS old_cost
),
{COUNT_MOVES}
"""

CANCEL_HELD = f"""
WITH moved AS (
    UPDATE messaging_message m SET state = 'canceled', done_at = %(now)s
    FROM messaging_message old
    WHERE old.id = m.id AND m.campaign_id = %(campaign_id)s AND m.state = 'held'
    RETURNING m.campaign_id, m.state, m.reason, m.segment_count, m.cost_micros, %(now)s::timestamptz AS at,
        old.state AS old_state, old.reason AS old_reason, old.segment_count AS old_segments,
        old.cost_micros AS old_cost
),
{COUNT_MOVES}
"""

# Of messages `due`: runs of consecutive ids, a batch for each, due now.
BATCH_RUNS = """
runs AS (
    SELECT *, id - row_number() OVER (PARTITION BY campaign_id, gateway_id, lane ORDER BY id) AS run
    FROM due
),
batched AS (
    INSERT INTO messaging_batch (workspace_id, campaign_id, gateway_id, lane, due_at, first_message_id,
        last_message_id, marked_id, state, leased_by, attempt_count, body, extra)
    SELECT r.workspace_id, r.campaign_id, r.gateway_id, r.lane, %(now)s, min(r.id), max(r.id),
        min(r.id) - 1, 'planned', '', 0,
        coalesce((SELECT b.body FROM messaging_batch b WHERE b.campaign_id IS NULL
                  AND r.campaign_id IS NULL AND b.first_message_id = min(r.id) ORDER BY b.id LIMIT 1), ''),
        coalesce((SELECT b.extra FROM messaging_batch b WHERE b.campaign_id IS NULL
                  AND r.campaign_id IS NULL AND b.first_message_id = min(r.id) ORDER BY b.id LIMIT 1), '{}')
    FROM runs r
    GROUP BY r.workspace_id, r.campaign_id, r.gateway_id, r.lane, r.run,
        CASE WHEN r.campaign_id IS NULL THEN r.id END
)
"""
