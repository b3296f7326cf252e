"""Bodies of topics and brands."""

from datetime import datetime

from ninja import Field, Schema

from textwell.api.schemas.base import Input


class TopicChange(Input):
    name: str = Field(min_length=1, max_length=80, examples=["Offers"])
    description: str = Field("", max_length=300, examples=["Discounts, about twice a month."])


class TopicIn(TopicChange):
    key: str = Field(max_length=40, description="It never changes.", examples=["offers"])
    is_per_sender: bool = Field(
        False, description="People agree to it from one sender: from another it needs another yes."
    )


class TopicOut(Schema):
    id: int
    key: str
    name: str
    description: str
    is_per_sender: bool
    created_at: datetime
    closed_at: datetime | None


class BrandChange(Input):
    name: str = Field(min_length=1, max_length=80, examples=["Lotus"])


class BrandIn(BrandChange):
    key: str = Field(max_length=40, description="It never changes.", examples=["lotus"])


class BrandOut(Schema):
    id: int
    key: str
    name: str
    created_at: datetime
    closed_at: datetime | None
