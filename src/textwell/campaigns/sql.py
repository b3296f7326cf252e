"""Named statements of campaigns: the gate's answer for an audience before it is planned."""

from textwell.messaging import sql

# Everybody of an audience with the reason that would leave them out, '' for those who would get it.
_JUDGED = f"""
WITH {sql.OWN_REGISTERS}
SELECT a.id, {sql.PLANNED_REASON} AS reason, {sql.LAWFUL_AT} AS lawful_at FROM (
    SELECT c.id, c.msisdn, c.country, c.is_sample, {sql.LAW_KEY} AS law_key FROM contacts_contact c
    WHERE c.workspace_id = %(workspace_id)s AND (__AUDIENCE__)
) a
LEFT JOIN consent_suppression s ON s.workspace_id = %(workspace_id)s AND s.msisdn = a.msisdn
LEFT JOIN consent_consentstate cs
    ON cs.contact_id = a.id AND cs.channel = 'sms' AND cs.purpose = %(purpose)s AND {sql.OF_SCOPE}
LEFT JOIN (
    SELECT m.contact_id, {sql.RECENT_COUNTS} FROM messaging_message m
    WHERE m.workspace_id = %(workspace_id)s AND {sql.IS_RECENT}
    GROUP BY m.contact_id
) r ON r.contact_id = a.id
{sql.LAW_JOIN}
{sql.CAP_JOIN}
{sql.PAUSE_JOIN}
"""

# People of an audience by reason, and by the moment until which law holds their text.
JUDGE_AUDIENCE = f"SELECT reason, lawful_at, count(*) FROM ({_JUDGED}) judged GROUP BY 1, 2"

# Those who would get it though they never agreed to marketing.
COUNT_NEVER_AGREED = f"""
SELECT count(*) FROM ({_JUDGED}) judged
WHERE reason = '' AND NOT EXISTS (
    SELECT 1 FROM consent_consentstate g
    WHERE g.contact_id = judged.id AND g.channel = 'sms' AND g.purpose = 'marketing' AND g.is_granted)
"""

# Those who would get it, spread evenly over the audience by a hash of their id.
SAMPLE_AUDIENCE = f"""
SELECT c.* FROM contacts_contact c
JOIN (
    SELECT id FROM ({_JUDGED}) judged WHERE reason = '' ORDER BY hashint8(id) LIMIT %(limit)s
) chosen ON chosen.id = c.id
ORDER BY hashint8(c.id)
"""

# Who may be in it: of two to the power of 32 hashes, those below a bound.
IS_LOW = "hashint8(c.id) < %(below)s"

# People of an audience from every stretch of the workspace's contact ids: (id, number of the stretch).
# Each stretch is left once it has given its people.
SAMPLE_STRATA = """
WITH ends AS (
    SELECT
        (SELECT id FROM contacts_contact WHERE workspace_id = %(workspace_id)s ORDER BY id LIMIT 1) AS low,
        (SELECT id FROM contacts_contact WHERE workspace_id = %(workspace_id)s ORDER BY id DESC LIMIT 1)
            AS high
)
SELECT found.id, n FROM ends CROSS JOIN generate_series(0, %(strata)s - 1) n CROSS JOIN LATERAL (
    SELECT c.id FROM contacts_contact c
    WHERE c.workspace_id = %(workspace_id)s AND (__AUDIENCE__)
      AND c.id >= low + (high - low + 1) * n / %(strata)s
      AND c.id < low + (high - low + 1) * (n + 1) / %(strata)s
    ORDER BY c.id LIMIT %(each)s
) found
"""

# Those of a few people who would get it.
JUDGE_PEOPLE = f"""
SELECT c.* FROM ({_JUDGED}) judged JOIN contacts_contact c ON c.id = judged.id
WHERE judged.reason = '' ORDER BY c.id
"""

_INVITATION = sql.invitation_reason(
    purpose="%(p)s",
    workspace="%(w)s",
    number="%(m)s",
    contact="%(c)s",
    country="%(country)s::text",
    at="%(at)s::timestamptz",
    message="%(message_id)s",
)

