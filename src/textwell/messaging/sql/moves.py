"""Which state follows which, as SQL, and how a change of state is counted."""

from textwell.messaging.states import MOVES


def moves_sql() -> str:
    """Every move that states.MOVES allows, as a list of pairs for IN."""
    pairs = [f"('{old}','{new}')" for old, news in MOVES.items() for new in sorted(news)]
    return "(" + ",".join(sorted(pairs)) + ")"


# The tail of whatever changes states: its step `moved`, counted per campaign, state and reason, and per
# five seconds.
COUNT_MOVES = """
changes AS (
    SELECT campaign_id, old_state AS state, old_reason AS reason,
        -count(*) AS n, -sum(old_segments) AS segments, -sum(old_cost) AS cost
    FROM moved WHERE campaign_id IS NOT NULL GROUP BY 1, 2, 3
    UNION ALL
    SELECT campaign_id, state, reason, count(*), sum(segment_count), sum(cost_micros)
    FROM moved WHERE campaign_id IS NOT NULL GROUP BY 1, 2, 3
),
tallied AS (
    INSERT INTO messaging_tally AS t (campaign_id, state, reason, message_count, segment_count, cost_micros)
    SELECT campaign_id, state, reason, sum(n), sum(segments), sum(cost) FROM changes GROUP BY 1, 2, 3
    ON CONFLICT (campaign_id, state, reason) DO UPDATE SET
        message_count = t.message_count + excluded.message_count,
        segment_count = t.segment_count + excluded.segment_count,
        cost_micros = t.cost_micros + excluded.cost_micros
),
progressed AS (
    INSERT INTO messaging_progress AS p (campaign_id, slot_at, state, message_count)
    SELECT campaign_id, to_timestamp(floor(extract(epoch FROM at) / 5) * 5), state, count(*)
    FROM moved WHERE campaign_id IS NOT NULL AND state <> old_state GROUP BY 1, 2, 3
    ON CONFLICT (campaign_id, slot_at, state)
        DO UPDATE SET message_count = p.message_count + excluded.message_count
)
SELECT (SELECT count(*) FROM moved WHERE state <> old_state)
"""

COUNT_BY_STATE = """
SELECT state, reason, message_count, segment_count, cost_micros
FROM messaging_tally WHERE campaign_id = %(campaign_id)s AND message_count <> 0
"""
