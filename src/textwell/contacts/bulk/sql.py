"""Statements of the bulk upsert: rows come as one JSON value."""

GIVEN = """
WITH given AS (
    SELECT * FROM jsonb_to_recordset(%(rows)s::jsonb) AS g(msisdn text, country text, operator text,
        external_id text, email text, first_name text, last_name text, language text, zone text,
        fields jsonb, tags text[])
)
"""

# Sorted by number, here and in the lock: two calls with the same people wait, they never deadlock.
INSERT_NEW = (
    GIVEN
    + """
INSERT INTO contacts_contact (workspace_id, msisdn, external_id, email, first_name, last_name,
    language, zone, country, operator, fields, tags, created_at, updated_at)
SELECT %(w)s, msisdn, external_id, coalesce(email, ''), coalesce(first_name, ''),
    coalesce(last_name, ''), coalesce(language, ''), coalesce(zone, ''), country, operator,
    jsonb_strip_nulls(fields), tags, %(now)s, %(now)s
FROM given ORDER BY msisdn
ON CONFLICT (workspace_id, msisdn) DO NOTHING
RETURNING msisdn
"""
)
LOCK = """
SELECT id, msisdn FROM contacts_contact WHERE workspace_id = %(w)s AND msisdn = ANY(%(numbers)s)
ORDER BY msisdn FOR UPDATE
"""
UPDATE_CHANGED = (
    GIVEN
    + """
, changed AS (
    SELECT c.id, coalesce(g.external_id, c.external_id) AS external_id,
        coalesce(g.email, c.email) AS email, coalesce(g.first_name, c.first_name) AS first_name,
        coalesce(g.last_name, c.last_name) AS last_name, coalesce(g.language, c.language) AS language,
        coalesce(g.zone, c.zone) AS zone, jsonb_strip_nulls(c.fields || g.fields) AS fields,
        c.tags || ARRAY(SELECT t FROM unnest(g.tags) t WHERE t <> ALL(c.tags))::varchar[] AS tags
    FROM contacts_contact c JOIN given g ON c.workspace_id = %(w)s AND c.msisdn = g.msisdn
)
UPDATE contacts_contact c SET external_id = n.external_id, email = n.email,
    first_name = n.first_name, last_name = n.last_name, language = n.language, zone = n.zone,
    fields = n.fields, tags = n.tags, updated_at = %(now)s
FROM changed n WHERE c.id = n.id
    AND (c.external_id, c.email, c.first_name, c.last_name, c.language, c.zone, c.fields, c.tags)
    IS DISTINCT FROM
    (n.external_id, n.email, n.first_name, n.last_name, n.language, n.zone, n.fields, n.tags)
"""
)
