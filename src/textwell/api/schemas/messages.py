"""Bodies of single messages."""

from datetime import datetime
from enum import StrEnum
from typing import Literal

from ninja import Field, Schema

from textwell.api.schemas.base import Input, Moment, ShownNumber
from textwell.api.schemas.contacts import Basis
from textwell.links.tokens import MAX_LINK_NUMBER


class Lane(StrEnum):
    URGENT = "urgent"
    CARE = "care"
    BULK = "bulk"


class Purpose(StrEnum):
    """What the text is for. Marketing needs the person's consent; the others need none.

    An invitation asks who never agreed for a yes: once for ever, in countries whose rules allow it.
    """

    MARKETING = "marketing"
    INVITATION = "invitation"
    TRANSACTIONAL = "transactional"
    CARE = "care"
    OTP = "otp"


class ConsentEvidence(Input):
    """How the person agreed: recorded with the message, and only if it is complete."""

    source: str = Field(min_length=1, max_length=200, examples=["checkout form"])
    wording: str = Field(min_length=1, max_length=2000, examples=["Yes, send me offers by SMS."])
    given_at: Moment
    basis: Basis | None = Field(
        None, description="How it was given; none: not known.", examples=["express_written"]
    )
    evidence: dict[str, str] = Field(default_factory=dict, examples=[{"order": "A-1001"}])


class NewMessage(Input):
    """One text to one person. `body` is sent as it is, but for the places of `links`."""

    to: str = Field(
        max_length=40, description="The number, in any spelling.", examples=["+84901234567"]
    )
    region: str | None = Field(
        None, description="Country of a number written without its code.", examples=["VN"]
    )
    body: str = Field(min_length=1, max_length=1600, examples=["Your table is ready."])
    links: list[str] = Field(
        default_factory=list,
        max_length=MAX_LINK_NUMBER,
        description="Addresses to which {{ link }}, {{ link_2 }} … in the body lead, by personal"
        " short links whose clicks are counted.",
        examples=[["https://shop.example/table"]],
    )
    purpose: Purpose = Purpose.MARKETING
    topic: str = Field(
        "",
        max_length=40,
        description="What it is about, by the key of a topic: people need to have agreed to just that."
        " Empty: to none in particular.",
        examples=["offers"],
    )
    brand: str = Field(
        "",
        max_length=40,
        description="Under which brand, by its key, where consent is kept by brand.",
        examples=["lotus"],
    )
    lane: Lane | None = Field(
        None, description="None: bulk for marketing, urgent for otp, else care."
    )
    gateway_id: int | None = Field(None, description="None: the first that has a fitting sender.")
    sender: str | None = Field(None, max_length=21, description="None: the gateway's own.")
    expires_at: Moment | None = Field(None, description="It is not handed off after this.")
    send_at: Moment | None = Field(
        None, description="Not before this, at most 35 days ahead; none: at once."
    )
    consent: ConsentEvidence | None = Field(
        None, description="For a person who agreed elsewhere: recorded before the gate judges."
    )


class MessageOut(Schema):
    id: int = Field(examples=[90117])
    contact_id: int
    to: ShownNumber
    country: str = Field(examples=["VN"])
    state: str = Field(
        examples=["queued"],
        description="planned, queued, handing, held, submitted, delivered, undelivered, expired,"
        " rejected, unknown, not_sent, skipped or canceled.",
    )
    reason: str = ""
    code: str = Field("", description="The carrier's own code, where it failed.")
    campaign_id: int | None = None
    gateway_id: int | None = None
    sender: str = ""
    lane: str = ""
    segment_count: int = Field(description="0 until it is handed off.", examples=[1])
    cost_micros: int = Field(0, description="Millionths of the gateway's currency.")
    planned_at: datetime | None = None
    due_at: datetime | None = Field(None, description="Not handed off before this.")
    handed_at: datetime | None = None
    done_at: datetime | None = None


class AddedOut(Schema):
    """Words that are added to a marketing text."""

    kind: Literal["label", "identity", "opt_out"] = Field(examples=["opt_out"])
    text: str = Field(examples=["STOP au 36180"])
    is_legal: bool = Field(description="False: we recommend it; the legal layer goes without.")
    packs: list[str] = Field(
        description="Rule packs that ask for it.", examples=[["FR@2026-11-01"]]
    )


class Accepted(Schema):
    """The message is recorded and on its way to the connector."""

    id: int = Field(examples=[90117])
    contact_id: int
    to: ShownNumber
    state: str = Field("planned", examples=["planned"])
    gateway_id: int
    sender: str
    lane: str
    encoding: str = Field(description="gsm7 or ucs2.")
    segment_count: int = Field(description="With what is added.", examples=[1])
    due_at: datetime | None = Field(
        description="When it goes: at `send_at`, or the first hour that law allows; null: at once."
    )
    adds: list[AddedOut] = Field(
        [], description="What law has it say beside your body; it stands in the text."
    )


class TimelineOut(Schema):
    at: datetime
    kind: str = Field(examples=["receipt"])
    detail: str = Field("", examples=["delivered"])
    code: str = ""
    data: dict[str, object] | None = None


class SettleMessageIn(Input):
    """What somebody found out about one message whose answer was lost."""

    fate: Literal["sent", "not_sent"] = Field(examples=["sent"])
    reason: str = Field(
        min_length=1,
        max_length=500,
        description="How it is known. The message's timeline and the audit log keep it.",
        examples=["The carrier's portal lists it as delivered."],
    )


class MessageDetail(MessageOut):
    timeline: list[TimelineOut]
