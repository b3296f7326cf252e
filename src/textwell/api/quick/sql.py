"""Statements of a group of calls. Rows come as one JSON value."""

# In the order of their prefixes. The last column: when it was last used is to be noted.
FIND_KEYS = """
SELECT k.prefix, k.secret_hash, k.id, k.workspace_id, k.scopes, k.door_purpose, k.rate_per_s, w.is_sandbox,
    coalesce(k.last_used_at <= now() - %(noted_every)s::interval, true)
FROM accounts_apikey k JOIN accounts_workspace w ON w.id = k.workspace_id
WHERE k.prefix = ANY(%(prefixes)s::text[]) AND k.revoked_at IS NULL
"""
NOTE_USE = "UPDATE accounts_apikey SET last_used_at = now() WHERE id = ANY(%(ids)s::bigint[])"

# A statement of its own: the next must see what was committed before a lock was free.
TRY_LOCKS = """
SELECT number, pg_try_advisory_xact_lock(number) FROM unnest(%(numbers)s::bigint[]) AS t(number)
"""

# Sorted by number: two processes with the same people wait, they never deadlock.
ADD_PEOPLE = """
INSERT INTO contacts_contact (workspace_id, msisdn, email, first_name, last_name, language, zone, country,
    operator, fields, tags, created_at, updated_at)
SELECT workspace_id, msisdn, '', '', '', '', '', country, operator, '{}', '{}', now, now
FROM json_to_recordset(%(rows)s::json)
    AS r(workspace_id bigint, msisdn text, country text, operator text, now timestamptz)
ORDER BY workspace_id, msisdn
ON CONFLICT DO NOTHING
RETURNING workspace_id, msisdn, id
"""

KEEP_ANSWERS = """
INSERT INTO api_idempotentanswer (api_key_id, key, path, body_hash, status, answer, created_at)
SELECT api_key_id, key, path, body_hash, 202, answer, now()
FROM json_to_recordset(%(rows)s::json)
    AS r(api_key_id bigint, key text, path text, body_hash text, answer jsonb)
"""
