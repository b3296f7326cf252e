"""Bodies of tracked events."""

from typing import Annotated

from ninja import Field, Schema
from pydantic import StringConstraints

from textwell.api.schemas.base import Input, Moment

Scalar = bool | int | float | Annotated[str, StringConstraints(max_length=500)] | None


class NewEvent(Input):
    """Something a person did elsewhere. Exactly one of the three ways says who."""

    id: str = Field(
        min_length=1,
        max_length=120,
        description="Your own id of the event: the same one twice is one event.",
        examples=["order-1001-paid"],
    )
    name: str = Field(
        pattern=r"^[a-z][a-z0-9_.]{0,59}$",
        description="Small letters, digits, _ and .",
        examples=["order_paid"],
    )
    at: Moment | None = Field(None, description="When it happened; none: now.")
    contact_id: int | None = None
    msisdn: str | None = Field(None, max_length=40, examples=["+84901234567"])
    external_id: str | None = Field(None, min_length=1, max_length=120)
    properties: dict[Annotated[str, StringConstraints(max_length=60)], Scalar] = Field(
        default_factory=dict, max_length=50, examples=[{"amount": 25.5, "currency": "EUR"}]
    )


class EventBatch(Input):
    events: list[NewEvent] = Field(min_length=1, max_length=500)


class EventsTaken(Schema):
    """All of them are stored; they are worked into the ledger a moment later."""

    count: int = Field(examples=[1])
