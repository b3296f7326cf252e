"""The logs of outcomes and receipts, and how they come into message rows."""

from textwell.messaging.sql.held import NOTE_HELD
from textwell.messaging.sql.moves import ADDED_COST, ONE_STEP, count_moves, may_move_sql

OUTCOME_COLUMNS = (
    "message_id", "gateway_id", "at", "outcome", "reason", "code", "provider_message_id",
    "provider_key", "segment_count", "encoding", "cost_micros", "text", "facts",
)  # fmt: skip
DLR_COLUMNS = (
    "gateway_id", "message_id", "provider_message_id", "provider_key", "state", "reason", "code",
    "done_at", "received_at", "msisdn", "submitted_at",
)  # fmt: skip

HIGH_WATER = """
SELECT (SELECT coalesce(max(id), 0) FROM messaging_outcome),
    (SELECT coalesce(max(id), 0) FROM messaging_dlr)
"""

# Receipts whose message is known, by the bind's own memory or by the carrier's id: the first final
# word of each.
_MATCHED = """
matched AS (
    SELECT DISTINCT ON (message_id) message_id, state, reason, code, received_at
    FROM (
        SELECT d.id, d.message_id, d.state, d.reason, d.code, d.received_at
        FROM d WHERE d.message_id IS NOT NULL
        UNION ALL
        SELECT d.id, o.message_id, d.state, d.reason, d.code, d.received_at
        FROM d CROSS JOIN LATERAL (
            SELECT x.message_id FROM messaging_outcome x
            WHERE d.message_id IS NULL AND x.provider_key = d.provider_key
              AND x.gateway_id = d.gateway_id AND x.outcome = 'submitted'
            ORDER BY x.at DESC LIMIT 1
        ) o
        WHERE d.message_id IS NULL
    ) known
    WHERE state IN ('delivered', 'undelivered', 'expired', 'rejected')
    ORDER BY message_id, id
)
"""

# An outcome and a receipt in one pass are two steps. An outcome that is folded after its receipt
# changes no state any more, but says that the message was handed off, and when.
_TWO_STEPS = f"""
    SELECT campaign_id, coalesce(at, received_at) AS at, middle AS state, (middle <> old_state)::int AS n,
        handed - old_handed AS handed, {ADDED_COST} AS cost
    FROM moved WHERE middle <> old_state OR handed <> old_handed OR {ADDED_COST} <> 0
    UNION ALL
    SELECT campaign_id, received_at, state, 1, 0, 0 FROM moved WHERE state <> middle
"""

