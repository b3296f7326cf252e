"""Bodies of API keys."""

from datetime import datetime

from ninja import Field, Schema

from textwell.accounts.keys import MAX_RATE_PER_S
from textwell.accounts.types import DoorPurpose, Scope
from textwell.api.schemas.base import Input


class KeyIn(Input):
    name: str = Field(
        min_length=1,
        max_length=120,
        description="Which program will use it.",
        examples=["Shop"],
    )
    scopes: list[Scope] = Field(
        min_length=1,
        max_length=len(Scope),
        description="What it may do: nothing that the key in use may not.",
        examples=[["messages:send"]],
    )
    door_purpose: DoorPurpose = Field(
        DoorPurpose.MARKETING,
        description="What texts are for that come by another vendor's API.",
    )
    rate_per_s: int | None = Field(
        None,
        ge=0,
        le=MAX_RATE_PER_S,
        description="Requests a second; none or 0: no limit. Not above that of the key in use.",
        examples=[100],
    )


class KeyChange(Input):
    """Only what is given is changed."""

    door_purpose: DoorPurpose | None = Field(
        None, description="What texts are for that come by another vendor's API."
    )
    rate_per_s: int | None = Field(
        None,
        ge=0,
        le=MAX_RATE_PER_S,
        description="Requests a second; 0: no limit. Not above that of the key in use.",
        examples=[100],
    )


class KeyOut(Schema):
    id: int = Field(description="Its number, as in the audit log.", examples=[12])
    name: str = Field(description="Which program uses it.", examples=["Shop"])
    prefix: str = Field(
        description="The part between tw_ and the secret: tells keys apart.",
        examples=["k3v9x0q2ab"],
    )
    scopes: list[str] = Field(description="What it may do.", examples=[["messages:send"]])
    door_purpose: str = Field(
        description="What texts are for that come by another vendor's API.",
        examples=["marketing"],
    )
    rate_per_s: int | None = Field(description="Requests a second; null or 0: no limit.")
    created_at: datetime = Field(description="When it was made.")
    last_used_at: datetime | None = Field(description="To the minute; null: never.")
    revoked_at: datetime | None = Field(description="Refused since; null: it is good.")


class KeyMade(KeyOut):
    """A new key with its secret, which is never shown again."""

    secret: str = Field(
        description="The whole key, for the Authorization header.",
        examples=["tw_k3v9x0q2ab_…"],
    )


class SigningKeyOut(Schema):
    key_id: str = Field(
        description="Its name, as in what it signed.", examples=["9f86d081884c7d65"]
    )
    algorithm: str = Field(description="Always Ed25519.", examples=["Ed25519"])
    public_key: str = Field(
        description="32 octets in base64url.",
        examples=["11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"],
    )
    created_at: datetime = Field(description="When it was made.")
    retired_at: datetime | None = Field(
        description="It has signed nothing since; null: it is the one in use."
    )


class SigningKeysOut(Schema):
    keys: list[SigningKeyOut] = Field(description="The one in use first.")


class SigningKeyReplacement(Input):
    reason: str = Field("", max_length=500, description="Why, for the audit log.")
