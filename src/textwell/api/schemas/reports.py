"""Bodies of reports."""

from datetime import datetime
from typing import Any, Literal

from ninja import Field, Schema

from textwell.api.schemas.base import ShownNumber
from textwell.api.schemas.suppressions import SuppressionOut
from textwell.reports.explanations import Explanation
from textwell.reports.figures import Figure


class FigureQuery(Schema):
    """Which people: all that is given must hold. The rows of a report carry these as `figure`."""

    term: str | None = Field(
        None,
        description="delivered, undelivered, rejected, expired, accepted, skipped, canceled,"
        " unknown, waiting; failed: the three that failed; handed: handed off, so the carrier took it or"
        " may have; refused: rejected and never handed off.",
    )
    state: str | None = None
    reason: str | None = None
    code: str | None = Field(None, description="The carrier's own code.")
    country: str | None = None
    operator: str | None = None
    region: str | None = None
    place: str | None = None
    segments: int | None = None
    reaction: Literal["clicked", "unsure", "machine", "replied", "opted_out"] | None = None
    intent: str | None = None
    link: int | None = Field(None, description="A person clicked on this link.")
    asked: Literal["human", "unsure", "machine"] | None = Field(
        None, description="At least one request of the link was judged so."
    )
    device: str | None = Field(None, description="Of a person's click; empty: not known.")
    click_country: str | None = Field(
        None, description="Where a person's click came from; empty: not known."
    )
    gateway: int | None = None
    currency: str | None = Field(
        None, description="Of the prices of the gateway that the text went through."
    )
    lot: Literal["texted", "held_out"] | None = Field(
        None, description="The side of the comparison, where some are held out."
    )
    event: str | None = Field(
        None, description="The person had an event of this name, whatever it came from."
    )
    since: str | None = Field(
        None,
        description="RFC 3339. Of the hand-off for term=handed, of the click or reply where one is"
        " asked for, of the event where one is, else of the end of the message.",
    )
    until: str | None = Field(None, description="As since; not included.")

    def figure(self) -> Figure:
        names = Figure.__dataclass_fields__
        return Figure(**{name: getattr(self, name) for name in names})


class ClickPlaceOut(Schema):
    """The surest click of a message; empty is not known. All its requests are counted."""

    device: str
    country: str
    request_count: int


class PersonOut(Schema):
    message_id: int
    contact_id: int
    msisdn: ShownNumber
    first_name: str
    last_name: str
    country: str
    operator: str
    state: str
    reason: str
    code: str
    segment_count: int
    cost_micros: int
    handed_at: datetime | None = Field(description="Set if the carrier took it, or may have.")
    done_at: datetime | None = Field(description="When its final receipt came, or it ended here.")
    click: ClickPlaceOut | None = Field(None, description="Where the figure is about clicks.")


class ReportEquation(Schema):
    audience: int
    terms: dict[str, int]
    total: int
    is_balanced: bool
    handed_count: int = Field(description="The carrier took them, or may have.")
    refused_count: int = Field(description="Rejected, and never handed off.")
    not_sent_count: int = Field(description="Of canceled: found by somebody never to have left.")
    handed_segments: int = Field(description="What the carrier charges for.")
    refused_segments: int = Field(description="Of refused messages: nothing is charged for them.")
    segment_count: int
    cost_micros: int


class ProgressOut(Schema):
    at: datetime
    counts: dict[str, int]
    handed_count: int


class FailureOut(Schema):
    state: str
    reason: str
    code: str
    cause: str
    mend: str
    who_mends: str = Field(description="list_owner, marketer, operator, carrier or nobody.")
    is_permanent: bool
    people_count: int
    figure: dict[str, Any]  # Any: texts and numbers, the parameters of GET …/people


class LeftOutOut(Schema):
    reason: str
    people_count: int
    figure: dict[str, Any]  # Any: as above


class SegmentsOut(Schema):
    segment_count: int
    message_count: int = Field(description="Of those that were handed off.")
    cost_micros: int
    figure: dict[str, Any]  # Any: as above


class LinkClicksOut(Schema):
    link_number: int
    people_count: int
    click_count: int
    figure: dict[str, Any]  # Any: as above


class ClickShareOut(Schema):
    value: str = Field(description="Empty: not known.")
    people_count: int
    click_count: int
    figure: dict[str, Any]  # Any: as above


