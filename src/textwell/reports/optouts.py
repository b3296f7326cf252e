"""Who opted out since a moment, in whatever way they said it: how many, and who."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from textwell.core.db import cursor
from textwell.reports import sql

PAGE = 5_000
MOST_COUNTED = 10_000  # counting more of them would take longer than the page


@dataclass(frozen=True, slots=True)
class OptOut:
    """A person and the last time that they said stop; `source` and `actor` as the event has them."""

    event_id: int
    contact_id: int
    first_name: str
    last_name: str
    msisdn: str
    country: str
    given_at: datetime
    source: str
    actor: str


def count_opt_outs(workspace_id: int, since: datetime) -> int:
    """People, each once; more than `MOST_COUNTED` means that there are more than that."""
    with cursor() as raw:
        raw.execute(
            sql.COUNT_OPT_OUTS,
            {"workspace_id": workspace_id, "since": since, "most": MOST_COUNTED + 1},
        )
        (count,) = raw.fetchone()
    return int(count)


def list_opt_outs(
    workspace_id: int, since: datetime, *, before_id: int | None = None, limit: int = 50
) -> list[OptOut]:
    """The latest first; `before_id` is the event of the last one seen."""
    with cursor() as raw:
        raw.execute(
            sql.LIST_OPT_OUTS,
            {"workspace_id": workspace_id, "since": since, "before": before_id, "limit": limit},
        )
        return [OptOut(*row) for row in raw.fetchall()]


def each_opt_out(workspace_id: int, since: datetime) -> Iterator[OptOut]:
    """All of them, read page by page: memory does not grow with their number."""
    before: int | None = None
    while page := list_opt_outs(workspace_id, since, before_id=before, limit=PAGE):
        yield from page
        before = page[-1].event_id
