"""Statements of programmes that are set-based, or must be one atomic step."""

STAGE_CODES = """
CREATE TEMPORARY TABLE programmes_staged_code (code text NOT NULL) ON COMMIT DROP
"""
ADD_CODES = """
INSERT INTO programmes_incentivecode (workspace_id, programme_id, code)
SELECT %(workspace_id)s, %(programme_id)s, code FROM programmes_staged_code
ON CONFLICT (programme_id, code) DO NOTHING
"""
OWN_CODE = """
SELECT code FROM programmes_incentivecode
WHERE programme_id = %(programme_id)s AND contact_id = %(contact_id)s
"""
TAKE_CODE = """
UPDATE programmes_incentivecode SET contact_id = %(contact_id)s, given_at = %(now)s
WHERE id = (
    SELECT id FROM programmes_incentivecode
    WHERE programme_id = %(programme_id)s AND contact_id IS NULL
    ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED
) AND contact_id IS NULL
RETURNING code
"""

# No pool is counted further than to its alarm.
SHORT_POOLS = """
SELECT p.id, p.name, f.count FROM programmes_programme p CROSS JOIN LATERAL (
    SELECT count(*) FROM (
        SELECT FROM programmes_incentivecode c WHERE c.programme_id = p.id AND c.contact_id IS NULL
        LIMIT greatest(p.low_codes, 1)
    ) free
) f
WHERE p.workspace_id = %(workspace_id)s AND p.state = 'published' AND strpos(p.welcome, '{code}') > 0
  AND f.count < greatest(p.low_codes, 1)
ORDER BY f.count, p.id
"""

COUNT_ATTEMPT = """
INSERT INTO programmes_attempt AS a (key, "window", attempt_count)
VALUES (%(key)s, %(window)s, 1)
ON CONFLICT (key, "window") DO UPDATE SET attempt_count = a.attempt_count + 1
RETURNING attempt_count
"""

# By what a text to the person goes: the sender that was asked for, else a number, which they can answer,
# before a name; as `inbox.sql.ANSWER_FACTS` has it.
ROUTE = """
SELECT g.id, g.provider, sn.value, sn.kind, w.is_sandbox
FROM gateways_gateway g JOIN gateways_sender sn ON sn.gateway_id = g.id
JOIN accounts_workspace w ON w.id = g.workspace_id
WHERE g.workspace_id = %(workspace_id)s AND g.state = 'active' AND sn.is_active
  AND sn.country IN ('', %(country)s)
ORDER BY ltrim(sn.value, '+') = ltrim(%(sender)s, '+') DESC, sn.kind <> 'alphanumeric' DESC,
    sn.country DESC, g.id, sn.id
LIMIT 50
"""

# Questions for a yes that were handed off, the latest first. Until its outcome is known the mark counts,
# which is written just before the first byte leaves: people answer faster than outcomes are folded.
QUESTIONS = """
SELECT q.contact_id, q.id, q.asked_at, q.handed_at, q.gateway_id, q.sender FROM (
    SELECT s.contact_id, s.id, s.asked_at, m.gateway_id, ltrim(m.sender, '+') AS sender,
        coalesce(m.handed_at, (
            SELECT max(w.marked_at) FROM messaging_window w
            WHERE w.first_message_id = m.id AND m.state IN ('planned', 'queued', 'handing')
        )) AS handed_at
    FROM programmes_signup s JOIN messaging_message m ON m.id = s.ask_message_id
    WHERE s.workspace_id = ANY(%(workspace_ids)s) AND s.contact_id = ANY(%(contact_ids)s)
) q
WHERE q.handed_at IS NOT NULL
ORDER BY q.handed_at DESC, q.id DESC
"""

# Of these texts when each left, by the same reckoning.
HANDED = """
SELECT q.id, q.handed_at FROM (
    SELECT m.id, coalesce(m.handed_at, (
        SELECT max(w.marked_at) FROM messaging_window w
        WHERE m.id BETWEEN w.first_message_id AND w.last_message_id
          AND m.state IN ('planned', 'queued', 'handing')
    )) AS handed_at
    FROM messaging_message m WHERE m.id = ANY(%(message_ids)s)
) q
WHERE q.handed_at IS NOT NULL
"""

# What became of the people of each placement since they joined by it; each in one column only.
FIGURES = """
SELECT s.placement_id,
    count(*) FILTER (WHERE s.state = 'joined'),
    count(*) FILTER (WHERE s.state = 'pending'),
    coalesce(sum(t.texts) FILTER (WHERE s.state = 'joined'), 0),
    count(*) FILTER (WHERE s.state = 'joined' AND x.reason = 'opted_out'),
    count(*) FILTER (WHERE s.state = 'joined' AND x.reason = 'complaint'),
    count(*) FILTER (WHERE s.state = 'joined' AND x.reason = 'dead_number')
FROM programmes_signup s
JOIN programmes_placement p ON p.id = s.placement_id
LEFT JOIN contacts_contact c ON c.id = s.contact_id
LEFT JOIN consent_suppression x ON x.workspace_id = s.workspace_id AND x.msisdn = c.msisdn
LEFT JOIN LATERAL (
    SELECT count(*) AS texts FROM messaging_message m
    WHERE m.workspace_id = s.workspace_id AND m.contact_id = s.contact_id
      AND m.handed_at >= s.joined_at AND m.is_counted AND s.state = 'joined'
) t ON true
WHERE s.workspace_id = %(workspace_id)s
  AND (p.judged_from IS NULL OR s.signed_at >= p.judged_from OR NOT %(is_judging)s)
  AND (%(placement_ids)s::bigint[] IS NULL OR s.placement_id = ANY(%(placement_ids)s))
GROUP BY s.placement_id
"""

# Placements that so many people left that a test can find them bad: of the others no text is counted.
SUSPECTS = """
SELECT s.placement_id
FROM programmes_signup s
JOIN programmes_placement p ON p.id = s.placement_id AND p.paused_at IS NULL
JOIN contacts_contact c ON c.id = s.contact_id
JOIN consent_suppression x ON x.workspace_id = s.workspace_id AND x.msisdn = c.msisdn
WHERE s.workspace_id = %(workspace_id)s AND s.state = 'joined'
  AND x.reason IN ('opted_out', 'complaint', 'dead_number')
GROUP BY s.placement_id HAVING count(*) >= %(least)s
"""

# The workspace's base: marketing texts of the last months, and people who left meanwhile.
BASE_TEXTS = """
SELECT coalesce(sum(t.handed_count), 0) FROM messaging_tally t
JOIN campaigns_campaign c ON c.id = t.campaign_id
WHERE c.workspace_id = %(workspace_id)s AND c.purpose = 'marketing' AND c.launched_at >= %(since)s
"""
BASE_GONE = """
SELECT count(DISTINCT msisdn) FROM consent_suppressionreason
WHERE workspace_id = %(workspace_id)s AND since >= %(since)s
  AND reason IN ('opted_out', 'complaint', 'dead_number')
"""
