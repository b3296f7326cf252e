"""The state of people from all their events, and which event of a key counts."""

# How much a yes shows; where nobody said how, as `messaging.consent_law.UNSAID`.
_STRENGTH = (
    "CASE s.basis WHEN 'express_written' THEN 3 WHEN 'implied' THEN 0 WHEN 'soft' THEN 1 ELSE 2 END"
)
# Of events that speak for a key: what was said last, but of yeses since the last stop the strongest.
FIRST_COUNTS = f"""
CASE WHEN s.kind = 'opt_out' THEN 0 WHEN s.given_at > s.stopped_at THEN 1 ELSE -1 END DESC,
    CASE s.kind WHEN 'opt_in' THEN {_STRENGTH} END DESC, s.given_at DESC, s.id DESC
"""
STOPPED_AT = """
coalesce(max(e.given_at) FILTER (WHERE e.kind = 'opt_out') OVER (PARTITION BY {}), '-infinity') AS stopped_at
"""

# The state of these people again, from all their events.
# What an import taken back had granted is dropped before, so that no state need rest on it.
_KEY = "k.contact_id, k.channel, k.purpose, k.topic, k.brand, k.sender"
_DERIVE = f"""
WITH e AS MATERIALIZED (
    SELECT e.id, e.contact_id, e.channel, e.purpose, e.topic, e.brand, e.sender, e.kind, e.basis, e.given_at
    FROM consent_consentevent e
    WHERE e.contact_id = ANY(%(contact_ids)s) AND e.workspace_id = %(workspace_id)s
      AND NOT EXISTS (SELECT 1 FROM consent_withdrawnimport w WHERE w.import_run_id = e.import_run_id)
),
k AS (
    SELECT DISTINCT contact_id, channel, purpose, CASE topic WHEN '*' THEN '' ELSE topic END AS topic,
        CASE brand WHEN '*' THEN '' ELSE brand END AS brand,
        CASE sender WHEN '*' THEN '' ELSE sender END AS sender
    FROM e
),
s AS (
    SELECT {_KEY}, e.kind, e.basis, e.id, e.given_at, {STOPPED_AT.format(_KEY)}
    FROM k JOIN e ON e.contact_id = k.contact_id AND e.channel = k.channel AND e.purpose = k.purpose
        AND e.topic IN (k.topic, '*') AND e.brand IN (k.brand, '*') AND e.sender IN (k.sender, '*')
)
INSERT INTO consent_consentstate AS t
    (workspace_id, contact_id, channel, purpose, topic, brand, sender, is_granted, basis, event_id, since)
SELECT DISTINCT ON (contact_id, channel, purpose, topic, brand, sender)
    %(workspace_id)s::bigint, contact_id, channel, purpose, topic, brand, sender,
    kind = 'opt_in', basis, id, given_at
FROM s
ORDER BY contact_id, channel, purpose, topic, brand, sender, {FIRST_COUNTS}
ON CONFLICT (contact_id, channel, purpose, topic, brand, sender) DO UPDATE SET
    is_granted = excluded.is_granted, basis = excluded.basis, event_id = excluded.event_id,
    since = excluded.since
"""
# Of two that derive at once each sees its own event only: whoever comes second waits here for the first, as
# the first statement locks every state, and sees all events in the second.
DERIVE_STATES = f"{_DERIVE} WHERE false; {_DERIVE} WHERE t.event_id <> excluded.event_id"
