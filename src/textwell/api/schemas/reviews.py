"""What a campaign would do: its problems, previews and forecasts."""

from datetime import datetime
from typing import Literal

from ninja import Field, Schema

from textwell.api.schemas.base import ShownNumber
from textwell.api.schemas.messages import AddedOut


class ProblemOut(Schema):
    field: str
    problem: str
    mend: str
    line: int | None = Field(
        description="Line of the text, from 1; null: the text has only one, or it lies elsewhere."
    )


class CheckOut(Schema):
    is_ready: bool
    problems: list[ProblemOut]
    warnings: list[ProblemOut] = Field(description="What keeps nobody from launching.")


class PartOut(Schema):
    """One part of a text as it is handed over. The reference of long texts is 0 here."""

    text: str
    header_hex: str = Field(
        description="User data header or parameters of the part; empty: it needs none.",
        examples=["050003000201"],
    )
    octets_hex: str = Field(description="The text itself.", examples=["4272656164"])
    octet_count: int = Field(description="Of both.")


class LocalTimeOut(Schema):
    at: str = Field(
        description="ISO 8601 with the offset there.", examples=["2026-12-01T21:30:00+07:00"]
    )
    zones: list[str] = Field(examples=[["Asia/Ho_Chi_Minh"]])
    is_night: bool = Field(description="Before 8:00 or from 21:00.")


class PreviewOut(Schema):
    contact_id: int
    to: ShownNumber
    text: str
    encoding: str
    segment_count: int
    cost_micros: int
    currency: str
    verdict: str = Field(
        description="allow, hold (until `allowed_at`) or skip: what the gate says."
    )
    reason: str
    send_at: datetime | None
    adds: list[AddedOut] = Field(
        [], description="What law has it say beside what was written; it stands in the text."
    )
    would_add: list[AddedOut] = Field(
        [], description="The gateway reaches no phone: what a text by another would have added."
    )
    replacements: list[str]
    version: str = Field(description="Language of the version; empty: the body.")
    parts: list[PartOut] = Field(
        description="Of the text, octet by octet; empty: it has more than a long message can have."
    )
    octets_as: Literal["submitted", "on_air"] = Field(
        description="submitted: the very octets that the gateway submits, septets one an octet. on_air:"
        " the carrier makes the parts itself, and these are the user data of 3GPP TS 23.040."
    )
    units_left: int = Field(
        description="Free in the last segment: septets, or UTF-16 units for UCS-2."
    )
    forced_by: list[str] = Field(
        description="Characters without a GSM form, for whose sake the text is UCS-2."
    )
    planned_at: datetime = Field(description="When it would go if nothing held it back.")
    allowed_at: datetime | None = Field(
        description="The first moment from then on that the gate allows; null: it allows none."
    )
    local_times: list[LocalTimeOut] = Field(
        description="planned_at where the person may be: in their own zone, or in every one of their"
        " number. The earliest clock first; empty: nothing is known."
    )


class ForecastOut(Schema):
    people_count: int
    sendable_count: int
    left_out: dict[str, int] = Field(
        description="People by the reason they are left out; text_failed (no text comes out for them)"
        " is from the sample too."
    )
    segment_shares: dict[int, float] = Field(description="Share of people by segments.")
    is_exact: bool = Field(description="False: segments and cost come from a sample.")
    sample_count: int
    segment_count: int
    cost_micros: int
    currency: str
    duration_s: float = Field(description="At the gateway's contracted rate.")
    forced_by: dict[str, int]
    held: dict[datetime, int] = Field(
        description="People whom law lets get it only later than it begins, by the first moment at which"
        " they may: it is night, a Sunday or a holiday where they are.",
        examples=[{"2030-06-03T06:00:00Z": 120}],
    )
    night_count: int = Field(
        description="People who would get it while it may be night (before 8:00, from 21:00) in a zone"
        " that they may be in, when it begins; of a number with several zones any one counts."
    )
    never_agreed_count: int = Field(
        description="People who would get it and never agreed to marketing, where the purpose asks"
        " for no consent."
    )


class SegmentGroupOut(Schema):
    language: str = Field(description="Of the version that these people get; empty: the body.")
    people_count: int = Field(description="Of the sample.")
    shares: dict[int, float] = Field(
        description="Share of these people by segments; 3 stands for three and more.",
        examples=[{"1": 0.8, "2": 0.2, "3": 0.0}],
    )
    segments_per_person: float
    cost_micros_per_person: int


class ForcedOut(Schema):
    character: str
    people_share: float
    is_in_text: bool = Field(description="False: it comes from people's values alone.")
    replacement: str | None = Field(description="Its safe form; null: it has none.")
    segments_saved: float = Field(
        description="A person who has it, were it alone mended, or taken out."
    )


class LiveCountOut(Schema):
    is_exact: bool = Field(description="The sample is everybody who would get it.")
    sample_count: int
    currency: str
    groups: list[SegmentGroupOut]
    forced_by: list[ForcedOut]
    mended_body: str | None = Field(
        description="The text with every safe replacement written into it; null: there is none."
    )
