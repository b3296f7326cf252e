"""Statements of reports. A campaign's messages are one block of ids: every scan is of that block."""

from textwell.contacts.places import place_key_sql

# Message rows of the campaign; the range prunes partitions, the campaign id guards the block.
_BLOCK = "m.id BETWEEN %(first_id)s AND %(last_id)s AND m.campaign_id = %(campaign_id)s"

# Where the number of a message was handed out, by the table that a job keeps.
_REGION_JOIN = f"LEFT JOIN contacts_numberplace np ON np.prefix = {place_key_sql('m.msisdn')}"

# One pass for failures, segments and countries: few rows come back however many messages there are.
BY_FACTS = f"""
SELECT m.country, m.state, m.segment_count,
    CASE WHEN m.state IN ('undelivered', 'rejected', 'expired', 'unknown') THEN m.reason ELSE '' END,
    CASE WHEN m.state IN ('undelivered', 'rejected', 'expired', 'unknown') THEN m.code ELSE '' END,
    count(*), sum(m.cost_micros)::bigint, count(m.handed_at)
FROM messaging_message m WHERE {_BLOCK}
GROUP BY 1, 2, 3, 4, 5, m.handed_at IS NULL
"""

# One pass for operator, region of the number and the people's own place field. Plain columns as keys:
# the planner knows how few values they have and adds up in parallel.
BY_PLACES = f"""
SELECT c.operator, np.region, np.local_region, __PLACE__, m.country, m.state, count(*),
    sum(m.segment_count)::bigint, sum(m.cost_micros)::bigint, count(m.handed_at)
FROM messaging_message m LEFT JOIN contacts_contact c ON c.id = m.contact_id
{_REGION_JOIN}
WHERE {_BLOCK}
GROUP BY 1, 2, 3, 4, 5, 6, m.handed_at IS NULL
"""

_CLICKERS = """
SELECT message_id, bool_or(kind = 'human') AS is_human, bool_or(kind = 'unsure') AS is_unsure
FROM links_click WHERE campaign_id = %(campaign_id)s GROUP BY message_id
"""

CLICKED_BY_PLACE = f"""
SELECT m.country, coalesce(c.operator, ''), coalesce(np.region, ''), __PLACE__, count(*)
FROM ({_CLICKERS}) k JOIN messaging_message m ON m.id = k.message_id
LEFT JOIN contacts_contact c ON c.id = m.contact_id
{_REGION_JOIN}
WHERE k.is_human AND {_BLOCK}
GROUP BY 1, 2, 3, 4
"""

CLICK_PEOPLE = f"""
SELECT count(*) FILTER (WHERE k.is_human),
    count(*) FILTER (WHERE k.is_unsure AND NOT k.is_human),
    count(*) FILTER (WHERE NOT k.is_unsure AND NOT k.is_human),
    count(*) FILTER (WHERE k.is_human AND m.state = 'delivered')
FROM ({_CLICKERS}) k JOIN messaging_message m ON m.id = k.message_id
WHERE {_BLOCK}
"""

DELIVERED_PEOPLE = """
SELECT coalesce(sum(message_count), 0)::bigint FROM messaging_tally
WHERE campaign_id = %(campaign_id)s AND state = 'delivered'
"""

CLICK_REQUESTS = """
SELECT count(*) FILTER (WHERE kind = 'human'), count(*) FILTER (WHERE kind = 'unsure'),
    count(*) FILTER (WHERE kind = 'machine')
FROM links_click WHERE campaign_id = %(campaign_id)s
"""

CLICK_LINKS = """
SELECT link_number, count(DISTINCT message_id), count(*)
FROM links_click WHERE campaign_id = %(campaign_id)s AND kind = 'human'
GROUP BY 1 ORDER BY 1
"""

# Whom clicks of people came from, by what they clicked on and where they were.
CLICK_DEVICES = """
SELECT device, count(DISTINCT message_id), count(*)
FROM links_click WHERE campaign_id = %(campaign_id)s AND kind = 'human'
GROUP BY 1 ORDER BY 2 DESC, 1
"""
CLICK_COUNTRIES = """
SELECT country, count(DISTINCT message_id), count(*)
FROM links_click WHERE campaign_id = %(campaign_id)s AND kind = 'human'
GROUP BY 1 ORDER BY 2 DESC, 1
"""

