"""What is shown of gateways."""

from ninja import Field, Schema


class SenderOut(Schema):
    value: str = Field(examples=["BAKERY"])
    kind: str = Field(description="alphanumeric, long_code, short_code or toll_free.")
    country: str = Field(description="Empty: every country.")


class GatewayOut(Schema):
    id: int
    name: str
    provider: str = Field(examples=["smpp"])
    state: str = Field(description="active, paused or broken.")
    is_bound: bool = Field(description="Whether a connector holds a link to the carrier now.")
    last_error: str
    segments_per_second: float
    price_micros: int
    currency: str
    senders: list[SenderOut]


class WorkspaceOut(Schema):
    id: int
    name: str
    country: str
    language: str
    zone: str
    currency: str
    is_stopped: bool = Field(description="True: nothing is handed off until the stop is lifted.")