# What the logs say, above one id of each up to another, into message rows. A message whose outcome
# and receipt are both there is written once. Of several outcomes for one message the carrier's word
# beats a guess, and the later beats the earlier. Facts of the hand-off are kept even where a receipt
# was folded first. `handed_at` is the one mark of a message that was handed off: the carrier took it,
# or its answer is unknown; a carrier that refuses it late takes the mark back. Times are of our own
# clock, so that sums per five seconds and rows agree; the log keeps the carrier's. What was settled
# or sent again by hand stands in the rows already (SETTLE_UNKNOWN, SEND_AGAIN): the log keeps it.
FOLD = f"""
WITH o AS MATERIALIZED (
    SELECT DISTINCT ON (message_id) message_id, outcome, reason, code, segment_count, cost_micros, at,
        CASE WHEN outcome = 'held' THEN (facts ->> 'until')::timestamptz END AS held_until
    FROM messaging_outcome WHERE id > %(outcome_after)s AND id <= %(outcome_until)s
        AND reason <> 'by_hand'
    ORDER BY message_id, outcome = 'unknown', id DESC
),
d AS MATERIALIZED (
    SELECT id, gateway_id, message_id, provider_key, state, reason, code, received_at
    FROM messaging_dlr WHERE id > %(dlr_after)s AND id <= %(dlr_until)s
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
{_MATCHED},
said AS (
    SELECT coalesce(o.message_id, r.message_id) AS message_id, o.outcome, o.reason, o.code,
        o.segment_count, o.cost_micros, o.at, o.held_until, r.state AS report, r.reason AS report_reason,
        r.code AS report_code, r.received_at
    FROM o FULL JOIN matched r ON r.message_id = o.message_id
),
handed AS (
    SELECT s.*, old.state AS old_state, old.reason AS old_reason, old.segment_count AS old_segments,
        old.cost_micros AS old_cost, (old.handed_at IS NOT NULL)::int AS old_handed,
        coalesce({may_move_sql("old.state", "s.outcome")}, false) AS is_handed
    FROM said s JOIN messaging_message old ON old.id = s.message_id
    OFFSET 0  -- here and below: each verdict is computed once, not wherever it is read
),
judged AS (
    SELECT h.*, CASE WHEN is_handed THEN outcome ELSE old_state END AS middle,
        coalesce({
    may_move_sql("CASE WHEN is_handed THEN outcome ELSE old_state END", "report")
}, false)
            AS is_reported
    FROM handed h
    OFFSET 0
),
moved AS (
    UPDATE messaging_message m SET
        state = CASE WHEN j.is_reported THEN j.report WHEN j.is_handed THEN j.outcome ELSE m.state END,
        reason = CASE WHEN j.is_reported THEN j.report_reason WHEN j.is_handed THEN j.reason
            ELSE m.reason END,
        code = CASE WHEN j.is_reported THEN j.report_code WHEN j.is_handed THEN j.code ELSE m.code END,
        segment_count = greatest(m.segment_count, j.segment_count),
        cost_micros = greatest(m.cost_micros, j.cost_micros),
        handed_at = CASE WHEN j.outcome IN ('submitted', 'unknown') THEN coalesce(m.handed_at, j.at)
            WHEN j.is_handed AND j.outcome = 'rejected' THEN NULL
            WHEN j.is_reported AND j.old_state = 'not_sent' THEN j.received_at ELSE m.handed_at END,
        due_at = coalesce(j.held_until, m.due_at),
        done_at = CASE WHEN j.is_reported THEN j.received_at
            WHEN j.outcome IN ('rejected', 'expired', 'skipped', 'canceled') THEN coalesce(m.done_at, j.at)
            ELSE m.done_at END
    FROM judged j
    WHERE m.id = j.message_id AND (j.outcome IS NOT NULL OR j.is_reported)
    RETURNING coalesce(m.campaign_id, -m.gateway_id) AS campaign_id, m.state, m.reason, m.segment_count,
        m.cost_micros, j.at, j.received_at, j.middle, j.old_state, j.old_reason, j.old_segments,
        j.old_cost, j.old_handed,
        (m.handed_at IS NOT NULL)::int AS handed, m.id, m.due_at
),
{NOTE_HELD},
{count_moves(_TWO_STEPS, knows_handed=True)}
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
{_MATCHED},
moved AS (
    UPDATE messaging_message m SET state = matched.state, reason = matched.reason, code = matched.code,
        done_at = matched.received_at
    FROM matched JOIN messaging_message old ON old.id = matched.message_id
    WHERE m.id = matched.message_id AND {may_move_sql("old.state", "matched.state")}
    RETURNING coalesce(m.campaign_id, -m.gateway_id) AS campaign_id, m.state, m.reason, m.segment_count,
        m.cost_micros, matched.received_at AS at, old.state AS old_state, old.reason AS old_reason,
        old.segment_count AS old_segments, old.cost_micros AS old_cost,
        (old.handed_at IS NOT NULL)::int AS old_handed,
        (m.handed_at IS NOT NULL)::int AS handed
),
{count_moves(ONE_STEP, knows_handed=True)}
"""

FORGET_PENDING = (
    "DELETE FROM messaging_pendingreport WHERE received_at < now() - interval '72 hours'"
)

# Single rows of the logs that no fold can take, and one of them put back.
READ_OUTCOME = "SELECT at, (to_jsonb(o) - 'id')::text FROM messaging_outcome o WHERE id = %s"
READ_RECEIPT = f"SELECT {', '.join(DLR_COLUMNS)} FROM messaging_dlr WHERE id = %s"
APPEND_OUTCOME = f"""
INSERT INTO messaging_outcome ({", ".join(OUTCOME_COLUMNS)})
SELECT {", ".join(OUTCOME_COLUMNS)} FROM jsonb_populate_record(NULL::messaging_outcome, %s)
"""
