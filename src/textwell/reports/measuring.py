"""What a campaign is judged by, and how those who were texted compare with those held out."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import sqrt
from typing import Final

from textwell.campaigns.models import Campaign, Metric
from textwell.core.clock import now
from textwell.messaging.states import WAITING
from textwell.reports import sql
from textwell.reports.figures import Figure, Lot
from textwell.reports.metrics import wilson
from textwell.reports.scope import Scope

MEASURED_DAYS: Final = 7  # from the last hand-off: events from the first one until then count


@dataclass(frozen=True, slots=True)
class Arm:
    """One side of the comparison, everyone whom the lot put there, reached or not."""

    people_count: int
    did_count: int  # with at least one of the events

    @property
    def rate(self) -> float:
        return self.did_count / self.people_count if self.people_count else 0.0


@dataclass(frozen=True, slots=True)
class Comparison:
    """`low` to `high`: the difference of the two rates with 95 % confidence, -1 to 1.

    `is_over`: no text waits, and all that counts has happened.
    """

    texted: Arm
    held_out: Arm
    low: float
    high: float
    event: str
    since: str  # RFC 3339, as `until`
    until: str
    is_over: bool

    @property
    def texted_figure(self) -> Figure:
        return Figure(lot=Lot.TEXTED)

    @property
    def held_out_figure(self) -> Figure:
        return Figure(lot=Lot.HELD_OUT)

    @property
    def texted_did_figure(self) -> Figure:
        return self._did(Lot.TEXTED)

    @property
    def held_out_did_figure(self) -> Figure:
        return self._did(Lot.HELD_OUT)

    def _did(self, lot: Lot) -> Figure:
        return Figure(lot=lot, event=self.event, since=self.since, until=self.until)

    @property
    def difference(self) -> float:
        return self.texted.rate - self.held_out.rate

    @property
    def is_told_apart(self) -> bool | None:
        """Whether chance alone is an unlikely cause of the difference; None: not known until it is over.

        An interval of 95 % is meant to be looked at once. Who looks every day and stops where it leaves
        out nought takes chance for more in 18 of 100 campaigns without any effect.
        """
        return (self.low > 0 or self.high < 0) if self.is_over else None


@dataclass(frozen=True, slots=True)
class Measure:
    """`since` and `until` None: it is not about events, or the campaign has not begun.

    The time is one for both sides: from the first hand-off to a week after the last one, so that who is
    texted late, by a slow or a paused sending, has a week too. `is_over`: nothing puts `until` off any
    more, because no text waits, and it has come.
    """

    goal: str
    metric: str  # of campaigns.models.Metric; "": none was chosen
    event: str
    since: datetime | None
    until: datetime | None
    waits: bool  # texts are still to be handed off, which puts `until` off
    is_over: bool
    held_out_count: int
    texted: Arm | None  # None: it is not about events, or the campaign has not begun
    comparison: Comparison | None  # None: nobody is held out, or it cannot be counted for both

    @property
    def did_figure(self) -> Figure:
        """Who of `texted` had the event."""
        since, until = (at.isoformat() if at else None for at in (self.since, self.until))
        return Figure(lot=Lot.TEXTED, event=self.event, since=since, until=until)


def measure(campaign: Campaign, scope: Scope, *, held_out_count: int) -> Measure:
    since = campaign.first_handoff_at or campaign.scheduled_at or campaign.launched_at
    counts_events = campaign.metric == Metric.EVENTS and campaign.metric_event and scope.last_id
    waits = is_over = False
    if not counts_events or since is None:
        since = until = texted = comparison = None
    else:
        until, waits = _find_end(scope, since)
        is_over = not waits and now() >= until
        texted, held_out = _count_events(campaign, scope, since, until)
        comparison = _compare(campaign, texted, held_out, since, until, is_over=is_over)
    return Measure(
        goal=campaign.goal,
        metric=campaign.metric,
        event=campaign.metric_event,
        since=since,
        until=until,
        waits=waits,
        is_over=is_over,
        held_out_count=held_out_count,
        texted=texted,
        comparison=comparison,
    )


def _find_end(scope: Scope, since: datetime) -> tuple[datetime, bool]:
    """A week after the last hand-off so far, and whether texts wait for theirs."""
    last, waits = scope.rows(sql.LAST_HANDOFF, waiting=sorted(WAITING))[0]
    return max(last or since, since) + timedelta(days=MEASURED_DAYS), bool(waits)


def _count_events(
    campaign: Campaign, scope: Scope, since: datetime, until: datetime
) -> tuple[Arm, Arm]:
    rows = scope.rows(sql.EVENTS_BY_LOT, event=campaign.metric_event, since=since, until=until)
    arms = {is_held_out: Arm(people, did) for is_held_out, people, did in rows}
    return arms.get(False, Arm(0, 0)), arms.get(True, Arm(0, 0))


def _compare(
    campaign: Campaign,
    texted: Arm,
    held_out: Arm,
    since: datetime,
    until: datetime,
    *,
    is_over: bool,
) -> Comparison | None:
    """None: there is nobody to compare with."""
    if not held_out.people_count:
        return None
    low, high = interval(texted, held_out)
    bounds = since.isoformat(), until.isoformat()
    return Comparison(texted, held_out, low, high, campaign.metric_event, *bounds, is_over)


def interval(one: Arm, other: Arm) -> tuple[float, float]:
    """The difference of two rates with 95 % confidence; (-1, 1) where a side has nobody.

    Newcombe's hybrid score interval (Statistics in Medicine 17, 1998, method 10): it holds for small
    numbers and for rates near nought, where the usual one does not.
    """
    if not one.people_count or not other.people_count:
        return -1.0, 1.0
    low_1, high_1 = wilson(one.did_count, one.people_count)
    low_2, high_2 = wilson(other.did_count, other.people_count)
    difference = one.rate - other.rate
    below = sqrt((one.rate - low_1) ** 2 + (high_2 - other.rate) ** 2)
    above = sqrt((high_1 - one.rate) ** 2 + (other.rate - low_2) ** 2)
    return difference - below, difference + above
