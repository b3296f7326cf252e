"""Which texts of a campaign are judged, and what tells them apart.

The past is judged as it was. What waits goes from now on at the earliest, after all that goes before it.
"""

from typing import Final

from textwell.messaging.sql.caps import CAP_STATES, HANDED_STATES

# What was handed off, or waits for its time; of a person who is gone neither zone nor language is known.
_TEXTS: Final = """
    SELECT m.id, m.workspace_id, m.contact_id, m.country, m.is_counted, m.msisdn, __WHAT__,
        left(m.msisdn, coalesce((%(starts)s::jsonb ->> m.country)::int, 0)) AS start,
        coalesce(c.zone, '') AS zone, coalesce(c.language, '') AS language,
        __AT__ AS at, date_trunc('minute', __AT__) AS minute
    FROM messaging_message m
    LEFT JOIN contacts_contact c ON c.id = m.contact_id AND c.workspace_id = m.workspace_id
    __SINGLE__
    WHERE __MINE__ AND __WHICH__
"""
_PLACES: Final = f"SELECT DISTINCT country, start, zone FROM ({_TEXTS}) t"

# The person's last word on such texts, and what they were handed before, as far as a cap looks back.
# Of a consent counts whether its lifetimes are over; of earlier texts how many lie in each period: in so
# many hours, or since the day or the week began wherever that is earliest.
_GROUPS: Final = f"""
WITH t AS MATERIALIZED ({_TEXTS}),
seen AS (
    SELECT t.*, coalesce(e.kind, '') AS kind, coalesce(e.basis, '') AS basis, e.given_at, r.handed,
        ARRAY(SELECT e.given_at + make_interval(months => n) <= t.minute
              FROM unnest(%(months)s::int[]) WITH ORDINALITY x (n, i) ORDER BY i) AS ended,
        CASE WHEN r.handed IS NOT NULL THEN ARRAY(
            SELECT count(h.at) FROM unnest(%(hours)s::int[]) WITH ORDINALITY x (n, i)
            LEFT JOIN unnest(r.handed) h (at) ON h.at > CASE WHEN x.n > 0
                THEN t.minute - make_interval(hours => x.n)
                ELSE (SELECT min(date_trunc(CASE x.n WHEN 0 THEN 'day' ELSE 'week' END,
                        t.minute AT TIME ZONE z) AT TIME ZONE z) - interval '1 microsecond'
                    FROM jsonb_array_elements_text(
                        %(zones)s::jsonb -> concat_ws('|', t.country, t.start, t.zone)) z)
                END
            GROUP BY i ORDER BY i) END AS counts,
        __REGISTERS__ AS registers
    FROM t
    LEFT JOIN LATERAL (
        SELECT e.kind, e.basis, e.given_at FROM consent_consentevent e
        WHERE e.contact_id = t.contact_id AND e.workspace_id = t.workspace_id
          AND e.channel = 'sms' AND e.purpose = t.purpose AND e.given_at <= t.at
          AND e.topic IN (t.topic, '*') AND e.brand IN (t.brand, '*')
          AND NOT EXISTS (SELECT FROM consent_withdrawnimport w
                          WHERE w.import_run_id = e.import_run_id)
        ORDER BY e.given_at DESC, e.id DESC LIMIT 1
    ) e ON TRUE
    LEFT JOIN LATERAL (
        SELECT array_agg(coalesce(y.handed_at, y.due_at)) AS handed
        FROM messaging_message y
        WHERE y.contact_id = t.contact_id AND y.workspace_id = t.workspace_id AND y.id <> t.id
          AND y.is_counted AND y.state IN __COUNTED__
          AND coalesce(y.handed_at, y.due_at) <= t.at
          AND coalesce(y.handed_at, y.due_at) > t.at - make_interval(hours => %(longest)s)
    ) r ON t.is_counted AND %(zones)s::jsonb ? concat_ws('|', t.country, t.start, t.zone)
)
SELECT country, start, zone, language, minute, kind, basis, ended, counts, registers, count(*),
    min(id), min(given_at), min(handed), __IDS__
FROM seen
GROUP BY country, start, zone, language, minute, kind, basis, ended, counts, registers __ALONE__
"""
# Lists that are on file of the registers that are asked for, each with whether it names the number.
_REGISTERS: Final = """ARRAY(
    SELECT r.key || CASE WHEN n.msisdn IS NULL THEN '-' ELSE '+' END
    FROM consent_register r
    LEFT JOIN consent_registernumber n ON n.register_id = r.id AND n.msisdn = t.msisdn
    WHERE r.workspace_id = t.workspace_id AND r.country = t.country AND r.key = ANY(%(registers)s)
    ORDER BY r.key)"""
