"""Receipts whose id nobody knows, against messages whose answer was lost: matched, never guessed."""

# The receipt's number and the carrier's time of submission name one message of that gateway, and
# it alone: it is unknown, no other of that number was handed over around then (or may be, in a
# window still open), and no second id claims it. The carrier's id is then recorded as if its answer
# had come late; the fold does the rest. Receipts rest a minute first: their id may yet be recorded.
SETTLE_BY_NUMBER = """
WITH p AS (
    SELECT d.gateway_id, d.msisdn, d.submitted_at, d.provider_key,
        min(d.provider_message_id) AS provider_message_id
    FROM messaging_pendingreport p
    JOIN messaging_dlr d ON d.id = p.dlr_id AND d.received_at = p.received_at
    WHERE p.received_at BETWEEN %(at)s - interval '30 minutes' AND %(at)s - interval '1 minute'
      AND d.msisdn <> '' AND d.submitted_at IS NOT NULL
      AND d.state IN ('delivered', 'undelivered', 'expired', 'rejected')
    GROUP BY 1, 2, 3, 4
    LIMIT 10000
),
candidates AS (
    SELECT p.provider_key, p.provider_message_id, m.id, m.gateway_id, m.state, m.handed_at,
        count(*) OVER (PARTITION BY p.gateway_id, p.provider_key) AS message_count,
        count(*) OVER (PARTITION BY m.id) AS key_count
    FROM p
    JOIN gateways_gateway g ON g.id = p.gateway_id
    JOIN contacts_contact c ON c.workspace_id = g.workspace_id AND c.msisdn = p.msisdn
    JOIN messaging_message m
        ON m.contact_id = c.id AND m.msisdn = p.msisdn AND m.gateway_id = p.gateway_id
    WHERE (m.state IN ('unknown', 'submitted') AND m.handed_at
            BETWEEN p.submitted_at - interval '150 seconds' AND p.submitted_at + interval '90 seconds')
       OR (m.state IN ('planned', 'queued', 'handing') AND EXISTS (
            SELECT 1 FROM messaging_window w
            WHERE NOT w.is_settled AND w.first_message_id BETWEEN m.id - 1000 AND m.id
              AND w.last_message_id >= m.id))
)
INSERT INTO messaging_outcome (message_id, gateway_id, at, outcome, provider_message_id, provider_key,
    facts)
SELECT id, gateway_id, handed_at, 'submitted', provider_message_id, provider_key,
    '{"matched_by": "number"}'
FROM candidates WHERE state = 'unknown' AND message_count = 1 AND key_count = 1
RETURNING message_id
"""
