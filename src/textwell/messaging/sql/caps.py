"""How many marketing texts a person had: counted before a send, and again at its hand-off.

Two caps may hold for a message, its campaign's and its workspace's; a cap of 0 texts is none. What the
workspace promised in public (`messaging.promises`) is a third, which hangs on when the person agreed.
Where none holds nothing is read.
"""

# States that count before a send: planned or more, and not taken back.
CAP_STATES = "('planned','queued','handing','held','submitted','delivered','undelivered','unknown')"
# States that count at hand-off: a carrier has it, or may have it.
HANDED_STATES = "('submitted','delivered','undelivered','unknown')"

MAX_WINDOW = 1_000  # messages of one mark, at most

IS_CAPPED = "(%(cap_count)s > 0 OR %(workspace_cap_count)s > 0 OR %(promise_hours)s > 0)"
# What was promised to the person whose consent is row `cs`, see `promised.Step`.
_PROMISED = """(
        SELECT step.most FROM jsonb_to_recordset(%(promise)s::jsonb) AS step(since timestamptz, most integer)
        WHERE step.since <= cs.since ORDER BY step.since DESC LIMIT 1)"""


def promise_of(workspace: str) -> str:
    """All versions of what a workspace promised, and the present one's body, as JSON (SQL)."""
    return f"""(
        SELECT jsonb_build_object(
            'steps', jsonb_agg(jsonb_build_array(p.published_at, p.most) ORDER BY p.version),
            'present', (SELECT last.document::jsonb -> 'promise' FROM messaging_promise last
                        WHERE last.workspace_id = {workspace} ORDER BY last.version DESC LIMIT 1))
        FROM messaging_promise p WHERE p.workspace_id = {workspace})"""


IS_CAP_REACHED = f"""(
    (%(cap_count)s > 0 AND coalesce(r.recent_count, 0) >= %(cap_count)s)
    OR (%(workspace_cap_count)s > 0 AND coalesce(r.workspace_recent_count, 0) >= %(workspace_cap_count)s)
    OR (%(promise_hours)s > 0 AND r.promised_recent_count >= {_PROMISED}))
"""

_AT = "coalesce(m.handed_at, m.due_at)"
_LONGEST = (
    "make_interval(hours => greatest(%(cap_hours)s, %(workspace_cap_hours)s, %(promise_hours)s))"
)

_CAP_AT = "%(cap_at)s::timestamptz"


def recent_counts(at: str = _CAP_AT) -> str:
    """Before a send, of messages `m`: what a person had and what is planned for them until `at` (SQL)."""
    return f"""
    count(*) FILTER (WHERE {_AT} > {at} - make_interval(hours => %(cap_hours)s)) AS recent_count,
    count(*) FILTER (WHERE {_AT} > {at} - make_interval(hours => %(workspace_cap_hours)s))
        AS workspace_recent_count,
    count(*) FILTER (WHERE {_AT} > {at} - make_interval(hours => %(promise_hours)s))
        AS promised_recent_count
"""


def is_recent(at: str = _CAP_AT) -> str:
    """Which messages `recent_counts` is about."""
    return f"""
    {IS_CAPPED} AND m.is_counted AND m.state IN {CAP_STATES}
      AND {_AT} <= {at} AND {_AT} > {at} - {_LONGEST}
"""


RECENT_COUNTS = recent_counts()
IS_RECENT = is_recent()


def is_other_subject(message: str, topic: str) -> str:
    """Whether a message is known to be about another subject than a topic: its campaign names another (SQL).

    What names none, on either side, may be about the same.
    """
    return f"""({topic} <> '' AND EXISTS (
        SELECT FROM campaigns_campaign other
        WHERE other.id = {message}.campaign_id AND other.topic NOT IN ('', {topic})))"""


