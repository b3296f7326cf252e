"""Gathering what happened from the ledgers, set-based; claiming and recording deliveries.

Outcomes and receipts are read up to the fold's own cursors, below which everything is committed.
Other tables are read twice with an overlap of half a minute (`gather.Overlap`), and `source_key`
makes the second reading harmless.
"""

# All that tells whether there is anything to gather, in one look: who wants to hear, where the folds
# and their readers are, the ends of the other tables, campaigns that finished, receipts to look up.
SIGNS = """
SELECT
    (SELECT coalesce(array_agg(DISTINCT workspace_id ORDER BY workspace_id), '{}')
     FROM webhooks_endpoint WHERE is_active AND deleted_at IS NULL),
    (SELECT coalesce(jsonb_object_agg(name, position), '{}') FROM core_cursor
     WHERE name = ANY(%(cursors)s)),
    ARRAY[__ENDS__]::bigint[],
    (SELECT count(*) || ' ' || coalesce(max(finished_at)::text, '') FROM campaigns_campaign
     WHERE state = 'finished' AND finished_at > now() - interval '1 day'),
    (SELECT count(*) || ' ' || coalesce(max(day)::text, '') FROM consent_sealedday
     WHERE day > (now() AT TIME ZONE 'UTC')::date - 7),
    EXISTS (SELECT FROM webhooks_unmatchedreport),
    (SELECT coalesce(array_agg(DISTINCT workspace_id ORDER BY workspace_id), '{}')
     FROM webhooks_endpoint
     WHERE is_active AND deleted_at IS NULL AND 'programme.codes_low' = ANY(kinds))
"""

HIGHEST = "SELECT coalesce(max(id), 0) FROM __TABLE__"


def _message_data(log: str, *, state: str, sums: str) -> str:
    """The facts of a message: what happened from the log, what it cost from where that is known."""
    return f"""jsonb_build_object('message_id', m.id, 'contact_id', m.contact_id, 'to', m.msisdn,
    'sender', m.sender, 'gateway_id', m.gateway_id, 'campaign_id', m.campaign_id,
    'country', m.country, 'state', {state}, 'reason', {log}.reason, 'code', {log}.code,
    'segment_count', {sums}.segment_count, 'cost_micros', {sums}.cost_micros)"""


_OUTCOME_DATA = _message_data("o", state="o.outcome", sums="o")
_REPORT_DATA = _message_data("d", state="d.state", sums="m")

_PUT = """
INSERT INTO webhooks_happening (workspace_id, kind, source_key, message_id, data, at, gathered_at)
"""
_ONCE = """
ON CONFLICT (workspace_id, source_key) DO NOTHING
RETURNING id, workspace_id, kind, message_id
"""

# A happening for every endpoint that asked for its kind; for the forms of other APIs only where the
# message was sent through them.
_FAN_OUT = """
, fanned AS (
    INSERT INTO webhooks_delivery (endpoint_id, happening_id, state, attempt_count, next_at,
        last_status, last_error, last_duration_ms)
    SELECT e.id, h.id, 'waiting', 0, now(), 0, '', 0
    FROM h JOIN webhooks_endpoint e ON e.workspace_id = h.workspace_id
        AND e.is_active AND e.deleted_at IS NULL AND h.kind = ANY(e.kinds)
    LEFT JOIN webhooks_messagecallback k ON k.message_id = h.message_id AND k.endpoint_id = e.id
    WHERE e.form = 'standard' OR k.message_id IS NOT NULL
    ON CONFLICT DO NOTHING
    RETURNING 1
)
SELECT (SELECT count(*) FROM h), (SELECT count(*) FROM fanned)
"""


def _gathered(select: str) -> str:
    return f"WITH h AS ({_PUT}{select}{_ONCE}){_FAN_OUT}"


