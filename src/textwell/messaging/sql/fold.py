"""The logs of outcomes and receipts, and how they come into message rows."""

from textwell.messaging.sql.moves import COUNT_MOVES, moves_sql

OUTCOME_COLUMNS = (
    "message_id", "gateway_id", "at", "outcome", "reason", "code", "provider_message_id",
    "provider_key", "segment_count", "encoding", "cost_micros", "text", "facts",
)  # fmt: skip
DLR_COLUMNS = (
    "gateway_id", "message_id", "provider_message_id", "provider_key", "state", "reason", "code",
    "done_at", "received_at",
)  # fmt: skip

HIGH_WATER = {
    "outcome": "SELECT coalesce(max(id), 0) FROM messaging_outcome",
    "dlr": "SELECT coalesce(max(id), 0) FROM messaging_dlr",
}

# Outcomes above one id up to another, into message rows. Of several for one message the carrier's
# word beats a guess, and the later beats the earlier. Facts of the hand-off are kept even where a
# receipt was folded first.
FOLD_OUTCOMES = f"""
WITH o AS (
    SELECT DISTINCT ON (message_id) *
    FROM messaging_outcome WHERE id > %(after_id)s AND id <= %(until_id)s
    ORDER BY message_id, outcome = 'unknown', id DESC
),
moved AS (
    UPDATE messaging_message m SET
        state = CASE WHEN (old.state, o.outcome) IN {moves_sql()} THEN o.outcome ELSE old.state END,
        reason = CASE WHEN (old.state, o.outcome) IN {moves_sql()} THEN o.reason ELSE old.reason END,
        code = CASE WHEN (old.state, o.outcome) IN {moves_sql()} THEN o.code ELSE old.code END,
        segment_count = greatest(old.segment_count, o.segment_count),
        cost_micros = greatest(old.cost_micros, o.cost_micros),
        handed_at = CASE WHEN o.outcome IN ('submitted', 'unknown', 'rejected')
            THEN coalesce(old.handed_at, o.at) ELSE old.handed_at END,
        due_at = CASE WHEN o.outcome = 'held' AND o.facts ? 'until'
            THEN (o.facts ->> 'until')::timestamptz ELSE old.due_at END,
        done_at = CASE WHEN o.outcome IN ('rejected', 'expired', 'skipped')
            THEN coalesce(old.done_at, o.at) ELSE old.done_at END
    FROM o JOIN messaging_message old ON old.id = o.message_id
    WHERE m.id = o.message_id
    RETURNING m.campaign_id, m.state, m.reason, m.segment_count, m.cost_micros, o.at,
        old.state AS old_state, old.reason AS old_reason, old.segment_count AS old_segments,
        old.cost_micros AS old_cost
),
{COUNT_MOVES}
"""

# Receipts whose message is known, by the bind's own memory or by the carrier's id.
_MATCHED = """
matched AS (
    SELECT DISTINCT ON (message_id) message_id, state, reason, code, done_at, received_at
    FROM (
        SELECT d.id, coalesce(d.message_id, o.message_id) AS message_id, d.state, d.reason, d.code,
            d.done_at, d.received_at
        FROM d
        LEFT JOIN LATERAL (
            SELECT x.message_id FROM messaging_outcome x
            WHERE d.message_id IS NULL AND x.provider_key = d.provider_key
              AND x.gateway_id = d.gateway_id AND x.outcome = 'submitted'
            ORDER BY x.at DESC LIMIT 1
        ) o ON true
    ) known
    WHERE message_id IS NOT NULL AND state IN ('delivered', 'undelivered', 'expired', 'rejected')
    ORDER BY message_id, id
),
moved AS (
    UPDATE messaging_message m SET state = matched.state, reason = matched.reason, code = matched.code,
        done_at = coalesce(matched.done_at, matched.received_at)
    FROM matched JOIN messaging_message old ON old.id = matched.message_id
    WHERE m.id = matched.message_id AND (old.state, matched.state) IN __MOVES__
    RETURNING m.campaign_id, m.state, m.reason, m.segment_count, m.cost_micros, matched.received_at AS at,
        old.state AS old_state, old.reason AS old_reason, old.segment_count AS old_segments,
        old.cost_micros AS old_cost
),
""".replace("__MOVES__", moves_sql())

FOLD_DLRS = f"""
WITH d AS MATERIALIZED (
    SELECT * FROM messaging_dlr WHERE id > %(after_id)s AND id <= %(until_id)s
),
unmatched AS (
    INSERT INTO messaging_pendingreport (dlr_id, gateway_id, provider_key, received_at)
    SELECT d.id, d.gateway_id, d.provider_key, d.received_at
    FROM d
    WHERE d.message_id IS NULL AND NOT EXISTS (
        SELECT 1 FROM messaging_outcome x
        WHERE x.provider_key = d.provider_key AND x.gateway_id = d.gateway_id AND x.outcome = 'submitted')
    ON CONFLICT DO NOTHING
),
{_MATCHED}
{COUNT_MOVES}
"""

# Receipts that came before their submit was recorded: tried again until they are too old.
FOLD_PENDING = f"""
WITH found AS (
    DELETE FROM messaging_pendingreport p
    USING messaging_outcome x
    WHERE x.provider_key = p.provider_key AND x.gateway_id = p.gateway_id AND x.outcome = 'submitted'
    RETURNING p.dlr_id
),
d AS MATERIALIZED (
    SELECT * FROM messaging_dlr WHERE id IN (SELECT dlr_id FROM found)
),
{_MATCHED}
{COUNT_MOVES}
"""

FORGET_PENDING = (
    "DELETE FROM messaging_pendingreport WHERE received_at < now() - interval '72 hours'"
)
