"""From people to message rows and batches; and one message of its own."""

from textwell.messaging.sql.caps import IS_CAP_REACHED, is_recent, recent_counts
from textwell.messaging.sql.registers import OWN_REGISTERS, register_reason

# When a person's text is due: at the first lawful moment of their place, if that is later. `l` is a row of
# LAW_JOIN; no row: no law holds, or the place was not asked for, and the hand-off judges it.
DUE_AT = "coalesce(l.due_at, %(due_at)s::timestamptz)"

# The place of a row of contacts_contact, alias c, as one word: see `plan_law.place_of_key`.
LAW_KEY = """
    CASE WHEN %(law_layer)s = '' THEN '' ELSE c.country || '|'
        || left(c.msisdn, coalesce((%(law_starts)s::jsonb ->> c.country)::int, 0)) || '|' || c.zone
    END
"""
LAW_JOIN = """
    LEFT JOIN jsonb_to_recordset(%(law)s::jsonb) AS l(key text, due_at timestamptz, reason text)
        ON l.key = a.law_key
"""

# When a cap is counted: at the moment at which the person would get it.
_THEN = "greatest(%(cap_at)s::timestamptz, l.due_at)"

# Who asked for a rest that is not over when they would get it.
PAUSE_JOIN = f"""
    LEFT JOIN consent_pause p
        ON p.contact_id = a.id AND p.channel = 'sms' AND p.until > {_THEN}
"""

# The places of a chunk's people, and of an audience's.
CHUNK_PLACES = f"""
SELECT DISTINCT law_key FROM (
    SELECT {LAW_KEY} AS law_key FROM contacts_contact c
    WHERE c.workspace_id = %(workspace_id)s AND c.id > %(after_id)s AND c.id <= %(until_id)s
      AND (__AUDIENCE__)
    ORDER BY c.id LIMIT %(limit)s
) asked
"""
AUDIENCE_PLACES = f"""
SELECT DISTINCT {LAW_KEY} AS law_key FROM contacts_contact c
WHERE c.workspace_id = %(workspace_id)s AND (__AUDIENCE__)
"""

# The one row of consent, alias cs, that a text of this scope needs; see `plan.scope_params`.
OF_SCOPE = "cs.topic = %(topic)s AND cs.brand = %(brand)s AND cs.sender = %(scope_sender)s"

# How old a list is counts when the texts begin, not where law holds them longer: it may be renewed until
# the hand-off, which judges again.
_REGISTER = register_reason(
    workspace="%(workspace_id)s",
    number="a.msisdn",
    country="a.country",
    at="%(cap_at)s::timestamptz",
)

# Why a person is left out, '' if not; the order of messaging.gate._RULES.
PLAN_REASON = f"""
    CASE
        WHEN a.is_sample AND NOT %(is_simulated)s THEN 'sample_person'
        WHEN s.reason = 'opted_out' THEN 'opted_out'
        WHEN s.reason IS NOT NULL THEN 'suppressed'
        WHEN %(needs_consent)s AND cs.is_granted IS NOT TRUE AND cs.contact_id IS NOT NULL THEN 'opted_out'
        WHEN %(needs_consent)s AND cs.contact_id IS NULL THEN 'no_consent'
        WHEN %(needs_consent)s AND p.contact_id IS NOT NULL THEN 'person_paused'
        WHEN {_REGISTER} <> '' THEN {_REGISTER}
        WHEN NOT (%(any_country)s OR a.country = ANY(%(countries)s)) THEN 'sender_not_allowed'
        WHEN %(sender_reasons)s::jsonb ->> a.country <> '' THEN %(sender_reasons)s::jsonb ->> a.country
        WHEN {IS_CAP_REACHED} THEN 'frequency_cap'
        WHEN l.reason <> '' THEN l.reason
        WHEN %(expires_at)s::timestamptz <= {DUE_AT} THEN 'expired'
        ELSE ''
    END
"""

# Who is held out, of those who would get it: by a hash of the person and the campaign, so that it is the
# same people however often it is planned, and others in the next campaign.
_IS_HELD_OUT = "abs(hashint8extended(a.id, %(campaign_id)s) %% 100) < %(holdout_percent)s"
PLANNED_REASON = (
    f"coalesce(nullif({PLAN_REASON}, ''), CASE WHEN {_IS_HELD_OUT} THEN 'holdout' ELSE '' END)"
)

