"""Bodies of sign-up programmes, their placements, and the people who join."""

from datetime import date, datetime
from typing import Any, Literal

from ninja import Field, Schema

from textwell.api.schemas.base import Input, Moment

Method = Literal["checkout", "api", "ivr", "oral", "paper"]


class QuestionIn(Input):
    field: str = Field(
        max_length=40,
        examples=["first_name"],
        description="first_name, last_name, email or a field of yours.",
    )
    label: str = Field("", max_length=120, examples=["Your first name"])
    is_required: bool = False


class ProgrammeFields(Input):
    """Only what is given is set."""

    name: str | None = Field(None, min_length=1, max_length=120, examples=["Bread club"])
    brand: str | None = Field(None, max_length=80, examples=["Green Bakery"])
    offer: str | None = Field(None, max_length=200, examples=["10% off"])
    terms_url: str | None = Field(None, max_length=300, examples=["https://bakery.example/terms"])
    privacy_url: str | None = Field(
        None, max_length=300, examples=["https://bakery.example/privacy"]
    )
    contact: str | None = Field(None, max_length=200, examples=["1 Rue du Four, Paris"])
    monthly_count: int | None = Field(None, ge=1, le=60, examples=[4])
    countries: list[str] | None = Field(None, max_length=60, examples=[["FR"]])
    asks_twice: bool | None = Field(None, examples=[False])
    min_age: int | None = Field(None, ge=0, le=25, examples=[0])
    welcome: str | None = Field(None, max_length=1000, examples=["Welcome! Reply STOP to stop."])
    questions: list[QuestionIn] | None = Field(None, max_length=12)
    tags: list[str] | None = Field(None, max_length=50, examples=[["club"]])
    topics: list[str] | None = Field(None, max_length=12, examples=[["offers"]])
    frame_hosts: list[str] | None = Field(None, max_length=20, examples=[["shop.example.com"]])
    low_codes: int | None = Field(None, ge=0, le=1_000_000, examples=[50])
    starts_at: Moment | None = None
    ends_at: Moment | None = None

    def values(self) -> dict[str, Any]:  # Any: values of many fields
        """What was given, as the actions take it; only the dates can be taken away again."""
        given = self.model_dump(exclude_unset=True)
        dates = ("starts_at", "ends_at")
        return {k: v for k, v in given.items() if v is not None or k in dates}


class NewProgramme(ProgrammeFields):
    name: str = Field(min_length=1, max_length=120, examples=["Bread club"])


class DisclosureOut(Schema):
    id: int
    country: str
    language: str
    version: int
    parts: dict[str, str]
    text: str
    hash: str
    created_at: datetime


class PlacementOut(Schema):
    id: int
    programme_id: int
    name: str
    code: str
    keyword: str
    sender: str
    keyword_from: datetime | None
    keyword_until: datetime | None
    cost_micros: int
    paused_at: datetime | None
    paused_why: dict[str, Any] = Field(  # Any: figures of the test
        description="What the test of the source found; empty: a person paused it, or nobody."
    )


class ProgrammeOut(Schema):
    id: int
    name: str
    brand: str
    offer: str
    terms_url: str
    privacy_url: str
    contact: str
    monthly_count: int
    countries: list[str]
    asks_twice: bool
    min_age: int
    welcome: str
    questions: list[dict[str, Any]] = Field(  # Any: field, label, kind, is_required
        description="Questions of the form: field, label, kind, is_required."
    )
    tags: list[str]
    topics: list[str] = Field(description="Keys of topics that people may tick, each by itself.")
    frame_hosts: list[str]
    low_codes: int
    state: str
    starts_at: datetime | None
    ends_at: datetime | None
    created_at: datetime


class Programmes(Schema):
    items: list[ProgrammeOut]


class SourceOut(PlacementOut):
    joined_count: int
    pending_count: int
    text_count: int
    opted_out_count: int
    complained_count: int
    dead_count: int
    cost_each_micros: int | None


class ProgrammeDetail(ProgrammeOut):
    problems: list[str]
    disclosures: list[DisclosureOut]
    placements: list[SourceOut]
    codes_left: int
    codes_total: int


class WordsIn(Input):
    parts: dict[str, str] = Field(
        examples=[{"what": "I agree to get texts.", "stop": "Reply STOP to stop."}],
        description="One sentence an element; an element without one is taken away.",
    )


class CodesIn(Input):
    codes: list[str] = Field(min_length=1, max_length=100_000, examples=[["A1B2", "C3D4"]])


class CodesOut(Schema):
    added_count: int
    known_count: int


class PlacementFields(Input):
    """Only what is given is set."""

    name: str | None = Field(None, min_length=1, max_length=120, examples=["Shop window"])
    keyword: str | None = Field(None, max_length=30, examples=["BREAD"])
    sender: str | None = Field(None, max_length=21, examples=["38000"])
    keyword_from: Moment | None = None
    keyword_until: Moment | None = None
    cost_micros: int | None = Field(None, ge=0, le=10**15, examples=[250_000_000])

    def values(self) -> dict[str, Any]:  # Any: values of many fields
        """What was given, as the actions take it; only the dates can be taken away again."""
        given = self.model_dump(exclude_unset=True)
        dates = ("keyword_from", "keyword_until")
        return {k: v for k, v in given.items() if v is not None or k in dates}


class NewPlacement(PlacementFields):
    name: str = Field(min_length=1, max_length=120, examples=["Shop window"])


class SignUpIn(Input):
    msisdn: str = Field(max_length=40, examples=["+33644640101"])
    region: str | None = Field(None, max_length=2, examples=["FR"])
    method: Method = Field(
        examples=["checkout"],
        description="How they agreed. By ivr, oral and paper they must answer yes first.",
    )
    language: str = Field("", max_length=8, examples=["fr"])
    placement_id: int | None = Field(None, description="Null: the programme's first.")
    signed_at: Moment | None = Field(None, description="When they agreed; null: now.")
    born_on: date | None = Field(None, examples=["1990-05-01"])
    disclosure_id: int | None = Field(
        None, description="The version that they were shown; null: the present one."
    )
    topics: list[str] = Field(
        default_factory=list,
        max_length=12,
        examples=[["offers"]],
        description="What they ticked of the programme's topics, each a consent of its own.",
    )
    values: dict[str, str | bool] = Field(default_factory=dict, examples=[{"first_name": "Ada"}])
    evidence: dict[str, str] = Field(default_factory=dict, examples=[{"order": "1234"}])


class SignUpOut(Schema):
    id: int
    contact_id: int
    placement_id: int
    method: str
    state: str
    signed_at: datetime
    joined_at: datetime | None
    welcomed_at: datetime | None
