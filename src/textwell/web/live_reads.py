"""What the moving part of a campaign shows, read once a second however many people watch it."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONArray

from textwell.campaigns.models import Campaign
from textwell.campaigns.selectors import present_audience
from textwell.core.errors import NotFound
from textwell.gateways.models import Gateway
from textwell.messaging.models import Tally
from textwell.messaging.selectors import add_up
from textwell.messaging.types import Equation
from textwell.web.tallies import SLOT, Curve, curve_of, slots_of

# Pages ask a second after the last answer: each of a page's answers is newer than the one before.
KEPT_S = 1.0
TALLY = (
    "state", "message_count", "segment_count", "cost_micros", "handed_count", "handed_segments",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class LiveRead:
    """A campaign at one moment; `currency` is its gateway's, "" where that is gone."""

    campaign: Campaign
    currency: str
    equation: Equation
    curve: Curve | None


def read_live(workspace_id: int, campaign_id: int) -> LiveRead:
    """One query, however large the campaign is.

    Raises:
        NotFound: there is no such campaign in the workspace.
    """
    gateway = Gateway.objects.filter(workspace_id=workspace_id, id=OuterRef("gateway_id"))
    found = (
        Campaign.objects.filter(workspace_id=workspace_id, id=campaign_id)
        .annotate(
            currency=Subquery(gateway.values("currency")[:1]),
            tallies=_rows(Tally.objects.filter(campaign_id=OuterRef("id")), TALLY),
            slots=_rows(slots_of(OuterRef("id")), SLOT),
        )
        .first()
    )
    if found is None:
        raise NotFound("campaign", campaign_id)
    return LiveRead(
        campaign=found,
        currency=found.currency or "",
        equation=add_up(
            present_audience(found),
            [Tally(**dict(zip(TALLY, row, strict=True))) for row in found.tallies],
        ),
        curve=curve_of([(datetime.fromisoformat(at), *rest) for at, *rest in found.slots]),
    )


def _rows(rows: QuerySet[Any], names: Sequence[str]) -> ArraySubquery:
    """All of them as arrays of these values, in one value: no query of their own."""
    return ArraySubquery(rows.values_list(JSONArray(*names), flat=True))


class SharedReads:
    """Reads of the last second, of this process; whoever asks for one meanwhile gets the same."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = Lock()
        self._kept: dict[tuple[int, int], tuple[float, LiveRead]] = {}

    def get(self, workspace_id: int, campaign_id: int) -> LiveRead:
        """As `read_live`; what was not found is not kept."""
        key = (workspace_id, campaign_id)
        with self._lock:  # while one reads the others wait for it: that is the point
            self._forget_old()
            if key not in self._kept:
                self._kept[key] = (self._clock(), read_live(workspace_id, campaign_id))
            return self._kept[key][1]

    def _forget_old(self) -> None:
        since = self._clock() - KEPT_S
        self._kept = {key: kept for key, kept in self._kept.items() if kept[0] > since}


shared_reads = SharedReads()
