"""Statements of the API's hot path."""

from textwell.messaging.sql import (
    CAP_STATES,
    OWN_REGISTERS,
    consent_reason,
    invitation_reason,
    recent_moments,
    register_reason,
)

_REGISTER = register_reason(
    workspace="a.workspace_id",
    number="a.msisdn",
    country="coalesce(c.country, a.country)",
    at="now()",
)

_CONSENT = consent_reason(
    workspace="a.workspace_id",
    contact="c.id",
    country="coalesce(c.country, a.country)",
    at="now()",
)

_INVITATION = invitation_reason(
    purpose="a.purpose",
    workspace="a.workspace_id",
    number="a.msisdn",
    contact="c.id",
    country="coalesce(c.country, a.country)",
    at="now()",
    message="0",
)

_MOMENTS = recent_moments(
    "c.id",
    "coalesce(a.cap_at, now())",
    by_subject="%(by_subject)s::text[] && ARRAY[coalesce(c.country, a.country), left(a.msisdn, 5)]::text[]",
    topic="a.topic",
)

# Everything that decides about messages to numbers, in one round trip: a row for each that is asked for, in
# their order; columns are null where there is nothing. The route is the fitting sender: one for the
# number's country before one for every country. The workspace's cap is counted for marketing alone.
# Each look-up has a limit, so that it goes by an index whatever PostgreSQL expects of the tables.
MESSAGE_FACTS = f"""
WITH {OWN_REGISTERS}
SELECT c.id, c.country, s.reason, cs.is_granted, cs.contact_id IS NOT NULL, r.gateway_id, r.sender,
    CASE WHEN a.is_marketing THEN w.cap_count ELSE 0 END,
    CASE WHEN a.is_marketing AND w.cap_count > 0 THEN (
        SELECT count(*) FROM messaging_message m
        WHERE m.contact_id = c.id AND m.is_counted AND m.state IN {CAP_STATES}
          AND coalesce(m.handed_at, m.due_at) <= coalesce(a.cap_at, now())
          AND coalesce(m.handed_at, m.due_at)
              > coalesce(a.cap_at, now()) - make_interval(hours => w.cap_hours)
    ) ELSE 0 END,
    coalesce(c.is_sample, false), r.provider, k.id IS NOT NULL, w.law_layer || w.law_choices,
    coalesce(c.zone, ''),
    CASE WHEN a.is_marketing THEN (
        SELECT until FROM consent_pause WHERE contact_id = c.id AND channel = 'sms' LIMIT 1
    ) END,
    w.is_sandbox, r.kind, coalesce(sr.until, '-infinity') >= current_date,
    coalesce(t.is_per_sender, false),
    CASE WHEN a.is_marketing AND NOT w.is_sandbox THEN {_REGISTER} ELSE '' END,
    ARRAY[coalesce(nullif(w.brand, ''), w.name), w.legal_name, w.postal_address, w.public_contact],
    coalesce(c.language, ''),
    CASE WHEN a.is_marketing THEN (
        SELECT kind FROM gateways_sender WHERE gateway_id = r.gateway_id AND value = r.sender
        ORDER BY id LIMIT 1
    ) END,
    CASE WHEN a.is_marketing
        AND (coalesce(c.country, a.country) = ANY(%(capped)s) OR left(a.msisdn, 5) = ANY(%(capped)s))
    THEN ({_MOMENTS}) END,
    CASE WHEN a.is_marketing THEN {_CONSENT} ELSE '' END,
    a.is_marketing AND EXISTS (SELECT FROM messaging_promise WHERE workspace_id = a.workspace_id),
    {_INVITATION}
FROM json_to_recordset(%(asked)s::json) AS a(n integer, workspace_id bigint, msisdn text, country text,
    purpose text, topic text, brand text, is_marketing boolean, gateway_id bigint, sender text,
    api_key_id bigint, key text, cap_at timestamptz)
JOIN accounts_workspace w ON w.id = a.workspace_id
LEFT JOIN LATERAL (
    SELECT id, country, is_sample, zone, language FROM contacts_contact
    WHERE workspace_id = a.workspace_id AND msisdn = a.msisdn LIMIT 1
) c ON true
LEFT JOIN LATERAL (
    SELECT reason FROM consent_suppression
    WHERE workspace_id = a.workspace_id AND msisdn = a.msisdn LIMIT 1
) s ON true
LEFT JOIN LATERAL (
    SELECT g.id AS gateway_id, g.provider, sn.value AS sender, sn.kind
    FROM gateways_gateway g JOIN gateways_sender sn ON sn.gateway_id = g.id
    WHERE g.workspace_id = a.workspace_id AND sn.is_active
      AND sn.country IN ('', a.country)
      AND g.state <> 'retired'
      AND CASE WHEN a.gateway_id IS NULL THEN g.state = 'active' ELSE g.id = a.gateway_id END
      AND (a.sender IS NULL OR sn.value = a.sender)
    ORDER BY sn.country DESC, g.id, sn.id LIMIT 1
) r ON true
LEFT JOIN consent_topic t ON t.workspace_id = a.workspace_id AND t.key = a.topic
LEFT JOIN LATERAL (
    SELECT contact_id, is_granted, basis, since FROM consent_consentstate
    WHERE contact_id = c.id AND channel = 'sms' AND purpose = a.purpose AND topic = a.topic
      AND brand = a.brand AND sender = CASE WHEN t.is_per_sender THEN r.sender ELSE '' END LIMIT 1
) cs ON true
LEFT JOIN LATERAL (
    SELECT coalesce(max(until) FILTER (WHERE operator = ''), min(until)) AS until FROM (
        SELECT operator, CASE state WHEN 'approved' THEN coalesce(expires_on, 'infinity'::date)
            ELSE '-infinity'::date END AS until
        FROM gateways_registration
        WHERE workspace_id = a.workspace_id AND value = r.sender AND country = coalesce(c.country, a.country)
          AND purpose = CASE WHEN a.is_marketing THEN 'marketing' ELSE a.purpose END
          AND state NOT IN ('draft', 'submitted')
    ) registered
) sr ON true
LEFT JOIN LATERAL (
    SELECT id FROM api_idempotentanswer WHERE api_key_id = a.api_key_id AND key = a.key LIMIT 1
) k ON true
ORDER BY a.n
"""

# A share of what a key may make in the present second. `taken` may pass the rate: what is beyond it was
# not granted. Seconds are the database's, so that the clocks of web machines do not matter. The table
# is not logged: a commit waits for no disk.
LEASE_RATE = """
WITH clock AS (SELECT extract(epoch FROM clock_timestamp())::float8 AS at)
INSERT INTO api_rate AS r (api_key_id, second, taken)
SELECT %(api_key_id)s, floor(at), %(wanted)s FROM clock
ON CONFLICT (api_key_id) DO UPDATE SET
    second = greatest(r.second, EXCLUDED.second),
    taken = CASE WHEN r.second < EXCLUDED.second THEN 0 ELSE r.taken END + EXCLUDED.taken
RETURNING taken, (SELECT floor(at) + 1 - at FROM clock)
"""
