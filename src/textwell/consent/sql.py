"""Named statements of the consent ledger: events in bulk, and the state that follows from them.

The state is a pure function of the events: the latest `given_at` counts; of two at the same moment
the opt-out does; of two alike the one recorded later. Where it is a yes, the strongest since the last
opt-out counts, with its own time: a weaker one later revokes nothing. Any order of recording ends in the
same state.
An opt-out whose topic, brand or sender is '*' speaks for every scope that fits, and for the general one.
Events that came with an import which was taken back do not count.
"""

STAGING_COLUMNS = (
    "contact_id", "channel", "purpose", "topic", "brand", "sender", "kind", "basis", "given_at", "source",
    "wording", "wording_version", "language", "evidence",
)  # fmt: skip

MAKE_STAGING = """
CREATE TEMP TABLE IF NOT EXISTS consent_staging (
    contact_id bigint, channel varchar(10), purpose varchar(30), topic varchar(40) DEFAULT '',
    brand varchar(40) DEFAULT '', sender varchar(21) DEFAULT '', kind varchar(8),
    basis varchar(15) DEFAULT '', given_at timestamptz, source varchar(200), wording text,
    wording_version varchar(40) DEFAULT '', language varchar(8) DEFAULT '', evidence jsonb
) ON COMMIT DELETE ROWS
"""

# Events as given; the same fact said twice (same person, kind, time, source, wording) is kept once.
INSERT_EVENTS = """
INSERT INTO consent_consentevent (workspace_id, contact_id, channel, purpose, topic, brand, sender, kind,
    basis, given_at, recorded_at, source, wording, wording_version, wording_hash, language, evidence,
    actor, import_run_id)
SELECT DISTINCT %(workspace_id)s::bigint, s.contact_id, s.channel, s.purpose, s.topic, s.brand, s.sender,
    s.kind, s.basis, s.given_at, %(now)s::timestamptz, s.source, s.wording, s.wording_version,
    CASE s.kind WHEN 'opt_in' THEN sha256(convert_to(s.wording, 'UTF8')) END, s.language, s.evidence,
    %(actor)s, %(import_run_id)s::bigint
FROM consent_staging s
WHERE (SELECT workspace_id FROM contacts_contact WHERE id = s.contact_id) = %(workspace_id)s
  AND NOT EXISTS (
    SELECT 1 FROM consent_consentevent e
    WHERE e.contact_id = s.contact_id AND e.given_at = s.given_at AND e.channel = s.channel
      AND e.purpose = s.purpose AND e.topic = s.topic AND e.brand = s.brand AND e.sender = s.sender
      AND e.kind = s.kind AND e.basis = s.basis AND e.source = s.source AND e.wording = s.wording
      AND NOT EXISTS (SELECT 1 FROM consent_withdrawnimport w WHERE w.import_run_id = e.import_run_id))
RETURNING id, contact_id, kind, topic = '*' AND brand = '*' AND sender = '*'
"""

# ---- suppression: reasons, and of each number the foremost of them. Whoever changes a number's reasons
# has locked its row of consent_suppression before, in the order of numbers: a derivation sees all that
# others did to it. (ON CONFLICT locks also what it does not update.)

_RANK = "array_position(%(rank)s::text[], {}::text)"
_PUT_FOREMOST = f"""
ON CONFLICT (workspace_id, msisdn) DO UPDATE SET reason = excluded.reason
WHERE {_RANK.format("excluded.reason")} < {_RANK.format("s.reason")}
"""
# Numbers that nobody need have.
PUT_NUMBERS = f"""
INSERT INTO consent_suppression AS s (workspace_id, msisdn, reason)
SELECT %(workspace_id)s, msisdn, %(reason)s FROM unnest(%(msisdns)s::text[]) AS given(msisdn)
ORDER BY msisdn {_PUT_FOREMOST}
"""
PUT_REASONS = """
INSERT INTO consent_suppressionreason AS r (workspace_id, msisdn, reason, note, source, actor, since)
SELECT %(workspace_id)s, msisdn, %(reason)s, %(note)s, %(source)s, %(actor)s, %(since)s
FROM unnest(%(msisdns)s::text[]) AS given(msisdn)
ORDER BY msisdn
ON CONFLICT (workspace_id, msisdn, reason) DO NOTHING
"""