class ClicksOut(Schema):
    human_people: int
    unsure_people: int
    machine_people: int
    human_requests: int
    unsure_requests: int
    machine_requests: int
    delivered_people: int
    clicked_and_delivered: int
    rate: float = Field(description="clicked_and_delivered of delivered_people, 0 to 1.")
    links: list[LinkClicksOut]
    devices: list[ClickShareOut] = Field(description="Clicks of people; some are in several.")
    countries: list[ClickShareOut] = Field(description="As devices, by country of the click.")


class RepliesOut(Schema):
    intent: str
    people_count: int
    reply_count: int
    figure: dict[str, Any]  # Any: as above


class GroupOut(Schema):
    value: str = Field(description="Empty: not known.")
    local_value: str = Field(description="In the language of the country; often equal.")
    country: str
    people_count: int
    terms: dict[str, int]
    handed_count: int
    segment_count: int
    cost_micros: int
    clicked_count: int
    figure: dict[str, Any]  # Any: as above


class ArmOut(Schema):
    people_count: int
    did_count: int = Field(description="With at least one of the events.")
    figure: dict[str, Any]  # Any: as in other rows
    did_figure: dict[str, Any]  # Any: as in other rows


class ComparisonOut(Schema):
    """Everyone whom the lot put on a side counts, reached or not."""

    texted: ArmOut
    held_out: ArmOut
    low: float = Field(description="The rates' difference, 95 % confidence: from …")
    high: float = Field(description="… to; between -1 and 1.")
    is_told_apart: bool | None = Field(
        description="False: the difference may be chance. null until is_over: it is said once, at the end."
    )
    event: str
    since: datetime = Field(description="Events from this moment on count …")
    until: datetime = Field(description="… before this one.")
    is_over: bool = Field(description="As of the measure.")


class MeasureOut(Schema):
    goal: str
    metric: str = Field(description="clicks, replies, delivered, events, or empty.")
    event: str
    since: datetime | None = Field(
        description="The first hand-off: events from this moment on count; null: none do."
    )
    until: datetime | None = Field(
        description="A week after the last hand-off so far: events before this moment count, on both"
        " sides; null: none do."
    )
    waits: bool = Field(description="Texts are still to be handed off: until will be later.")
    is_over: bool = Field(description="No text waits, and until has come.")
    held_out_count: int
    texted: ArmOut | None = Field(
        description="Who was not held out, and had the event; null: it is not about events."
    )
    comparison: ComparisonOut | None = Field(
        description="null: nobody is held out, or it cannot be counted for who got no text."
    )


class MetricOut(Schema):
    """What a figure is: none stands without these."""

    name: str = Field(examples=["clicked"])
    label: str = Field(description="In the language that was asked for.")
    definition: str = Field(description="What counts.")
    fields: list[str] = Field(
        description="Where the report shows it: [] is each of a list, * each of an object."
    )
    count: int | None = Field(description="In the whole campaign; null: it is told per row.")
    of: str = Field(description="The metric that is its whole; empty: it is a whole itself.")
    of_label: str = Field(description="In the language that was asked for.")
    of_count: int | None = Field(description="null: it is told per row.")
    share: float | None = Field(description="count of of_count, 0 to 1.")
    certainty: str = Field(description="95 %: low to high are the ends; exact: all are counted.")
    low: float | None = Field(description="0 to 1; of lift, the difference of the shares.")
    high: float | None = Field(description="As low.")
    machines: str = Field(description="none can cause it, counted apart, or only they are counted.")
    machine_share: float | None = Field(description="Of all requests, those of machines.")
    claim: str = Field(
        description="counted; attributed: came after the text; causal: against those held out."
    )


class ReportOut(Schema):
    """Figures of one moment; rows with a `figure` open by GET …/people with those parameters."""

    campaign_id: int
    name: str
    state: str = Field(examples=["finished"])
    currency: str
    made_at: datetime
    launched_at: datetime | None
    first_handoff_at: datetime | None
    finished_at: datetime | None
    equation: ReportEquation
    progress: list[ProgressOut]
    progress_step_s: int
    failures: list[FailureOut]
    left_out: list[LeftOutOut]
    segments: list[SegmentsOut]
    clicks: ClicksOut
    replies: list[RepliesOut]
    replied_people: int
    opted_out_people: int
    countries: list[GroupOut]
    operators: list[GroupOut]
    regions: list[GroupOut]
    places: list[GroupOut]
    place_source: str
    measure: MeasureOut
    metrics: list[MetricOut] = Field(description="What each figure is.")


class ConsentBefore(Schema):
    kind: str = Field(description="opt_in or opt_out.")
    given_at: datetime
    source: str
    wording: str


