"""How many people are on each list and have each tag, and how many of them may be texted.

Counted when asked for while a workspace is small. Beyond `MOST_LIVE` people the figures are kept:
a job counts them again when they are asked for and older than `FRESH`.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, LiteralString

from django.db import transaction

from textwell.consent.statistics import refresh_standing_statistics
from textwell.contacts.models import Contact
from textwell.core.clock import now
from textwell.core.db import cursor
from textwell.core.jobs import enqueue_once
from textwell.segments.models import GroupFigure

COUNT_JOB: Final = "segments.count"
MOST_LIVE = 20_000  # people of a workspace; counting all groups of them takes some 50 ms
FRESH = timedelta(minutes=5)

# (people, who may be texted): with consent to marketing by SMS, not suppressed.
_COUNTS: LiteralString = "count(*), count(*) FILTER (WHERE s.is_granted AND x.id IS NULL)"
_STANDING: LiteralString = """
LEFT JOIN consent_consentstate s
    ON s.contact_id = c.id AND s.channel = 'sms' AND s.purpose = 'marketing'
        AND s.topic = '' AND s.brand = '' AND s.sender = ''
LEFT JOIN consent_suppression x ON x.workspace_id = c.workspace_id AND x.msisdn = c.msisdn
"""
# The people's own workspace as well: beside another with a million of them its own few are looked up.
_BY_LIST: LiteralString = """
SELECT m.list_id::text, __COUNTS__
FROM contacts_contactlist l JOIN contacts_listmember m ON m.list_id = l.id
JOIN contacts_contact c ON c.id = m.contact_id __STANDING__
WHERE l.workspace_id = %(w)s AND c.workspace_id = %(w)s GROUP BY m.list_id
"""
_BY_TAG: LiteralString = """
SELECT t.tag, __COUNTS__
FROM contacts_contact c CROSS JOIN unnest(c.tags) AS t(tag) __STANDING__
WHERE c.workspace_id = %(w)s AND c.tags <> '{}' GROUP BY t.tag
"""
_EVERYBODY: LiteralString = """
SELECT '', __COUNTS__ FROM contacts_contact c __STANDING__ WHERE c.workspace_id = %(w)s
"""
_ALL: Final = "all"  # one row of each workspace: also one without lists and tags has been counted
_STATEMENTS: dict[str, LiteralString] = {"list": _BY_LIST, "tag": _BY_TAG, _ALL: _EVERYBODY}


@dataclass(frozen=True, slots=True)
class Figures:
    """(people, who may be texted) by key; `counted_at` None: counted now."""

    by_key: dict[str, tuple[int, int]] = field(default_factory=dict)
    counted_at: datetime | None = None
    is_pending: bool = False  # never counted yet: the job is under way

    def of(self, key: object) -> tuple[int, int]:
        return self.by_key.get(str(key), (0, 0))


def list_figures(workspace_id: int) -> Figures:
    """By list id as text. A list without people is absent."""
    return _find(workspace_id, "list")


def tag_figures(workspace_id: int) -> Figures:
    """By tag: every tag that somebody has."""
    return _find(workspace_id, "tag")


def tags_in_use(workspace_id: int) -> list[str]:
    """By name. In a large workspace a tag that is new since the last count is not there yet."""
    if not is_large(workspace_id):
        with cursor() as sql:
            sql.execute(
                "SELECT DISTINCT unnest(tags) AS tag FROM contacts_contact"
                " WHERE workspace_id = %(w)s AND tags <> '{}' ORDER BY tag",
                {"w": workspace_id},
            )
            return [row[0] for row in sql.fetchall()]
    return sorted(_find(workspace_id, "tag").by_key)


def kept_people(
    workspace_id: int, *, list_id: int | None = None, tag: str | None = None
) -> int | None:
    """People of a large workspace, or of a list or tag of it, when they were last counted.

    None: it is small, or they never were; then a job counts them.
    """
    if not is_large(workspace_id):
        return None
    kind, key = _ALL, ""
    if list_id is not None or tag is not None:
        kind, key = ("list", str(list_id)) if tag is None else ("tag", tag)
    found = _find(workspace_id, kind)
    return found.by_key[key][0] if found.counted_at and key in found.by_key else None


def is_large(workspace_id: int) -> bool:
    """Whether it has more people than are counted while somebody waits."""
    people = Contact.objects.filter(workspace_id=workspace_id).order_by()
    return people[: MOST_LIVE + 1].count() > MOST_LIVE


def _find(workspace_id: int, kind: str) -> Figures:
    if not is_large(workspace_id):
        return Figures(_count(workspace_id, kind))
    rows = list(GroupFigure.objects.filter(workspace_id=workspace_id, kind__in=[kind, _ALL]))
    counted_at = min((row.counted_at for row in rows), default=None)
    if counted_at is None or counted_at < now() - FRESH:
        request_count(workspace_id)
    counts = {row.key: (row.people_count, row.textable_count) for row in rows if row.kind == kind}
    return Figures(counts, counted_at, is_pending=counted_at is None)


def _count(workspace_id: int, kind: str) -> dict[str, tuple[int, int]]:
    refresh_standing_statistics(workspace_id)
    with cursor() as sql:
        statement = _STATEMENTS[kind].replace("__COUNTS__", _COUNTS)
        sql.execute(statement.replace("__STANDING__", _STANDING), {"w": workspace_id})
        return {key: (people, textable) for key, people, textable in sql.fetchall()}


def request_count(workspace_id: int) -> None:
    """Have the figures counted again, unless that is under way or just failed. Twice is safe."""
    enqueue_once(workspace_id=workspace_id, kind=COUNT_JOB, payload={})


def keep_figures(workspace_id: int) -> int:
    """Count all groups and keep the figures in place of the old ones; answers how many groups."""
    rows = [
        GroupFigure(
            workspace_id=workspace_id,
            kind=kind,
            key=key,
            people_count=people,
            textable_count=textable,
            counted_at=now(),
        )
        for kind in _STATEMENTS
        for key, (people, textable) in _count(workspace_id, kind).items()
    ]
    with transaction.atomic():
        GroupFigure.objects.filter(workspace_id=workspace_id).delete()
        GroupFigure.objects.bulk_create(rows, batch_size=1000)
    return len(rows)
