"""From people to message rows and batches; and one message of its own."""

from textwell.messaging.sql.caps import (
    CAP_STATES,
    IS_CAP_REACHED,
    is_other_subject,
    is_recent,
    recent_counts,
)
from textwell.messaging.sql.consents import consent_reason
from textwell.messaging.sql.invitations import invitation_reason
from textwell.messaging.sql.registers import OWN_REGISTERS, register_reason

# When a person's text is due: at the first lawful moment of their place, if that is later, and not before a
# cap of law is free. `l` is a row of LAW_JOIN and `k` one of CAP_JOIN; no row: no law holds, or the place
# was not asked for, and the hand-off judges it.
LAWFUL_AT = "coalesce(k.due_at, l.due_at)"
DUE_AT = f"coalesce({LAWFUL_AT}, %(due_at)s::timestamptz)"

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

# Who of the people `a` had, or is to have, as many texts as a cap of law lets them have where they live: the
# moments as a word (see `plan_law.read_moments`), the same for many. A quarter of an hour is one moment: of
# caps that roll its end, so that they free no sooner than they may; of days its beginning, which is of the
# same day. `cap_terms` names no place where law has no cap: then nothing is read.
CAP_MOMENTS = f"""
    LEFT JOIN LATERAL (
        SELECT string_agg(CASE WHEN t.is_rolling THEN ceil(x.at / 900) ELSE floor(x.at / 900) END::text, ','
            ORDER BY x.at) AS moments
        FROM (
            SELECT min(least) AS least, max(most) AS most, max(hours) AS hours, bool_and(is_rolling)
                AS is_rolling, bool_and(is_by_subject) AS is_by_subject
            FROM jsonb_to_recordset(%(cap_terms)s::jsonb)
                AS terms(place text, least int, most int, hours int, is_rolling boolean,
                    is_by_subject boolean)
            WHERE place IN (a.country, left(a.msisdn, 5))
        ) t CROSS JOIN LATERAL (
            SELECT extract(epoch FROM coalesce(m.handed_at, m.due_at)) AS at FROM messaging_message m
            WHERE m.contact_id = a.id AND m.is_counted AND m.state IN {CAP_STATES}
              AND coalesce(m.handed_at, m.due_at) <= {_THEN}
              AND coalesce(m.handed_at, m.due_at) > {_THEN} - make_interval(hours => t.hours)
              AND NOT (t.is_by_subject AND {is_other_subject("m", "%(topic)s")})
            ORDER BY 1 DESC LIMIT t.most
        ) x
        HAVING count(*) >= min(t.least)
    ) h ON %(cap_terms)s <> '[]'
"""
# What the packs say of those moments at that place.
CAP_JOIN = f"""{CAP_MOMENTS}
    LEFT JOIN jsonb_to_recordset(%(law_capped)s::jsonb)
        AS k(key text, moments text, due_at timestamptz, reason text)
        ON k.key = a.law_key AND k.moments = h.moments
"""

# Who asked for a rest that is not over when they would get it.
PAUSE_JOIN = f"""
    LEFT JOIN consent_pause p
        ON p.contact_id = a.id AND p.channel = 'sms' AND p.until > greatest({_THEN}, k.due_at)
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

# Which moments of earlier texts there are at capped places.
CHUNK_CAPPED = f"""
SELECT DISTINCT a.law_key, h.moments FROM (
    SELECT c.id, c.msisdn, c.country, {LAW_KEY} AS law_key FROM contacts_contact c
    WHERE c.workspace_id = %(workspace_id)s AND c.id > %(after_id)s AND c.id <= %(until_id)s
      AND (__AUDIENCE__)
    ORDER BY c.id LIMIT %(limit)s
) a {LAW_JOIN} {CAP_MOMENTS}
WHERE h.moments IS NOT NULL
"""
AUDIENCE_CAPPED = f"""
SELECT DISTINCT a.law_key, h.moments FROM (
    SELECT c.id, c.msisdn, c.country, {LAW_KEY} AS law_key FROM contacts_contact c
    WHERE c.workspace_id = %(workspace_id)s AND (__AUDIENCE__)
) a {LAW_JOIN} {CAP_MOMENTS}
WHERE h.moments IS NOT NULL
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

# How long a yes counts is judged for the moment at which they would get it.
_CONSENT = consent_reason(
    workspace="%(workspace_id)s",
    contact="a.id",
    country="a.country",
    at=f"greatest({_THEN}, k.due_at)",
)