OUTCOMES = _gathered(f"""
SELECT m.workspace_id, 'message.' || o.outcome, 'message:' || m.id || ':' || o.outcome, m.id,
    {_OUTCOME_DATA},
    o.at, now()
FROM messaging_outcome o JOIN messaging_message m ON m.id = o.message_id
WHERE o.id > %(after)s AND o.id <= %(until)s AND m.workspace_id = ANY(%(workspaces)s)
  AND o.outcome IN ('submitted', 'rejected', 'expired', 'skipped', 'unknown', 'not_sent')
ORDER BY o.id
""")

# A receipt that changed nothing (late, doubled, after a final state) is not told.
_REPORTS = f"""
SELECT m.workspace_id, 'message.' || d.state, 'message:' || m.id || ':' || d.state, m.id,
    {_REPORT_DATA},
    coalesce(d.done_at, d.received_at), now()
FROM messaging_dlr d
JOIN LATERAL (
    SELECT d.message_id AS id WHERE d.message_id IS NOT NULL
    UNION ALL
    SELECT x.id FROM (
        SELECT o.message_id AS id FROM messaging_outcome o
        WHERE d.message_id IS NULL AND o.provider_key = d.provider_key
          AND o.gateway_id = d.gateway_id AND o.outcome = 'submitted'
        ORDER BY o.at DESC LIMIT 1) x
) known ON true
JOIN messaging_message m ON m.id = known.id AND m.state = d.state
WHERE m.workspace_id = ANY(%(workspaces)s)
  AND d.state IN ('delivered', 'undelivered', 'expired', 'rejected')
"""
REPORTS = _gathered(_REPORTS + " AND d.id > %(after)s AND d.id <= %(until)s ORDER BY d.id")
LATE_REPORTS = _gathered(
    _REPORTS + " AND d.id IN (SELECT dlr_id FROM webhooks_unmatchedreport) ORDER BY d.id"
)

KEEP_UNMATCHED = """
INSERT INTO webhooks_unmatchedreport (dlr_id, seen_at)
SELECT d.id, now() FROM messaging_dlr d
JOIN gateways_gateway g ON g.id = d.gateway_id AND g.workspace_id = ANY(%(workspaces)s)
WHERE d.id > %(after)s AND d.id <= %(until)s AND d.message_id IS NULL AND NOT EXISTS (
    SELECT 1 FROM messaging_outcome o WHERE o.provider_key = d.provider_key
      AND o.gateway_id = d.gateway_id AND o.outcome = 'submitted')
ON CONFLICT DO NOTHING
"""
# Those that have been told or whose time is over.
FORGET_UNMATCHED = """
DELETE FROM webhooks_unmatchedreport u WHERE u.seen_at < now() - interval '72 hours'
   OR NOT EXISTS (SELECT 1 FROM messaging_pendingreport p WHERE p.dlr_id = u.dlr_id)
      AND u.seen_at < now() - interval '5 minutes'
"""

REPLIES = _gathered("""
SELECT r.workspace_id, 'reply.received', 'reply:' || r.id, r.message_id,
    jsonb_build_object('reply_id', r.id, 'contact_id', r.contact_id, 'from', r.msisdn,
        'to', r.recipient, 'text', r.text, 'intent', r.intent, 'message_id', r.message_id,
        'campaign_id', r.campaign_id),
    r.received_at, now()
FROM inbox_reply r
WHERE r.id > %(after)s AND r.id <= %(until)s AND r.workspace_id = ANY(%(workspaces)s)
ORDER BY r.id
""")

ANSWERS = _gathered("""
SELECT e.workspace_id, 'reply.answered', 'entry:' || e.id, e.message_id,
    jsonb_build_object('thread_id', e.thread_id, 'contact_id', t.contact_id, 'message_id', e.message_id,
        'text', e.text, 'actor', e.actor, 'assignee_id', t.assignee_id),
    e.at, now()
FROM inbox_threadentry e JOIN inbox_thread t ON t.id = e.thread_id
WHERE e.id > %(after)s AND e.id <= %(until)s AND e.workspace_id = ANY(%(workspaces)s)
  AND e.kind = 'answer'
ORDER BY e.id
""")

