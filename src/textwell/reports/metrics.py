"""What each figure is: what it counts, of what it is a share, how sure, machines, and what it claims.

No figure stands without these five. Nobody can tell whether a text was read, so nothing here is a
rate of that.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt
from typing import Final

from django.utils.translation import gettext_lazy as _

from textwell.reports.attributes import Claim, Machines, Metric
from textwell.reports.figures import Figure, Reaction, Term
from textwell.reports.standing import STANDING

Z_95: Final = 1.959964  # 95 % of a normal distribution lie within so many deviations

METRICS: Final[dict[str, Metric]] = {
    "audience": Metric(
        _("Audience"),
        _(
            "Everyone whom the campaign is meant for; each person stands in one term of the equation."
        ),
    ),
    "term": Metric(
        _("Terms of the equation"),
        _("People by what became of their text. Each stands in one term, so the terms add up."),
        of="audience",
    ),
    "handed": Metric(
        _("Handed off"),
        _(
            "The carrier took the text, or may have: of a few the answer was lost. "
            "Texts that the carrier refused at once are not in it."
        ),
        of="audience",
    ),
    "refused": Metric(
        _("Refused at hand-off"),
        _("The text was rejected before the carrier took it. Nothing is charged for it."),
        of="audience",
    ),
    "delivered": Metric(
        _("Delivered"),
        _("The network says that the text is on the handset. The share is of those handed off."),
        of="handed",
    ),
    "failed": Metric(
        _("Failed"),
        _("Undelivered, rejected or expired, whether after hand-off or before."),
        of="audience",
    ),
    "left_out": Metric(
        _("Left out"),
        _("People who were to get no text, by the first rule that said so."),
        of="audience",
    ),
    "clicked": Metric(
        _("People who clicked"),
        _(
            "At least one request of the link is judged to be made by a person; previews and scanners "
            "are counted apart. The rate is of people to whom it was delivered, and counts those of "
            "them who clicked."
        ),
        of="delivered",
        machines=Machines.APART,
    ),
    "clicks_by": Metric(
        _("Clicks by device and country"),
        _("People who clicked on two kinds of device or in two countries count in both."),
        of="delivered",
        machines=Machines.APART,
    ),
    "unsure": Metric(
        _("Clicked, perhaps by a machine"),
        _("People of whose link no request is surely a person's, and one may be."),
        of="handed",
        machines=Machines.APART,
    ),
    "machine": Metric(
        _("Fetched by machines only"),
        _("People whose link only previews and scanners asked for. They are in no rate of clicks."),
        of="handed",
        machines=Machines.ONLY,
    ),
    "requests": Metric(
        _("Requests and replies"),
        _("Each one counts, so several of one person. The number opens the people they come from."),
        machines=Machines.APART,
    ),
    "replied": Metric(
        _("Replied"),
        _("The text is the last one that the person had got when the reply came."),
        of="handed",
        claim=Claim.ATTRIBUTED,
    ),
    "opted_out": Metric(
        _("Opted out"),
        _(
            "The text is the last one before the opt-out, at most seven days earlier. "
            "The share is of those handed off."
        ),
        of="handed",
        claim=Claim.ATTRIBUTED,
    ),
    "segments": Metric(
        _("Segments"),
        _(
            "Parts of texts that were handed off: what the carrier charges for. "
            "The number opens the people who got them. Those of refused texts are named apart."
        ),
    ),
    "cost": Metric(
        _("Cost"),
        _(
            "The segments that were handed off, at the price that was set at the gateway then. It is "
            "computed from these prices and is not the carrier's bill; where a gateway has no price, "
            "its segments add nothing. The number opens the people they were for."
        ),
    ),
    "progress": Metric(
        _("Progress"),
        _("Sums of everything before the time that is given, by the clock of this installation."),
        of="audience",
    ),
    "held_out": Metric(
        _("Held out"),
        _("People whom the lot kept from the text, so that there is somebody to compare with."),
        of="audience",
    ),
    "side": Metric(
        _("By lot"),
        _("Everyone whom the lot put on a side, reached or not."),
        of="audience",
    ),
    "did": Metric(
        _("With the event"),
        _("Everyone of a side, reached or not, who had the event in the time that is named."),
        of="side",
        claim=Claim.ATTRIBUTED,
    ),
    "lift": Metric(
        _("Difference of the sides"),
        _(
            "The share of the one side less that of the other. Chance alone made the sides, so a "
            "difference that is hardly chance came from the text."
        ),
        claim=Claim.CAUSAL,
    ),
    "today": Metric(
        _("Today"),
        _("Counted since midnight in your zone, over all campaigns and single texts."),
        machines=Machines.APART,
    ),
    "stopped": Metric(
        _("Opted out"),
        _(
            "People who said stop since midnight in your zone, in whatever way: by reply, link or form, "
            "through the API, in an import or told to one of you. The time is that at which they said "
            "it. Numbers that belong to nobody known stand among the suppressed numbers alone."
        ),
    ),
    "gateway": Metric(
        _("Gateways"),
        _("All texts that a gateway's carrier took or refused at once since it was added."),
    ),
} | STANDING
_BY_UNIT = {"segments": "segments", "cost": "cost", "requests": "requests", "replies": "requests"}
_BY_REACTION = {
    Reaction.UNSURE: "unsure",
    Reaction.MACHINE: "machine",
    Reaction.OPTED_OUT: "opted_out",
}
_BY_TERM = {
    Term.HANDED: "handed",
    Term.REFUSED: "refused",
    Term.FAILED: "failed",
    "delivered": "delivered",
}


def metric_of(figure: Figure, unit: str = "people") -> str:
    """The name of the metric that a figure counts in.

    `unit`: people, requests, replies, segments or cost.
    """
    if unit in _BY_UNIT:
        return _BY_UNIT[unit]
    if figure.lot is not None or figure.event is not None:
        return "side" if figure.event is None else "did"
    if figure.reaction in _BY_REACTION:
        return _BY_REACTION[Reaction(str(figure.reaction))]
    if figure.is_of_replies:
        return "replied"
    if figure.is_of_clicks:
        return (
            "clicked"
            if figure.reaction and figure.link is None and not _place(figure)
            else "clicks_by"
        )
    if figure.asked is not None:
        return "requests"
    return _of_state(figure)


def _place(figure: Figure) -> bool:
    return figure.device is not None or figure.click_country is not None


def _of_state(figure: Figure) -> str:
    if figure.reason == "holdout":
        return "held_out"
    if figure.state == "skipped":
        return "left_out"
    if figure.state is not None or figure.reason is not None:
        return "failed"
    if figure.term is None:
        return "audience"
    return _BY_TERM.get(figure.term, "term")


@dataclass(frozen=True, slots=True)
class Told:
    """A metric with its numbers. None: there is none, because the figure is a whole or not known.

    `low` to `high`: the share with 95 % confidence, 0 to 1. `machine_share`: of all requests of
    links, those that are a machine's.
    """

    name: str
    metric: Metric
    count: int | None = None
    whole: int | None = None
    machine_share: float | None = None
    ends: tuple[float, float] | None = None  # of an interval that is not that of the share

    @property
    def share(self) -> float | None:
        if not self.whole or self.count is None or self.count > self.whole:
            return None  # what is more than its whole is no part of it
        return self.count / self.whole

    @property
    def interval(self) -> tuple[float, float] | None:
        if self.ends is not None:
            return self.ends
        if self.share is None or self.count is None or not self.whole:
            return None
        return wilson(self.count, self.whole)

    @property
    def whole_metric(self) -> Metric | None:
        return METRICS.get(self.metric.of)


def wilson(count: int, whole: int) -> tuple[float, float]:
    """A share with 95 % confidence: Wilson's score interval (JASA 22, 1927), which holds for few too.

    It says where the share would lie among many more people like these.
    """
    n, p = whole, count / whole
    middle = p + Z_95**2 / (2 * n)
    half = Z_95 * sqrt(p * (1 - p) / n + Z_95**2 / (4 * n**2))
    return (middle - half) / (1 + Z_95**2 / n), (middle + half) / (1 + Z_95**2 / n)


def tell(name: str, counts: Mapping[str, int], *, machine_share: float | None = None) -> Told:
    """A metric with what `counts` has of it and of its whole."""
    metric = METRICS[name]
    return Told(
        name,
        metric,
        counts.get(name),
        counts.get(metric.of),
        machine_share if metric.machines != Machines.NONE else None,
    )
