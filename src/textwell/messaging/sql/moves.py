"""Which state follows which, as SQL, and how a change of state is counted."""

from textwell.messaging.states import MOVES


def may_move_sql(current: str, to: str) -> str:
    """True where states.MOVES allows it; two SQL expressions of type text, neither of them null.

    Pairs are joined to one word each: a constant array of words is looked up by hash, a list of
    pairs is walked, which cost a third of the fold.
    """
    pairs = sorted(f"{old.value}>{new.value}" for old, news in MOVES.items() for new in news)
    return f"({current} || '>' || {to}) = ANY('{{{','.join(pairs)}}}'::text[])"


# What is said of the states a message went through, if a step `moved` takes it from one to the next.
ONE_STEP = """
    SELECT campaign_id, at, state, 1 AS n, 0 AS handed, 0 AS cost FROM moved WHERE state <> old_state
"""
# What a step adds to the cost of what is handed off: less than nothing, where a hand-off was none.
ADDED_COST = "handed * cost_micros - old_handed * old_cost"


def count_moves(steps: str = ONE_STEP, *, knows_handed: bool = False) -> str:
    """The tail of whatever changes states: its step `moved`, counted per campaign, state and reason.

    `steps` gives every state that was reached and when (`n`), which messages were handed off by it
    (`handed`) and what those cost (`cost`): all are counted per five seconds. With `knows_handed`,
    `moved` says whether a message is handed off (`handed`) and was before (`old_handed`), as 0 or 1;
    else nobody is.
    """
    old, new = ("old_handed", "handed") if knows_handed else ("0", "0")
    return f"""
changes AS (
    SELECT campaign_id, old_state AS state, old_reason AS reason,
        -count(*) AS n, -sum(old_segments) AS segments, -sum(old_cost) AS cost,
        -sum({old}) AS handed, -sum(old_segments * {old}) AS handed_segments
    FROM moved WHERE campaign_id IS NOT NULL GROUP BY 1, 2, 3
    UNION ALL
    SELECT campaign_id, state, reason, count(*), sum(segment_count), sum(cost_micros),
        sum({new}), sum(segment_count * {new})
    FROM moved WHERE campaign_id IS NOT NULL GROUP BY 1, 2, 3
),
tallied AS (
    INSERT INTO messaging_tally AS t (campaign_id, state, reason, message_count, segment_count, cost_micros,
        handed_count, handed_segments)
    SELECT campaign_id, state, reason, sum(n), sum(segments), sum(cost), sum(handed), sum(handed_segments)
    FROM changes GROUP BY 1, 2, 3
    ON CONFLICT (campaign_id, state, reason) DO UPDATE SET
        message_count = t.message_count + excluded.message_count,
        segment_count = t.segment_count + excluded.segment_count,
        cost_micros = t.cost_micros + excluded.cost_micros,
        handed_count = t.handed_count + excluded.handed_count,
        handed_segments = t.handed_segments + excluded.handed_segments
),
steps AS (
    {steps}
),
progressed AS (
    INSERT INTO messaging_progress AS p (campaign_id, slot_at, state, message_count, handed_count,
        cost_micros)
    SELECT campaign_id, date_bin('5 seconds', at, 'epoch'), state, sum(n), sum(handed), sum(cost)
    FROM steps WHERE campaign_id IS NOT NULL GROUP BY 1, 2, 3
    ON CONFLICT (campaign_id, slot_at, state) DO UPDATE SET
        message_count = p.message_count + excluded.message_count,
        handed_count = p.handed_count + excluded.handed_count,
        cost_micros = p.cost_micros + excluded.cost_micros
)
SELECT (SELECT coalesce(sum(n), 0)::bigint FROM steps)
"""


COUNT_MOVES = count_moves()

COUNT_BY_STATE = """
SELECT state, reason, message_count, segment_count, cost_micros, handed_count, handed_segments
FROM messaging_tally WHERE campaign_id = %(campaign_id)s AND message_count <> 0
"""