_OF_CAMPAIGN: Final = {
    "__WHAT__": "%(purpose)s::text AS purpose, %(topic)s::text AS topic, %(brand)s::text AS brand",
    "__SINGLE__": "",
    "__MINE__": "m.id BETWEEN %(first_id)s AND %(last_id)s AND m.campaign_id = %(campaign_id)s",
    "__ALONE__": "",
}
_OF_SINGLES: Final = {
    "__WHAT__": """b.extra ->> 'purpose' AS purpose, coalesce(b.extra ->> 'topic', '') AS topic,
        coalesce(b.extra ->> 'brand', '') AS brand""",
    "__SINGLE__": """JOIN LATERAL (
        SELECT b.extra FROM messaging_batch b
        WHERE b.campaign_id IS NULL AND b.first_message_id = m.id ORDER BY b.id LIMIT 1
    ) b ON true""",
    "__MINE__": "m.id = ANY(%(ids)s)",
    "__ALONE__": ", id",
}


def _put(statement: str, values: dict[str, str]) -> str:
    for name, value in values.items():
        statement = statement.replace(name, value)
    return statement


def _past(statement: str) -> str:
    return (
        _put(statement, _OF_CAMPAIGN)
        .replace("__REGISTERS__", "'{}'::text[]")
        .replace("__AT__", "coalesce(m.handed_at, m.due_at)")
        .replace(
            "__WHICH__",
            "(m.handed_at IS NOT NULL OR (m.state = ANY(%(waiting)s) AND m.due_at IS NOT NULL))",
        )
        .replace("__COUNTED__", HANDED_STATES)
        .replace("__IDS__", "'{}'::bigint[]")
    )


def _waiting(statement: str, mine: dict[str, str]) -> str:
    return (
        _put(statement, mine)
        .replace("__REGISTERS__", _REGISTERS)
        .replace("__AT__", "greatest(m.due_at, now())")
        .replace(
            "__WHICH__",
            "m.state = ANY(%(waiting)s) AND m.due_at IS NOT NULL AND m.country = ANY(%(countries)s)",
        )
        .replace("__COUNTED__", CAP_STATES)
        .replace("__IDS__", "array_agg(id ORDER BY id)")
    )


PLACES: Final = _past(_PLACES)
GROUPS: Final = _past(_GROUPS)
WAITING_PLACES: Final = _waiting(_PLACES, _OF_CAMPAIGN)
WAITING_GROUPS: Final = _waiting(_GROUPS, _OF_CAMPAIGN)
SINGLE_PLACES: Final = _waiting(_PLACES, _OF_SINGLES)
SINGLE_GROUPS: Final = _waiting(_GROUPS, _OF_SINGLES)

# Single texts that wait, by rising id: in batches of their own, or held after their mark. Marketing alone.
WAITING_SINGLES: Final = """
SELECT m.id FROM (
    SELECT first_message_id AS id FROM messaging_batch
    WHERE campaign_id IS NULL AND state IN ('planned', 'queued') AND first_message_id > %(after_id)s
    UNION
    SELECT message_id FROM messaging_held WHERE campaign_id < 0 AND message_id > %(after_id)s
) asked
JOIN messaging_message m ON m.id = asked.id
JOIN messaging_batch b ON b.campaign_id IS NULL AND b.first_message_id = m.id
WHERE m.state = ANY(%(waiting)s) AND m.country = ANY(%(countries)s)
  AND (%(workspace_id)s::bigint IS NULL OR m.workspace_id = %(workspace_id)s)
  AND NOT (b.extra ->> 'purpose' = ANY(%(exempt)s)) AND NOT b.extra ? 'trial_of'
ORDER BY m.id LIMIT %(limit)s
"""
