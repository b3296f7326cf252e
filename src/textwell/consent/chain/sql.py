"""Leaves are made in the database: a million events are hashed where they lie.

A leaf is the text of a JSON array: `form.FIELDS` names its places. Times are microseconds since 1970, as
text of them hangs on the session. What is long stands as its hash, so that a proof stays short.
"""

from typing import LiteralString

from textwell.consent.state_sql import FIRST_COUNTS, STOPPED_AT

_PERSONAL: LiteralString = r"""
sha256(uuid_send({salt}) || convert_to(e.wording, 'UTF8') || '\x00'::bytea
    || convert_to(e.evidence::text, 'UTF8'))
"""


def _short(column: LiteralString) -> LiteralString:
    return (
        f"CASE WHEN octet_length({column}) > 60"
        f" THEN 'SHA-256 ' || encode(sha256(convert_to({column}, 'UTF8')), 'hex') ELSE {column} END"
    )


def _micros(column: LiteralString) -> LiteralString:
    return f"(extract(epoch FROM {column}) * 1000000)::bigint"


_EVENT: LiteralString = f"""
json_build_array('event', {{number}}, e.id, e.workspace_id, e.contact_id, e.channel, e.purpose, e.topic,
    e.brand, e.sender, e.kind, e.basis, {_micros("e.given_at")}, {_micros("e.recorded_at")},
    {_short("e.source")},
    encode(e.wording_hash, 'hex'), e.wording_version, e.language, {_short("e.actor")}, e.import_run_id,
    encode({{personal}}, 'hex'))::text
"""
_WITHDRAWAL: LiteralString = f"""
json_build_array('withdrawal', {{number}}, w.import_run_id, w.workspace_id, {_micros("w.withdrawn_at")},
    {_short("w.actor")})::text
"""
_DIGEST: LiteralString = r"sha256('\x00'::bytea || convert_to({leaf}, 'UTF8'))"


def _event(number: LiteralString, personal: LiteralString) -> LiteralString:
    return _EVENT.replace("{number}", number).replace("{personal}", personal)


def _withdrawal(number: LiteralString) -> LiteralString:
    return _WITHDRAWAL.replace("{number}", number)


def _digest(leaf: LiteralString) -> LiteralString:
    return _DIGEST.replace("{leaf}", leaf)


