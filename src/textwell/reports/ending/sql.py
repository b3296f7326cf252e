"""People by the consent of theirs that ends first. Set-based: a million are counted in one statement."""

from textwell.messaging.sql import ending_consents

MONTH = "to_char(p.ends_at AT TIME ZONE 'UTC', 'YYYY-MM')"
_CONSENTS = ending_consents(
    workspace="%(workspace_id)s", terms="%(consent_terms)s", given_until="%(given_until)s"
)
# __COLUMNS__ of one row a person. No lower end: those that ended long ago are among the ended.
_PEOPLE = f"""
SELECT DISTINCT ON (c.id) c.id, c.country, e.ends_at, __COLUMNS__
FROM contacts_contact c, {_CONSENTS}
  AND c.workspace_id = %(workspace_id)s AND c.id > %(after_id)s
  AND (%(country)s::text IS NULL OR c.country = %(country)s)
  AND (%(from)s::timestamptz IS NULL OR e.ends_at > %(from)s) AND e.ends_at <= %(until)s
ORDER BY c.id, e.ends_at, cs.topic, cs.brand, cs.sender
"""
_SHOWN = """
c.first_name, c.last_name, c.msisdn, cs.since, cs.basis, cs.topic, cs.brand, cs.sender,
    d.term IS NOT NULL AND e.ends_at = ((cs.since AT TIME ZONE 'UTC'
        + make_interval(months => d.term::int)) AT TIME ZONE 'UTC')
"""
_OF_MONTH = f"(%(month)s::text IS NULL OR {MONTH} = %(month)s)"
LIST = f"""
SELECT * FROM ({_PEOPLE.replace("__COLUMNS__", _SHOWN)}) p WHERE {_OF_MONTH} ORDER BY p.id LIMIT %(limit)s
"""
COUNT = f"""
SELECT {MONTH}, p.country, count(*) FROM ({_PEOPLE.replace("__COLUMNS__", "cs.since")}) p
WHERE {_OF_MONTH} GROUP BY 1, 2 ORDER BY 1, 2
"""
