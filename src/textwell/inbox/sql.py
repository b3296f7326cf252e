"""Statements of the inbox that the ORM cannot say."""

from textwell.inbox.places import PLACE_SQL

# From one intent to the next by the index: reads as many rows as there are intents.
INTENTS_IN_USE = """
WITH RECURSIVE used AS (
    SELECT min(intent) AS intent FROM inbox_reply WHERE workspace_id = %(workspace_id)s
    UNION ALL
    SELECT (SELECT min(r.intent) FROM inbox_reply r
            WHERE r.workspace_id = %(workspace_id)s AND r.intent > used.intent)
    FROM used WHERE used.intent IS NOT NULL
)
SELECT intent FROM used WHERE intent IS NOT NULL
"""

# Rows that were there already, from an earlier delivery of the same text, come back as nothing.
INSERT_REPLIES = """
INSERT INTO inbox_reply (workspace_id, gateway_id, source_key, contact_id, msisdn, recipient, text,
    received_at, intent, certainty, language, message_id, campaign_id, handled_at)
SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::text[], %s::bigint[], %s::text[], %s::text[],
    %s::text[], %s::timestamptz[], %s::text[], %s::float8[], %s::text[], %s::bigint[],
    %s::bigint[], %s::timestamptz[])
ON CONFLICT (gateway_id, source_key) DO NOTHING
RETURNING gateway_id, source_key
"""

# One row a person whose text waits for somebody: made with their first, brought up to date by the others.
# Rows are taken in one order, so that two writers never wait for each other.
TOUCH_THREADS = f"""
WITH given AS (
    SELECT workspace_id, contact_id, count(*) AS n, min(received_at) AS since, max(received_at) AS last_at,
        (array_agg(text ORDER BY received_at DESC))[1] AS last_text
    FROM unnest(%s::bigint[], %s::bigint[], %s::timestamptz[], %s::text[])
        AS g(workspace_id, contact_id, received_at, text)
    GROUP BY 1, 2
)
INSERT INTO inbox_thread AS t (workspace_id, contact_id, is_open, is_unread, waiting_since, last_at,
    last_text, is_last_ours, last_entry, place)
SELECT workspace_id, contact_id, true, true, since, last_at, last_text, false, n,
    {PLACE_SQL.format(waiting="since", last="last_at")}
FROM given ORDER BY 1, 2
ON CONFLICT (workspace_id, contact_id) DO UPDATE SET
    is_open = true,
    is_unread = true,
    waiting_since = least(t.waiting_since, excluded.waiting_since),
    last_text = CASE WHEN excluded.last_at >= t.last_at THEN excluded.last_text ELSE t.last_text END,
    is_last_ours = t.is_last_ours AND excluded.last_at < t.last_at,
    last_at = greatest(t.last_at, excluded.last_at),
    last_entry = t.last_entry + excluded.last_entry,
    place = {PLACE_SQL.format(waiting="least(t.waiting_since, excluded.waiting_since)", last="t.last_at")}
"""

# Shared: many threads may be given to one colleague at once.
HOLD_MEMBERSHIP = """
SELECT FROM accounts_membership WHERE workspace_id = %(workspace_id)s AND user_id = %(user_id)s FOR SHARE
"""

# Of answers whose fate is not known yet there are few: those that arrived are looked at no more. A thread
# that somebody holds has its turn the next time, so that this waits for nobody.
_UNDECIDED = """
SELECT t.id FROM inbox_thread t JOIN messaging_message m ON m.id = t.last_message_id
WHERE m.state = ANY(%(states)s) AND t.last_at > %(since)s
  AND t.last_message_id IS NOT NULL AND t.is_open AND t.is_last_ours AND t.waiting_since IS NULL
FOR UPDATE OF t SKIP LOCKED
"""

FORGET_ARRIVED = f"UPDATE inbox_thread SET last_message_id = NULL WHERE id IN ({_UNDECIDED})"

# Since the answer, as nobody knows any more how long they had waited for it.
WAIT_AGAIN = f"""
UPDATE inbox_thread SET waiting_since = last_at, place = {PLACE_SQL.format(waiting="last_at", last="last_at")}
WHERE id IN ({_UNDECIDED})
"""

_NOBODY_WAITS = PLACE_SQL.format(waiting="NULL::timestamptz", last="last_at")
# In the order in which texts that come in lock them too, so that neither waits for the other.
_THEIRS = """
SELECT id FROM inbox_thread WHERE workspace_id = %(workspace_id)s AND contact_id = ANY(%(contact_ids)s)
ORDER BY contact_id FOR UPDATE
"""

# The last answer is nobody's business any more either, should it fail.
END_WAITING = f"""
UPDATE inbox_thread SET waiting_since = NULL, last_message_id = NULL, place = {_NOBODY_WAITS}
WHERE id IN ({_THEIRS}) AND (waiting_since IS NOT NULL OR last_message_id IS NOT NULL)
"""