CLICKS = _gathered("""
SELECT k.workspace_id, 'link.clicked', 'click:' || k.id, k.message_id,
    jsonb_build_object('message_id', k.message_id, 'campaign_id', k.campaign_id,
        'contact_id', m.contact_id, 'link_number', k.link_number, 'device', k.device),
    k.at, now()
FROM links_click k LEFT JOIN messaging_message m ON m.id = k.message_id
WHERE k.id > %(after)s AND k.id <= %(until)s AND k.workspace_id = ANY(%(workspaces)s)
  AND k.kind = 'human'
ORDER BY k.id
""")

# What an import brought is told by the import itself: a million lines of it help nobody.
CONSENTS = _gathered("""
SELECT e.workspace_id, 'contact.opted_' || substr(e.kind, 5), 'consent:' || e.id, NULL,
    jsonb_build_object('contact_id', e.contact_id, 'channel', e.channel, 'purpose', e.purpose,
        'source', e.source)
    || CASE WHEN e.topic IN ('', '*') AND e.brand IN ('', '*') AND e.sender IN ('', '*') THEN '{}'
        ELSE jsonb_build_object('topic', e.topic, 'brand', e.brand, 'sender', e.sender) END,
    e.given_at, now()
FROM consent_consentevent e
WHERE e.id > %(after)s AND e.id <= %(until)s AND e.workspace_id = ANY(%(workspaces)s)
  AND e.import_run_id IS NULL
ORDER BY e.id
""")

CAMPAIGNS = _gathered("""
SELECT c.workspace_id, 'campaign.finished', 'campaign:' || c.id, NULL,
    jsonb_build_object('campaign_id', c.id, 'name', c.name, 'goal', c.goal,
        'audience_count', c.audience_count),
    c.finished_at, now()
FROM campaigns_campaign c
WHERE c.state = 'finished' AND c.finished_at > now() - interval '1 day'
  AND c.workspace_id = ANY(%(workspaces)s)
""")

# A week of them: whoever keeps them elsewhere misses none because this house was away for some days.
ROOTS = _gathered("""
SELECT d.workspace_id, 'consent.root', 'root:' || d.day, NULL,
    jsonb_build_object('day', d.day, 'root', d.line), now(), now()
FROM consent_sealedday d
WHERE d.day > (now() AT TIME ZONE 'UTC')::date - 7 AND d.workspace_id = ANY(%(workspaces)s)
ORDER BY d.workspace_id, d.day
""")

# As the home page tells of them, once in each day (UTC) in which they are short. No more codes are counted
# than the alarm asks for.
CODES_LOW = _gathered("""
SELECT p.workspace_id, 'programme.codes_low',
    'codes_low:' || p.id || ':' || (now() AT TIME ZONE 'UTC')::date, NULL,
    jsonb_build_object('programme_id', p.id, 'name', p.name, 'codes_left', f.count), now(), now()
FROM programmes_programme p CROSS JOIN LATERAL (
    SELECT count(*) FROM (
        SELECT FROM programmes_incentivecode c WHERE c.programme_id = p.id AND c.contact_id IS NULL
        LIMIT greatest(p.low_codes, 1)
    ) free
) f
WHERE p.workspace_id = ANY(%(workspaces)s) AND p.state = 'published'
  AND strpos(p.welcome, '{code}') > 0 AND f.count < greatest(p.low_codes, 1)
ORDER BY p.id
""")

TEST = f"""
WITH h AS ({_PUT}
SELECT %(workspace_id)s, 'test', 'test:' || %(token)s, NULL, %(data)s::jsonb, now(), now()
{_ONCE})
INSERT INTO webhooks_delivery (endpoint_id, happening_id, state, attempt_count, next_at, last_status,
    last_error, last_duration_ms)
SELECT %(endpoint_id)s, h.id, 'waiting', 0, now(), 0, '', 0 FROM h
RETURNING id
"""

