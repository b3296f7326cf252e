"""Named statements of the bulk paths: plan, lease, mark, append, fold. All set-based.

Locks: whoever appends outcomes or receipts holds LOG_LOCK shared until its commit; the fold takes
it exclusively for a moment to learn a high-water id below which every append is committed.
"""

from textwell.messaging.states import MOVES

LOG_LOCK = 7239010
FOLD_LOCK = 7239011
PLAN_LOCK = 7239012  # second key: workspace; caps are counted against what is already planned

# Why a person is left out, '' if not; the order of messaging.gate._RULES.
PLAN_REASON = """
    CASE
        WHEN s.reason = 'opted_out' THEN 'opted_out'
        WHEN s.reason IS NOT NULL THEN 'suppressed'
        WHEN %(needs_consent)s AND cs.is_granted IS NOT TRUE AND cs.contact_id IS NOT NULL THEN 'opted_out'
        WHEN %(needs_consent)s AND cs.contact_id IS NULL THEN 'no_consent'
        WHEN NOT (%(any_country)s OR a.country = ANY(%(countries)s)) THEN 'sender_not_allowed'
        WHEN %(cap_count)s > 0 AND coalesce(r.recent_count, 0) >= %(cap_count)s THEN 'frequency_cap'
        WHEN %(expires_at)s::timestamptz <= %(due_at)s::timestamptz THEN 'expired'
        ELSE ''
    END
"""

# States that count against a person's cap: planned or more, and not taken back.
CAP_STATES = "('planned','queued','handing','held','submitted','delivered','undelivered','unknown')"

# One chunk of an audience: a row per person, left-out ones with their reason. Sendable people take
# the first ids of the chunk, so that batches are contiguous.
PLAN_CHUNK = f"""
WITH a AS MATERIALIZED (
    SELECT c.id, c.msisdn, c.country
    FROM contacts_contact c
    WHERE c.workspace_id = %(workspace_id)s AND c.id > %(after_id)s AND c.id <= %(until_id)s
      AND (__AUDIENCE__)
    ORDER BY c.id
    LIMIT %(limit)s
),
r AS (
    SELECT m.contact_id, count(*) AS recent_count
    FROM a JOIN messaging_message m ON m.contact_id = a.id
    WHERE %(cap_count)s > 0 AND m.lane = 'bulk' AND m.state IN {CAP_STATES}
      AND m.due_at > %(due_at)s::timestamptz - make_interval(hours => %(cap_hours)s)
    GROUP BY m.contact_id
),
judged AS (
    SELECT a.id, a.msisdn, a.country, {PLAN_REASON} AS reason
    FROM a
    LEFT JOIN consent_suppression s
        ON s.workspace_id = %(workspace_id)s AND s.msisdn = a.msisdn
    LEFT JOIN consent_consentstate cs
        ON cs.contact_id = a.id AND cs.channel = 'sms' AND cs.purpose = %(purpose)s
    LEFT JOIN r ON r.contact_id = a.id
),
made AS (
    INSERT INTO messaging_message (id, workspace_id, campaign_id, contact_id, msisdn, country, state,
        reason, gateway_id, sender, lane, due_at, expires_at, planned_at)
    SELECT %(first_id)s - 1 + row_number() OVER (ORDER BY reason <> '', id),
        %(workspace_id)s, %(campaign_id)s, id, msisdn, country,
        CASE reason WHEN '' THEN 'planned' ELSE 'skipped' END, reason,
        %(gateway_id)s, %(sender)s, %(lane)s, %(due_at)s, %(expires_at)s, %(now)s
    FROM judged
    RETURNING state, reason
),
sums AS (
    SELECT state, reason, count(*) AS n FROM made GROUP BY state, reason
),
tallied AS (
    INSERT INTO messaging_tally AS t (campaign_id, state, reason, message_count, segment_count, cost_micros)
    SELECT %(campaign_id)s, state, reason, n, 0, 0 FROM sums
    ON CONFLICT (campaign_id, state, reason)
        DO UPDATE SET message_count = t.message_count + excluded.message_count
)
SELECT (SELECT count(*) FROM a), (SELECT max(id) FROM a),
    (SELECT coalesce(sum(n), 0) FROM sums WHERE state = 'planned')
"""

# Batches over the sendable head of a chunk.
MAKE_BATCHES = """
INSERT INTO messaging_batch (workspace_id, campaign_id, gateway_id, lane, due_at, first_message_id,
    last_message_id, marked_id, state, leased_by, attempt_count, body, extra)
SELECT %(workspace_id)s, %(campaign_id)s, %(gateway_id)s, %(lane)s, %(due_at)s, head,
    least(head + %(size)s - 1, %(last_id)s), head - 1, 'planned', '', 0, '', '{}'
FROM generate_series(%(first_id)s::bigint, %(last_id)s::bigint, %(size)s) AS head
"""

