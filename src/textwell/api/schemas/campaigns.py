"""Bodies of campaigns; what one would do is told in `reviews`."""

from datetime import datetime
from typing import Annotated, Any, Literal

from ninja import Field, Schema
from pydantic import HttpUrl

from textwell.api.schemas.audiences import AudienceIn
from textwell.api.schemas.base import Input, Moment

Lane = Literal["urgent", "care", "bulk"]
MessageId = Annotated[int, Field(ge=1, le=2**63 - 1)]  # a bigint of the database
Purpose = Literal["marketing", "invitation", "transactional", "care"]


GoalName = Literal["", "discount", "product", "event", "win_back", "news", "service"]
MetricName = Literal["", "clicks", "replies", "delivered", "events"]


class LinkIn(Input):
    url: HttpUrl = Field(examples=["https://shop.example/spring"])


class VersionIn(Input):
    language: str = Field(max_length=8, description="BCP 47.", examples=["vi"])
    body: str = Field(max_length=4000, examples=["Chào {{ first_name }}, giảm 20 %: {{ link }}"])
    fallbacks: dict[str, str] = Field(
        default_factory=dict,
        description="Those that differ from the body's.",
        examples=[{"first_name": "bạn"}],
    )


class CampaignFields(Input):
    """What a draft consists of. Only what is given is set."""

    name: str | None = Field(None, min_length=1, max_length=120, examples=["Spring offer"])
    purpose: Purpose | None = Field(
        None,
        description="All but marketing reach people without consent: launching them needs the scope"
        " campaigns:without_consent and a reason.",
        examples=["marketing"],
    )
    topic: str | None = Field(
        None,
        max_length=40,
        description="What it is about, by the key of a topic: people need to have agreed to just that."
        " Empty: to none in particular.",
        examples=["offers"],
    )
    brand: str | None = Field(
        None,
        max_length=40,
        description="Under which brand, by its key, where consent is kept by brand.",
        examples=["lotus"],
    )
    lane: Lane | None = None
    goal: GoalName | None = Field(
        None, description="What it is for; it presets nothing here.", examples=["discount"]
    )
    goal_at: Moment | None = Field(
        None,
        description="When the offer ends (discount) or the event begins (event): nothing is handed off"
        " from then on, whatever the goal.",
    )
    metric: MetricName | None = Field(
        None, description="What the report leads with.", examples=["events"]
    )
    metric_event: str | None = Field(
        None,
        max_length=100,
        description="For the metric events: the name of the events that count, in small letters as it is"
        " kept.",
        examples=["order_completed"],
    )
    holdout_percent: int | None = Field(
        None,
        ge=0,
        le=50,
        description="Of those who would get it, so many in a hundred are left out by lot (reason"
        " holdout), always the same people of this campaign; the report compares. 0: nobody.",
    )
    body: str | None = Field(
        None, max_length=4000, examples=["Hi {{ first_name }}, 20 % off until Sunday: {{ link }}"]
    )
    fallbacks: dict[str, str] | None = Field(None, examples=[{"first_name": "friend"}])
    versions: list[VersionIn] | None = Field(
        None,
        max_length=20,
        description="The text in other languages. A person gets the one of their language (pt-BR, else"
        " pt), everybody else the body.",
    )
    unaccent: bool | None = Field(None, description="Vietnamese without marks, to save segments.")
    replace_characters: bool | None = None
    audience: AudienceIn | None = Field(
        None,
        description='{"all": true}, {"list_id": 3}, {"tag": "vip"} or'
        ' {"filters": [{"field": "city", "op": "is", "value": "Hanoi"}], "match": "all"}.',
        examples=[{"tag": "vip"}],
    )
    gateway_id: int | None = None
    sender: str | None = Field(None, max_length=21, examples=["BAKERY"])
    links: list[LinkIn] | None = Field(None, max_length=9)
    utm: dict[str, str] | None = Field(None, examples=[{"utm_source": "sms"}])
    cap_count: int | None = Field(None, ge=0, le=1000)
    cap_hours: int | None = Field(None, ge=1, le=8760)
    scheduled_at: Moment | None = None
    expires_at: Moment | None = None
    validity_hours: int | None = Field(None, ge=1, le=168)

    def values(self) -> dict[str, Any]:  # Any: values of many fields
        """What was given, as the actions take it."""
        given = self.model_dump(exclude_unset=True)
        if given.get("links") is not None:
            given["links"] = [{"url": str(link["url"])} for link in given["links"]]
        nullable = {"gateway_id", "scheduled_at", "expires_at", "goal_at"}
        return {k: v for k, v in given.items() if v is not None or k in nullable}