# Deliveries that are due, a few an endpoint, so that one slow receiver delays nobody else.
CLAIM = """
WITH due AS (
    SELECT d.id
    FROM webhooks_endpoint e
    CROSS JOIN LATERAL (
        SELECT x.id FROM webhooks_delivery x
        WHERE x.endpoint_id = e.id AND x.state = 'waiting' AND x.next_at <= now()
          AND (x.lease_until IS NULL OR x.lease_until < now())
        ORDER BY x.next_at LIMIT %(each)s
        FOR UPDATE SKIP LOCKED
    ) d
    WHERE e.is_active AND e.deleted_at IS NULL
    LIMIT %(limit)s
),
claimed AS (
    UPDATE webhooks_delivery d SET lease_until = now() + make_interval(secs => %(lease_s)s),
        attempt_count = d.attempt_count + 1
    FROM due WHERE d.id = due.id
    RETURNING d.id, d.endpoint_id, d.happening_id, d.attempt_count
)
SELECT c.id, c.endpoint_id, c.attempt_count, e.form, coalesce(k.url, e.url), e.secret,
    CASE WHEN e.old_secret_until > now() THEN e.old_secret ELSE '' END,
    h.id, h.kind, h.data, h.at, coalesce(k.wants, 0), e.workspace_id, w.is_sandbox
FROM claimed c
JOIN webhooks_endpoint e ON e.id = c.endpoint_id
JOIN accounts_workspace w ON w.id = e.workspace_id
JOIN webhooks_happening h ON h.id = c.happening_id
LEFT JOIN webhooks_messagecallback k ON k.message_id = h.message_id AND k.endpoint_id = e.id
ORDER BY c.id
"""

RECORD = """
UPDATE webhooks_delivery SET state = %(state)s, next_at = %(next_at)s, lease_until = NULL,
    last_status = %(status)s, last_error = %(error)s, last_duration_ms = %(duration_ms)s, last_at = now()
WHERE id = %(delivery_id)s
"""
NOTE_SUCCESS = """
UPDATE webhooks_endpoint SET last_success_at = now(), failing_since = NULL, last_error = ''
WHERE id = %(endpoint_id)s
"""
# Stopped after five days without one success, or when the receiver says 410 Gone.
NOTE_FAILURE = """
UPDATE webhooks_endpoint SET failing_since = coalesce(failing_since, now()), last_error = %(error)s,
    is_active = is_active AND NOT (%(is_gone)s OR coalesce(failing_since, now()) < now() - interval '5 days'),
    stopped_reason = CASE WHEN %(is_gone)s THEN 'gone'
        WHEN coalesce(failing_since, now()) < now() - interval '5 days' THEN 'failing'
        ELSE stopped_reason END
WHERE id = %(endpoint_id)s
"""

REPLAY = """
INSERT INTO webhooks_delivery AS d (endpoint_id, happening_id, state, attempt_count, next_at, last_status,
    last_error, last_duration_ms)
SELECT e.id, h.id, 'waiting', 0, now(), 0, '', 0
FROM webhooks_happening h JOIN webhooks_endpoint e ON e.id = %(endpoint_id)s
    AND e.workspace_id = h.workspace_id AND h.kind = ANY(e.kinds)
WHERE h.workspace_id = %(workspace_id)s AND h.at >= %(since)s AND h.at < %(until)s AND h.kind <> 'test'
ON CONFLICT (endpoint_id, happening_id) DO UPDATE SET state = 'waiting', attempt_count = 0,
    next_at = now(), lease_until = NULL
    WHERE NOT (%(only_failed)s AND d.state = 'delivered')
"""

FORGET_OLD = """
DELETE FROM webhooks_happening WHERE id IN (
    SELECT id FROM webhooks_happening WHERE gathered_at < now() - interval '30 days'
    ORDER BY gathered_at LIMIT 20000)
"""
