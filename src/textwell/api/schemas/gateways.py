"""What is given and shown of gateways."""

from typing import Annotated, Literal

from ninja import Field, Schema

from textwell.accounts.workspaces import (
    MAX_ANSWER_MINUTES,
    MAX_APPROVAL_ABOVE,
    MAX_CAP_COUNT,
    MAX_CAP_HOURS,
)
from textwell.api.schemas.base import Input
from textwell.gateways.values import MOST_RATE, MOST_WINDOW

MOST_MICROS = 10**12  # of a segment: a million of the currency
Settings = dict[str, str | int | bool]
Name = Annotated[str, Field(min_length=1, max_length=80)]
Rate = Annotated[float, Field(gt=0, le=MOST_RATE)]
Window = Annotated[int, Field(ge=1, le=MOST_WINDOW)]
Micros = Annotated[int, Field(ge=0, le=MOST_MICROS)]
Language = Literal["en", "vi", "zh-hans", "zh-hant", "es", "fr"]
Currency = Annotated[str, Field(pattern="^[A-Z]{3}$")]


class SenderIn(Input):
    value: str = Field(max_length=20, examples=["BAKERY"])
    kind: Literal["alphanumeric", "long_code", "short_code", "toll_free", "modem"] = Field(
        examples=["alphanumeric"]
    )
    country: str = Field("", pattern="^([A-Z]{2})?$", description="Empty: every country.")
    segments_per_second: Rate | None = Field(
        None, description="Of this sender alone; null: as its gateway."
    )


class SenderChange(Input):
    is_active: bool | None = Field(None, description="False: what waits is not handed off with it.")
    segments_per_second: Rate | None = Field(
        None, description="Of this sender alone; null: as its gateway. Left out, it stays."
    )


class SenderOut(Schema):
    id: int
    value: str = Field(examples=["BAKERY"])
    kind: str = Field(description="alphanumeric, long_code, short_code, toll_free or modem.")
    country: str = Field(description="Empty: every country.")
    is_active: bool = Field(description="False: nothing is handed off with it.")
    segments_per_second: float | None = Field(
        description="Of this sender alone; null: as its gateway."
    )


class GatewayIn(Input):
    name: Name = Field(examples=["Carrier"])
    provider: str = Field(description="A kind of `GET /gateways/kinds`.", examples=["smpp"])
    settings: Settings = Field(
        description="By the kind's own settings (`GET /gateways/kinds`). Secrets are taken, never"
        " shown.",
        examples=[{"host": "smpp.carrier.example", "port": 2775, "system_id": "bakery"}],
    )
    segments_per_second: Rate = Field(100.0, description="What the contract allows, at most.")
    window: Window = Field(100, description="Submissions without an answer, at most.")
    price_micros: Micros = Field(
        0, description="Of a segment, in millionths of the currency.", examples=[35_000]
    )
    prices: dict[str, Micros] = Field(
        default_factory=dict,
        description="By country, where it differs.",
        examples=[{"VN": 28_000}],
    )
    currency: Currency = "EUR"


class GatewayChange(Input):
    name: Name | None = None
    settings: Settings | None = Field(
        None, description="Those to change; what is left out, or a secret left empty, stays."
    )
    segments_per_second: Rate | None = None
    window: Window | None = None
    price_micros: Micros | None = None
    prices: dict[str, Micros] | None = None
    currency: Currency | None = None


class GatewayOut(Schema):
    id: int
    name: str
    provider: str = Field(examples=["smpp"])
    state: str = Field(description="active, paused, broken or retired.")
    is_bound: bool = Field(description="Whether a connector holds a link to the carrier now.")
    last_error: str = Field(
        description="What stands in the way, for people; empty while it is bound."
    )
    cautions: list[str] = Field(
        description="What its settings allow and should not, or say and is not done; for people."
    )
    segments_per_second: float
    price_micros: int
    currency: str
    senders: list[SenderOut]


class GatewayWhole(GatewayOut):
    settings: dict[str, str | int | bool | None] = Field(description="Without secrets.")
    window: int
    prices: dict[str, int]


