"""People whose consent to marketing by SMS ends."""

from datetime import datetime

from ninja import Field, Schema

from textwell.api.schemas.base import ShownNumber


class EndingOut(Schema):
    contact_id: int
    first_name: str
    last_name: str
    msisdn: ShownNumber
    country: str
    ends_at: datetime = Field(description="From then on nothing that asks them may be sent.")
    by_law: bool = Field(
        description="True: the country's rule pack ends it; false: the workspace's own lifetime."
    )
    given_at: datetime
    basis: str = Field(description="How it was given; empty: nobody said.")
    topic: str = Field(description="Empty: the general one.")
    brand: str = Field(description="Empty: the general one.")
    sender: str = Field(description="Empty: the general one.")


class EndingCountOut(Schema):
    month: str = Field(description="In which it ends, in UTC.", examples=["2026-12"])
    country: str = Field(description="Of the number; empty: not known.")
    people_count: int
