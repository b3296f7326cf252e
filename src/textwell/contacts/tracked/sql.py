"""Statements over events; all set-based."""

# Keys first: an event whose key is known was stored before. A person is found by our id, else by
# number, else by the sender's own id; never in another workspace.
INSERT_EVENTS = """
WITH given AS (
    SELECT DISTINCT ON (workspace_id, source_key) *
    FROM jsonb_to_recordset(%(rows)s::jsonb) AS g(workspace_id bigint, name text, at timestamptz,
        source_key text, contact_id bigint, msisdn text, external_id text, properties jsonb)
    ORDER BY workspace_id, source_key
),
fresh AS (
    INSERT INTO contacts_eventkey (workspace_id, source_key, seen_at)
    SELECT workspace_id, source_key, now() FROM given
    ON CONFLICT DO NOTHING
    RETURNING workspace_id, source_key
),
-- A name is written at its first event of a day: later ones of that day lock nothing.
named AS (
    INSERT INTO contacts_eventname AS known (workspace_id, name, seen_on, day_count)
    SELECT DISTINCT g.workspace_id, g.name, (now() AT TIME ZONE 'UTC')::date, 1
    FROM fresh JOIN given g USING (workspace_id, source_key)
    WHERE NOT EXISTS (
        SELECT FROM contacts_eventname k WHERE k.workspace_id = g.workspace_id AND k.name = g.name
          AND k.seen_on >= (now() AT TIME ZONE 'UTC')::date)
    ORDER BY 1, 2
    ON CONFLICT (workspace_id, name) DO UPDATE
    SET seen_on = excluded.seen_on, day_count = known.day_count + 1
    WHERE known.seen_on < excluded.seen_on
),
stored AS (
    INSERT INTO contacts_event (workspace_id, contact_id, name, at, source_key, msisdn, external_id,
        properties, received_at)
    SELECT g.workspace_id, coalesce(by_id.id, by_number.id, by_name.id), g.name, g.at, g.source_key,
        g.msisdn, g.external_id, g.properties, now()
    FROM fresh f JOIN given g USING (workspace_id, source_key)
    LEFT JOIN contacts_contact by_id
        ON by_id.id = g.contact_id AND by_id.workspace_id = g.workspace_id
    LEFT JOIN contacts_contact by_number
        ON g.msisdn <> '' AND by_number.workspace_id = g.workspace_id AND by_number.msisdn = g.msisdn
    LEFT JOIN contacts_contact by_name
        ON g.external_id <> '' AND by_name.workspace_id = g.workspace_id
        AND by_name.external_id = g.external_id
    RETURNING 1
)
SELECT count(*) FROM stored
"""

MAKE_LEAF = "SELECT contacts_make_event_leaf(%s)"

FORGET_KEYS = """
DELETE FROM contacts_eventkey WHERE ctid = ANY(ARRAY(
    SELECT ctid FROM contacts_eventkey WHERE seen_at < now() - interval '90 days' LIMIT 50000))
"""

RECENT_NAMES = """
SELECT name FROM contacts_eventname
WHERE workspace_id = %(workspace_id)s AND seen_on > (now() AT TIME ZONE 'UTC')::date - 90
ORDER BY day_count DESC, seen_on DESC, name LIMIT 500
"""