# A reply counts for the message that it answers.
REPLIES = """
SELECT intent, count(DISTINCT message_id), count(*)
FROM inbox_reply WHERE workspace_id = %(workspace_id)s AND campaign_id = %(campaign_id)s
    AND message_id IS NOT NULL
GROUP BY 1 ORDER BY 2 DESC, 1
"""

LAST_HANDOFF = f"""
SELECT max(m.handed_at), bool_or(m.state = ANY(%(waiting)s)) FROM messaging_message m WHERE {_BLOCK}
"""

# Who is left out for another reason when the plan is made was on no side.
LOTS = {
    "texted": "m.reason <> 'holdout' AND (m.state <> 'skipped' OR m.done_at IS NOT NULL)",
    "held_out": "m.reason = 'holdout'",
}
EVENT = (
    "EXISTS (SELECT FROM contacts_event e WHERE e.workspace_id = %(workspace_id)s"
    " AND e.contact_id = m.contact_id AND e.name = %(event)s __MORE__)"
)
TIMES = {
    "since": "__AT__ >= %(since)s::timestamptz",
    "until": "__AT__ < %(until)s::timestamptz",
}

_BETWEEN = " AND ".join(TIMES.values()).replace("__AT__", "e.at")
_DID = EVENT.replace("__MORE__", f"AND {_BETWEEN}")
# Events are asked for by person: an index has them so, and none has a workspace's. Of a large campaign the
# planner reads the time's events once instead.
# People of the plan by the lot, and how many of each side did something within a time. Everyone counts whom
# the plan did not leave out for another reason (it gives those no time of their own), reached or not:
# else dead numbers would be on one side alone.
EVENTS_BY_LOT = f"""
SELECT {LOTS["held_out"]}, count(*), count(*) FILTER (WHERE {_DID})
FROM messaging_message m
WHERE {_BLOCK} AND (({LOTS["held_out"]}) OR ({LOTS["texted"]}))
GROUP BY 1
"""

REPLIED_PEOPLE = """
SELECT count(DISTINCT message_id) FROM inbox_reply
WHERE workspace_id = %(workspace_id)s AND campaign_id = %(campaign_id)s AND message_id IS NOT NULL
"""

# Keys of tallies and progress: campaigns, and minus the id of a gateway for its single messages.
OWNERS = """
owners AS (
    SELECT id AS key, gateway_id, first_message_id FROM campaigns_campaign
    WHERE workspace_id = %(workspace_id)s
    UNION ALL
    SELECT -id, id, 0 FROM gateways_gateway WHERE workspace_id = %(workspace_id)s
)
"""
# When a campaign's texts were handed off, to five seconds; opt-outs of other weeks are not looked at.
OPT_OUT_SPAN = """
    AND e.given_at >= coalesce((
        SELECT min(slot_at) FROM messaging_progress
        WHERE campaign_id = %(campaign_id)s AND handed_count > 0), '-infinity')
    AND e.given_at < coalesce((
        SELECT max(slot_at) + interval '5 seconds' FROM messaging_progress
        WHERE campaign_id = %(campaign_id)s AND handed_count > 0), 'infinity') + interval '7 days'
"""
# Texts of campaigns that handed off none since this one began are no later ones: people have many.
LATER_TEXTS = f"""
    AND later.id >= (
        WITH {OWNERS}
        SELECT coalesce(min(o.first_message_id), 0) FROM owners o
        WHERE EXISTS (
            SELECT FROM messaging_progress p
            WHERE p.campaign_id = o.key AND p.handed_count > 0 AND p.slot_at >= (
                SELECT min(slot_at) FROM messaging_progress
                WHERE campaign_id = %(campaign_id)s AND handed_count > 0)))
"""
# An opt-out belongs to the campaign whose text was the last one handed off to the person before it,
# if that was at most seven days earlier. People are found from the opt-outs, which are few.
_OPTED_OUT = """
SELECT DISTINCT m.id FROM consent_consentevent e
JOIN messaging_message m ON m.campaign_id = %(campaign_id)s AND m.contact_id = e.contact_id
    AND m.id BETWEEN %(first_id)s AND %(last_id)s
WHERE e.workspace_id = %(workspace_id)s AND e.kind = 'opt_out' AND e.channel = 'sms'
    AND m.handed_at IS NOT NULL AND e.given_at >= m.handed_at
    AND e.given_at < m.handed_at + interval '7 days' __SPAN__
    AND NOT EXISTS (
        SELECT 1 FROM messaging_message later
        WHERE later.contact_id = e.contact_id AND later.id <> m.id
          AND later.handed_at > m.handed_at AND later.handed_at <= e.given_at __LATER__)
"""
OPTED_OUT_PEOPLE = f"SELECT count(*) FROM ({_OPTED_OUT}) x"

