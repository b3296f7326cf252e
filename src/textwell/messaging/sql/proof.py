"""Proofs: which are to be signed, what they rest on, and where those of a message stand."""

# In order of their rows, so that two signers at once wait for nobody and sign nothing twice.
UNSIGNED_PROOFS = """
SELECT id, workspace_id, version, nonce, leaves, records, grounds, keys FROM messaging_proof
WHERE signature IS NULL AND workspace_id <> ALL(%(failed)s::bigint[])
ORDER BY id LIMIT %(limit)s FOR UPDATE SKIP LOCKED
"""

# Of one workspace, for an answer that has to be whole: waits for whoever signs them just now.
UNSIGNED_PROOFS_BETWEEN = """
SELECT id, workspace_id, version, nonce, leaves, records, grounds, keys FROM messaging_proof
WHERE int8range(first_message_id, last_message_id, '[]')
        && int8range(%(first_id)s, %(last_id)s, '[]')
    AND workspace_id = %(workspace_id)s AND signature IS NULL
ORDER BY id LIMIT %(limit)s FOR UPDATE
"""

# Of consent events by their id: SHA-256 over what they say, as PostgreSQL writes it.
CONSENT_HASHES = """
SELECT e.id, sha256(convert_to(jsonb_build_array(
    e.id, e.workspace_id, e.contact_id, e.channel, e.purpose, e.kind,
    to_char(e.given_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
    to_char(e.recorded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
    e.source, e.wording, e.evidence, e.actor, e.topic, e.brand, e.sender, e.basis,
    e.wording_version, e.language)::text, 'UTF8'))
FROM consent_consentevent e WHERE e.id = ANY(%(event_ids)s)
"""

SIGN_PROOFS = """
UPDATE messaging_proof p
SET consents = s.consents, key_id = s.key_id, signature = s.signature, signed_at = %(signed_at)s
FROM unnest(%(ids)s::bigint[], %(consents)s::text[], %(key_ids)s::varchar[], %(signatures)s::bytea[])
    AS s (id, consents, key_id, signature)
WHERE p.id = s.id
"""

# Blocks that hold a message of these, or seem to: ids between their ends need not be in them.
PROOFS_BETWEEN = """
SELECT id, workspace_id, version, nonce, leaves, records, grounds, keys,
    consents, key_id, signed_at, signature
FROM messaging_proof
WHERE int8range(first_message_id, last_message_id, '[]')
        && int8range(%(first_id)s, %(last_id)s, '[]')
    AND workspace_id = %(workspace_id)s AND signature IS NOT NULL AND id > %(after_id)s
ORDER BY id LIMIT %(limit)s
"""

NEWEST_PROOF = """
SELECT id, workspace_id, version, nonce, leaves, records, grounds, keys FROM messaging_proof
WHERE int8range(first_message_id, last_message_id, '[]') @> %(message_id)s::bigint
    AND workspace_id = %(workspace_id)s
    AND strpos(' ' || leaves, ' ' || %(message_id)s::bigint || ',') > 0
ORDER BY id DESC LIMIT 1
"""

PROOFS_OF_ONE = """
SELECT id, workspace_id, version, nonce, leaves, records, grounds, keys, consents
FROM messaging_proof
WHERE int8range(first_message_id, last_message_id, '[]') @> %(message_id)s::bigint
    AND workspace_id = %(workspace_id)s
    AND strpos(' ' || leaves, ' ' || %(message_id)s::bigint || ',') > 0
ORDER BY id
"""

HAS_UNSIGNED_BETWEEN = """
SELECT EXISTS (
    SELECT FROM messaging_proof
    WHERE int8range(first_message_id, last_message_id, '[]')
            && int8range(%(first_id)s, %(last_id)s, '[]')
        AND workspace_id = %(workspace_id)s AND signature IS NULL)
"""

FORGET_PROOFS = """
DELETE FROM messaging_proof WHERE id = ANY(ARRAY(
    SELECT id FROM messaging_proof WHERE at < %(older_than)s ORDER BY id LIMIT %(limit)s))
"""
