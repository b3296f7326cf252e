"""What is shown of gateways."""

from ninja import Field, Schema

from textwell.accounts.actions import MAX_CAP_COUNT, MAX_CAP_HOURS
from textwell.api.schemas.base import Input


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
    last_error: str = Field(
        description="What stands in the way, for people; empty while it is bound."
    )
    cautions: list[str] = Field(description="What its settings allow and should not, for people.")
    segments_per_second: float
    price_micros: int
    currency: str
    senders: list[SenderOut]


class SettingOut(Schema):
    name: str = Field(examples=["tls_ca"])
    label: str
    help: str
    kind: str = Field(
        description="text, secret, integer, boolean, choice, url, pem or secret_pem; secrets are"
        " taken and never shown."
    )
    is_required: bool = Field(
        description="False: optional, the default stands for what is left out."
    )
    default: str | int | bool | None
    choices: list[str] = Field(description="For choice: what may be given.")
    minimum: int | None = Field(description="Of an integer.")
    maximum: int | None = Field(description="Of an integer, or the characters of a text.")


class GatewayKindOut(Schema):
    kind: str = Field(examples=["smpp"])
    label: str
    settings: list[SettingOut]


class WorkspaceOut(Schema):
    id: int
    name: str
    country: str
    language: str
    zone: str
    currency: str
    cap_count: int = Field(description="Marketing texts a person at most; 0: no cap.")
    cap_hours: int = Field(description="Within so many hours, over campaigns and messages.")
    is_stopped: bool = Field(description="True: nothing is handed off until the stop is lifted.")


class CapIn(Input):
    cap_count: int = Field(ge=0, le=MAX_CAP_COUNT, examples=[4])
    cap_hours: int = Field(168, ge=1, le=MAX_CAP_HOURS, examples=[168])
