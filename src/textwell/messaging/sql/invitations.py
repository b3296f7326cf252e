"""The one invitation that a number may ever get: who may be asked, and whose it is. Atomic by a unique row.

A row is made by the plan, or when a single text is taken, and again right before the hand-off: of two texts
to one number the first has it, and the other is left out.
"""

# The text that has it never left, and never will: another one may have it. Of one that is gone nobody knows.
_IS_FREE = """EXISTS (
    SELECT FROM messaging_message o WHERE o.id = i.message_id AND o.handed_at IS NULL
      AND (o.state IN ('skipped', 'canceled') OR (o.state = 'expired' AND o.reason = 'expired')))"""


def invitation_reason(
    *, purpose: str, workspace: str, number: str, contact: str, country: str, at: str, message: str
) -> str:
    """The gate's reason against inviting somebody, '' for none or where a text is no invitation.

    Binds `invitation_terms`, see `invitation_law`. `message`: the text itself, whose own row is not in its
    way. Other texts cost nothing: the purpose is asked first.
    """
    has_agreed = f"""(SELECT bool_or(g.is_granted) FROM consent_consentstate g
        WHERE g.contact_id = {contact} AND g.channel = 'sms' AND g.purpose = 'marketing')"""
    registers = f"""SELECT r.id, r.checked_at FROM consent_register r
        WHERE r.workspace_id = {workspace}
          AND %(invitation_terms)s::jsonb -> {country} -> 'registers' ? r.key"""
    days = "make_interval(days => (%(invitation_terms)s::jsonb ->> 'days')::int)"
    return f"""(CASE
        WHEN {purpose} <> 'invitation' THEN ''
        WHEN NOT %(invitation_terms)s::jsonb ? {country} THEN 'invitation_barred'
        WHEN {has_agreed} THEN 'already_agreed'
        WHEN NOT {has_agreed} THEN 'opted_out'
        WHEN EXISTS (SELECT FROM consent_preference pr
                     WHERE pr.contact_id = {contact} AND pr.choice = 'email') THEN 'email_only'
        WHEN EXISTS (SELECT FROM consent_pause p
                     WHERE p.contact_id = {contact} AND p.channel = 'sms' AND p.until > {at})
            THEN 'person_paused'
        WHEN EXISTS (SELECT FROM consent_invitation i
                     WHERE i.workspace_id = {workspace} AND i.msisdn = {number}
                       AND i.message_id <> {message} AND NOT {_IS_FREE}) THEN 'already_invited'
        WHEN EXISTS (SELECT FROM ({registers}) r JOIN consent_registernumber n
                     ON n.register_id = r.id AND n.msisdn = {number}) THEN 'register_listed'
        WHEN jsonb_array_length(%(invitation_terms)s::jsonb -> {country} -> 'registers') > 0
            AND coalesce((SELECT min(r.checked_at) FROM ({registers}) r), '-infinity') < {at} - {days}
            THEN 'register_stale'
        ELSE ''
    END)"""


_CLAIM = f"""
INSERT INTO consent_invitation AS i
    (workspace_id, msisdn, contact_id, message_id, campaign_id, topic, brand, made_at, answer)
SELECT DISTINCT ON (m.msisdn) m.workspace_id, m.msisdn, m.contact_id, m.id, m.campaign_id,
    %(topic)s, %(brand)s, now(), ''
FROM messaging_message m
WHERE {{which}} AND m.state IN ('planned', 'queued') AND m.msisdn <> ''
ORDER BY m.msisdn, m.id
ON CONFLICT (workspace_id, msisdn) DO UPDATE SET contact_id = excluded.contact_id,
    message_id = excluded.message_id, campaign_id = excluded.campaign_id, topic = excluded.topic,
    brand = excluded.brand, made_at = excluded.made_at
WHERE i.message_id <> excluded.message_id AND {_IS_FREE}
"""

# In the order of numbers, so that two who claim the same people do not wait for each other.
CLAIM_RANGE = _CLAIM.format(which="m.id BETWEEN %(first_id)s AND %(last_id)s")
CLAIM_LISTED = _CLAIM.format(which="m.id = ANY(%(message_ids)s)")