PROGRESS_SPAN = """
SELECT min(slot_at), max(slot_at) FROM messaging_progress WHERE campaign_id = %(campaign_id)s
"""
PROGRESS = """
SELECT to_timestamp(floor(extract(epoch FROM slot_at) / %(step_s)s) * %(step_s)s), state,
    sum(message_count)::bigint, sum(handed_count)::bigint
FROM messaging_progress WHERE campaign_id = %(campaign_id)s
GROUP BY 1, 2 ORDER BY 1, 2
"""

# The list behind a figure: __WHERE__ is put together from the constants below, and what a workspace
# has is found instead of what a campaign has by OF_WORKSPACE in the place of OF_CAMPAIGN.
OF_CAMPAIGN = "campaign_id = %(campaign_id)s"
OF_WORKSPACE = "workspace_id = %(workspace_id)s"
_PERSON = """
SELECT m.id, m.contact_id, m.msisdn, coalesce(c.first_name, ''), coalesce(c.last_name, ''),
    m.country, coalesce(c.operator, ''), m.state, m.reason, m.code, m.segment_count, m.cost_micros,
    m.handed_at, m.done_at
FROM messaging_message m LEFT JOIN contacts_contact c ON c.id = m.contact_id
"""
PEOPLE = f"""
{_PERSON}
WHERE {_BLOCK} AND m.id > %(after)s __WHERE__
ORDER BY m.id LIMIT %(limit)s
"""
COUNT_PEOPLE = f"""
SELECT count(*), coalesce(sum(m.segment_count), 0)::bigint, coalesce(sum(m.cost_micros), 0)::bigint
FROM messaging_message m LEFT JOIN contacts_contact c ON c.id = m.contact_id
WHERE {_BLOCK} __WHERE__
"""
# The same of figures that few rows of another table name: these are found once, for sums and list.
FIND_PEOPLE = f"""
WITH found AS MATERIALIZED (
    SELECT m.id, m.segment_count, m.cost_micros
    FROM messaging_message m LEFT JOIN contacts_contact c ON c.id = m.contact_id
    WHERE {_BLOCK} __WHERE__
)
SELECT count(*), coalesce(sum(segment_count), 0)::bigint, coalesce(sum(cost_micros), 0)::bigint,
    ARRAY(SELECT id FROM found WHERE id > %(after)s ORDER BY id LIMIT %(limit)s)
FROM found
"""
PEOPLE_BY_ID = f"""
{_PERSON}
WHERE m.id = ANY(%(message_ids)s) ORDER BY m.id
"""
# The surest click of each message, the earliest of those, and how many requests there were.
CLICKS_OF = """
SELECT DISTINCT ON (message_id) message_id, device, country,
    count(*) OVER (PARTITION BY message_id)
FROM links_click WHERE message_id = ANY(%(message_ids)s)
ORDER BY message_id, array_position(ARRAY['human', 'unsure', 'machine'], kind::text), at, id
"""

PLACE_BY_FIELD = "coalesce(c.fields ->> %(place_field)s, '')"
NO_PLACE = "''"


def _named(ids: str) -> str:
    """Messages by ids that a statement finds: one walk through the key, in its order."""
    return f"m.id = ANY(ARRAY({ids}))"