NEWEST_SEALED = "SELECT coalesce(max(fact_id), 0) FROM consent_sealedfact WHERE fact = 'e'"
# The oldest transaction under way, the one that comes next, and the last number given to an event.
SNAPSHOT = """
SELECT pg_snapshot_xmin(s.now)::text::bigint, pg_snapshot_xmax(s.now)::text::bigint, coalesce((
    SELECT q.last_value FROM pg_sequences q
    WHERE to_regclass(format('%I.%I', q.schemaname, q.sequencename))
        = pg_get_serial_sequence('consent_consentevent', 'id')::regclass), 0)
FROM (SELECT pg_current_snapshot() AS now) s
"""
UNSEALED_EVENTS = """
SELECT e.id, e.workspace_id FROM consent_consentevent e
WHERE e.id >= %(from_id)s
  AND NOT EXISTS (SELECT 1 FROM consent_sealedfact s WHERE s.fact = 'e' AND s.fact_id = e.id)
ORDER BY e.id LIMIT %(limit)s
"""
UNSEALED_WITHDRAWALS = """
SELECT w.import_run_id, w.workspace_id FROM consent_withdrawnimport w
WHERE NOT EXISTS (
    SELECT 1 FROM consent_sealedfact s WHERE s.fact = 'w' AND s.fact_id = w.import_run_id)
ORDER BY w.import_run_id LIMIT %(limit)s
"""
LOCK = "SELECT pg_advisory_xact_lock(%s, %s)"
SEAL_EVENTS = f"""
WITH picked AS MATERIALIZED (
    SELECT e.id, gen_random_uuid() AS salt,
        %(first)s::bigint - 1 + row_number() OVER (ORDER BY e.id) AS number
    FROM consent_consentevent e
    WHERE e.id = ANY(%(ids)s) AND e.workspace_id = %(workspace_id)s
      AND NOT EXISTS (SELECT 1 FROM consent_sealedfact s WHERE s.fact = 'e' AND s.fact_id = e.id)
), hashed AS MATERIALIZED (
    SELECT p.id, p.salt, p.number, {_PERSONAL.replace("{salt}", "p.salt")} AS personal
    FROM picked p JOIN consent_consentevent e ON e.id = p.id
)
INSERT INTO consent_sealedfact (workspace_id, number, fact, fact_id, salt, personal, digest)
SELECT %(workspace_id)s, h.number, 'e', e.id, h.salt, h.personal, {_digest(_event("h.number", "h.personal"))}
FROM hashed h JOIN consent_consentevent e ON e.id = h.id
ORDER BY h.number
RETURNING number, digest
"""
SEAL_WITHDRAWALS = f"""
WITH picked AS MATERIALIZED (
    SELECT w.*, %(first)s::bigint - 1 + row_number() OVER (ORDER BY w.import_run_id) AS number
    FROM consent_withdrawnimport w
    WHERE w.import_run_id = ANY(%(ids)s) AND w.workspace_id = %(workspace_id)s AND NOT EXISTS (
        SELECT 1 FROM consent_sealedfact s WHERE s.fact = 'w' AND s.fact_id = w.import_run_id)
)
INSERT INTO consent_sealedfact (workspace_id, number, fact, fact_id, salt, personal, digest)
SELECT %(workspace_id)s, w.number, 'w', w.import_run_id, NULL, '', {_digest(_withdrawal("w.number"))}
FROM picked w ORDER BY w.number
RETURNING number, digest
"""

_LEAF = f"CASE s.fact WHEN 'e' THEN {_event('s.number', 's.personal')} ELSE {_withdrawal('s.number')} END"
_FACTS = """
FROM consent_sealedfact s
LEFT JOIN consent_consentevent e ON s.fact = 'e' AND e.id = s.fact_id
LEFT JOIN consent_withdrawnimport w ON s.fact = 'w' AND w.import_run_id = s.fact_id
WHERE s.workspace_id = %(workspace_id)s AND s.number >= %(first)s AND s.number < %(end)s
"""
_FACTS_OF_BLOCK = (
    _FACTS.replace("%(workspace_id)s", "b.workspace_id")
    .replace("%(first)s", "b.first")
    .replace("%(end)s", "b.first + b.count")
)
# Of whom nothing is left but events may the words be gone: an opt-in names the hash of what they were.
_ERASED = """
e.evidence = '{}' AND e.wording = CASE
    WHEN e.kind = 'opt_out' THEN ''
    WHEN e.wording_hash IS NULL THEN 'erased, SHA-256 ' || substr(e.wording, 17, 64)
    ELSE 'erased, SHA-256 ' || encode(e.wording_hash, 'hex') END
AND NOT EXISTS (SELECT 1 FROM contacts_contact c WHERE c.id = e.contact_id)
"""
_PROBLEM = f"""
CASE WHEN coalesce(e.id, w.import_run_id) IS NULL THEN 'removed'
    WHEN {_digest(_LEAF)} <> s.digest THEN 'changed'
    WHEN s.fact = 'w' THEN ''
    WHEN s.personal = {_PERSONAL.replace("{salt}", "s.salt")} THEN ''
    WHEN {_ERASED} THEN '' ELSE 'changed' END
"""
# A row a block, each looked up by itself. The last: the first fact in it that is not as it was sealed.
BY_KEYS = "SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off; SET LOCAL jit = off"
CHECK_BLOCKS = f"""
SELECT b.number, b.first, b.count, b.root, b.digest, b.sealed_at, found.digests, found.wrong
FROM consent_sealedblock b CROSS JOIN LATERAL (
    SELECT string_agg(f.digest, ''::bytea ORDER BY f.number) AS digests,
        min(f.number) FILTER (WHERE f.problem <> '') AS wrong
    FROM (
        SELECT s.number, s.digest, {_PROBLEM} AS problem {_FACTS_OF_BLOCK}
    ) f
) found
WHERE b.workspace_id = %(workspace_id)s AND b.number >= %(block)s
ORDER BY b.number LIMIT %(limit)s
"""
ONE_FACT = f"SELECT s.fact, s.fact_id, {_PROBLEM} {_FACTS}"
# Others may have sealed since, but a block with its facts.
FACTS_BEYOND = """
SELECT fact, fact_id FROM consent_sealedfact WHERE workspace_id = %(workspace_id)s AND number >= %(first)s
  AND NOT EXISTS (SELECT 1 FROM consent_sealedblock b
                  WHERE b.workspace_id = %(workspace_id)s AND b.number >= %(block)s)
ORDER BY number LIMIT 1
"""
# Below where all was settled: it was not written when its number was given.
SLIPPED_IN = """
SELECT min(e.id) FROM consent_consentevent e
WHERE e.workspace_id = %(workspace_id)s AND e.id < %(before_id)s
  AND NOT EXISTS (SELECT 1 FROM consent_sealedfact s WHERE s.fact = 'e' AND s.fact_id = e.id)
"""

