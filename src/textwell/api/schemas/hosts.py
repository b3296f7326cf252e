"""Bodies of a workspace's link domain."""

from datetime import datetime

from ninja import Field, Schema

from textwell.api.schemas.base import Input

_HOST = Field(
    max_length=300,
    description="The name alone, without scheme, port and path.",
    examples=["go.shop.example"],
)


class LinkHostIn(Input):
    host: str = _HOST


class LinkHostChange(Input):
    host: str | None = Field(
        None, max_length=300, description="Left out: it stays.", examples=["go.shop.example"]
    )


class LinkHostOut(Schema):
    host: str = Field(examples=["go.shop.example"])
    state: str = Field(description="unchecked, good or failing.", examples=["good"])
    is_used: bool = Field(description="True: new links begin with it. It has to be checked good.")
    prefix: str = Field(
        description="What the workspace's new links begin with now.",
        examples=["https://go.shop.example/"],
    )
    code: str = Field(
        description="Of the last check: unresolved, private, elsewhere, certificate, no_tls, refused,"
        " timeout or wrong_server; http_only is a warning; empty: all is well."
    )
    problem: str = Field(description="The same in words.")
    mend: str = Field(description="What to do about it.")
    checked_at: datetime | None
    created_at: datetime