class RemovedOut(Schema):
    outcome: Literal["deleted", "retired"] = Field(
        description="deleted: it never carried anything and is gone; retired: it stays for its figures."
    )


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
    law_layer: str = Field(
        description="Which hours hold for marketing: `recommended`, or `legal`: what law asks and no more."
    )
    consent_months: int = Field(
        description="A consent counts for so many months, where law has no sooner end; 0: as law has it."
    )
    brand: str = Field(description="Who speaks in texts; empty: the workspace's name.")
    legal_name: str = Field(description="Where a country asks for it; empty: not told.")
    postal_address: str = Field(description="For the page where people stop; empty: not told.")
    public_contact: str = Field(description="How people reach who speaks; empty: not told.")
    answer_minutes: int = Field(
        description="Whoever writes is to be answered within so many minutes; 0: no answer time."
    )
    needs_approval: bool = Field(description="True: campaigns need a second person's word …")
    approval_above: int = Field(description="… where the audience has more people than this.")
    is_stopped: bool = Field(description="True: nothing is handed off until the stop is lifted.")
    is_sandbox: bool = Field(
        description="True: its texts reach the simulated carrier alone, for ever."
    )
    is_small: bool = Field(description="True: its pages are those of a small business.")
    review_url: str = Field(description="Where people can review the firm; empty: nowhere.")


class WorkspaceIn(Input):
    name: str = Field(max_length=120, examples=["Green Bakery (test)"])
    country: str = Field(description="By ISO 3166-1, two capitals.", examples=["FR"])
    currency: str = Field("EUR", description="By ISO 4217, three capitals.", examples=["EUR"])
    zone: str = Field("UTC", description="By its IANA name.", examples=["Europe/Paris"])
    language: Language = Field("en", description="Of what Textwell writes itself.", examples=["fr"])
    is_sandbox: bool = Field(
        False,
        description="True: its texts reach the simulated carrier alone. It can never be live.",
        examples=[True],
    )


class SmallBusinessIn(Input):
    is_small: bool = Field(description="True: one screen and few places.", examples=[True])
    review_url: str = Field(
        "",
        max_length=300,
        description="Where people can review the firm; empty: nowhere.",
        examples=["https://reviews.example/green-bakery"],
    )


class WorkspaceMade(WorkspaceOut):
    """A new workspace and its first key, which is never shown again."""

    secret: str = Field(
        description="A key of the new workspace with the scopes and the rate of the one in use.",
        examples=["tw_k3v9x0q2ab_…"],
    )


class SpeakerIn(Input):
    brand: str = Field(
        "",
        max_length=20,
        description="Who speaks in texts; empty: the workspace's name.",
        examples=["Lotus"],
    )
    legal_name: str = Field(
        "",
        max_length=60,
        description="Some countries ask for it, such as Australia and Japan.",
        examples=["Lotus Flowers Ltd"],
    )
    postal_address: str = Field(
        "",
        max_length=200,
        description="For the page where people stop; Canada and Hong Kong ask for it.",
        examples=["1 Main Street, Dublin"],
    )
    public_contact: str = Field(
        "",
        max_length=120,
        description="A telephone number, an e-mail or a web address.",
        examples=["care@lotus.example"],
    )


class CapIn(Input):
    cap_count: int = Field(ge=0, le=MAX_CAP_COUNT, examples=[4])
    cap_hours: int = Field(168, ge=1, le=MAX_CAP_HOURS, examples=[168])


class HoursIn(Input):
    law_layer: Literal["recommended", "legal"] = Field(
        description="`legal`: what law and carriers ask, and no more.", examples=["recommended"]
    )


class ConsentMonthsIn(Input):
    consent_months: int = Field(ge=0, le=120, description="0: no end of your own.", examples=[24])


class ApprovalIn(Input):
    needs_approval: bool = Field(
        description="True: a second person approves each campaign.", examples=[True]
    )
    approval_above: int = Field(
        0,
        ge=0,
        le=MAX_APPROVAL_ABOVE,
        description="Only campaigns to more people than this.",
        examples=[1000],
    )


class AnswerTimeIn(Input):
    answer_minutes: int = Field(
        ge=0,
        le=MAX_ANSWER_MINUTES,
        description="Within so many minutes; 0: no answer time.",
        examples=[60],
    )


class WorkspaceChange(Input):
    name: str | None = Field(
        None,
        min_length=1,
        max_length=120,
        description="The brand's name, as its people know it.",
        examples=["Bakery"],
    )
