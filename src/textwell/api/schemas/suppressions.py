"""Bodies of numbers that are not texted."""

from datetime import datetime
from typing import Annotated

from ninja import Field, Schema

from textwell.api.schemas.base import Input, ShownNumber
from textwell.api.schemas.contacts import RejectedOut
from textwell.consent.suppressing import LONGEST_NOTE, MAX_NUMBERS

GivenNumber = Annotated[str, Field(max_length=40, examples=["+84901234567"])]


class WhySuppressed(Input):
    region: str | None = Field(
        None, max_length=2, description="Country of numbers written without their code."
    )
    reason: str = Field(
        "manual",
        max_length=40,
        examples=["complaint"],
        description="manual, complaint, dead_number or register. An opt-out is recorded of the person.",
    )
    note: str = Field("", max_length=LONGEST_NOTE, description="What others should know of it.")


class SuppressionIn(WhySuppressed):
    msisdn: GivenNumber


class SuppressionsIn(WhySuppressed):
    msisdns: list[GivenNumber] = Field(
        min_length=1,
        max_length=MAX_NUMBERS,
        examples=[["+84901234567"]],
        description="The numbers, 10,000 at most.",
    )


class SuppressionOut(Schema):
    """One reason why one number is not texted. A number may have several."""

    id: int
    msisdn: ShownNumber
    reason: str = Field(
        examples=["manual"],
        description="opted_out, manual, complaint, dead_number, register, or shared: another brand of the"
        " group has a reason.",
    )
    note: str = Field(description="What others should know of it.")
    source: str = Field(
        description="page, api, group, or where the person said stop; empty: not known any more."
    )
    actor: str = Field(description="Who put it down, such as user:3; empty: not known any more.")
    since: datetime = Field(description="From when; of an opt-out: when the person said it.")


class SuppressedOut(Schema):
    added_count: int = Field(description="Numbers that did not have this reason before.")
    known_count: int = Field(description="Numbers that had it; they keep their note and time.")
    rejected: list[RejectedOut] = Field(description="Left out; all others are suppressed.")


class LiftIn(Input):
    reason: str = Field(
        min_length=1,
        max_length=LONGEST_NOTE,
        examples=["Wrong number: a typing error"],
        description="Why the number may be texted again; the audit log keeps it.",
    )


class LiftedOut(Schema):
    remaining: list[SuppressionOut] = Field(
        description="Other reasons of the number, foremost first; empty: consent decides again."
    )
