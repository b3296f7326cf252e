"""A batch from due to done: publish, lease, mark a window, read it, settle, release."""

from textwell.messaging.sql.caps import (
    HANDED_COUNTS,
    HANDED_MOMENTS,
    IS_CAPPED,
    IS_LEGALLY_CAPPED,
    promise_of,
)
from textwell.messaging.sql.consents import consent_reason
from textwell.messaging.sql.invitations import invitation_reason
from textwell.messaging.sql.registers import OWN_REGISTERS, register_reason

# What is due and may go: the scheduler publishes these, in the order of `turn`. A queued or leased
# one whose time ran out is published again; the lease decides who has it, so a doubled pointer is
# harmless.
# Campaigns of one gateway share it: bulk is published only some seconds ahead of the gateway's rate,
# and whose campaign has fewest batches on the stream or leased comes next. Urgent and care are
# published at once; the connector serves them first.
CLAIM_DUE_BATCHES = """
WITH due AS (
    SELECT b.id, b.gateway_id, b.campaign_id, b.due_at, b.last_message_id - b.marked_id AS size,
        b.lane = 'bulk' AND b.state = 'planned' AS is_shared, g.segments_per_second AS rate
    FROM messaging_batch b
    JOIN accounts_workspace w ON w.id = b.workspace_id AND NOT w.is_stopped
    JOIN gateways_gateway g ON g.id = b.gateway_id AND g.state = 'active'
    WHERE b.due_at <= %(now)s
      AND (b.state = 'planned'
           OR (b.state = 'queued' AND b.queued_at < %(now)s - interval '30 seconds')
           OR (b.state = 'leased' AND b.lease_until < %(now)s
               AND (b.queued_at IS NULL OR b.queued_at < %(now)s - interval '5 seconds')))
),
busy AS (
    SELECT gateway_id, campaign_id, count(*) AS batches,
        coalesce(sum(last_message_id - marked_id) FILTER (WHERE state = 'queued'), 0) AS messages
    FROM messaging_batch WHERE lane = 'bulk' AND state IN ('queued', 'leased')
    GROUP BY gateway_id, campaign_id
),
turns AS (
    SELECT d.*, coalesce(busy.batches, 0)
        + row_number() OVER (PARTITION BY d.gateway_id, d.campaign_id ORDER BY d.due_at, d.id) AS turn
    FROM due d
    LEFT JOIN busy ON busy.gateway_id = d.gateway_id AND busy.campaign_id IS NOT DISTINCT FROM d.campaign_id
    WHERE d.is_shared
),
ahead AS (
    SELECT t.*, coalesce((SELECT sum(messages) FROM busy WHERE busy.gateway_id = t.gateway_id), 0)
        + sum(t.size) OVER (PARTITION BY t.gateway_id ORDER BY t.turn, t.due_at, t.id) - t.size AS before
    FROM turns t
),
chosen AS (
    SELECT id, 0 AS turn, due_at FROM due WHERE NOT is_shared
    UNION ALL
    SELECT id, turn, due_at FROM ahead WHERE before < %(ahead_s)s * rate + %(ahead_messages)s
    ORDER BY turn, due_at, id
    LIMIT %(limit)s
),
taken AS (
    SELECT b.id, chosen.turn FROM messaging_batch b JOIN chosen ON chosen.id = b.id
    WHERE b.state IN ('planned', 'queued', 'leased')
    FOR UPDATE OF b SKIP LOCKED
)
UPDATE messaging_batch b
SET queued_at = %(now)s, state = CASE b.state WHEN 'leased' THEN 'leased' ELSE 'queued' END
FROM taken WHERE b.id = taken.id
RETURNING b.id, b.gateway_id, b.lane, taken.turn, b.due_at
"""

# Leased, and its content cannot be read: nobody is served by trying again at once. Its lease is not
# renewed and ends ever later, so that it is published again then.
PUT_OFF_BATCH = """
UPDATE messaging_batch SET problem = %(problem)s, lease_until = now() + make_interval(
    secs => least(%(lease_s)s * 2.0 ^ least(attempt_count - 1, 20), %(longest_s)s))
WHERE id = %(batch_id)s
"""