# One chunk of an audience: a row per person, left-out ones with their reason. Sendable people take
# the first ids of the chunk, so that batches are contiguous.
PLAN_CHUNK = f"""
WITH {OWN_REGISTERS},
a AS MATERIALIZED (
    SELECT c.id, c.msisdn, c.country, c.is_sample, {LAW_KEY} AS law_key
    FROM contacts_contact c
    WHERE c.workspace_id = %(workspace_id)s AND c.id > %(after_id)s AND c.id <= %(until_id)s
      AND (__AUDIENCE__)
    ORDER BY c.id
    LIMIT %(limit)s
),
r AS (
    SELECT m.contact_id, {recent_counts(_THEN)}
    FROM a {LAW_JOIN} JOIN messaging_message m ON m.contact_id = a.id
    WHERE {is_recent(_THEN)}
    GROUP BY m.contact_id
),
judged AS (
    SELECT a.id, a.msisdn, a.country, a.law_key, {PLANNED_REASON} AS reason, {DUE_AT} AS due_at
    FROM a
    LEFT JOIN consent_suppression s
        ON s.workspace_id = %(workspace_id)s AND s.msisdn = a.msisdn
    LEFT JOIN consent_consentstate cs
        ON cs.contact_id = a.id AND cs.channel = 'sms' AND cs.purpose = %(purpose)s AND {OF_SCOPE}
    LEFT JOIN r ON r.contact_id = a.id
    {LAW_JOIN}
    {PAUSE_JOIN}
),
made AS (
    INSERT INTO messaging_message (id, workspace_id, campaign_id, contact_id, msisdn, country, state,
        reason, gateway_id, sender, lane, is_counted, due_at, expires_at, planned_at)
    SELECT %(first_id)s - 1 + row_number() OVER (ORDER BY reason <> '', due_at, law_key, id),
        %(workspace_id)s, %(campaign_id)s, id, msisdn, country,
        CASE reason WHEN '' THEN 'planned' ELSE 'skipped' END, reason,
        %(gateway_id)s, %(sender)s, %(lane)s, %(is_counted)s, due_at,
        %(expires_at)s, %(now)s
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

# Batches over the sendable head of a chunk, where all of it is due at one time.
MAKE_BATCHES = """
INSERT INTO messaging_batch (workspace_id, campaign_id, gateway_id, lane, due_at, first_message_id,
    last_message_id, marked_id, state, leased_by, attempt_count, body, extra)
SELECT %(workspace_id)s, %(campaign_id)s, %(gateway_id)s, %(lane)s, %(due_at)s, head,
    least(head + %(size)s - 1, %(last_id)s), head - 1, 'planned', '', 0, '', '{}'
FROM generate_series(%(first_id)s::bigint, %(last_id)s::bigint, %(size)s) AS head
"""

# The same where places differ in when they are due: no batch is for two times.
MAKE_TIMED_BATCHES = """
INSERT INTO messaging_batch (workspace_id, campaign_id, gateway_id, lane, due_at, first_message_id,
    last_message_id, marked_id, state, leased_by, attempt_count, body, extra)
SELECT %(workspace_id)s, %(campaign_id)s, %(gateway_id)s, %(lane)s, timed.due_at, head,
    least(head + %(size)s - 1, timed.last_id), head - 1, 'planned', '', 0, '', '{}'
FROM (
    SELECT due_at, min(id) AS first_id, max(id) AS last_id FROM messaging_message
    WHERE id BETWEEN %(first_id)s AND %(last_id)s GROUP BY due_at
) timed
CROSS JOIN LATERAL generate_series(timed.first_id, timed.last_id, %(size)s) AS head
ORDER BY head
"""

# Single messages and the batch that carries each, published already unless it is for later: one round trip.
# The due time of what goes at once is never later than its mark, whatever the clocks say: caps compare
# the two. Their gateway stays until the commit: who takes it away (campaigns.removal) waits for it and then
# sees them. What a gateway that is gone should carry is not among the rows back: nothing of it is written.
ADD_SINGLES = """
WITH given AS MATERIALIZED (
    SELECT * FROM json_to_recordset(%(rows)s::json) AS r(id bigint, workspace_id bigint, contact_id bigint,
        msisdn text, country text, gateway_id bigint, sender text, lane text, is_counted boolean,
        now timestamptz, due_at timestamptz, state text, expires_at timestamptz, body text, extra jsonb)
), g AS (
    SELECT id, workspace_id FROM gateways_gateway
    WHERE id = ANY(ARRAY(SELECT DISTINCT gateway_id FROM given)) AND state <> 'retired'
    ORDER BY id FOR KEY SHARE
), r AS MATERIALIZED (
    SELECT given.* FROM given JOIN g ON g.id = given.gateway_id AND g.workspace_id = given.workspace_id
), made AS (
    INSERT INTO messaging_message (id, workspace_id, contact_id, msisdn, country, state, gateway_id,
        sender, lane, is_counted, due_at, expires_at, planned_at)
    SELECT id, workspace_id, contact_id, msisdn, country, 'planned', gateway_id, sender, lane, is_counted,
        CASE WHEN due_at <= now THEN least(now, now()) ELSE due_at END, expires_at, now
    FROM r
)
INSERT INTO messaging_batch (workspace_id, gateway_id, lane, due_at, first_message_id,
    last_message_id, marked_id, state, leased_by, queued_at, attempt_count, body, extra)
SELECT workspace_id, gateway_id, lane, due_at, id, id, id - 1, state, '',
    CASE WHEN state = 'queued' THEN now END, 0, body, extra
FROM r ORDER BY id
RETURNING id, first_message_id
"""
