"""Named statements of the import: judge the staged rows, apply a range of them, undo a run."""

STAGED_COLUMNS = (
    "import_run_id", "line", "verdict", "reason", "is_opted_out", "msisdn", "country", "values", "fields",
    "consent_source", "consent_wording", "consent_at", "raw",
)  # fmt: skip

# Of rows with the same number, the first counts; then new, changed or same against who is there.
JUDGE = """
WITH firsts AS (
    SELECT msisdn, min(line) AS line FROM contacts_importrow
    WHERE import_run_id = %(run)s AND verdict = 'new' GROUP BY msisdn
)
UPDATE contacts_importrow r SET
    verdict = CASE
        WHEN f.line <> r.line THEN 'duplicate'
        WHEN c.id IS NULL THEN 'new'
        WHEN (c.fields || r.fields) IS DISTINCT FROM c.fields
          OR coalesce(nullif(r.values ->> 'first_name', ''), c.first_name) <> c.first_name
          OR coalesce(nullif(r.values ->> 'last_name', ''), c.last_name) <> c.last_name
          OR coalesce(nullif(r.values ->> 'email', ''), c.email) <> c.email
          OR coalesce(nullif(r.values ->> 'language', ''), c.language) <> c.language
          OR coalesce(nullif(r.values ->> 'zone', ''), c.zone) <> c.zone
          OR NOT (c.tags @> string_to_array(nullif(r.values ->> 'tags', ''), '|')::varchar[])
        THEN 'changed' ELSE 'same' END,
    reason = CASE WHEN f.line <> r.line THEN 'same number as line ' || f.line ELSE '' END,
    contact_id = c.id
FROM firsts f
LEFT JOIN contacts_contact c ON c.workspace_id = %(workspace)s AND c.msisdn = f.msisdn
WHERE r.import_run_id = %(run)s AND r.verdict = 'new' AND r.msisdn = f.msisdn
  AND (f.line <> r.line OR c.id IS NOT NULL)  -- what stays new is not written again
"""

# An external id belongs to one person: a second row or another number with it is left out, and said.
REFUSE_TAKEN_IDS = """
WITH given AS (
    SELECT line, msisdn, values ->> 'external_id' AS external_id,
        row_number() OVER (PARTITION BY values ->> 'external_id' ORDER BY line) AS place
    FROM contacts_importrow
    WHERE import_run_id = %(run)s AND verdict IN ('new', 'changed', 'same')
      AND coalesce(values ->> 'external_id', '') <> ''
)
UPDATE contacts_importrow r SET verdict = 'invalid',
    reason = 'external_id: ' || g.external_id || ' belongs to another number', contact_id = NULL
FROM given g
WHERE r.import_run_id = %(run)s AND r.line = g.line AND (
    g.place > 1 OR EXISTS (
        SELECT 1 FROM contacts_contact c
        WHERE c.workspace_id = %(workspace)s AND c.external_id = g.external_id AND c.msisdn <> g.msisdn))
"""

COUNT = """
SELECT verdict, count(*), count(*) FILTER (WHERE is_opted_out) FROM contacts_importrow
WHERE import_run_id = %(run)s GROUP BY verdict
"""

# The people of a range of lines: sorted by number, so that the unique index is met in order.
INSERT_NEW = """
INSERT INTO contacts_contact (workspace_id, msisdn, external_id, email, first_name, last_name, language,
    zone, country, operator, fields, tags, import_run_id, created_at, updated_at)
SELECT %(workspace)s, msisdn, nullif(values ->> 'external_id', ''), coalesce(values ->> 'email', ''),
    coalesce(values ->> 'first_name', ''), coalesce(values ->> 'last_name', ''),
    coalesce(values ->> 'language', ''), coalesce(values ->> 'zone', ''), country,
    coalesce(values ->> 'operator', ''), fields,
    coalesce(string_to_array(nullif(values ->> 'tags', ''), '|'), '{}'), %(run)s, %(now)s, %(now)s
FROM contacts_importrow
WHERE import_run_id = %(run)s AND line BETWEEN %(first)s AND %(last)s AND verdict = 'new'
ORDER BY msisdn
ON CONFLICT DO NOTHING
"""

KEEP_BEFORE = """
UPDATE contacts_importrow r SET contact_id = c.id,
    before = jsonb_build_object('first_name', c.first_name, 'last_name', c.last_name,
        'email', c.email, 'language', c.language, 'zone', c.zone, 'fields', c.fields,
        'tags', to_jsonb(c.tags))
FROM contacts_contact c
WHERE r.import_run_id = %(run)s AND r.line BETWEEN %(first)s AND %(last)s AND r.verdict = 'changed'
  AND c.workspace_id = %(workspace)s AND c.msisdn = r.msisdn
"""

UPDATE_CHANGED = """
UPDATE contacts_contact c SET
    first_name = coalesce(nullif(r.values ->> 'first_name', ''), c.first_name),
    last_name = coalesce(nullif(r.values ->> 'last_name', ''), c.last_name),
    email = coalesce(nullif(r.values ->> 'email', ''), c.email),
    language = coalesce(nullif(r.values ->> 'language', ''), c.language),
    zone = coalesce(nullif(r.values ->> 'zone', ''), c.zone),
    fields = c.fields || r.fields,
    tags = ARRAY(SELECT DISTINCT t FROM unnest(c.tags
        || coalesce(string_to_array(nullif(r.values ->> 'tags', ''), '|'), '{}')::varchar[]) t ORDER BY t),
    updated_at = %(now)s
FROM contacts_importrow r
WHERE r.import_run_id = %(run)s AND r.line BETWEEN %(first)s AND %(last)s AND r.verdict = 'changed'
  AND c.id = r.contact_id
"""

JOIN_LIST = """
INSERT INTO contacts_listmember (list_id, contact_id, import_run_id, added_at)
SELECT %(list)s, c.id, %(run)s, %(now)s
FROM contacts_importrow r
JOIN contacts_contact c ON c.workspace_id = %(workspace)s AND c.msisdn = r.msisdn
WHERE r.import_run_id = %(run)s AND r.line BETWEEN %(first)s AND %(last)s
  AND r.verdict IN ('new', 'changed', 'same')
ON CONFLICT DO NOTHING
"""

# Restored only where nobody changed the person since: what was written is still there.
UNDO_CHANGES = """
UPDATE contacts_contact c SET
    first_name = r.before ->> 'first_name', last_name = r.before ->> 'last_name',
    email = r.before ->> 'email', language = r.before ->> 'language', zone = r.before ->> 'zone',
    fields = r.before -> 'fields',
    tags = ARRAY(SELECT jsonb_array_elements_text(r.before -> 'tags')),
    updated_at = %(now)s
FROM contacts_importrow r
WHERE r.import_run_id = %(run)s AND r.before IS NOT NULL AND c.id = r.contact_id
  AND c.updated_at = %(applied_at)s
"""

# Created people go again, unless something refers to them since.
UNDO_NEW = """
DELETE FROM contacts_contact c
WHERE c.workspace_id = %(workspace)s AND c.import_run_id = %(run)s AND c.updated_at = c.created_at
  AND NOT EXISTS (SELECT 1 FROM messaging_message m WHERE m.contact_id = c.id)
  AND NOT EXISTS (SELECT 1 FROM contacts_listmember l
                  WHERE l.contact_id = c.id AND l.import_run_id IS DISTINCT FROM %(run)s)
"""
UNDO_LIST = "DELETE FROM contacts_listmember WHERE import_run_id = %(run)s"