# A stop of everything is one of the number; of a topic or a brand it is the person's alone.
# Of an opt-out the last time that it was said counts: a yes must be later than that.
_SAID_STOP = """
FROM consent_staging st JOIN contacts_contact c ON c.id = st.contact_id
WHERE st.kind = 'opt_out' AND st.channel = 'sms' AND c.workspace_id = %(workspace_id)s
  AND st.topic = '*' AND st.brand = '*' AND st.sender = '*'
"""
PUT_OPTED_OUT = f"""
INSERT INTO consent_suppression AS s (workspace_id, msisdn, reason)
SELECT DISTINCT %(workspace_id)s::bigint, c.msisdn, 'opted_out' {_SAID_STOP}
ORDER BY c.msisdn {_PUT_FOREMOST}
"""
LATER_OPT_OUT = """
ON CONFLICT (workspace_id, msisdn, reason) DO UPDATE
SET since = excluded.since, source = excluded.source, actor = excluded.actor
WHERE r.since < excluded.since
"""
PUT_OPTED_OUT_REASONS = f"""
INSERT INTO consent_suppressionreason AS r (workspace_id, msisdn, reason, note, source, actor, since)
SELECT DISTINCT ON (c.msisdn) %(workspace_id)s, c.msisdn, 'opted_out', '', st.source, %(actor)s, st.given_at
{_SAID_STOP}
ORDER BY c.msisdn, st.given_at DESC {LATER_OPT_OUT}
"""
PUT_OPTED_OUT_NUMBER = f"""
INSERT INTO consent_suppressionreason AS r (workspace_id, msisdn, reason, note, source, actor, since)
VALUES (%(workspace_id)s, %(msisdn)s, 'opted_out', '', %(source)s, %(actor)s, %(since)s)
{LATER_OPT_OUT}
"""

# An opt-in given after the opt-out lifts what the opt-out suppressed; no other reason.
LOCK_OPTED_OUT = """
SELECT s.msisdn FROM consent_suppression s
JOIN contacts_contact c ON c.workspace_id = s.workspace_id AND c.msisdn = s.msisdn
WHERE c.id = ANY(%(contact_ids)s) AND s.workspace_id = %(workspace_id)s AND s.reason = 'opted_out'
ORDER BY s.msisdn FOR UPDATE OF s
"""
# A stop of the number from before it was this person's is written down as theirs before it is lifted: else
# what they had agreed to before it would come back with the new yes.
KEEP_NUMBER_STOPS = """
INSERT INTO consent_consentevent (workspace_id, contact_id, channel, purpose, topic, brand, sender, kind,
    given_at, recorded_at, source, wording, evidence, actor)
SELECT %(workspace_id)s, c.id, 'sms', 'marketing', '*', '*', '*', 'opt_out', r.since, %(now)s, r.source, '',
    '{"of": "number"}', r.actor
FROM consent_suppressionreason r JOIN contacts_contact c
    ON c.workspace_id = r.workspace_id AND c.msisdn = r.msisdn
WHERE c.id = ANY(%(contact_ids)s) AND r.workspace_id = %(workspace_id)s AND r.reason = 'opted_out'
  AND EXISTS (
    SELECT 1 FROM consent_consentstate st
    WHERE st.contact_id = c.id AND st.channel = 'sms' AND st.purpose = 'marketing'
      AND st.is_granted AND st.since > r.since)
  AND EXISTS (
    SELECT 1 FROM consent_consentstate st
    WHERE st.contact_id = c.id AND st.channel = 'sms' AND st.purpose = 'marketing'
      AND st.is_granted AND st.since <= r.since)
RETURNING contact_id
"""
LIFT_OPTED_OUT = """
DELETE FROM consent_suppressionreason r
USING contacts_contact c, consent_consentstate st
WHERE c.id = ANY(%(contact_ids)s) AND c.workspace_id = %(workspace_id)s
  AND r.workspace_id = %(workspace_id)s AND r.msisdn = c.msisdn AND r.reason = 'opted_out'
  AND st.contact_id = c.id AND st.channel = 'sms' AND st.is_granted
  AND st.since > r.since
RETURNING r.msisdn, c.id
"""
LOCK_NUMBER = """
SELECT 1 FROM consent_suppression
WHERE workspace_id = %(workspace_id)s AND msisdn = %(msisdn)s FOR UPDATE
"""
FREE_NUMBERS = """
DELETE FROM consent_suppression s
WHERE s.workspace_id = %(workspace_id)s AND s.msisdn = ANY(%(msisdns)s) AND NOT EXISTS (
    SELECT 1 FROM consent_suppressionreason r
    WHERE r.workspace_id = s.workspace_id AND r.msisdn = s.msisdn)
"""
DERIVE_FOREMOST = f"""
UPDATE consent_suppression s SET reason = (
    SELECT r.reason FROM consent_suppressionreason r
    WHERE r.workspace_id = s.workspace_id AND r.msisdn = s.msisdn
    ORDER BY {_RANK.format("r.reason")} LIMIT 1)
WHERE s.workspace_id = %(workspace_id)s AND s.msisdn = ANY(%(msisdns)s)
"""
OWNERS_OF = """
SELECT id FROM contacts_contact
WHERE workspace_id = %(workspace_id)s AND msisdn = ANY(%(msisdns)s) ORDER BY id
"""