# What counted at a moment, of what was known then: as `consent.state_sql.DERIVE_STATES` derives the state.
_KNOWN_AT = """
e.contact_id = %(contact_id)s AND e.workspace_id = %(workspace_id)s
  AND e.given_at <= %(at)s AND e.recorded_at <= %(at)s
  AND NOT EXISTS (SELECT 1 FROM consent_withdrawnimport w
                  WHERE w.import_run_id = e.import_run_id AND w.withdrawn_at <= %(at)s)
"""
STATE_AT = f"""
SELECT s.id FROM (
    SELECT e.id, e.kind, e.basis, e.given_at, {STOPPED_AT.format("e.contact_id")}
    FROM consent_consentevent e
    WHERE {_KNOWN_AT} AND e.channel = %(channel)s AND e.purpose = %(purpose)s
      AND e.topic IN (%(topic)s, '*') AND e.brand IN (%(brand)s, '*') AND e.sender IN (%(sender)s, '*')
) s
ORDER BY {FIRST_COUNTS} LIMIT 1
"""
_KEY = "k.channel, k.purpose, k.topic, k.brand, k.sender"
STATES_AT = f"""
WITH e AS MATERIALIZED (
    SELECT e.id, e.channel, e.purpose, e.topic, e.brand, e.sender, e.kind, e.basis, e.given_at
    FROM consent_consentevent e WHERE {_KNOWN_AT}
),
k AS (
    SELECT DISTINCT channel, purpose, CASE topic WHEN '*' THEN '' ELSE topic END AS topic,
        CASE brand WHEN '*' THEN '' ELSE brand END AS brand,
        CASE sender WHEN '*' THEN '' ELSE sender END AS sender
    FROM e
),
s AS (
    SELECT {_KEY}, e.id, e.kind, e.basis, e.given_at, {STOPPED_AT.format(_KEY)}
    FROM k JOIN e ON e.channel = k.channel AND e.purpose = k.purpose AND e.topic IN (k.topic, '*')
        AND e.brand IN (k.brand, '*') AND e.sender IN (k.sender, '*')
)
SELECT DISTINCT ON (channel, purpose, topic, brand, sender) topic, brand, sender, id FROM s
ORDER BY channel, purpose, topic, brand, sender, {FIRST_COUNTS}
"""
LEAF_OF_EVENT = f"""
SELECT s.number, {_event("s.number", "s.personal")}
FROM consent_sealedfact s JOIN consent_consentevent e ON e.id = s.fact_id
WHERE s.fact = 'e' AND s.fact_id = %(event_id)s AND s.workspace_id = %(workspace_id)s
"""
