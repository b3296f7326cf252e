"""Bodies of the group of workspaces that share suppressions."""

from datetime import datetime
from typing import Literal

from ninja import Field, Schema

from textwell.api.schemas.base import Input
from textwell.consent.groups import LONGEST_CODE

Shareable = Literal["opted_out", "complaint", "dead_number"]


class SharingCodeIn(Input):
    reasons: list[Shareable] = Field(
        default_factory=list,
        max_length=3,
        examples=[["opted_out", "complaint"]],
        description="What this workspace shares. Asked of the first code; later ones keep what was said.",
    )


class SharingCodeOut(Schema):
    code: str = Field(
        description="For the owner of one other workspace; never shown again.",
        examples=["Zk3…"],
    )
    expires_at: datetime = Field(description="It works once, until then.")


class JoinIn(Input):
    code: str = Field(
        min_length=1,
        max_length=LONGEST_CODE,
        examples=["Zk3…"],
        description="Made by the owner of a workspace of the group.",
    )
    reasons: list[Shareable] = Field(
        min_length=1,
        max_length=3,
        examples=[["opted_out", "complaint"]],
        description="What this workspace shares with the group.",
    )


class SharingOut(Schema):
    reasons: list[str] = Field(
        description="What this workspace shares: opted_out, complaint, dead_number.",
        examples=[["opted_out"]],
    )
    brands: list[str] = Field(
        description="Names of the other workspaces of the group.", examples=[["Lotus Outlet"]]
    )
    joined_at: datetime = Field(description="Since when.")
