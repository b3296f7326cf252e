"""Named statements of the import: judge the staged rows, apply a range of them, undo a run.

A person is met by the id in the staged row and by nothing else: that id was found among the workspace's
people, or reserved and given to one of them. A second condition (workspace, run) would change nothing,
but where the planner does not know the workspace yet it would expect one person by it, and go through
the range of rows once for each.
"""

# What the planner must know for the next ones, the apply and the undo: what they join and filter by. All
# columns take three times as long.
ANALYZE_STAGED = """
ANALYZE contacts_importrow (import_run_id, line, verdict, msisdn, external_id, contact_id)
"""

# Of rows with the same number, the first counts; then new, changed or same against who is there.
# One slice of the numbers at a time, so that a large file can be stopped. What stays new is not
# written again, and keeps the id that is reserved for it. MATERIALIZED: without it every row is joined
# to itself before it is seen that nobody was met.
JUDGE = """
WITH firsts AS (
    SELECT msisdn, min(line) AS line, count(*) AS rows FROM contacts_importrow
    WHERE import_run_id = %(run)s AND verdict = 'new'
      AND (%(slices)s = 1 OR abs(hashtext(msisdn)::bigint) %% %(slices)s = %(slice)s)
    GROUP BY msisdn
), met AS MATERIALIZED (
    SELECT f.msisdn, f.line, c.id, c.external_id, c.first_name, c.last_name, c.email, c.language, c.zone,
        c.fields, c.tags
    FROM firsts f
    LEFT JOIN contacts_contact c ON c.workspace_id = %(workspace)s AND c.msisdn = f.msisdn
    WHERE f.rows > 1 OR c.id IS NOT NULL
)
UPDATE contacts_importrow r SET
    verdict = CASE
        WHEN m.line <> r.line THEN 'duplicate'
        WHEN m.id IS NULL THEN 'new'
        WHEN (m.fields || r.fields) IS DISTINCT FROM m.fields
          OR coalesce(nullif(r.external_id, ''), m.external_id) IS DISTINCT FROM m.external_id
          OR coalesce(nullif(r.first_name, ''), m.first_name) <> m.first_name
          OR coalesce(nullif(r.last_name, ''), m.last_name) <> m.last_name
          OR coalesce(nullif(r.email, ''), m.email) <> m.email
          OR coalesce(nullif(r.language, ''), m.language) <> m.language
          OR coalesce(nullif(r.zone, ''), m.zone) <> m.zone
          OR NOT (m.tags @> r.tags::varchar[])
        THEN 'changed' ELSE 'same' END,
    reason = CASE WHEN m.line <> r.line THEN 'same number as line ' || m.line ELSE '' END,
    contact_id = coalesce(m.id, r.contact_id)
FROM met m
WHERE r.import_run_id = %(run)s AND r.verdict = 'new' AND r.msisdn = m.msisdn
  AND (m.line <> r.line OR m.id IS NOT NULL)
"""

# An external id belongs to one person: a second row or another number with it is left out, and said.
REFUSE_TAKEN_IDS = """
WITH given AS (
    SELECT line, msisdn, external_id,
        row_number() OVER (PARTITION BY external_id ORDER BY line) AS place
    FROM contacts_importrow
    WHERE import_run_id = %(run)s AND verdict IN ('new', 'changed', 'same') AND external_id <> ''
)
UPDATE contacts_importrow r SET verdict = 'invalid',
    reason = left('external_id: ' || g.external_id || ' belongs to another number', 200)
FROM given g
WHERE r.import_run_id = %(run)s AND r.line = g.line AND (
    g.place > 1 OR EXISTS (
        SELECT 1 FROM contacts_contact c
        WHERE c.workspace_id = %(workspace)s AND c.external_id = g.external_id AND c.msisdn <> g.msisdn))
"""

COUNT = """
SELECT verdict, count(*), count(*) FILTER (WHERE is_opted_out),
    count(*) FILTER (WHERE consent_at IS NOT NULL AND NOT is_opted_out),
    count(*) FILTER (WHERE consent_problem <> '')
FROM contacts_importrow
WHERE import_run_id = %(run)s GROUP BY verdict
"""

