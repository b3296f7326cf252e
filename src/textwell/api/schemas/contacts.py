"""Bodies of people, lists, tags and consent."""

from datetime import datetime
from enum import StrEnum

from ninja import Field, Schema

from textwell.api.schemas.base import Input, Moment, ShownNumber
from textwell.consent.models import PreferenceChoice
from textwell.contacts.bulk.actions import RejectedRow
from textwell.contacts.models import Contact
from textwell.contacts.zones import Zones, find_zones

Value = str | int | float | bool | None


class PersonFields(Input):
    """What is known of a person. Only what is given is set."""

    external_id: str | None = Field(None, max_length=120, examples=["customer-17"])
    email: str | None = Field(None, max_length=254)
    first_name: str | None = Field(None, max_length=80, examples=["Linh"])
    last_name: str | None = Field(None, max_length=80, examples=["Nguyễn"])
    language: str | None = Field(None, max_length=8, examples=["vi"])
    zone: str | None = Field(
        None, max_length=64, description="IANA time zone; wins over what the number says."
    )
    fields: dict[str, Value] = Field(
        default_factory=dict, description="Free fields by name; null removes one."
    )
    tags: list[str] = Field(default_factory=list, max_length=100, examples=[["vip"]])


class UpsertIn(PersonFields):
    msisdn: str = Field(max_length=40, examples=["+84901234567"])
    region: str | None = Field(
        None, max_length=2, description="Country of a number written without its code."
    )
    list_ids: list[int] = Field(default_factory=list, max_length=50)


class Basis(StrEnum):
    IMPLIED = "implied"
    SOFT = "soft"
    EXPRESS = "express"
    EXPRESS_WRITTEN = "express_written"


class OptIn(Input):
    """A person's yes, with its proof: who says it, when, and what the person was shown."""

    source: str = Field(min_length=1, max_length=200, examples=["web form /spring"])
    wording: str = Field(min_length=1, max_length=2000, examples=["Yes, send me offers by SMS."])
    given_at: Moment
    purpose: str = Field("marketing", min_length=1, max_length=30)
    topic: str = Field(
        "",
        max_length=40,
        description="To texts about what, by the key of a topic; empty: to none in particular.",
        examples=["offers"],
    )
    brand: str = Field(
        "", max_length=40, description="To texts of which brand, by its key.", examples=["lotus"]
    )
    sender: str = Field(
        "", max_length=21, description="From which sender, where the topic is agreed to by sender."
    )
    basis: Basis | None = Field(
        None, description="How it was given; none: not known.", examples=["express"]
    )
    wording_version: str = Field("", max_length=40, examples=["2026-03"])
    language: str = Field("", max_length=8, description="Of the wording, BCP 47.", examples=["fr"])
    evidence: dict[str, str] = Field(default_factory=dict, max_length=30)


class BulkPerson(PersonFields):
    msisdn: str = Field(max_length=40, examples=["+84901234567"])
    consent: OptIn | None = Field(None, description="None: this grants nothing.")


class BulkIn(Input):
    contacts: list[BulkPerson] = Field(min_length=1, max_length=10_000)
    region: str | None = Field(None, max_length=2)
    list_ids: list[int] = Field(default_factory=list, max_length=50)


class RejectedOut(Schema):
    place: int = Field(description="From 0, in the order given.")
    field: str
    problem: str
    mend: str

    @staticmethod
    def resolve_field(row: RejectedRow) -> str:
        return row.error.field

    @staticmethod
    def resolve_problem(row: RejectedRow) -> str:
        return row.error.problem

    @staticmethod
    def resolve_mend(row: RejectedRow) -> str:
        return row.error.mend


class BulkOut(Schema):
    created_count: int
    updated_count: int
    unchanged_count: int
    rejected: list[RejectedOut] = Field(description="Left out; all others are stored.")


class ContactOut(Schema):
    id: int
    msisdn: ShownNumber
    external_id: str | None
    email: str
    first_name: str
    last_name: str
    language: str
    zone: str
    country: str
    operator: str
    fields: dict[str, Value]
    tags: list[str]
    is_sample: bool = Field(
        examples=[False], description="Made up: texted over simulated gateways alone."
    )
    created_at: datetime
    updated_at: datetime


class ZonesOut(Schema):
    names: list[str] = Field(
        description="IANA time zones that the person may be in.", examples=[["America/New_York"]]
    )
    is_given: bool = Field(description="False: from the number; then there may be several.")


class ContactDetail(ContactOut):
    zones: ZonesOut

    @staticmethod
    def resolve_zones(person: Contact) -> Zones:
        return find_zones(person)


class FilterOfPeople(Input):
    """All that is given must hold; nothing given is everybody."""

    search: str = Field("", max_length=120, description="Beginning of a number or of a name.")
    list_id: int | None = Field(None, ge=1, le=2**63 - 1, examples=[3])
    tag: str | None = Field(None, max_length=60, examples=["vip"])


class SavedFilterName(Input):
    name: str = Field(min_length=1, max_length=60, examples=["Regulars"])


class SavedFilterIn(FilterOfPeople, SavedFilterName):
    """Something to filter by must be given."""


class SavedFilterOut(Schema):
    id: int
    name: str
    search: str
    list_id: int | None
    tag: str
    created_at: datetime


class WhomIn(Input):
    """Exactly one of both."""

    contact_ids: list[int] | None = Field(None, min_length=1, max_length=10_000, examples=[[17]])
    filter: FilterOfPeople | None = Field(
        None, description="All whom it finds; of more than 20,000 a job takes care."
    )