CLAUSES = {
    "states": "m.state = ANY(%(states)s)",
    "reason": "m.reason = %(reason)s",
    "code": "m.code = %(code)s",
    "country": "m.country = %(country)s",
    "operator": "coalesce(c.operator, '') = %(operator)s",
    "region": (
        "coalesce((SELECT np.region FROM contacts_numberplace np"
        f" WHERE np.prefix = {place_key_sql('m.msisdn')}), '') = %(region)s"
    ),
    "segments": "m.segment_count = %(segments)s",
    "gateway": "m.gateway_id = %(gateway)s",
    "currency": (
        "m.gateway_id IN (SELECT id FROM gateways_gateway"
        " WHERE workspace_id = %(workspace_id)s AND currency = %(currency)s)"
    ),
    "asked": _named(f"SELECT message_id FROM links_click WHERE {OF_CAMPAIGN} AND kind = %(asked)s"),
}
# Of what is known of people, these are found first: they are fewer than the messages.
_OF_PEOPLE = (
    "m.contact_id = ANY(ARRAY(SELECT id FROM contacts_contact c"
    " WHERE workspace_id = %(workspace_id)s AND __KNOWN__))"
)
KNOWN = {
    "operator": _OF_PEOPLE.replace("__KNOWN__", "operator = %(operator)s"),
    "place": _OF_PEOPLE.replace("__KNOWN__", f"{PLACE_BY_FIELD} = %(place)s"),
    "region": (
        f"{place_key_sql('m.msisdn')} = ANY(ARRAY("
        "SELECT prefix FROM contacts_numberplace WHERE region = %(region)s))"
    ),
}
OF_ANY_CAMPAIGN = "m.campaign_id IS NOT NULL"
SINGLE = "m.campaign_id IS NULL"
# The same by the summaries of pages (messaging 0014), for what hardly a page has.
RARE = {
    "states": "(m.state || '') = ANY(%(states)s)",
    "reason": "(m.reason || '') = %(reason)s",
    "code": "(m.code || '') = %(code)s",
}
RARE_BLOCK = "(m.id + 0) BETWEEN %(first_id)s AND %(last_id)s"
TERMS = {"handed": "m.handed_at IS NOT NULL", "refused": "m.handed_at IS NULL"}
# Of one click and of one reply, all of these must hold; __MORE__ are those that a figure sets.
CLICKED = _named(
    f"SELECT message_id FROM links_click k WHERE {OF_CAMPAIGN} AND k.kind = 'human' __MORE__"
)
CLICK_CLAUSES = {
    "link": "k.link_number = %(link)s",
    "device": "k.device = %(device)s",
    "click_country": "k.country = %(click_country)s",
}
REPLIED = _named(
    "SELECT message_id FROM inbox_reply r"
    f" WHERE workspace_id = %(workspace_id)s AND {OF_CAMPAIGN} __MORE__"
)
REPLY_CLAUSES = {"intent": "r.intent = %(intent)s"}
REACTIONS = {
    "unsure": _named(f"SELECT message_id FROM ({_CLICKERS}) k WHERE is_unsure AND NOT is_human"),
    "machine": _named(
        f"SELECT message_id FROM ({_CLICKERS}) k WHERE NOT is_unsure AND NOT is_human"
    ),
    "opted_out": _named(_OPTED_OUT),
}

