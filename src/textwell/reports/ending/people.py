"""Whose consent to marketing by SMS ends soon, or has ended, and how many by country and month."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.utils.translation import gettext as _

from textwell.core.clock import now
from textwell.core.db import cursor
from textwell.core.errors import FieldError
from textwell.messaging.consent_law import consent_terms
from textwell.messaging.ending import MOST_DAYS, given_until
from textwell.reports.ending import sql

ENDING: Final = "ending"  # counts now and ends within some days: they may be asked
ENDED: Final = "ended"  # counts no more: nothing that asks them may be sent
STATES: Final = (ENDING, ENDED)
USUAL_DAYS: Final = 30
_MONTH: Final = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which of them. `month` (in UTC, "2026-12"): in which the first of a person's consents ends.

    Raises:
        FieldError: a part of it cannot be.
    """

    state: str = ENDING
    within_days: int = USUAL_DAYS  # of those that are ending
    country: str | None = None
    month: str | None = None

    def __post_init__(self) -> None:
        if self.state not in STATES:
            mend = _("Use one of: %(known)s.") % {"known": ", ".join(STATES)}
            raise FieldError("state", _("is unknown."), mend)
        if not 1 <= self.within_days <= MOST_DAYS:
            mend = _("Give 1 to %(most)s.") % {"most": MOST_DAYS}
            raise FieldError("within_days", _("is out of range."), mend)
        if self.month is not None and not _MONTH.fullmatch(self.month):
            raise FieldError("month", _("is no month."), _("Write it as 2026-12."))


@dataclass(frozen=True, slots=True)
class Ending:
    """A person and the consent of theirs that ends first. `by_law`: a pack ends it, not the workspace."""

    contact_id: int
    country: str
    ends_at: datetime
    first_name: str
    last_name: str
    msisdn: str
    given_at: datetime
    basis: str
    topic: str
    brand: str
    sender: str
    by_law: bool


@dataclass(frozen=True, slots=True)
class EndingCount:
    month: str
    country: str
    people_count: int


def list_ending(
    workspace_id: int, wanted: Wanted, *, after_id: int | None = None, limit: int = 50
) -> list[Ending]:
    """By rising id of the person; `after_id` is the last one seen."""
    params = _params(workspace_id, wanted) | {"after_id": after_id or 0, "limit": limit}
    with cursor() as raw:
        raw.execute(sql.LIST, params)
        return [Ending(*row) for row in raw.fetchall()]


def count_ending(workspace_id: int, wanted: Wanted) -> list[EndingCount]:
    """People, each once, by month and country. Together they are as many as `list_ending` lists."""
    with cursor() as raw:
        raw.execute(sql.COUNT, _params(workspace_id, wanted) | {"after_id": 0})
        return [EndingCount(*row) for row in raw.fetchall()]


def _params(workspace_id: int, wanted: Wanted) -> dict[str, Any]:
    at = now()
    is_ahead = wanted.state == ENDING
    until = at + timedelta(days=wanted.within_days) if is_ahead else at
    return {
        "workspace_id": workspace_id,
        "consent_terms": consent_terms(at.date()),
        "given_until": given_until(workspace_id, until, on=at),
        "country": wanted.country,
        "month": wanted.month,
        "from": at if is_ahead else None,
        "until": until,
    }
