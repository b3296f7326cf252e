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
    count(*), sum(m.cost_micros)::bigint
FROM messaging_message m WHERE {_BLOCK}
GROUP BY 1, 2, 3, 4, 5
"""

# One pass for operator, region of the number and the people's own place field. Plain columns as keys:
# the planner knows how few values they have and adds up in parallel.
BY_PLACES = f"""
SELECT c.operator, np.region, __PLACE__, m.state, count(*),
    sum(m.segment_count)::bigint, sum(m.cost_micros)::bigint
FROM messaging_message m LEFT JOIN contacts_contact c ON c.id = m.contact_id
{_REGION_JOIN}
WHERE {_BLOCK}
GROUP BY 1, 2, 3, 4
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

REPLIES = """
SELECT intent, count(DISTINCT contact_id), count(*)
FROM inbox_reply WHERE workspace_id = %(workspace_id)s AND campaign_id = %(campaign_id)s
    AND contact_id IS NOT NULL
GROUP BY 1 ORDER BY 2 DESC, 1
"""

REPLIED_PEOPLE = """
SELECT count(DISTINCT contact_id) FROM inbox_reply
WHERE workspace_id = %(workspace_id)s AND campaign_id = %(campaign_id)s AND contact_id IS NOT NULL
"""

# An opt-out belongs to the campaign whose text was the last one handed off to the person before it,
# if that was at most seven days earlier. People are found from the opt-outs, which are few.
_OPTED_OUT = """
SELECT DISTINCT m.id FROM consent_consentevent e
JOIN messaging_message m ON m.campaign_id = %(campaign_id)s AND m.contact_id = e.contact_id
    AND m.id BETWEEN %(first_id)s AND %(last_id)s
WHERE e.workspace_id = %(workspace_id)s AND e.kind = 'opt_out' AND e.channel = 'sms'
    AND m.handed_at IS NOT NULL AND e.given_at >= m.handed_at
    AND e.given_at < m.handed_at + interval '7 days'
    AND NOT EXISTS (
        SELECT 1 FROM messaging_message later
        WHERE later.contact_id = e.contact_id AND later.id <> m.id
          AND later.handed_at > m.handed_at AND later.handed_at <= e.given_at)
"""
OPTED_OUT_PEOPLE = f"SELECT count(*) FROM ({_OPTED_OUT}) x"

PROGRESS_SPAN = """
SELECT min(slot_at), max(slot_at) FROM messaging_progress WHERE campaign_id = %(campaign_id)s
"""
PROGRESS = """
SELECT to_timestamp(floor(extract(epoch FROM slot_at) / %(step_s)s) * %(step_s)s), state,
    sum(message_count)::bigint
FROM messaging_progress WHERE campaign_id = %(campaign_id)s
GROUP BY 1, 2 ORDER BY 1, 2
"""

# The list behind a figure: __WHERE__ is put together from the constants below.
PEOPLE = f"""
SELECT m.id, m.contact_id, m.msisdn, coalesce(c.first_name, ''), coalesce(c.last_name, ''),
    m.country, coalesce(c.operator, ''), m.state, m.reason, m.code, m.segment_count, m.cost_micros,
    m.handed_at, m.done_at
FROM messaging_message m LEFT JOIN contacts_contact c ON c.id = m.contact_id
WHERE {_BLOCK} AND m.id > %(after)s __WHERE__
ORDER BY m.id LIMIT %(limit)s
"""
COUNT_PEOPLE = f"""
SELECT count(*) FROM messaging_message m LEFT JOIN contacts_contact c ON c.id = m.contact_id
WHERE {_BLOCK} __WHERE__
"""

_CLICK = "SELECT 1 FROM links_click k WHERE k.message_id = m.id AND k.campaign_id = m.campaign_id"
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
    "link": f"EXISTS ({_CLICK} AND k.kind = 'human' AND k.link_number = %(link)s)",
    "intent": (
        "m.contact_id IN (SELECT contact_id FROM inbox_reply WHERE campaign_id = %(campaign_id)s"
        " AND workspace_id = %(workspace_id)s AND intent = %(intent)s)"
    ),
}
REACTIONS = {
    "clicked": f"m.id IN (SELECT message_id FROM ({_CLICKERS}) k WHERE is_human)",
    "unsure": f"m.id IN (SELECT message_id FROM ({_CLICKERS}) k WHERE is_unsure AND NOT is_human)",
    "machine": (
        f"m.id IN (SELECT message_id FROM ({_CLICKERS}) k WHERE NOT is_unsure AND NOT is_human)"
    ),
    "replied": (
        "m.contact_id IN (SELECT contact_id FROM inbox_reply WHERE campaign_id = %(campaign_id)s"
        " AND workspace_id = %(workspace_id)s)"
    ),
    "opted_out": f"m.id IN ({_OPTED_OUT})",
}

PLACE_BY_FIELD = "coalesce(c.fields ->> %(place_field)s, '')"
NO_PLACE = "''"
