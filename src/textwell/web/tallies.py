"""Equations of many campaigns in one query, and the curve of one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import OuterRef, QuerySet

from textwell.campaigns.models import Campaign
from textwell.campaigns.selectors import present_audience
from textwell.core.clock import now
from textwell.messaging.models import Progress
from textwell.messaging.selectors import equations
from textwell.messaging.types import Equation
from textwell.reports.figures import FAILED_TERMS, Figure, Term
from textwell.web import charts

SLOT_S = 5
RATE_OVER = timedelta(seconds=30)
MAX_POINTS = 240
TABLE_ROWS = 30


def equations_of(campaigns: Iterable[Campaign]) -> dict[int, Equation]:
    """The send equation of each campaign by its id."""
    return equations({campaign.id: present_audience(campaign) for campaign in campaigns})


@dataclass(frozen=True, slots=True)
class Until:
    """A row of the table behind the curve: what had happened before `at`, and who it was."""

    at: datetime
    handed: int
    delivered: int
    failed: int

    @property
    def handed_figure(self) -> Figure:
        return Figure(term=Term.HANDED, until=self.at.isoformat())

    @property
    def delivered_figure(self) -> Figure:
        return Figure(term="delivered", until=self.at.isoformat())

    @property
    def failed_figure(self) -> Figure:
        return Figure(term=Term.FAILED, until=self.at.isoformat())


@dataclass(frozen=True, slots=True)
class Curve:
    """Messages handed off, delivered and failed since the start, in equal steps of time."""

    start: datetime
    end: datetime
    step_s: int
    handed: list[int]
    delivered: list[int]
    failed: list[int]
    rate: float  # messages handed off a second, over the last half minute

    @property
    def chart(self) -> charts.LineChart:
        return charts.line_chart(
            {"handed": self.handed, "delivered": self.delivered, "failed": self.failed}
        )

    @property
    def rows(self) -> list[Until]:
        """The table behind the chart, some thirty rows; a row counts what is before its time."""
        every = max(1, len(self.handed) // TABLE_ROWS)
        rows = [
            Until(self.start + timedelta(seconds=(n + 1) * self.step_s), *counts)
            for n, counts in enumerate(zip(self.handed, self.delivered, self.failed, strict=True))
        ]
        picked = rows[::every]
        return picked if picked[-1] == rows[-1] else [*picked, rows[-1]]


SLOT = ("slot_at", "state", "message_count", "handed_count")


def slots_of(campaign_id: int | OuterRef) -> QuerySet[Progress]:
    """What a campaign's curve is drawn from, in order."""
    return (
        Progress.objects.filter(campaign_id=campaign_id)
        .exclude(state__in=["planned", "skipped", "canceled", "queued", "held"])
        .order_by("slot_at")
    )


def build_curve(campaign_id: int) -> Curve | None:
    """The curve of a campaign, None before its first hand-off."""
    return curve_of(list(slots_of(campaign_id).values_list(*SLOT)))


def curve_of(slots: Sequence[tuple[datetime, str, int, int]]) -> Curve | None:
    """The curve that goes through values of `SLOT`; None where there are none."""
    if not slots:
        return None
    start, end = slots[0][0], slots[-1][0]
    span_s = int((end - start).total_seconds())
    step_s = SLOT_S * max(1, -(-span_s // (SLOT_S * MAX_POINTS)))
    size = span_s // step_s + 2  # one more: the curve begins at nothing
    steps = {"handed": [0] * size, "delivered": [0] * size, "failed": [0] * size}
    recent = 0
    for slot_at, state, count, handed in slots:
        place = int((slot_at - start).total_seconds()) // step_s + 1
        steps["handed"][place] += handed
        recent += handed if slot_at >= now() - RATE_OVER else 0
        if state == "delivered":
            steps["delivered"][place] += count
        if state in FAILED_TERMS:
            steps["failed"][place] += count
    sums = {name: charts.cumulate(counts) for name, counts in steps.items()}
    begin = start - timedelta(seconds=step_s)
    return Curve(begin, end, step_s, **sums, rate=recent / RATE_OVER.total_seconds())
