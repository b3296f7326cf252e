"""Bodies of what a workspace promises in public."""

from datetime import datetime

from ninja import Field, Schema

from textwell.api.schemas.base import Input
from textwell.messaging.promises import MOST_PROMISED


class PromiseIn(Input):
    most: int = Field(
        ge=0,
        le=MOST_PROMISED,
        description="Marketing texts a person at most, in any 31 days; 0 takes the promise back.",
        examples=[4],
    )


class PromisedSenderOut(Schema):
    value: str = Field(description="What phones show.", examples=["+33644600000"])
    country: str = Field(description="Empty: in every country that has no other.", examples=["FR"])


class PromisedTopicOut(Schema):
    key: str = Field(description="As texts name it.", examples=["offers"])
    name: str = Field(examples=["Offers"])


class PromiseOut(Schema):
    version: int = Field(description="Counted from 1.", examples=[1])
    most: int = Field(
        description="Marketing texts a person at most, in any 31 days; 0: it was taken back."
    )
    days: int = Field(description="In so many days, wherever they begin.", examples=[31])
    senders: list[PromisedSenderOut] = Field(description="From which texts come.")
    topics: list[PromisedTopicOut] = Field(
        description="What they are about; empty: offers and news."
    )
    url: str = Field(
        description="The page that anybody reads.",
        examples=["https://text.shop.example/promise/x1"],
    )
    document: str = Field(
        description="The signed file: `textwell promise verify` checks it with no database."
    )
    is_outdated: bool = Field(
        description="True: a sender or a topic has come or gone since; publish it again."
    )
    published_at: datetime = Field(description="When it was signed, in UTC.")
