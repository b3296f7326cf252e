"""Do-not-contact registers in SQL: which of a workspace keep a number out."""

# The registers on file that packs ask: few rows, and none where nobody imported one. A row for each
# beginning of numbers, see `register_law.Term`.
OWN_REGISTERS = """
own_register AS MATERIALIZED (
    SELECT r.workspace_id, r.id, r.checked_at, t.country, t.start, t.listed, t.unlisted, t.max_age_days
    FROM jsonb_to_recordset(%(register_terms)s::jsonb) AS t(key text, country text, start text,
        listed text, unlisted text, max_age_days int)
    JOIN consent_register r ON r.key = t.key
)
"""


def register_reason(*, workspace: str, number: str, country: str, at: str) -> str:
    """The gate's reason against a number at a moment, '' for none; beside OWN_REGISTERS.

    Of several reasons the first by the alphabet, which is the order of `judge_register`: listed,
    missing, stale. Where no register is on file nothing is looked up for a person.
    """
    return f"""(CASE WHEN NOT EXISTS (SELECT FROM own_register) THEN '' ELSE coalesce((
        SELECT min(CASE
            WHEN n.msisdn IS NOT NULL AND o.listed <> '' THEN o.listed
            WHEN n.msisdn IS NULL AND o.unlisted <> '' THEN o.unlisted
            WHEN {at} - o.checked_at > make_interval(days => o.max_age_days) THEN 'register_stale'
        END)
        FROM own_register o
        LEFT JOIN consent_registernumber n ON n.register_id = o.id AND n.msisdn = {number}
        WHERE o.workspace_id = {workspace} AND o.country = {country} AND starts_with({number}, o.start)
    ), '') END)"""