# What is due and may go: the scheduler publishes these. A queued or leased one whose time ran out
# is published again; the lease decides who has it, so a doubled pointer is harmless.
CLAIM_DUE_BATCHES = """
WITH due AS (
    SELECT b.id
    FROM messaging_batch b
    JOIN accounts_workspace w ON w.id = b.workspace_id AND NOT w.is_stopped
    JOIN gateways_gateway g ON g.id = b.gateway_id AND g.state = 'active'
    WHERE b.due_at <= %(now)s
      AND (b.state = 'planned'
           OR (b.state = 'queued' AND b.queued_at < %(now)s - interval '30 seconds')
           OR (b.state = 'leased' AND b.lease_until < %(now)s
               AND (b.queued_at IS NULL OR b.queued_at < %(now)s - interval '5 seconds')))
    ORDER BY b.due_at, b.id
    LIMIT %(limit)s
    FOR UPDATE OF b SKIP LOCKED
)
UPDATE messaging_batch b
SET queued_at = %(now)s, state = CASE b.state WHEN 'leased' THEN 'leased' ELSE 'queued' END
FROM due WHERE b.id = due.id
RETURNING b.id, b.gateway_id, b.lane
"""

LEASE_BATCH = """
UPDATE messaging_batch
SET state = 'leased', leased_by = %(connector)s, lease_until = now() + make_interval(secs => %(lease_s)s),
    attempt_count = attempt_count + 1
WHERE id = %(batch_id)s AND gateway_id = %(gateway_id)s
  AND NOT EXISTS (SELECT 1 FROM accounts_workspace w
                  WHERE w.id = messaging_batch.workspace_id AND w.is_stopped)
  AND (state = 'queued' OR (state = 'leased' AND lease_until < now()))
RETURNING id, workspace_id, campaign_id, lane, first_message_id, last_message_id, marked_id, body, extra,
    attempt_count
"""

RENEW_LEASES = """
UPDATE messaging_batch SET lease_until = now() + make_interval(secs => %(lease_s)s)
WHERE id = ANY(%(batch_ids)s) AND leased_by = %(connector)s AND state = 'leased'
RETURNING id
"""

# After a crash: what was marked and has no outcome is unknown. Once settled it is not asked again.
# Windows that the asking connector itself still has in flight are left alone.
PARK_UNKNOWN = """
WITH w AS (
    SELECT id, first_message_id, last_message_id FROM messaging_window
    WHERE batch_id = %(batch_id)s AND NOT is_settled AND NOT (id = ANY(%(own_window_ids)s))
    FOR UPDATE
),
lost AS (
    INSERT INTO messaging_outcome (message_id, gateway_id, at, outcome, reason)
    SELECT m.id, m.gateway_id, now(), 'unknown', 'answer_lost'
    FROM w JOIN messaging_message m ON m.id BETWEEN w.first_message_id AND w.last_message_id
    WHERE m.state IN ('planned', 'queued', 'handing')
      AND NOT EXISTS (
          SELECT 1 FROM messaging_outcome o
          WHERE o.message_id = m.id
            AND o.message_id BETWEEN %(first_id)s AND %(last_id)s)
    RETURNING message_id
),
settled AS (
    UPDATE messaging_window SET is_settled = true FROM w WHERE messaging_window.id = w.id
)
SELECT count(*) FROM lost
"""

# The mark: one small commit before the first byte leaves. No row back: the batch is no longer ours
# (paused, canceled, taken over, or the workspace is stopped), and nothing of it may be handed off.
MARK_WINDOW = """
WITH b AS (
    UPDATE messaging_batch SET marked_id = %(last_id)s,
        lease_until = now() + make_interval(secs => %(lease_s)s)
    WHERE id = %(batch_id)s AND leased_by = %(connector)s AND state = 'leased'
      AND marked_id = %(first_id)s - 1 AND %(last_id)s <= last_message_id
      AND NOT EXISTS (SELECT 1 FROM accounts_workspace w
                      WHERE w.id = messaging_batch.workspace_id AND w.is_stopped)
    RETURNING id
)
INSERT INTO messaging_window (batch_id, first_message_id, last_message_id, connector, marked_at, is_settled)
SELECT id, %(first_id)s, %(last_id)s, %(connector)s, now(), false FROM b
RETURNING id
"""