DELETE_STAGED = """
DELETE FROM contacts_importrow WHERE import_run_id = %(run)s AND line <= (
    SELECT max(line) FROM (
        SELECT line FROM contacts_importrow WHERE import_run_id = %(run)s ORDER BY line LIMIT %(limit)s
    ) firsts)
"""

# ---- apply: the people of a range of lines ----------------------------------------------------

# Sorted by number, so that the unique index is met in order. Nobody has these numbers as the dry run
# saw it; if somebody came meanwhile the statement fails and the next one is used, which asks the
# unique indexes before each row and takes half as long again.
INSERT_NEW = """
INSERT INTO contacts_contact (id, workspace_id, msisdn, external_id, email, first_name, last_name,
    language, zone, country, operator, fields, tags, import_run_id, created_at, updated_at)
SELECT contact_id, %(workspace)s, msisdn, nullif(external_id, ''), email, first_name, last_name,
    language, zone, country, left(operator, 80), fields, tags, %(run)s, %(now)s, %(now)s
FROM contacts_importrow
WHERE import_run_id = %(run)s AND line BETWEEN %(first)s AND %(last)s AND verdict = 'new'
ORDER BY msisdn
"""
INSERT_STILL_NEW = f"{INSERT_NEW}ON CONFLICT DO NOTHING"
COUNT_VERDICTS = """
SELECT count(*) FILTER (WHERE verdict = 'new'), count(*) FILTER (WHERE verdict = 'changed')
FROM contacts_importrow WHERE import_run_id = %(run)s AND line BETWEEN %(first)s AND %(last)s
"""

# New ones that were not inserted: the number belongs to somebody now, so it is a change of theirs …
MEET_NEWCOMERS = """
WITH met AS (
    SELECT line, (SELECT c.id FROM contacts_contact c
                  WHERE c.workspace_id = %(workspace)s AND c.msisdn = n.msisdn) AS contact_id
    FROM contacts_importrow n
    WHERE import_run_id = %(run)s AND line BETWEEN %(first)s AND %(last)s AND verdict = 'new'
)
UPDATE contacts_importrow r SET verdict = 'changed', contact_id = met.contact_id
FROM met
WHERE r.import_run_id = %(run)s AND r.line = met.line AND r.contact_id <> met.contact_id
"""
# … or their external id does, and they are left out.
REFUSE_NEWCOMERS = """
UPDATE contacts_importrow r SET verdict = 'invalid',
    reason = left('external_id: ' || r.external_id || ' was taken by another number meanwhile', 200)
WHERE r.import_run_id = %(run)s AND r.line BETWEEN %(first)s AND %(last)s AND r.verdict = 'new'
  AND NOT EXISTS (SELECT 1 FROM contacts_contact c WHERE c.id = r.contact_id)
"""

KEEP_BEFORE = """
UPDATE contacts_importrow r SET
    before = jsonb_build_object('external_id', c.external_id, 'first_name', c.first_name,
        'last_name', c.last_name, 'email', c.email, 'language', c.language, 'zone', c.zone,
        'fields', c.fields, 'tags', to_jsonb(c.tags))
FROM contacts_contact c
WHERE r.import_run_id = %(run)s AND r.line BETWEEN %(first)s AND %(last)s AND r.verdict = 'changed'
  AND c.id = r.contact_id
"""

UPDATE_CHANGED = """
UPDATE contacts_contact c SET
    external_id = CASE
        WHEN r.external_id = '' OR EXISTS (
            SELECT 1 FROM contacts_contact o
            WHERE o.workspace_id = %(workspace)s AND o.external_id = r.external_id AND o.id <> c.id)
        THEN c.external_id ELSE r.external_id END,
    first_name = coalesce(nullif(r.first_name, ''), c.first_name),
    last_name = coalesce(nullif(r.last_name, ''), c.last_name),
    email = coalesce(nullif(r.email, ''), c.email),
    language = coalesce(nullif(r.language, ''), c.language),
    zone = coalesce(nullif(r.zone, ''), c.zone),
    fields = c.fields || r.fields,
    tags = ARRAY(SELECT DISTINCT t FROM unnest(c.tags || r.tags::varchar[]) t ORDER BY t),
    updated_at = %(now)s
FROM contacts_importrow r
WHERE r.import_run_id = %(run)s AND r.line BETWEEN %(first)s AND %(last)s AND r.verdict = 'changed'
  AND c.id = r.contact_id
"""

