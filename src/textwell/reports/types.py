"""Values of a report."""

from dataclasses import dataclass, replace
from datetime import datetime

from textwell.messaging.types import Equation
from textwell.reports.figures import Figure, Reaction, Term
from textwell.reports.measuring import Measure


@dataclass(frozen=True, slots=True)
class ProgressPoint:
    """Messages that came into each state within a step of time that begins at `at`."""

    at: datetime
    counts: dict[str, int]
    handed_count: int


@dataclass(frozen=True, slots=True)
class Failure:
    """Messages that failed for one cause: the carrier's code in words, and who can mend it."""

    state: str
    reason: str  # class of the common taxonomy
    code: str  # as the carrier gave it
    cause: str
    mend: str
    who_mends: str
    is_permanent: bool
    people_count: int
    figure: Figure


@dataclass(frozen=True, slots=True)
class LeftOut:
    """People who got no message on purpose, by the gate's reason."""

    reason: str
    people_count: int
    figure: Figure


@dataclass(frozen=True, slots=True)
class SegmentShare:
    segment_count: int
    message_count: int  # of those that were handed off
    cost_micros: int
    figure: Figure


@dataclass(frozen=True, slots=True)
class LinkClicks:
    link_number: int
    people_count: int
    click_count: int
    figure: Figure


@dataclass(frozen=True, slots=True)
class ClickShare:
    """Clicks of people by what they clicked on, or where; "" is not known. People may be in several."""

    value: str
    people_count: int
    click_count: int
    figure: Figure


@dataclass(frozen=True, slots=True)
class Clicks:
    """People by the surest kind of their clicks; requests are raw and may be many a person."""

    human_people: int
    unsure_people: int
    machine_people: int
    human_requests: int
    unsure_requests: int
    machine_requests: int
    delivered_people: int
    clicked_and_delivered: int
    links: tuple[LinkClicks, ...]
    devices: tuple[ClickShare, ...]
    countries: tuple[ClickShare, ...]

    @property
    def delivered_figure(self) -> Figure:
        """Who `clicked_and_delivered` are."""
        return Figure(term="delivered", reaction=Reaction.CLICKED)

    @property
    def rate(self) -> float:
        """People who clicked, of those to whom it was delivered; between 0 and 1."""
        if not self.delivered_people:
            return 0.0
        return self.clicked_and_delivered / self.delivered_people


@dataclass(frozen=True, slots=True)
class ReplyShare:
    intent: str
    people_count: int
    reply_count: int
    figure: Figure


@dataclass(frozen=True, slots=True)
class Group:
    """One country, operator, region or place. Its terms add up to `people_count`."""

    value: str  # "": not known
    local_value: str  # in the language of `country`; often equal
    country: str  # of these numbers, one of them where there are several
    people_count: int
    terms: dict[str, int]
    handed_count: int
    segment_count: int
    cost_micros: int
    clicked_count: int
    figure: Figure

    @property
    def failed_count(self) -> int:
        return self.terms["undelivered"] + self.terms["rejected"] + self.terms["expired"]

    @property
    def handed_figure(self) -> Figure:
        return replace(self.figure, term=Term.HANDED)

    @property
    def delivered_figure(self) -> Figure:
        return replace(self.figure, term="delivered")

    @property
    def failed_figure(self) -> Figure:
        return replace(self.figure, term=Term.FAILED)

    @property
    def clicked_figure(self) -> Figure:
        return replace(self.figure, reaction=Reaction.CLICKED)


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that is known of a campaign at `made_at`."""

    campaign_id: int
    name: str
    state: str
    currency: str
    made_at: datetime
    launched_at: datetime | None
    first_handoff_at: datetime | None
    finished_at: datetime | None
    equation: Equation
    progress: tuple[ProgressPoint, ...]
    progress_step_s: int
    failures: tuple[Failure, ...]
    left_out: tuple[LeftOut, ...]
    segments: tuple[SegmentShare, ...]
    clicks: Clicks
    replies: tuple[ReplyShare, ...]
    replied_people: int
    opted_out_people: int
    countries: tuple[Group, ...]
    operators: tuple[Group, ...]
    regions: tuple[Group, ...]  # where the numbers were handed out, for the plans that say it
    places: tuple[Group, ...]  # by the people's own field `place_source`
    place_source: str  # "city": a field of contacts; "": none says where people are
    measure: Measure


@dataclass(frozen=True, slots=True)
class ClickPlace:
    """The surest click of a message: on what, where; "" is not known. All its requests are counted."""

    device: str
    country: str
    request_count: int


@dataclass(frozen=True, slots=True)
class Sums:
    """What the list behind a figure comes to."""

    people_count: int
    segment_count: int
    cost_micros: int


@dataclass(frozen=True, slots=True)
class Person:
    """One row of the list behind a figure; `click` where the figure is about clicks."""

    message_id: int
    contact_id: int
    msisdn: str
    first_name: str
    last_name: str
    country: str
    operator: str
    state: str
    reason: str
    code: str
    segment_count: int
    cost_micros: int
    handed_at: datetime | None
    done_at: datetime | None
    click: ClickPlace | None = None


@dataclass(frozen=True, slots=True)
class PeoplePage:
    people: tuple[Person, ...]
    next_after: int | None  # message id to go on after; None: this was the last page