# Everything the gate and the renderer need about a window, in one read after its mark.
READ_WINDOW = f"""
SELECT m.id, m.contact_id, m.msisdn, m.country, m.sender, m.expires_at, m.due_at,
    c.id IS NOT NULL, coalesce(s.reason, ''), cs.is_granted, cs.contact_id IS NOT NULL,
    CASE WHEN %(cap_count)s > 0 THEN (
        SELECT count(*) FROM messaging_message x
        WHERE x.contact_id = m.contact_id AND x.id < m.id AND x.lane = 'bulk'
          AND x.state IN {CAP_STATES}
          AND x.due_at > m.due_at - make_interval(hours => %(cap_hours)s)
    ) ELSE 0 END,
    c.first_name, c.last_name, c.language, c.fields, c.email, c.external_id
FROM messaging_message m
LEFT JOIN contacts_contact c ON c.id = m.contact_id AND c.workspace_id = m.workspace_id
LEFT JOIN consent_suppression s ON s.workspace_id = m.workspace_id AND s.msisdn = m.msisdn
LEFT JOIN consent_consentstate cs
    ON cs.contact_id = m.contact_id AND cs.channel = 'sms' AND cs.purpose = %(purpose)s
WHERE m.id BETWEEN %(first_id)s AND %(last_id)s AND m.state IN ('planned', 'queued')
ORDER BY m.id
"""

# Asked again when a marked window had to wait: who of these took consent back meanwhile?
READ_REVOKED = """
SELECT m.id FROM messaging_message m
LEFT JOIN consent_suppression s ON s.workspace_id = m.workspace_id AND s.msisdn = m.msisdn
LEFT JOIN consent_consentstate cs
    ON cs.contact_id = m.contact_id AND cs.channel = 'sms' AND cs.purpose = %(purpose)s
WHERE m.id = ANY(%(message_ids)s)
  AND (s.reason IS NOT NULL OR (%(needs_consent)s AND cs.is_granted IS NOT TRUE))
"""

SETTLE_WINDOWS = "UPDATE messaging_window SET is_settled = true WHERE id = ANY(%(window_ids)s)"

FINISH_BATCHES = """
UPDATE messaging_batch SET state = 'done', leased_by = '', lease_until = NULL
WHERE id = ANY(%(batch_ids)s) AND leased_by = %(connector)s AND state = 'leased'
"""

# Given back: its campaign is paused, the workspace stopped, or this connector is leaving.
RELEASE_BATCH = """
UPDATE messaging_batch
SET state = CASE WHEN marked_id >= last_message_id THEN 'done' ELSE 'planned' END,
    leased_by = '', lease_until = NULL, queued_at = NULL
WHERE id = %(batch_id)s AND leased_by = %(connector)s AND state = 'leased'
"""

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


def _moves_sql() -> str:
    pairs = [f"('{old}','{new}')" for old, news in MOVES.items() for new in sorted(news)]
    return "(" + ",".join(sorted(pairs)) + ")"


