"""Equations of many campaigns in one query, and the curve of one."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from textwell.campaigns.models import Campaign, CampaignState
from textwell.core.clock import now
from textwell.messaging.models import Progress, Tally
from textwell.messaging.states import State, equation_term
from textwell.messaging.types import EMPTY_TERMS, Equation
from textwell.web import charts

SLOT_S = 5
RATE_OVER = timedelta(seconds=30)
HANDED = ("submitted", "unknown", "rejected")
FAILED = ("undelivered", "expired", "rejected")
MAX_POINTS = 240


def equations_of(campaigns: Iterable[Campaign]) -> dict[int, Equation]:
    """The send equation of each campaign by its id."""
    found = {campaign.id: campaign for campaign in campaigns}
    terms = {key: dict(EMPTY_TERMS) for key in found}
    sums = {key: [0, 0] for key in found}
    for tally in Tally.objects.filter(campaign_id__in=found):
        terms[tally.campaign_id][equation_term(State(tally.state))] += tally.message_count
        sums[tally.campaign_id][0] += tally.segment_count
        sums[tally.campaign_id][1] += tally.cost_micros
    return {
        key: Equation(_audience(campaign), terms[key], sums[key][0], sums[key][1])
        for key, campaign in found.items()
    }


def _audience(campaign: Campaign) -> int:
    """While the plan is being made, the audience is what is planned so far."""
    is_planning = campaign.state == CampaignState.PLANNING
    return campaign.planned_count if is_planning else campaign.audience_count


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
    def rows(self) -> list[tuple[datetime, int, int, int]]:
        """The table behind the chart, thirty rows at most."""
        every = max(1, len(self.handed) // 30)
        rows = [
            (self.start + timedelta(seconds=n * self.step_s), handed, delivered, failed)
            for n, (handed, delivered, failed) in enumerate(
                zip(self.handed, self.delivered, self.failed, strict=True)
            )
        ]
        picked = rows[::every]
        return picked if picked[-1] == rows[-1] else [*picked, rows[-1]]


def build_curve(campaign_id: int) -> Curve | None:
    """The curve of a campaign, None before its first hand-off."""
    slots = list(
        Progress.objects.filter(campaign_id=campaign_id)
        .exclude(state__in=["planned", "skipped", "canceled", "queued", "held"])
        .order_by("slot_at")
        .values_list("slot_at", "state", "message_count")
    )
    if not slots:
        return None
    start, end = slots[0][0], slots[-1][0]
    span_s = int((end - start).total_seconds())
    step_s = SLOT_S * max(1, -(-span_s // (SLOT_S * MAX_POINTS)))
    size = span_s // step_s + 2  # one more: the curve begins at nothing
    steps = {"handed": [0] * size, "delivered": [0] * size, "failed": [0] * size}
    recent = 0
    for slot_at, state, count in slots:
        place = int((slot_at - start).total_seconds()) // step_s + 1
        if state in HANDED:
            steps["handed"][place] += count
            recent += count if slot_at >= now() - RATE_OVER else 0
        if state == "delivered":
            steps["delivered"][place] += count
        if state in FAILED:
            steps["failed"][place] += count
    delivered = charts.cumulate(steps["delivered"])
    failed = charts.cumulate(steps["failed"])
    handed = [
        # A receipt may be folded before the outcome that names its message.
        max(h, d + f)
        for h, d, f in zip(charts.cumulate(steps["handed"]), delivered, failed, strict=True)
    ]
    begin = start - timedelta(seconds=step_s)
    return Curve(begin, end, step_s, handed, delivered, failed, recent / RATE_OVER.total_seconds())
