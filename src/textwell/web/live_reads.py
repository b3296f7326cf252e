"""What the moving part of a campaign shows, read once a second however many people watch it."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock

from django.db.models import OuterRef, Subquery

from textwell.campaigns.models import Campaign
from textwell.core.errors import NotFound
from textwell.gateways.models import Gateway
from textwell.messaging.types import Equation
from textwell.web.tallies import Curve, build_curve, equations_of

KEPT_S = 0.9  # pages ask every second: each of its own answers is newer than the one before


@dataclass(frozen=True, slots=True)
class LiveRead:
    """A campaign at one moment; `currency` is its gateway's, "" where that is gone."""

    campaign: Campaign
    currency: str
    equation: Equation
    curve: Curve | None


def read_live(workspace_id: int, campaign_id: int) -> LiveRead:
    """Three queries, however large the campaign is.

    Raises:
        NotFound: there is no such campaign in the workspace.
    """
    gateway = Gateway.objects.filter(workspace_id=workspace_id, id=OuterRef("gateway_id"))
    found = (
        Campaign.objects.filter(workspace_id=workspace_id, id=campaign_id)
        .annotate(currency=Subquery(gateway.values("currency")[:1]))
        .first()
    )
    if found is None:
        raise NotFound("campaign", campaign_id)
    return LiveRead(
        campaign=found,
        currency=found.currency or "",
        equation=equations_of([found])[found.id],
        curve=build_curve(found.id),
    )


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
