"""Messages held back after their mark: noted when they are, found by their note when they wake.

An index of message rows by state would cost every move of a state, and without one each look for
held messages would read every message ever sent. So whoever moves a message to `held` writes a note
of it: few rows, for as long as it waits.
"""

from textwell.messaging.sql.moves import COUNT_MOVES
from textwell.messaging.sql.waiting import BATCH_RUNS

# A step of the fold, the one that moves messages to `held`; its rows `moved` name them.
NOTE_HELD = """
held AS (
    INSERT INTO messaging_held (message_id, campaign_id, due_at)
    SELECT id, campaign_id, coalesce(due_at, now()) FROM moved WHERE state = 'held'
    ON CONFLICT (message_id) DO UPDATE SET due_at = excluded.due_at
)
"""

# What waits for something that nobody may ever put right (rules that cannot be read, a setting that is not
# told) is given up once it was held for it for as long as anything may wait for its hour.
_IS_GIVEN_UP = """
    m.reason IN ('facts_missing', 'wording_missing') AND EXISTS (
        SELECT FROM messaging_outcome o
        WHERE o.message_id = m.id AND o.outcome = 'held' AND o.reason = m.reason
          AND o.at < %(now)s::timestamptz - make_interval(days => %(most_days)s))
"""

# Held messages whose time has come, gathered into runs of consecutive ids: a batch for each. They are
# due from now on by the clock of marks: their old mark counts against no cap any more. Single
# messages are noted under minus their gateway. Ids by an array: whatever the planner believes of the
# notes, it looks messages up by their key (so no index fits the condition on the campaign). A message
# is locked before its note, as in the fold.
WAKE_HELD = f"""
WITH ready AS (
    SELECT m.id, m.workspace_id, m.campaign_id, m.gateway_id, m.lane, m.due_at, m.reason,
        {_IS_GIVEN_UP} AS is_given_up
    FROM messaging_message m
    WHERE m.id = ANY(ARRAY(
            SELECT h.message_id FROM messaging_held h
            WHERE h.due_at <= %(now)s
              AND (h.campaign_id < 0 OR h.campaign_id = ANY(%(campaign_ids)s))))
      AND m.state = 'held' AND m.due_at <= %(now)s
      AND coalesce(m.campaign_id, -1) = ANY(%(campaign_ids)s::bigint[] || -1::bigint)
      AND NOT (m.workspace_id = ANY(%(stopped_ids)s))
    ORDER BY m.id LIMIT %(limit)s
    FOR UPDATE OF m SKIP LOCKED
),
due AS (SELECT * FROM ready WHERE NOT is_given_up),
moved AS (
    UPDATE messaging_message m
    SET state = CASE WHEN is_given_up THEN 'skipped' ELSE 'planned' END,
        reason = CASE WHEN is_given_up THEN m.reason ELSE '' END,
        due_at = CASE WHEN is_given_up THEN m.due_at ELSE now() END,
        done_at = CASE WHEN is_given_up THEN %(now)s::timestamptz ELSE m.done_at END
    FROM ready WHERE m.id = ready.id
    RETURNING m.id, m.campaign_id, m.state, m.reason, m.segment_count, m.cost_micros,
        %(now)s::timestamptz AS at, 'held'::varchar AS old_state, ready.reason AS old_reason,
        m.segment_count AS old_segments, m.cost_micros AS old_cost
),
forgotten AS (
    DELETE FROM messaging_held WHERE message_id = ANY(ARRAY(SELECT id FROM moved))
),
{BATCH_RUNS},
{COUNT_MOVES}
"""

# Notes of messages that left by another way: canceled, skipped, forgotten. Under FOLD_LOCK, so that
# nobody is held again meanwhile.
FORGET_HELD = """
WITH noted AS (SELECT ARRAY(SELECT message_id FROM messaging_held) AS ids),
still AS MATERIALIZED (
    SELECT m.id FROM messaging_message m
    WHERE m.id = ANY((SELECT ids FROM noted)::bigint[]) AND m.state = 'held'
)
DELETE FROM messaging_held h WHERE NOT EXISTS (SELECT FROM still s WHERE s.id = h.message_id)
"""

# More are held by the tally than are noted: the fold of an older version ran after the notes were
# introduced, say. This reads all messages, so it is asked for first. Under FOLD_LOCK.
IS_HELD_UNNOTED = """
SELECT (SELECT coalesce(sum(message_count), 0) FROM messaging_tally WHERE state = 'held')
    > (SELECT count(*) FROM messaging_held)
"""
NOTE_ALL_HELD = """
INSERT INTO messaging_held (message_id, campaign_id, due_at)
SELECT id, coalesce(campaign_id, -gateway_id), coalesce(due_at, now())
FROM messaging_message WHERE state = 'held'
ON CONFLICT DO NOTHING
"""