# The tail shared by both folds: what moved, counted per campaign, state, reason and five seconds.
_COUNT_MOVES = """
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
        state = CASE WHEN (old.state, o.outcome) IN {_moves_sql()} THEN o.outcome ELSE old.state END,
        reason = CASE WHEN (old.state, o.outcome) IN {_moves_sql()} THEN o.reason ELSE old.reason END,
        code = CASE WHEN (old.state, o.outcome) IN {_moves_sql()} THEN o.code ELSE old.code END,
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
{_COUNT_MOVES}
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
""".replace("__MOVES__", _moves_sql())

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
{_COUNT_MOVES}
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
{_COUNT_MOVES}
"""

FORGET_PENDING = (
    "DELETE FROM messaging_pendingreport WHERE received_at < now() - interval '72 hours'"
)

# A person opted out: whatever waits for them is skipped, in the transaction of the opt-out. Marked
# windows are the connector's: its last look (READ_WINDOW, READ_REVOKED) leaves them out.
SKIP_WAITING = f"""
WITH moved AS (
    UPDATE messaging_message m SET state = 'skipped', reason = 'opted_out', done_at = %(now)s
    FROM messaging_message old
    WHERE old.id = m.id AND m.workspace_id = %(workspace_id)s
      AND m.contact_id = ANY(%(contact_ids)s) AND m.state IN ('planned', 'queued', 'held')
      AND NOT EXISTS (
          SELECT 1 FROM messaging_batch b JOIN messaging_window w ON w.batch_id = b.id
          WHERE NOT w.is_settled AND m.id BETWEEN w.first_message_id AND w.last_message_id
            AND b.state = 'leased')
    RETURNING m.campaign_id, m.state, m.reason, m.segment_count, m.cost_micros, %(now)s::timestamptz AS at,
        old.state AS old_state, old.reason AS old_reason, old.segment_count AS old_segments,
        old.cost_micros AS old_cost
),
{_COUNT_MOVES}
"""

# A pause takes the batches away from the connector: its next mark finds them gone.
PAUSE_BATCHES = """
UPDATE messaging_batch SET state = 'paused', leased_by = '', lease_until = NULL, queued_at = NULL
WHERE campaign_id = %(campaign_id)s AND state IN ('planned', 'queued', 'leased')
"""
RESUME_BATCHES = """
UPDATE messaging_batch SET state = 'planned'
WHERE campaign_id = %(campaign_id)s AND state = 'paused'
"""

# Withdraw everything of a campaign that no window has marked. A batch with a marked part stays, cut
# to that part, so that its windows are settled.
CANCEL_BATCHES = """
WITH old AS (
    SELECT id, marked_id, last_message_id FROM messaging_batch
    WHERE campaign_id = %(campaign_id)s AND state IN ('planned', 'queued', 'leased', 'paused')
    FOR UPDATE
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
{_COUNT_MOVES}
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
{_COUNT_MOVES}
"""

# Held messages whose time has come, gathered into runs of consecutive ids: a batch for each.
WAKE_HELD = f"""
WITH due AS (
    SELECT m.id, m.workspace_id, m.campaign_id, m.gateway_id, m.lane, m.due_at, m.reason
    FROM messaging_message m
    WHERE m.state = 'held' AND m.due_at <= %(now)s
      AND (m.campaign_id IS NULL OR m.campaign_id = ANY(%(campaign_ids)s))
      AND NOT (m.workspace_id = ANY(%(stopped_ids)s))
    ORDER BY m.id LIMIT %(limit)s
    FOR UPDATE OF m SKIP LOCKED
),
runs AS (
    SELECT *, id - row_number() OVER (PARTITION BY campaign_id, gateway_id, lane ORDER BY id) AS run
    FROM due
),
moved AS (
    UPDATE messaging_message m SET state = 'planned', reason = ''
    FROM due WHERE m.id = due.id
    RETURNING m.campaign_id, m.state, m.reason, m.segment_count, m.cost_micros, %(now)s::timestamptz AS at,
        'held'::varchar AS old_state, due.reason AS old_reason, m.segment_count AS old_segments,
        m.cost_micros AS old_cost
),
batched AS (
    INSERT INTO messaging_batch (workspace_id, campaign_id, gateway_id, lane, due_at, first_message_id,
        last_message_id, marked_id, state, leased_by, attempt_count, body, extra)
    SELECT r.workspace_id, r.campaign_id, r.gateway_id, r.lane, %(now)s, min(r.id), max(r.id),
        min(r.id) - 1, 'planned', '', 0,
        coalesce((SELECT b.body FROM messaging_batch b WHERE b.campaign_id IS NULL
                  AND r.campaign_id IS NULL AND b.first_message_id = min(r.id) ORDER BY b.id LIMIT 1), ''),
        coalesce((SELECT b.extra FROM messaging_batch b WHERE b.campaign_id IS NULL
                  AND r.campaign_id IS NULL AND b.first_message_id = min(r.id) ORDER BY b.id LIMIT 1), '{{}}')
    FROM runs r
    GROUP BY r.workspace_id, r.campaign_id, r.gateway_id, r.lane, r.run,
        CASE WHEN r.campaign_id IS NULL THEN r.id END
),
{_COUNT_MOVES}
"""

COUNT_BY_STATE = """
SELECT state, reason, message_count, segment_count, cost_micros
FROM messaging_tally WHERE campaign_id = %(campaign_id)s AND message_count <> 0
"""

# One message and the batch that carries it, published already: one round trip.
ADD_SINGLE = """
WITH made AS (
    INSERT INTO messaging_message (id, workspace_id, contact_id, msisdn, country, state, gateway_id,
        sender, lane, due_at, expires_at, planned_at)
    VALUES (%(id)s, %(workspace_id)s, %(contact_id)s, %(msisdn)s, %(country)s, 'planned',
        %(gateway_id)s, %(sender)s, %(lane)s, %(now)s, %(expires_at)s, %(now)s)
)
INSERT INTO messaging_batch (workspace_id, gateway_id, lane, due_at, first_message_id,
    last_message_id, marked_id, state, leased_by, queued_at, attempt_count, body, extra)
VALUES (%(workspace_id)s, %(gateway_id)s, %(lane)s, %(now)s, %(id)s, %(id)s, %(id)s - 1, 'queued',
    '', %(now)s, 0, %(body)s, %(extra)s::jsonb)
RETURNING id
"""
