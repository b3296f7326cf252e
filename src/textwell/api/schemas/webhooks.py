"""Bodies of webhooks."""

from datetime import datetime

from ninja import Field, Schema

from textwell.api.schemas.base import Input, Moment, ShownData
from textwell.webhooks.actions import ASKABLE

_KINDS = Field(description="Some of: " + ", ".join(ASKABLE), examples=[["message.delivered"]])


class EndpointIn(Input):
    url: str = Field(max_length=500, examples=["https://example.com/hooks/textwell"])
    kinds: list[str] = _KINDS
    name: str = Field("", max_length=120)


class EndpointChange(Input):
    url: str | None = Field(None, max_length=500)
    kinds: list[str] | None = None
    name: str | None = Field(None, max_length=120)
    is_active: bool | None = None


class EndpointOut(Schema):
    id: int
    name: str
    url: str
    kinds: list[str]
    is_active: bool
    stopped_reason: str = Field(
        description="gone: it answered 410; failing: five days of failures."
    )
    failing_since: datetime | None
    last_success_at: datetime | None
    last_error: str
    waiting_count: int
    failed_count: int
    created_at: datetime


class EndpointMade(EndpointOut):
    secret: str = Field(description="Shown this once.", examples=["whsec_…"])


class SecretOut(Schema):
    secret: str = Field(description="Shown this once; the old one signs beside it for a day.")


class DeliveryOut(Schema):
    id: int
    event_id: str
    kind: str
    state: str = Field(description="waiting, delivered or failed.")
    attempt_count: int
    next_at: datetime | None
    last_status: int
    last_error: str
    last_duration_ms: int
    last_at: datetime | None
    at: datetime
    data: ShownData = Field(
        description="As it was told; the person's number is masked unless the key has contacts:numbers."
    )


class DeliveryMade(Schema):
    id: int


class ReplayIn(Input):
    since: Moment
    until: Moment | None = None
    only_failed: bool = Field(True, description="False: what was delivered is told again too.")