# A sandbox's texts go by a connection that was opened behind its own wall (`sandbox_id`) and by no other,
# whatever rows say by now: that one may lead to a real carrier.
# Several at once: single texts are a batch each, and come by hundreds a second. A single one tells who
# sends it: a sender may be slower than its gateway.
LEASE_BATCHES = f"""
WITH free AS (
    SELECT id FROM messaging_batch
    WHERE id = ANY(%(batch_ids)s) AND gateway_id = %(gateway_id)s
      AND NOT EXISTS (SELECT 1 FROM accounts_workspace w
                      WHERE w.id = messaging_batch.workspace_id
                          AND (w.is_stopped OR (w.is_sandbox AND w.id <> %(sandbox_id)s)))
      AND (state = 'queued' OR (state = 'leased' AND lease_until < now()))
    ORDER BY id FOR UPDATE
)
UPDATE messaging_batch b
SET state = 'leased', leased_by = %(connector)s, lease_until = now() + make_interval(secs => %(lease_s)s),
    attempt_count = attempt_count + 1, problem = ''
FROM free WHERE b.id = free.id
RETURNING b.id, b.workspace_id, b.campaign_id, b.lane, b.first_message_id, b.last_message_id, b.marked_id,
    b.body,
    b.extra || (
        SELECT jsonb_build_object('law_choices', w.law_choices) FROM accounts_workspace w
        WHERE w.id = b.workspace_id),
    (SELECT ARRAY[w.cap_count, w.cap_hours] FROM accounts_workspace w WHERE w.id = b.workspace_id),
    {promise_of("b.workspace_id")},
    CASE WHEN b.campaign_id IS NULL THEN
        (SELECT m.sender FROM messaging_message m WHERE m.id = b.first_message_id) END,
    EXISTS (SELECT FROM messaging_message m
            WHERE m.id > b.marked_id AND m.id <= b.last_message_id AND {IS_LEGALLY_CAPPED})
"""

# Whoever changes several batches locks them by id first: else a pause and a connector may wait for
# each other.
RENEW_LEASES = """
WITH mine AS (
    SELECT id FROM messaging_batch
    WHERE id = ANY(%(batch_ids)s) AND leased_by = %(connector)s AND state = 'leased'
    ORDER BY id FOR UPDATE
)
UPDATE messaging_batch b SET lease_until = now() + make_interval(secs => %(lease_s)s)
FROM mine WHERE b.id = mine.id
RETURNING b.id
"""

# After a crash: what was marked and has no outcome is unknown. Once settled it is not asked again.
# Windows that the asking connector itself still has in flight are left alone. A message that was
# held in an earlier window has an outcome of that one, not of this; one that was sent again by hand
# (`planned` in the log) has outcomes of before. A receipt may have come all the same: then the state
# stays, and the outcome says that it was handed off.
PARK_UNKNOWN = """
WITH w AS (
    SELECT id, first_message_id, last_message_id, marked_at FROM messaging_window
    WHERE batch_id = %(batch_id)s AND NOT is_settled AND NOT (id = ANY(%(own_window_ids)s))
    FOR UPDATE
),
lost AS (
    INSERT INTO messaging_outcome (message_id, gateway_id, at, outcome, reason)
    SELECT m.id, m.gateway_id, w.marked_at, 'unknown', 'answer_lost'
    FROM w JOIN messaging_message m ON m.id BETWEEN w.first_message_id AND w.last_message_id
    WHERE (m.state IN ('planned', 'queued', 'handing')
           OR (m.handed_at IS NULL AND m.state IN ('delivered', 'undelivered', 'expired', 'rejected')))
      AND NOT EXISTS (
          SELECT 1 FROM messaging_outcome o
          WHERE o.message_id = m.id
            AND o.message_id BETWEEN %(first_id)s AND %(last_id)s
            AND o.outcome <> 'planned'
            AND (o.outcome <> 'held' OR (o.facts ->> 'window')::bigint = w.id)
            AND NOT EXISTS (
                SELECT 1 FROM messaging_outcome again
                WHERE again.message_id = m.id
                  AND again.message_id BETWEEN %(first_id)s AND %(last_id)s
                  AND again.outcome = 'planned' AND again.id > o.id))
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

# The same for single texts, a window each: whoever is not among the rows is no longer ours.
MARK_SINGLES = """
WITH mine AS (
    SELECT id FROM messaging_batch
    WHERE id = ANY(%(batch_ids)s) AND leased_by = %(connector)s AND state = 'leased'
      AND marked_id = last_message_id - 1
      AND NOT EXISTS (SELECT 1 FROM accounts_workspace w
                      WHERE w.id = messaging_batch.workspace_id AND w.is_stopped)
    ORDER BY id FOR UPDATE
),
b AS (
    UPDATE messaging_batch SET marked_id = last_message_id,
        lease_until = now() + make_interval(secs => %(lease_s)s)
    FROM mine WHERE messaging_batch.id = mine.id
    RETURNING messaging_batch.id, last_message_id
)
INSERT INTO messaging_window (batch_id, first_message_id, last_message_id, connector, marked_at, is_settled)
SELECT id, last_message_id, last_message_id, %(connector)s, now(), false FROM b ORDER BY last_message_id
RETURNING id, batch_id
"""

# The one row of consent, alias cs, that a message needs; see `connector.content.Content.scope`.
SCOPE_OF_MESSAGE = """cs.topic = %(topic)s AND cs.brand = %(brand)s
    AND cs.sender = CASE WHEN %(is_per_sender)s THEN m.sender ELSE '' END"""

_REGISTER = register_reason(
    workspace="m.workspace_id", number="m.msisdn", country="m.country", at="now()"
)
_CONSENT = consent_reason(
    workspace="m.workspace_id", contact="m.contact_id", country="m.country", at="now()"
)
INVITATION_OF_MESSAGE = invitation_reason(
    purpose="%(purpose)s::text",
    workspace="m.workspace_id",
    number="m.msisdn",
    contact="m.contact_id",
    country="m.country",
    at="now()",
    message="m.id",
)
_READ = f"""
WITH {OWN_REGISTERS}
SELECT m.id, m.contact_id, m.msisdn, m.country, m.sender, m.expires_at, m.due_at,
    c.id IS NOT NULL, coalesce(s.reason, ''), cs.is_granted, cs.contact_id IS NOT NULL,
    CASE WHEN {IS_CAPPED} THEN ({HANDED_COUNTS}) ELSE ARRAY[0, 0, 0]::bigint[] END,
    c.first_name, c.last_name, c.language, c.fields, c.email, c.external_id,
    coalesce(c.is_sample, false), coalesce(c.zone, ''), p.until, cs.event_id,
    CASE WHEN {IS_LEGALLY_CAPPED} THEN ({HANDED_MOMENTS}) END, {_REGISTER}, cs.since, {_CONSENT},
    {INVITATION_OF_MESSAGE}