# Of a workspace since a moment, from the clicks and replies alone: each is of a message of its own.
CLICKED_SINCE = """
SELECT count(DISTINCT message_id), min(message_id) FROM links_click
WHERE workspace_id = %(workspace_id)s AND kind = 'human' AND at >= %(since)s
"""
ASKED_SINCE = """
SELECT count(*), count(*) FILTER (WHERE kind = 'machine') FROM links_click
WHERE workspace_id = %(workspace_id)s AND at >= %(since)s
"""
REPLIED_SINCE = """
SELECT count(DISTINCT message_id), min(message_id)
FROM inbox_reply
WHERE workspace_id = %(workspace_id)s AND received_at >= %(since)s AND message_id IS NOT NULL
"""
MOVED_SINCE = f"""
WITH {OWNERS}
SELECT o.gateway_id, p.state, sum(p.message_count)::bigint, sum(p.handed_count)::bigint,
    sum(p.cost_micros)::bigint, min(o.first_message_id) FILTER (WHERE o.key > 0), bool_or(o.key < 0)
FROM owners o JOIN messaging_progress p ON p.campaign_id = o.key AND p.slot_at >= %(since)s
GROUP BY 1, 2
"""
# Who said stop in whatever way, each once: by the last time that they did. What an import that was
# taken back had said does not count.
_STOPPED = """
FROM consent_consentevent e
WHERE e.workspace_id = %(workspace_id)s AND e.kind = 'opt_out' AND e.channel = 'sms'
  AND e.given_at >= %(since)s
  AND NOT EXISTS (SELECT 1 FROM consent_withdrawnimport w WHERE w.import_run_id = e.import_run_id)
"""
COUNT_OPT_OUTS = f"""
SELECT count(DISTINCT contact_id) FROM (SELECT e.contact_id {_STOPPED} LIMIT %(most)s) x
"""
LIST_OPT_OUTS = f"""
SELECT e.id, e.contact_id, c.first_name, c.last_name, c.msisdn, c.country, e.given_at, e.source, e.actor
FROM (SELECT e.* {_STOPPED}
    AND (%(before)s::bigint IS NULL OR (e.given_at, e.id) < (
        SELECT b.given_at, b.id FROM consent_consentevent b
        WHERE b.id = %(before)s AND b.workspace_id = %(workspace_id)s))
    AND NOT EXISTS (
        SELECT 1 FROM consent_consentevent later
        WHERE later.contact_id = e.contact_id AND later.kind = 'opt_out' AND later.channel = 'sms'
          AND (later.given_at, later.id) > (e.given_at, e.id) AND NOT EXISTS (
            SELECT 1 FROM consent_withdrawnimport w WHERE w.import_run_id = later.import_run_id))
    ORDER BY e.given_at DESC, e.id DESC LIMIT %(limit)s) e
JOIN contacts_contact c ON c.id = e.contact_id
ORDER BY e.given_at DESC, e.id DESC
"""
# Of what is under way alone, however much was ever sent.
WAITING_TEXTS = """
SELECT o.campaign_id, o.name, o.state, o.gateway_id, t.state, t.reason, t.message_count,
    t.state = 'planned' AND coalesce((
        SELECT min(b.due_at) > now() FROM messaging_batch b
        WHERE b.campaign_id = o.campaign_id AND b.state IN ('planned', 'queued', 'leased')), false)
FROM (
    SELECT id AS key, id AS campaign_id, name, state, gateway_id FROM campaigns_campaign
    WHERE workspace_id = %(workspace_id)s AND state IN ('planning', 'sending', 'paused')
    UNION ALL
    SELECT -id, NULL, name, '', id FROM gateways_gateway WHERE workspace_id = %(workspace_id)s
) o JOIN messaging_tally t ON t.campaign_id = o.key
WHERE t.state IN ('planned', 'queued', 'handing', 'held') AND t.message_count > 0
ORDER BY o.key DESC, t.state, t.reason LIMIT %(most)s
"""
BY_GATEWAY = f"""
WITH {OWNERS}
SELECT o.gateway_id, sum(t.handed_count)::bigint,
    coalesce(sum(t.message_count - t.handed_count) FILTER (WHERE t.state = 'rejected'), 0)::bigint,
    coalesce(sum(t.message_count) FILTER (WHERE t.state = 'unknown'), 0)::bigint,
    coalesce(sum(t.message_count) FILTER (WHERE t.state = 'unknown' AND o.key < 0), 0)::bigint
FROM owners o JOIN messaging_tally t ON t.campaign_id = o.key
WHERE o.gateway_id IS NOT NULL
GROUP BY 1
"""

# Two counts may run at once, and the older one may end last: it does not replace the younger.
KEEP = """
INSERT INTO reports_keptreport AS k (campaign_id, made_at, body)
VALUES (%(id)s, %(made_at)s, %(body)s)
ON CONFLICT (campaign_id) DO UPDATE SET made_at = excluded.made_at, body = excluded.body
WHERE excluded.made_at > k.made_at
"""