NUMBERS_OF = """
SELECT msisdn FROM contacts_contact WHERE workspace_id = %(workspace_id)s AND id = ANY(%(contact_ids)s)
"""

# Of the spellings of one number in a file one is kept: where any of them says stop, it does. Whatever the
# planner expects of rows that were judged a moment ago, both are read once.
NO_LOOPS = "SET LOCAL enable_nestloop = off"
LOOPS = "SET LOCAL enable_nestloop = on"
SPREAD_STOPS = """
UPDATE contacts_importrow r
SET consent_source = 'opted_out', consent_wording = '', consent_at = NULL, consent_problem = said.problem
FROM (
    SELECT msisdn, min(consent_problem) AS problem FROM contacts_importrow
    WHERE import_run_id = %(run)s AND verdict = 'duplicate' AND consent_source = 'opted_out'
      AND consent_at IS NULL
    GROUP BY msisdn
) said
WHERE r.import_run_id = %(run)s AND r.verdict IN ('new', 'changed', 'same') AND r.msisdn = said.msisdn
"""

# People of whom the file says that they opted out, and of whom it was not known.
STOPS_OF_IMPORT = """
SELECT r.contact_id, r.line FROM contacts_importrow r
WHERE r.import_run_id = %(run)s AND r.line BETWEEN %(first)s AND %(last)s
  AND r.verdict IN ('new', 'changed', 'same') AND r.consent_source = 'opted_out' AND r.consent_at IS NULL
  AND NOT EXISTS (SELECT 1 FROM consent_suppression s
                  WHERE s.workspace_id = %(workspace_id)s AND s.msisdn = r.msisdn
                    AND s.reason = 'opted_out')
"""

# Who said stop here before, by number or as a person, or says so in the file: shown in the dry run, never
# granted by a file. What suppresses a number for another reason keeps texts back by itself: the person's
# consent and its proof are recorded all the same, and count once it is lifted.
# A new person's id is reserved and nobody's yet.
MARK_OPTED_OUT = """
UPDATE contacts_importrow r SET is_opted_out = true
WHERE r.import_run_id = %(run)s AND r.verdict <> 'invalid' AND (
    EXISTS (SELECT 1 FROM consent_suppression s
            WHERE s.workspace_id = %(workspace_id)s AND s.msisdn = r.msisdn AND s.reason = 'opted_out')
    OR (r.consent_source = 'opted_out' AND r.consent_at IS NULL)
    OR (r.verdict <> 'new' AND EXISTS (
            SELECT 1 FROM consent_consentstate t
            WHERE t.contact_id = r.contact_id AND t.channel = 'sms' AND t.topic = '' AND t.brand = ''
              AND t.sender = '' AND NOT t.is_granted)))
"""

# How everybody of a file agreed, where whoever brought it said so.
_BASIS = (
    "(SELECT coalesce(i.consent ->> 'basis', '') FROM contacts_importrun i WHERE i.id = %(run)s)"
)

# People that this import has just made: they have no other event and no state, so that nothing is
# looked up, and one statement writes both.
GRANT_NEW = f"""
WITH granted AS (
    INSERT INTO consent_consentevent (workspace_id, contact_id, channel, purpose, kind, given_at,
        recorded_at, source, wording, wording_hash, evidence, actor, import_run_id, basis)
    SELECT %(workspace_id)s, r.contact_id, 'sms', 'marketing', 'opt_in', r.consent_at, %(now)s,
        r.consent_source, r.consent_wording, sha256(convert_to(r.consent_wording, 'UTF8')),
        jsonb_build_object('import', %(run)s::bigint, 'line', r.line), %(actor)s, %(run)s, {_BASIS}
    FROM contacts_importrow r
    WHERE r.import_run_id = %(run)s AND r.line BETWEEN %(first)s AND %(last)s
      AND r.verdict = 'new' AND r.consent_at IS NOT NULL AND NOT r.is_opted_out
      AND NOT EXISTS (SELECT 1 FROM consent_suppression s
                      WHERE s.workspace_id = %(workspace_id)s AND s.msisdn = r.msisdn
                        AND s.reason = 'opted_out')
    RETURNING id, contact_id, given_at, basis
)
INSERT INTO consent_consentstate
    (workspace_id, contact_id, channel, purpose, is_granted, event_id, since, basis)
SELECT %(workspace_id)s, contact_id, 'sms', 'marketing', true, id, given_at, basis FROM granted
"""

