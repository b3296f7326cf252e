"""Statements of the API's hot path."""

from textwell.messaging.sql import CAP_STATES

# Everything that decides about one message to one number, in one round trip. A row always comes
# back; columns are null where there is nothing. The route is the fitting sender: one for the
# number's country before one for every country. The workspace's cap is counted for marketing alone.
MESSAGE_FACTS = f"""
SELECT c.id, c.country, s.reason, cs.is_granted, cs.contact_id IS NOT NULL, r.gateway_id, r.sender,
    CASE WHEN %(is_marketing)s THEN w.cap_count ELSE 0 END,
    CASE WHEN %(is_marketing)s AND w.cap_count > 0 THEN (
        SELECT count(*) FROM messaging_message m
        WHERE m.contact_id = c.id AND m.is_counted AND m.state IN {CAP_STATES}
          AND coalesce(m.handed_at, m.due_at) <= now()
          AND coalesce(m.handed_at, m.due_at) > now() - make_interval(hours => w.cap_hours)
    ) ELSE 0 END,
    coalesce(c.is_sample, false), r.provider
FROM accounts_workspace w
LEFT JOIN contacts_contact c ON c.workspace_id = %(workspace_id)s AND c.msisdn = %(msisdn)s
LEFT JOIN consent_suppression s ON s.workspace_id = %(workspace_id)s AND s.msisdn = %(msisdn)s
LEFT JOIN consent_consentstate cs
    ON cs.contact_id = c.id AND cs.channel = 'sms' AND cs.purpose = %(purpose)s
LEFT JOIN LATERAL (
    SELECT g.id AS gateway_id, g.provider, sn.value AS sender
    FROM gateways_gateway g JOIN gateways_sender sn ON sn.gateway_id = g.id
    WHERE g.workspace_id = %(workspace_id)s AND sn.is_active
      AND sn.country IN ('', %(country)s)
      AND CASE WHEN %(gateway_id)s::bigint IS NULL THEN g.state = 'active'
               ELSE g.id = %(gateway_id)s::bigint END
      AND (%(sender)s::text IS NULL OR sn.value = %(sender)s::text)
    ORDER BY sn.country DESC, g.id, sn.id LIMIT 1
) r ON true
WHERE w.id = %(workspace_id)s
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