class RuleCountOut(Schema):
    """Texts by what one rule of a pack says of them."""

    rule: str = Field(examples=["FR:hours"], description="The pack and its rule.")
    kind: str = Field(examples=["hours"], description="Which kind of rule, as in packs.")
    judged: int = Field(description="Texts of which it was asked.")
    failed: int = Field(description="Texts that it holds back or leaves out.")
    lacking: int = Field(description="Texts that lack words which it has Textwell add.")
    note: str = Field(
        description="What was not asked. not_kept: what a register said then; other_channels: what else"
        " was sent; as_now: registrations are those of now; one_text: one text of each place and language"
        " stands for all; empty: nothing."
    )


class RejudgmentOut(Schema):
    """A part of a campaign as other rule packs judge it; add the parts up."""

    by_verdict: dict[str, int] = Field(
        examples=[{"allow": 950, "hold": 50}],
        description="Texts that may go, wait, or are left out.",
    )
    rules: list[RuleCountOut] = Field(description="Each rule that was asked.")
    consent_unsaid: int = Field(
        description="Texts whose consent does not say how it was given: taken as express."
    )
    text_unknown: int = Field(description="Texts whose words are not kept any more.")
    next: int | None = Field(description="`after` of the next part; null: that was all.")


class RuleSeenOut(Schema):
    rule: str = Field(examples=["cap"], description="One of the gate's rules.")
    passed: bool = Field(description="Whether it lets the text go.")
    inputs: dict[str, Any] = Field(  # Any: facts of many kinds
        description="All that the rule was judged by.",
        examples=[{"cap_count": 2, "recent_count": 1}],
    )


class LookOut(Schema):
    """One look of the gate at the text: every rule with what it saw."""

    is_forecast: bool = Field(
        description="Nobody has asked the gate yet: it is what it would say as things are now."
    )
    at: datetime = Field(description="When it was, or will be, judged.")
    verdict: Literal["allow", "hold", "skip"] = Field(description="hold: not yet.")
    reason: str = Field(description="Empty where it allows.")
    packs: list[str] = Field(examples=[["FR@2026-11-01"]], description="Versions of rule packs.")
    law: list[str] = Field(description="Their rules about hours, days and caps.")
    local: dict[str, str] = Field(
        examples=[{"Europe/Paris": "thu 13:00"}], description="The time where the person may be."
    )
    rules: list[RuleSeenOut] = Field(
        description="In order. None: a last look withdrew what they had let pass."
    )
    consent_event_id: int | None = Field(description="On which it rests; null: on none.")
    consent_hash: str = Field(description="SHA-256 of that event, once the proof is signed.")


class TextOut(Schema):
    """The text that the campaign has for the person."""

    sender: str = Field(description="What the handset shows.")
    due_at: datetime | None = Field(description="When it is due.")
    handed_at: datetime | None = Field(description="When it was handed off; null: it was not.")
    segment_count: int = Field(description="Parts (SMS) of the text.")
    cost_micros: int = Field(description="Millionths of the workspace's currency.")


class ExplanationOut(Schema):
    """Why one person did or did not get one campaign, as far as it is known now."""

    campaign_id: int
    contact_id: int
    answer: Literal["yes", "maybe", "not_yet", "no"] = Field(
        description="yes: the network says that it is on the handset; maybe: the carrier took it, or"
        " may have."
    )
    stage: Literal["audience", "plan", "handoff", "carrier"] = Field(
        description="Where it was decided; audience: the campaign has no message for the person."
    )
    reason: str = Field(examples=["opted_out"], description="A code that stays.")
    why: str = Field(examples=["The person had said that they want no more texts."])
    mend: str = Field(description="What may be done; empty for nothing.")
    at: datetime | None = Field(description="When it was decided; while it waits: when it is due.")
    message_id: int | None
    state: str = Field(description="Of the message; empty if there is none.")
    code: str = Field(description="The carrier's own code.")
    consent: ConsentBefore | None = Field(
        description="The latest word of the person on such texts before it."
    )
    suppressions: list[SuppressionOut] = Field(
        description="Why the number is suppressed now, where that decided; lifted since: empty."
    )
    failed_rules: list[dict[str, Any]] = Field(  # Any: facts of many kinds
        description="What the gate saw when the text's turn came, where it did not let it pass."
    )
    message: TextOut | None = Field(description="null: the campaign has none for the person.")
    looks: list[LookOut] = Field(
        description="Each look of the gate, the latest last; of a text that waits, or that is not"
        " planned, also what it would say now."
    )

    @staticmethod
    def resolve_why(found: Explanation) -> str:
        return str(found.why)

    @staticmethod
    def resolve_mend(found: Explanation) -> str:
        return str(found.mend)