STAGE_IMPORTED = f"""
INSERT INTO consent_staging
    (contact_id, channel, purpose, kind, given_at, source, wording, evidence, basis)
SELECT r.contact_id, 'sms', 'marketing', 'opt_in', r.consent_at, r.consent_source,
    r.consent_wording, jsonb_build_object('import', %(run)s::bigint, 'line', r.line), {_BASIS}
FROM contacts_importrow r
WHERE r.import_run_id = %(run)s AND r.line BETWEEN %(first)s AND %(last)s
  AND r.verdict IN ('changed', 'same') AND r.consent_at IS NOT NULL AND NOT r.is_opted_out
  AND NOT EXISTS (SELECT 1 FROM consent_suppression s
                  WHERE s.workspace_id = %(workspace_id)s AND s.msisdn = r.msisdn
                    AND s.reason = 'opted_out')
"""

WITHDRAW_IMPORT = """
INSERT INTO consent_withdrawnimport (import_run_id, workspace_id, withdrawn_at, actor)
VALUES (%(run)s, %(workspace_id)s, %(now)s, %(actor)s)
ON CONFLICT DO NOTHING
"""

# States that rest on the import; they are derived anew from what else there is. An array: each person's
# states by the key, however few the planner expects to rest on the import.
DROP_WITHDRAWN = """
DELETE FROM consent_consentstate t
WHERE t.contact_id = ANY(ARRAY(
    SELECT contact_id FROM contacts_importrow
    WHERE import_run_id = %(run)s AND line BETWEEN %(first)s AND %(last)s
      AND verdict IN ('new', 'changed', 'same')))
  AND (SELECT import_run_id FROM consent_consentevent WHERE id = t.event_id) = %(run)s
RETURNING t.contact_id
"""

# ---- shared suppressions. What a workspace shares stands with every other one of its group as a reason of
# its own (`shared`), so that plan, gate and figures find it where they look anyway. Numbers are locked in
# the order of number and workspace.

# Whoever shares waits for whoever joins or leaves, and the other way round; sharers not for each other.
LOCK_GROUP = """
SELECT id FROM consent_sharinggroup
WHERE id = (SELECT group_id FROM consent_sharingmember WHERE workspace_id = %(workspace_id)s)
FOR SHARE
"""
SHARES_WITH = """
SELECT o.workspace_id FROM consent_sharingmember m
JOIN consent_sharingmember o ON o.group_id = m.group_id AND o.workspace_id <> m.workspace_id
WHERE m.workspace_id = %(workspace_id)s
  AND (%(reason)s = '' OR %(reason)s = ANY(m.reasons))
ORDER BY o.workspace_id
"""

_GIVEN = "unnest(%(msisdns)s::text[]) AS g(msisdn), unnest(%(others)s::bigint[]) AS o(workspace_id)"
_PUT_SHARED_NUMBERS = """
INSERT INTO consent_suppression (workspace_id, msisdn, reason)
SELECT pair.workspace_id, pair.msisdn, 'shared' FROM ({}) pair
ORDER BY pair.msisdn, pair.workspace_id
ON CONFLICT (workspace_id, msisdn) DO UPDATE SET reason = consent_suppression.reason
"""
_PUT_SHARED_REASONS = """
INSERT INTO consent_suppressionreason (workspace_id, msisdn, reason, note, source, actor, since)
SELECT pair.workspace_id, pair.msisdn, 'shared', '', 'group', 'system', %(now)s FROM ({}) pair
ORDER BY pair.msisdn, pair.workspace_id
ON CONFLICT (workspace_id, msisdn, reason) DO NOTHING
RETURNING workspace_id, msisdn
"""
_PAIRS = f"SELECT o.workspace_id, g.msisdn FROM {_GIVEN}"
SHARE_NUMBERS = _PUT_SHARED_NUMBERS.format(_PAIRS)
SHARE_REASONS = _PUT_SHARED_REASONS.format(_PAIRS)