class NewCampaign(CampaignFields):
    name: str = Field(min_length=1, max_length=120, examples=["Spring offer"])


class LaunchIn(Input):
    at: Moment | None = Field(None, description="None: now, or when it is scheduled.")
    reason: str = Field(
        "",
        max_length=500,
        description="Why people may be texted without consent; asked for where the purpose needs"
        " none, and kept in the audit log.",
    )


class RescheduleIn(Input):
    at: Moment


class ReasonIn(Input):
    reason: str = Field("", max_length=500, description="Kept in the audit log.")


class SettleIn(Input):
    """What somebody found out about messages whose answer was lost."""

    fate: Literal["sent", "not_sent"] = Field(examples=["not_sent"])
    reason: str = Field(
        min_length=1,
        max_length=500,
        description="How it is known. The message's timeline and the audit log keep it.",
        examples=["The carrier's portal has no trace of it."],
    )
    message_ids: list[MessageId] | None = Field(
        None,
        min_length=1,
        max_length=1000,
        description="Only these; left out: every one of the campaign that is unknown.",
        examples=[[90117]],
    )


class SendAgainIn(Input):
    """Which of the messages that were found not sent are sent once more."""

    reason: str = Field(min_length=1, max_length=500, examples=["The link is back."])
    message_ids: list[MessageId] | None = Field(
        None,
        min_length=1,
        max_length=1000,
        description="Only these; left out: every one of the campaign that was found not sent.",
        examples=[[90117]],
    )


class PersonIn(Input):
    contact_id: int


class TestIn(Input):
    """One of the two."""

    contact_id: int | None = Field(None, examples=[42])
    list_id: int | None = Field(
        None, description="A list that is marked for tests.", examples=[None]
    )


class CampaignOut(Schema):
    id: int
    name: str
    state: str = Field(
        examples=["draft"],
        description="draft, scheduled, planning, sending, paused, finished, canceled or failed.",
    )
    purpose: str
    topic: str
    brand: str
    lane: str
    goal: str = Field(description="discount, product, event, win_back, news, service, or empty.")
    goal_at: datetime | None
    metric: str = Field(description="clicks, replies, delivered, events, or empty.")
    metric_event: str
    holdout_percent: int
    body: str
    fallbacks: dict[str, str]
    versions: list[dict[str, Any]] = Field(  # Any: language, body, fallbacks
        description="The text in other languages: language, body, fallbacks."
    )
    unaccent: bool
    replace_characters: bool
    audience: dict[str, Any]  # Any: one of four forms
    gateway_id: int | None
    sender: str
    links: list[dict[str, str]]
    utm: dict[str, str]
    cap_count: int
    cap_hours: int
    scheduled_at: datetime | None
    expires_at: datetime | None
    validity_hours: int
    audience_count: int
    planned_count: int
    error: str
    created_at: datetime
    launched_at: datetime | None
    first_handoff_at: datetime | None
    finished_at: datetime | None


class StoppedCampaignOut(Schema):
    """Counts are of the lifting; while the stop holds, of now."""

    campaign_id: int
    name: str
    planned_count: int = Field(description="Messages, without the people left out by the plan.")
    handed_count: int = Field(description="The carrier took them, or may have.")
    waiting_count: int = Field(description="Held back.")


class StopOut(Schema):
    id: int
    stopped_by: str = Field(description="user:7 or key:3.", examples=["user:7"])
    stopped_at: datetime
    reason: str
    lifted_by: str = Field(description="Empty while it holds.")
    lifted_at: datetime | None
    campaigns: list[StoppedCampaignOut]


class LeftOutOfTest(Schema):
    contact_id: int
    reason: str = Field(
        description="What the gate says, or text_failed: no text comes out.",
        examples=["no_consent"],
    )


class TestSent(Schema):
    message_id: int = Field(description="The first one.")
    message_ids: list[int] = Field(description="One a person, in the order of their ids.")
    left_out: list[LeftOutOfTest] = Field(description="People of the list who got none.")


class EquationOut(Schema):
    """audience = the sum of the terms, at every moment."""

    audience: int
    terms: dict[str, int]
    is_balanced: bool
    handed_count: int = Field(description="The carrier took them, or may have.")
    refused_count: int = Field(description="Rejected, and never handed off.")
    not_sent_count: int = Field(description="Of canceled: found by somebody never to have left.")
    handed_segments: int = Field(description="What the carrier charges for.")
    segment_count: int
    cost_micros: int
