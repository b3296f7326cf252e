"""What is given and shown of the registry of senders."""

from datetime import date, datetime
from typing import Literal

from ninja import Field, Schema

from textwell.api.schemas.base import Input
from textwell.gateways.patterns import LONGEST_PLACE
from textwell.gateways.registered_texts import LONGEST_TEXT
from textwell.gateways.registrations import MAX_NOTES

State = Literal["draft", "submitted", "approved", "refused", "expired", "suspended"]


class RegistrationIn(Input):
    value: str = Field(max_length=21, description="The sender.", examples=["BAKERY"])
    kind: Literal["alphanumeric", "long_code", "short_code", "toll_free", "modem"] = Field(
        examples=["alphanumeric"]
    )
    country: str = Field(pattern="^[A-Z]{2}$", examples=["VN"])
    purpose: Literal["marketing", "transactional", "otp", "care"] = Field(
        description="The class of texts that it is registered for.", examples=["marketing"]
    )
    operator: str = Field("", max_length=60, description="Empty: all operators of the country.")
    state: State = Field("draft", description="Only `approved` lets texts go.")
    reference: str = Field("", max_length=120, description="As the registry calls it.")
    expires_on: date | None = Field(None, description="The last day on which it holds.")
    notes: str = Field("", max_length=MAX_NOTES, description="For yourselves.")


class RegistrationChange(Input):
    state: State | None = Field(None, description="Only `approved` lets texts go.")
    reference: str | None = Field(None, max_length=120, description="As the registry calls it.")
    expires_on: date | None = Field(
        None, description="The last day on which it holds; null: no end. Left out, it stays."
    )
    notes: str | None = Field(None, max_length=MAX_NOTES, description="For yourselves.")


class DocumentOut(Schema):
    id: int
    name: str = Field(description="As it was called.", examples=["letter.pdf"])
    content_type: str = Field(description="By its first octets.", examples=["application/pdf"])
    size: int = Field(description="In octets.")
    sha256: str = Field(description="Of its octets, in hexadecimal.")
    added_at: datetime = Field(description="When it was added.")


class TemplateIn(Input):
    name: str = Field(max_length=120, description="As your team knows it.", examples=["Sale"])
    text: str = Field(
        max_length=LONGEST_TEXT,
        description="As it is registered, whole. Places: `{#var#}`, `${name}` or `{1}`; `{#numeric#}` takes"
        " digits alone, `{#var:60#}` up to 60 characters.",
        examples=["[QC] Bakery: {#var#} giam 20%. Tu choi soan HUY"],
    )
    longest: int | None = Field(
        None,
        ge=1,
        le=LONGEST_PLACE,
        description="Most characters in a place that does not say; null: as the country's rules have it.",
    )
    state: State = Field("draft", description="Only `approved` lets texts go.")
    reference: str = Field("", max_length=120, description="As the registry calls it.")
    expires_on: date | None = Field(None, description="The last day on which it holds.")


class TemplateChange(Input):
    state: State | None = Field(None, description="Only `approved` lets texts go.")
    reference: str | None = Field(None, max_length=120, description="As the registry calls it.")
    expires_on: date | None = Field(
        None, description="The last day on which it holds; null: no end. Left out, it stays."
    )


class RegisteredTextOut(Schema):
    id: int
    name: str = Field(description="As your team knows it.")
    text: str = Field(description="As it is registered. Its words never change.")
    longest: int = Field(description="Most characters in a place that does not say.")
    state: str = Field(description="As of today: an approval past its last day is `expired`.")
    reference: str = Field(description="As the registry calls it.")
    expires_on: date | None = Field(description="The last day on which it holds; null: no end.")


class RegistrationOut(Schema):
    id: int
    value: str = Field(description="The sender.")
    kind: str = Field(description="alphanumeric, long_code, short_code, toll_free or modem.")
    country: str
    purpose: str = Field(description="The class of texts that it is registered for.")
    operator: str = Field(description="Empty: all operators of the country.")
    state: str = Field(description="As of today: an approval past its last day is `expired`.")
    reference: str = Field(description="As the registry calls it.")
    expires_on: date | None = Field(description="The last day on which it holds; null: no end.")
    notes: str = Field(description="For yourselves.")
    documents: list[DocumentOut] = Field(description="Its papers.")
    templates: list[RegisteredTextOut] = Field(
        description="Its approved texts: where the country asks for them, no other text goes out."
    )