# Everything that anybody in the group shares, with everybody else in it: when somebody joins.
_ALL_PAIRS = """
    SELECT DISTINCT o.workspace_id, r.msisdn
    FROM consent_sharingmember m
    JOIN consent_suppressionreason r ON r.workspace_id = m.workspace_id AND r.reason = ANY(m.reasons)
    JOIN consent_sharingmember o ON o.group_id = m.group_id AND o.workspace_id <> m.workspace_id
    WHERE m.group_id = %(group_id)s
"""
SHARE_ALL_NUMBERS = _PUT_SHARED_NUMBERS.format(_ALL_PAIRS)
SHARE_ALL_REASONS = _PUT_SHARED_REASONS.format(_ALL_PAIRS)

LOCK_SHARED = """
SELECT 1 FROM consent_suppression
WHERE workspace_id = ANY(%(others)s) AND msisdn = ANY(%(msisdns)s)
ORDER BY msisdn, workspace_id FOR UPDATE
"""
# No longer shared with them, unless a third one shares it too.
UNSHARE_REASONS = """
DELETE FROM consent_suppressionreason r
WHERE r.workspace_id = ANY(%(others)s) AND r.msisdn = ANY(%(msisdns)s) AND r.reason = 'shared'
  AND NOT EXISTS (
    SELECT 1 FROM consent_sharingmember mine
    JOIN consent_sharingmember m ON m.group_id = mine.group_id AND m.workspace_id <> mine.workspace_id
    JOIN consent_suppressionreason x
        ON x.workspace_id = m.workspace_id AND x.msisdn = r.msisdn AND x.reason = ANY(m.reasons)
    WHERE mine.workspace_id = r.workspace_id)
RETURNING r.workspace_id, r.msisdn
"""
STILL_SUPPRESSED = """
SELECT msisdn FROM consent_suppression
WHERE workspace_id = %(workspace_id)s AND msisdn = ANY(%(msisdns)s)
"""

# ---- numbers of erased people. HMAC-SHA-256 by the definition of RFC 2104; the pads hold the key.

DIGEST = "sha256(%(outer_pad)s::bytea || sha256(%(inner_pad)s::bytea || convert_to({}, 'UTF8')))"
REMEMBER_ERASED = f"""
INSERT INTO consent_erasednumber AS e (workspace_id, digest, reasons, erased_at)
SELECT %(workspace_id)s, {DIGEST.format("given.msisdn")}, coalesce((
    SELECT jsonb_agg(jsonb_build_object('reason', r.reason, 'since', r.since))
    FROM consent_suppressionreason r
    WHERE r.workspace_id = %(workspace_id)s AND r.msisdn = given.msisdn), '[]'), %(now)s
FROM unnest(%(msisdns)s::text[]) AS given(msisdn)
ON CONFLICT (workspace_id, digest) DO UPDATE SET
    reasons = excluded.reasons, erased_at = excluded.erased_at
"""
_ERASED_GIVEN = (
    "unnest(%(msisdns)s::text[], %(reasons)s::text[], %(sinces)s::timestamptz[])"
    " AS given(msisdn, reason, since)"
)
PUT_ERASED_NUMBERS = f"""
INSERT INTO consent_suppression AS s (workspace_id, msisdn, reason)
SELECT DISTINCT %(workspace_id)s::bigint, msisdn, 'opted_out' FROM {_ERASED_GIVEN}
ORDER BY msisdn {_PUT_FOREMOST}
"""
PUT_ERASED_REASONS = f"""
INSERT INTO consent_suppressionreason AS r (workspace_id, msisdn, reason, note, source, actor, since)
SELECT %(workspace_id)s, msisdn, reason, '', %(source)s, 'system', since FROM {_ERASED_GIVEN}
ORDER BY msisdn ON CONFLICT (workspace_id, msisdn, reason) DO NOTHING
"""

# Of a file: who was erased here.
ERASED_OF_IMPORT = f"""
SELECT r.msisdn FROM contacts_importrow r
JOIN consent_erasednumber e
    ON e.workspace_id = %(workspace_id)s AND e.digest = {DIGEST.format("r.msisdn")}
WHERE r.import_run_id = %(run)s AND r.line BETWEEN %(first)s AND %(last)s AND r.verdict = 'new'
"""
MARK_ERASED = f"""
UPDATE contacts_importrow r SET is_opted_out = true
FROM consent_erasednumber e
WHERE r.import_run_id = %(run)s AND r.verdict = 'new' AND e.workspace_id = %(workspace_id)s
  AND e.digest = {DIGEST.format("r.msisdn")}
"""

KNOWN_ERASED = "SELECT digest FROM consent_erasednumber WHERE digest = ANY(%(digests)s)"