# What the public promise does not name, see `promised.list_unpromised`.
_UNPROMISED = "coalesce(%(unpromised)s::jsonb ->> a.country, %(unpromised)s::jsonb ->> '')"
_INVITATION = invitation_reason(
    purpose="%(purpose)s",
    workspace="%(workspace_id)s",
    number="a.msisdn",
    contact="a.id",
    country="a.country",
    at="%(cap_at)s::timestamptz",
    message="0",
)

# Why a person is left out, '' if not; the order of messaging.gate._RULES.
PLAN_REASON = f"""
    CASE
        WHEN a.is_sample AND NOT %(is_simulated)s THEN 'sample_person'
        WHEN s.reason = 'opted_out' THEN 'opted_out'
        WHEN s.reason IS NOT NULL THEN 'suppressed'
        WHEN %(needs_consent)s AND cs.is_granted IS NOT TRUE AND cs.contact_id IS NOT NULL THEN 'opted_out'
        WHEN %(needs_consent)s AND cs.contact_id IS NULL THEN 'no_consent'
        WHEN %(needs_consent)s AND {_CONSENT} <> '' THEN {_CONSENT}
        WHEN {_INVITATION} <> '' THEN {_INVITATION}
        WHEN %(needs_consent)s AND p.contact_id IS NOT NULL THEN 'person_paused'
        WHEN {_REGISTER} <> '' THEN {_REGISTER}
        WHEN NOT (%(any_country)s OR a.country = ANY(%(countries)s)) THEN 'sender_not_allowed'
        WHEN %(sender_reasons)s::jsonb ->> a.country <> '' THEN %(sender_reasons)s::jsonb ->> a.country
        WHEN {_UNPROMISED} <> '' THEN {_UNPROMISED}
        WHEN {IS_CAP_REACHED} THEN 'frequency_cap'
        WHEN l.reason <> '' THEN l.reason
        WHEN k.reason <> '' THEN k.reason
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
    {CAP_JOIN}
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

# The same in pieces of one size, give or take one: of advertising that is taken for so many people at once.
# They wait until the plan is through: only then it is known how many there are of a country.
MAKE_EVEN_BATCHES = """
INSERT INTO messaging_batch (workspace_id, campaign_id, gateway_id, lane, due_at, first_message_id,
    last_message_id, marked_id, state, leased_by, attempt_count, body, extra)
SELECT %(workspace_id)s, %(campaign_id)s, %(gateway_id)s, %(lane)s, timed.due_at,
    first_id + part * n / parts, first_id + (part + 1) * n / parts - 1, first_id + part * n / parts - 1,
    'paused', '', 0, '', '{}'
FROM (
    SELECT due_at, min(id) AS first_id, count(*) AS n,
        ceil(count(*)::numeric / %(size)s)::bigint AS parts
    FROM messaging_message WHERE id BETWEEN %(first_id)s AND %(last_id)s GROUP BY due_at
) timed
CROSS JOIN LATERAL generate_series(0, parts - 1) AS part
ORDER BY first_id, part
"""

# Advertising to a country that takes it for more people than a campaign has there: left out, counted so.
DROP_SMALL = """
WITH small AS (
    SELECT m.country FROM messaging_message m
    WHERE m.id BETWEEN %(first_id)s AND %(last_id)s AND m.campaign_id = %(campaign_id)s
      AND m.state = 'planned' AND m.country = ANY(%(batch_countries)s)
    GROUP BY m.country HAVING count(*) < (%(batch_least)s::jsonb ->> m.country)::int
), dropped AS (
    UPDATE messaging_message m SET state = 'skipped', reason = 'batch_too_small'
    FROM small WHERE m.id BETWEEN %(first_id)s AND %(last_id)s AND m.campaign_id = %(campaign_id)s
      AND m.state = 'planned' AND m.country = small.country
    RETURNING m.id
), moved AS (
    SELECT count(*) AS n FROM dropped
)
INSERT INTO messaging_tally AS t (campaign_id, state, reason, message_count, segment_count, cost_micros)
SELECT %(campaign_id)s, told.state, told.reason, told.n, 0, 0 FROM moved CROSS JOIN LATERAL (
    VALUES ('planned', '', -moved.n), ('skipped', 'batch_too_small', moved.n)
) AS told(state, reason, n)
WHERE moved.n > 0
ON CONFLICT (campaign_id, state, reason)
    DO UPDATE SET message_count = t.message_count + excluded.message_count
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