JOIN_LIST = """
INSERT INTO contacts_listmember (list_id, contact_id, import_run_id, added_at)
SELECT %(list)s, c.id, %(run)s, %(now)s
FROM contacts_importrow r
JOIN contacts_contact c ON c.id = r.contact_id
WHERE r.import_run_id = %(run)s AND r.line BETWEEN %(first)s AND %(last)s
  AND r.verdict IN ('new', 'changed', 'same')
  AND EXISTS (SELECT 1 FROM contacts_contactlist l WHERE l.id = %(list)s)
ON CONFLICT DO NOTHING
"""

# ---- undo -------------------------------------------------------------------------------------

# Restored only where nobody changed the person since: what was written is still there. LATERAL, and below
# the array: from the staged rows to each person by the key, and never through the rows once for each
# person or member that the planner does not expect.
UNDO_CHANGES = """
UPDATE contacts_contact c SET
    external_id = r.before ->> 'external_id',
    first_name = r.before ->> 'first_name', last_name = r.before ->> 'last_name',
    email = r.before ->> 'email', language = r.before ->> 'language', zone = r.before ->> 'zone',
    fields = r.before -> 'fields',
    tags = ARRAY(SELECT jsonb_array_elements_text(r.before -> 'tags')),
    updated_at = %(now)s
FROM contacts_importrow r
CROSS JOIN LATERAL (
    SELECT x.id FROM contacts_contact x
    WHERE x.id = r.contact_id AND x.updated_at = %(applied_at)s OFFSET 0
) same
WHERE r.import_run_id = %(run)s AND r.line BETWEEN %(first)s AND %(last)s AND r.before IS NOT NULL
  AND c.id = same.id
"""

# Created people go again, unless somebody changed them, wrote to them, put them on another list, or
# they said something themselves since. OFFSET 0: each person is looked up by the index, whatever number
# of others' rows the planner expects.
UNDO_NEW = """
DELETE FROM contacts_contact c
WHERE c.id = ANY(ARRAY(
    SELECT contact_id FROM contacts_importrow
    WHERE import_run_id = %(run)s AND line BETWEEN %(first)s AND %(last)s AND verdict = 'new'))
  AND c.import_run_id = %(run)s AND c.updated_at = c.created_at
  AND NOT EXISTS (SELECT 1 FROM messaging_message m WHERE m.contact_id = c.id OFFSET 0)
  AND NOT EXISTS (SELECT 1 FROM contacts_listmember l
                  WHERE l.contact_id = c.id AND l.import_run_id IS DISTINCT FROM %(run)s OFFSET 0)
  AND NOT EXISTS (SELECT 1 FROM consent_consentevent e
                  WHERE e.contact_id = c.id AND e.import_run_id IS DISTINCT FROM %(run)s OFFSET 0)
"""
UNDO_LIST = """
DELETE FROM contacts_listmember l
WHERE l.contact_id = ANY(ARRAY(
    SELECT contact_id FROM contacts_importrow
    WHERE import_run_id = %(run)s AND line BETWEEN %(first)s AND %(last)s))
  AND l.list_id = %(list)s AND l.import_run_id = %(run)s
"""

# What the undo left as it is, told before anything is restored.
TELL_KEPT = """
UPDATE contacts_importrow r SET reason = %(kept)s
FROM contacts_contact c
WHERE r.import_run_id = %(run)s AND r.line BETWEEN %(first)s AND %(last)s
  AND c.id = r.contact_id
  AND (r.verdict = 'new' OR (r.before IS NOT NULL AND c.updated_at <> %(now)s))
"""
COUNT_KEPT = """
SELECT count(*) FROM contacts_importrow
WHERE import_run_id = %(run)s AND verdict IN ('new', 'changed') AND reason <> ''
"""
