"""Named statements of campaigns: the gate's answer for an audience before it is planned."""

from textwell.messaging import sql

# People of an audience by the reason that would leave them out, '' for those who would get it.
JUDGE_AUDIENCE = f"""
SELECT {sql.PLAN_REASON} AS reason, count(*) FROM (
    SELECT c.id, c.msisdn, c.country FROM contacts_contact c
    WHERE c.workspace_id = %(workspace_id)s AND (__AUDIENCE__)
) a
LEFT JOIN consent_suppression s ON s.workspace_id = %(workspace_id)s AND s.msisdn = a.msisdn
LEFT JOIN consent_consentstate cs
    ON cs.contact_id = a.id AND cs.channel = 'sms' AND cs.purpose = %(purpose)s
LEFT JOIN (
    SELECT m.contact_id, count(*) AS recent_count FROM messaging_message m
    WHERE %(cap_count)s > 0 AND m.workspace_id = %(workspace_id)s AND m.is_counted
      AND m.state IN {sql.CAP_STATES}
      AND m.due_at > %(due_at)s::timestamptz - make_interval(hours => %(cap_hours)s)
    GROUP BY m.contact_id
) r ON r.contact_id = a.id
GROUP BY 1
"""

# What the gate would see of one person now.
READ_FACTS = f"""
SELECT
    (SELECT reason FROM consent_suppression WHERE workspace_id = %(w)s AND msisdn = %(m)s),
    cs.is_granted, cs.contact_id IS NOT NULL,
    (SELECT count(*) FROM messaging_message x
     WHERE x.contact_id = %(c)s AND x.is_counted AND x.state IN {sql.CAP_STATES}
       AND x.due_at > now() - make_interval(hours => %(h)s))
FROM (SELECT 1) one
LEFT JOIN consent_consentstate cs
    ON cs.contact_id = %(c)s AND cs.channel = 'sms' AND cs.purpose = %(p)s
"""

# People of the audience with consent, spread evenly over it by a hash of their id.
SAMPLE_AUDIENCE = """
SELECT c.* FROM contacts_contact c
WHERE c.workspace_id = %(workspace_id)s AND (__AUDIENCE__)
  AND EXISTS (SELECT 1 FROM consent_consentstate cs
              WHERE cs.contact_id = c.id AND cs.channel = 'sms' AND cs.purpose = %(purpose)s
                AND cs.is_granted)
ORDER BY hashint8(c.id) LIMIT %(limit)s
"""