# At hand-off: what was handed off to the person of message `m` before it, whatever its id and
# whatever it was planned for. An answer comes into its row some moments later, so a mark counts as
# well, if its window is before this one: of two messages marked at one moment, one sees the other.
# A settled window that is older than its message's due time is of a message that was held since.
# A message that the gate has just kept back counts until its outcome is folded: in doubt, less is
# sent.
def _handed(period: str, counts: str = "true") -> str:
    """Moments `at` of what the person of message `m` was handed within a period (SQL).

    `counts`: of which messages `y`.
    """
    return f"""(
        SELECT coalesce(y.handed_at, y.due_at) AS at FROM messaging_message y
        WHERE y.contact_id = m.contact_id AND y.workspace_id = m.workspace_id AND y.id <> m.id
          AND y.is_counted AND y.state IN {HANDED_STATES} AND {counts}
          AND coalesce(y.handed_at, y.due_at) > now() - {period}
        UNION ALL
        SELECT w.marked_at FROM messaging_message y
        CROSS JOIN LATERAL (
            SELECT w.marked_at FROM messaging_window w
            WHERE w.first_message_id BETWEEN y.id - {MAX_WINDOW} AND y.id AND w.last_message_id >= y.id
              AND w.id < %(window_id)s AND (NOT w.is_settled OR w.marked_at >= y.due_at)
            ORDER BY w.id DESC LIMIT 1
        ) w
        WHERE y.contact_id = m.contact_id AND y.workspace_id = m.workspace_id AND y.id <> m.id
          AND y.is_counted AND y.state IN ('planned', 'queued', 'handing') AND {counts}
    )"""


HANDED_COUNTS = f"""
    SELECT ARRAY[
        count(*) FILTER (WHERE x.at > now() - make_interval(hours => %(cap_hours)s)),
        count(*) FILTER (WHERE x.at > now() - make_interval(hours => %(workspace_cap_hours)s)),
        count(*) FILTER (WHERE x.at > now() - make_interval(hours => %(promise_hours)s))]
    FROM {_handed(_LONGEST)} x
"""

# Whether law may cap message `m`: %(capped)s are countries and beginnings of numbers. Their packs count
# by the day or the week, in the person's zone: the moments are told, and the packs judge them.
IS_LEGALLY_CAPPED = (
    "m.is_counted AND (m.country = ANY(%(capped)s) OR left(m.msisdn, 5) = ANY(%(capped)s))"
)
_LEGAL_PERIOD = "interval '9 days'"  # longer than any
# Where its caps count by subject (%(by_subject)s, places as of %(capped)s), of the same alone.
_IS_SAME = f"""NOT ((m.country = ANY(%(by_subject)s) OR left(m.msisdn, 5) = ANY(%(by_subject)s))
            AND {is_other_subject("y", "%(topic)s")})"""
HANDED_MOMENTS = f"SELECT array_agg(x.at) FROM {_handed(_LEGAL_PERIOD, _IS_SAME)} x"

# What a person had until %(cap_at)s, for one person's preview and for single messages.
COUNT_RECENT = f"""
SELECT {RECENT_COUNTS} FROM messaging_message m
WHERE m.contact_id = %(contact_id)s AND m.id <> %(but_id)s AND {IS_RECENT}
"""


def recent_moments(contact_id: str, at: str, *, by_subject: str, topic: str) -> str:
    """Moments of what a person had and is to have until `at`, for caps of law; null for none (SQL).

    `by_subject`: whether those count by subject where the person lives.
    """
    return f"""
    SELECT array_agg({_AT}) FROM messaging_message m
    WHERE m.contact_id = {contact_id} AND m.is_counted AND m.state IN {CAP_STATES}
      AND {_AT} <= {at} AND {_AT} > {at} - {_LEGAL_PERIOD}
      AND NOT ({by_subject} AND {is_other_subject("m", topic)})
"""


_LISTED = recent_moments(
    "%(contact_id)s", "%(at)s::timestamptz", by_subject="%(is_by_subject)s", topic="%(topic)s::text"
)
LIST_RECENT = f"{_LISTED} AND m.id <> %(but_id)s"
