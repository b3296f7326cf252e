"""A consent on file in SQL: is it of the kind that law asks for, does it still count, is SMS wanted.

Alias `cs` is the row of consent_consentstate that a text needs.
"""

_TERM = "%(consent_terms)s::jsonb -> {country} ->> cs.basis"


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


def consent_term(country: str) -> str:
    """What law says of the yes of `cs`: 'weak', months, or null."""
    return f"({_TERM.format(country=country)})"