class Changed(Schema):
    count: int = Field(
        examples=[12], description="People changed; if it is under way: people chosen."
    )
    is_under_way: bool = Field(examples=[False], description="A job carries on with it.")


class TagsIn(WhomIn):
    add: list[str] = Field(default_factory=list, max_length=50, examples=[["vip"]])
    remove: list[str] = Field(default_factory=list, max_length=50)


class TagCount(Schema):
    tag: str
    contact_count: int
    textable_count: int = Field(description="With consent to marketing by SMS, not suppressed.")


class TagsOut(Schema):
    tags: list[str] = Field(description="By name.")
    counts: list[TagCount]
    counted_at: datetime | None = Field(
        description="Of a large workspace: when the tags were counted; null: now."
    )


class TagRename(Input):
    tag: str = Field(min_length=1, max_length=60, examples=["vip"])
    to: str = Field(
        min_length=1,
        max_length=60,
        examples=["gold"],
        description="That of another tag: both are one.",
    )


class TagDelete(Input):
    tag: str = Field(min_length=1, max_length=60, examples=["vip"])


class ListIn(Input):
    name: str = Field(min_length=1, max_length=120, examples=["Newsletter"])


class ListChange(Input):
    name: str | None = Field(None, min_length=1, max_length=120, examples=["Newsletter"])
    is_for_tests: bool | None = Field(
        None, description="Its people get test sends of campaigns.", examples=[True]
    )


class ListOut(Schema):
    id: int
    name: str
    is_for_tests: bool = Field(description="Its people get test sends of campaigns.")
    created_at: datetime


class ListCount(ListOut):
    contact_count: int
    textable_count: int = Field(description="With consent to marketing by SMS, not suppressed.")
    counted_at: datetime | None = Field(
        description="Of a large workspace: when the people were counted; null: now."
    )
    last_campaign_id: int | None = Field(description="The newest that was sent to this list.")


class ListDetail(ListOut):
    contact_count: int


class MembersIn(WhomIn):
    pass


class FieldIn(Input):
    name: str = Field(max_length=40, description="Small letters, digits and _.", examples=["city"])
    label: str = Field("", max_length=80, examples=["City"])
    kind: str = Field("text", description="text, number, date or boolean.")


class FieldOut(Schema):
    name: str
    label: str
    kind: str


class OptOut(Input):
    source: str = Field(min_length=1, max_length=200, examples=["customer service call"])
    wording: str = Field("", max_length=2000)
    given_at: Moment | None = Field(None, description="None: now.")
    purpose: str = Field("marketing", min_length=1, max_length=30)
    topic: str | None = Field(
        None,
        min_length=1,
        max_length=40,
        description="Of texts about what, by the key of a topic. Without topic and brand: of everything.",
        examples=[None],
    )
    brand: str | None = Field(
        None,
        min_length=1,
        max_length=40,
        description="Of texts of which brand, by its key.",
        examples=[None],
    )


class PauseIn(Input):
    days: int | None = Field(None, ge=1, le=366, description="So many days from now; or `until`.")
    until: Moment | None = Field(None, description="A moment at most 366 days ahead; or `days`.")
    source: str = Field("API", min_length=1, max_length=200, examples=["customer service call"])


class PauseOut(Schema):
    channel: str
    until: datetime = Field(description="From this moment on marketing goes to the person again.")
    since: datetime = Field(description="When it was set.")
    source: str
    actor: str


class ChannelsIn(Input):
    choice: PreferenceChoice = Field(
        description="sms, email, either (by one of them) or both.", examples=["both"]
    )
    source: str = Field("API", min_length=1, max_length=200, examples=["customer service call"])
    wording: str = Field("", max_length=2000, description="What the person was asked, or said.")
    given_at: Moment | None = Field(None, description="None: now.")
    evidence: dict[str, str] = Field(
        default_factory=dict, max_length=30, description="Whatever else proves it."
    )


class ChannelsOut(Schema):
    choice: str = Field(description="sms, email, either (by one of them) or both.")
    given_at: datetime = Field(description="When the person chose it.")
    recorded_at: datetime
    source: str
    wording: str = Field(description="What the person was asked, or said.")
    evidence: dict[str, object]
    actor: str


class ConsentEventOut(Schema):
    id: int
    kind: str = Field(description="opt_in or opt_out.")
    channel: str
    purpose: str
    topic: str = Field(description="Empty: the general one; * of an opt-out: every one.")
    brand: str = Field(description="Empty: the general one; * of an opt-out: every one.")
    sender: str = Field(description="Empty: the general one; * of an opt-out: every one.")
    basis: str = Field(description="implied, soft, express, express_written, or empty: not known.")
    given_at: datetime
    recorded_at: datetime
    source: str
    wording: str
    wording_version: str
    wording_sha256: str = Field(description="SHA-256 of the wording in UTF-8; empty of an opt-out.")
    language: str
    evidence: dict[str, object]
    actor: str


class ConsentStateOut(Schema):
    channel: str
    purpose: str
    topic: str
    brand: str
    sender: str
    is_granted: bool
    basis: str
    since: datetime


class ConsentOut(Schema):
    states: list[ConsentStateOut]
    suppression: str | None = Field(
        description="The foremost reason why the number is suppressed; null: it is not."
    )
    pause: PauseOut | None = Field(description="The rest that the person asked for; null: none.")
    channels: ChannelsOut | None = Field(
        description="By which way the person wants to hear from you; null: nobody said."
    )
    channels_history: list[ChannelsOut] = Field(
        description="All that they chose, the latest first."
    )
    history: list[ConsentEventOut]
