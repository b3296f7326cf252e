"""A consent on file in SQL: is it of the kind that law asks for, does it still count, is SMS wanted.

Alias `cs` is the row of consent_consentstate that a text needs.
"""

TERMS = "%(consent_terms)s"
_TERM = "{terms}::jsonb -> {country} ->> cs.basis"


def consent_reason(*, workspace: str, contact: str, country: str, at: str) -> str:
    """The gate's reason against a yes that was given, '' for none; binds `consent_terms`.

    The order is that of `messaging.gate`: the person's own choice, the kind, the time. The sooner of law's
    end and the workspace's own counts.
    """
    term = consent_term(country)
    return f"""(CASE
        WHEN cs.is_granted IS NOT TRUE THEN ''
        WHEN EXISTS (SELECT 1 FROM consent_preference pr
                     WHERE pr.contact_id = {contact} AND pr.choice = 'email') THEN 'email_only'
        WHEN {term} = 'weak' THEN 'consent_too_weak'
        WHEN {consent_end(workspace=workspace, term=term)} <= {at} THEN 'consent_expired'
        ELSE ''
    END)"""


def consent_end(*, workspace: str, term: str) -> str:
    """When the yes of `cs` ends, null for never. Months are those of UTC, as `consent_rules.add_months`."""
    own = f"(SELECT nullif(w.consent_months, 0) FROM accounts_workspace w WHERE w.id = {workspace})"
    return f"""((cs.since AT TIME ZONE 'UTC'
        + make_interval(months => least(nullif({term}, 'weak')::int, {own}))) AT TIME ZONE 'UTC')"""


def consent_term(country: str, *, terms: str = TERMS) -> str:
    """What law says of the yes of `cs`: 'weak', months, or null."""
    return f"({_TERM.format(country=country, terms=terms)})"


def ending_consents(*, workspace: str, terms: str, given_until: str) -> str:
    """What follows FROM: each yes `cs` to marketing by SMS of contact `c` that ends some day, at `e.ends_at`.

    `d.term`: law's months, null where the end is the workspace's own. `given_until` spares reading those
    that are too young, see `messaging.ending`. Left out is whom nobody may ask anew for another reason.
    """
    term = consent_term("c.country", terms=terms)
    return f"""consent_consentstate cs
CROSS JOIN LATERAL (SELECT {term} AS term) d
CROSS JOIN LATERAL (SELECT {consent_end(workspace=workspace, term="d.term")} AS ends_at) e
WHERE cs.contact_id = c.id AND cs.channel = 'sms' AND cs.purpose = 'marketing' AND cs.is_granted
  AND cs.since <= ({given_until}::jsonb ->> cs.basis)::timestamptz
  AND d.term IS DISTINCT FROM 'weak' AND NOT c.is_sample
  AND NOT EXISTS (SELECT 1 FROM consent_suppression s
                  WHERE s.workspace_id = c.workspace_id AND s.msisdn = c.msisdn)
  AND NOT EXISTS (SELECT 1 FROM consent_preference pr WHERE pr.contact_id = c.id AND pr.choice = 'email')"""
