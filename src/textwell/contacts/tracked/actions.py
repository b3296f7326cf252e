"""Every write of events."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from typing import Any, Final

import orjson
from django.db import connection, transaction

from textwell.contacts.tracked import sql
from textwell.core.clock import now
from textwell.core.wire import EventItem

LONGEST_KEY: Final = 200
FIRST_LEAF: Final = date(2015, 1, 1)  # what is older lies in one leaf


def record_events(items: Sequence[EventItem]) -> int:
    """Store events in one transaction; answers how many were new.

    Safe to call again with the same events: (workspace, source_key) is stored once.
    """
    if not items:
        return 0
    rows = orjson.dumps([_row(item) for item in items]).decode()
    with transaction.atomic(), connection.cursor() as cursor:
        for month in sorted(_months(items)):
            cursor.execute(sql.MAKE_LEAF, [month])
        # PostgreSQL's text holds no NUL, and one bad event must not keep the others out.
        cursor.execute(sql.INSERT_EVENTS, {"rows": rows.replace("\\u0000", "")})
        return int(cursor.fetchone()[0])


def forget_old_keys() -> int:
    """Drop keys seen ninety days ago or earlier; answers how many. Twice is safe."""
    with connection.cursor() as cursor:
        cursor.execute(sql.FORGET_KEYS)
        return int(cursor.rowcount)


def _row(item: EventItem) -> dict[str, Any]:
    return {
        "workspace_id": item.workspace_id,
        "name": item.name[:100],
        "at": _time(item).isoformat(),
        "source_key": item.source_key[:LONGEST_KEY],
        "contact_id": item.contact_id,
        "msisdn": item.msisdn,
        "external_id": item.external_id[:120],
        "properties": item.properties,
    }


def _time(item: EventItem) -> datetime:
    """A sender's clock may be ahead; what was done was not done after now."""
    return min(datetime.fromtimestamp(item.at, UTC), now())


def _months(items: Iterable[EventItem]) -> set[date]:
    months = {_time(item).date().replace(day=1) for item in items}
    return {month for month in months if month >= FIRST_LEAF}