# What the gate would see of one person, but for caps.
READ_FACTS = f"""
WITH {sql.OWN_REGISTERS}
SELECT
    (SELECT reason FROM consent_suppression WHERE workspace_id = %(w)s AND msisdn = %(m)s),
    cs.is_granted, cs.contact_id IS NOT NULL,
    (SELECT until FROM consent_pause WHERE contact_id = %(c)s AND channel = 'sms'),
    {sql.register_reason(workspace="%(w)s", number="%(m)s", country="%(country)s", at="%(at)s")},
    cs.since,
    {sql.consent_reason(workspace="%(w)s", contact="%(c)s", country="%(country)s::text", at="%(then)s")},
    {_INVITATION}
FROM (SELECT 1) one
LEFT JOIN consent_consentstate cs
    ON cs.contact_id = %(c)s AND cs.channel = 'sms' AND cs.purpose = %(p)s AND {sql.OF_SCOPE}
"""

# People of an audience whom the plan has not reached yet.
COUNT_LEFT = """
SELECT count(*) FROM contacts_contact c
WHERE c.workspace_id = %(workspace_id)s AND c.id > %(after_id)s AND c.id <= %(until_id)s
  AND (__AUDIENCE__)
"""

# A gateway that is about to be used stays until the commit: who takes it away waits, and then sees the use.
KEEP_GATEWAY = """
SELECT state FROM gateways_gateway
WHERE workspace_id = %(workspace_id)s AND id = %(gateway_id)s FOR KEY SHARE
"""

# What keeps a gateway from being taken away. A campaign's own tally tells of paused batches too.
CAMPAIGNS_AWAITING = """
SELECT c.name FROM campaigns_campaign c
WHERE c.workspace_id = %(workspace_id)s AND c.gateway_id = %(gateway_id)s AND (
    c.state IN ('scheduled', 'planning') OR (c.state IN ('sending', 'paused') AND EXISTS (
        SELECT 1 FROM messaging_tally t WHERE t.campaign_id = c.id AND t.message_count > 0
          AND t.state IN ('planned', 'queued', 'handing', 'held'))))
ORDER BY c.id LIMIT 4
"""
IS_AWAITED = """
SELECT EXISTS (
    SELECT 1 FROM messaging_batch
    WHERE workspace_id = %(workspace_id)s AND gateway_id = %(gateway_id)s
      AND state IN ('planned', 'queued', 'leased'))
OR EXISTS (SELECT 1 FROM messaging_held WHERE campaign_id = -%(gateway_id)s)
"""

# Whether anything is found by it: figures, receipts or replies. Each is one look by an index.
HAS_CARRIED = """
SELECT EXISTS (SELECT 1 FROM campaigns_campaign
    WHERE workspace_id = %(workspace_id)s AND gateway_id = %(gateway_id)s AND first_message_id IS NOT NULL)
OR EXISTS (SELECT 1 FROM messaging_tally WHERE campaign_id = -%(gateway_id)s)
OR EXISTS (SELECT 1 FROM messaging_progress WHERE campaign_id = -%(gateway_id)s)
OR EXISTS (SELECT 1 FROM inbox_reply WHERE gateway_id = %(gateway_id)s)
OR EXISTS (SELECT 1 FROM gateways_gatewayhealth WHERE gateway_id = %(gateway_id)s
    AND submitted_count + rejected_count + unknown_count > 0)
"""

# Who would get it as far as their own word goes; no further than it must be counted.
HAS_SO_MANY = f"""
SELECT count(*) FROM (
    SELECT FROM contacts_contact c
    WHERE c.workspace_id = %(w)s AND c.country = %(country)s AND (__AUDIENCE__)
      AND NOT EXISTS (SELECT FROM consent_suppression s WHERE s.workspace_id = %(w)s AND s.msisdn = c.msisdn)
      AND (NOT %(needs_consent)s OR EXISTS (
          SELECT FROM consent_consentstate cs
          WHERE cs.contact_id = c.id AND cs.channel = 'sms' AND cs.purpose = %(purpose)s AND cs.is_granted
            AND {sql.OF_SCOPE}))
    LIMIT %(least)s
) there
"""