RETIRE_THREADS = f"""
UPDATE inbox_thread SET is_open = false, is_unread = false, waiting_since = NULL, last_message_id = NULL,
    place = {_NOBODY_WAITS}
WHERE id IN ({_THEIRS}) AND is_open
"""

# Who waited with a text that came before they said stop.
END_WAITING_BEFORE = f"""
UPDATE inbox_thread t SET waiting_since = NULL, last_message_id = NULL, place = {_NOBODY_WAITS}
FROM unnest(%s::bigint[], %s::bigint[], %s::timestamptz[]) AS g(workspace_id, contact_id, at)
WHERE t.workspace_id = g.workspace_id AND t.contact_id = g.contact_id AND t.waiting_since <= g.at
"""

# The thread of a person who had none, from what they wrote: for a stranger who became a contact.
MAKE_THREAD = f"""
INSERT INTO inbox_thread (workspace_id, contact_id, is_open, is_unread, waiting_since, last_at, last_text,
    is_last_ours, last_entry, place)
SELECT workspace_id, contact_id, true, true, min(received_at), max(received_at),
    left(regexp_replace((array_agg(text ORDER BY received_at DESC))[1], '\\s+', ' ', 'g'), 160),
    false, count(*),
    {PLACE_SQL.format(waiting="min(received_at)", last="max(received_at)")}
FROM inbox_reply
WHERE workspace_id = %(workspace_id)s AND contact_id = %(contact_id)s AND handled_at IS NULL
GROUP BY workspace_id, contact_id
ON CONFLICT (workspace_id, contact_id) DO NOTHING
"""

# All that decides about an answer: the person, what keeps texts from them, and the way. The sender that they
# wrote to last comes first, then another of its gateway, then whatever fits their country; a number goes
# before a name, which nobody can answer.
ANSWER_FACTS = """
SELECT c.msisdn, c.country, c.is_sample, w.is_stopped, s.reason, r.gateway_id, r.sender, r.provider, r.price,
    r.currency, r.kind, w.is_sandbox
FROM contacts_contact c
JOIN accounts_workspace w ON w.id = c.workspace_id
LEFT JOIN LATERAL (
    SELECT reason FROM consent_suppression
    WHERE workspace_id = c.workspace_id AND msisdn = c.msisdn LIMIT 1
) s ON true
LEFT JOIN LATERAL (
    SELECT p.gateway_id, ltrim(p.recipient, '+') AS recipient FROM inbox_reply p
    WHERE p.contact_id = c.id AND p.workspace_id = c.workspace_id ORDER BY p.id DESC LIMIT 1
) l ON true
LEFT JOIN LATERAL (
    SELECT g.id AS gateway_id, g.provider, g.currency, sn.value AS sender, sn.kind,
        coalesce((g.prices ->> c.country)::bigint, g.price_micros) AS price
    FROM gateways_gateway g JOIN gateways_sender sn ON sn.gateway_id = g.id
    WHERE g.workspace_id = c.workspace_id AND g.state = 'active' AND sn.is_active
      AND sn.country IN ('', c.country)
    ORDER BY g.id = l.gateway_id AND ltrim(sn.value, '+') = l.recipient DESC NULLS LAST,
        g.id = l.gateway_id DESC NULLS LAST, sn.kind <> 'alphanumeric' DESC, sn.country DESC, g.id, sn.id
    LIMIT 50
) r ON true
WHERE c.workspace_id = %(workspace_id)s AND c.id = %(contact_id)s
"""

# Counted no further than anybody reads.
COUNT_WAITING = """
SELECT (SELECT count(*) FROM (SELECT FROM inbox_thread WHERE workspace_id = %(workspace_id)s AND is_open
            AND place < %(most_waiting)s LIMIT %(most)s) w),
    (SELECT count(*) FROM (SELECT FROM inbox_thread WHERE workspace_id = %(workspace_id)s AND is_open
            AND place < %(overdue)s LIMIT %(most)s) o)
"""

# Of the latest text that was due when a person wrote: whether it was handed off, its topic and its brand.
ANSWERED_SCOPE = """
SELECT m.handed_at IS NOT NULL, coalesce(k.topic, b.extra ->> 'topic', ''),
    coalesce(k.brand, b.extra ->> 'brand', '')
FROM messaging_message m
LEFT JOIN campaigns_campaign k ON k.id = m.campaign_id
LEFT JOIN LATERAL (
    SELECT extra FROM messaging_batch
    WHERE m.campaign_id IS NULL AND first_message_id = m.id AND campaign_id IS NULL LIMIT 1
) b ON true
WHERE m.workspace_id = %(workspace_id)s AND m.contact_id = %(contact_id)s
  AND m.state NOT IN ('skipped', 'canceled') AND coalesce(m.due_at, m.planned_at) <= %(said_at)s
ORDER BY m.id DESC LIMIT 1
"""