FROM messaging_message m
LEFT JOIN contacts_contact c ON c.id = m.contact_id AND c.workspace_id = m.workspace_id
LEFT JOIN consent_suppression s ON s.workspace_id = m.workspace_id AND s.msisdn = m.msisdn
LEFT JOIN consent_consentstate cs
    ON cs.contact_id = m.contact_id AND cs.channel = 'sms' AND cs.purpose = %(purpose)s AND {SCOPE_OF_MESSAGE}
LEFT JOIN consent_pause p ON p.contact_id = m.contact_id AND p.channel = 'sms' AND p.until > now()
"""

# Everything the gate and the renderer need about a window, in one read after its mark. Where a cap
# holds, the marks of a workspace come one after another (CAP_LOCK) and are committed before this.
READ_WINDOW = f"""{_READ}
WHERE m.id BETWEEN %(first_id)s AND %(last_id)s AND m.state IN ('planned', 'queued')
ORDER BY m.id
"""

# Of single texts that were marked together each has a window of its own: the later sees the earlier.
_OWN_WINDOW = "(%(window_ids)s::bigint[])[array_position(%(message_ids)s::bigint[], m.id)]"
READ_SINGLES = f"""{_READ.replace("%(window_id)s", _OWN_WINDOW)}
WHERE m.id = ANY(%(message_ids)s) AND m.state IN ('planned', 'queued')
ORDER BY m.id
"""

# The same of messages whose answer was lost. For caps every other mark is before theirs.
READ_DOUBTS = f"""{_READ}
WHERE m.id = ANY(%(message_ids)s) AND m.state = 'unknown'
ORDER BY m.id
"""

# Marked, but never read or composed by who marked it: not a byte of it left. What is in it is held, and
# wakes into batches of its own. Said twice it changes nothing: the window is settled. Nor does it where
# another connector came first and parked the window (PARK_UNKNOWN): what is unknown stays unknown.
GIVE_BACK_WINDOWS = """
WITH w AS (
    SELECT id, first_message_id, last_message_id FROM messaging_window
    WHERE id = ANY(%(window_ids)s) AND NOT is_settled
    ORDER BY id FOR UPDATE
),
held AS (
    INSERT INTO messaging_outcome (message_id, gateway_id, at, outcome, reason, facts)
    SELECT m.id, m.gateway_id, now(), 'held', 'not_read',
        jsonb_build_object('window', w.id, 'until', now() + make_interval(secs => %(hold_s)s))
    FROM w JOIN messaging_message m ON m.id BETWEEN w.first_message_id AND w.last_message_id
    WHERE m.state IN ('planned', 'queued')
)
UPDATE messaging_window SET is_settled = true FROM w WHERE messaging_window.id = w.id
"""

SETTLE_WINDOWS = "UPDATE messaging_window SET is_settled = true WHERE id = ANY(%(window_ids)s)"

# A batch is done when it is marked through and every window of it is settled, never before: whoever
# leases it after a crash parks what is open.
_IS_SETTLED = """
    marked_id >= last_message_id AND NOT EXISTS (
        SELECT 1 FROM messaging_window w WHERE w.batch_id = messaging_batch.id AND NOT w.is_settled)
"""

FINISH_BATCHES = f"""
WITH mine AS (
    SELECT id FROM messaging_batch
    WHERE id = ANY(%(batch_ids)s) AND leased_by = %(connector)s AND state = 'leased' AND {_IS_SETTLED}
    ORDER BY id FOR UPDATE
)
UPDATE messaging_batch b SET state = 'done', leased_by = '', lease_until = NULL
FROM mine WHERE b.id = mine.id
"""

# Given back: its campaign is paused or canceled, the workspace stopped, or this connector is
# leaving. One that is marked through but not settled stays leased until its lease runs out.
RELEASE_BATCH = f"""
UPDATE messaging_batch
SET state = CASE WHEN marked_id < last_message_id THEN 'planned' ELSE 'done' END,
    leased_by = '', lease_until = NULL, queued_at = NULL
WHERE id = %(batch_id)s AND leased_by = %(connector)s AND state = 'leased'
  AND (marked_id < last_message_id OR {_IS_SETTLED})
"""
