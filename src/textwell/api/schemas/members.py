"""Bodies of members and invitations."""

from datetime import datetime

from ninja import Field, Schema

from textwell.accounts.models import Role
from textwell.api.schemas.base import Input


class MemberOut(Schema):
    id: int = Field(description="The person's number, as in user:7 of the audit log.", examples=[7])
    email: str = Field(description="The address that the person signs in with.")
    name: str = Field(description="As the person wrote it; may be empty.", examples=["Linh"])
    role: str = Field(description="What the person may do here.", examples=["marketer"])
    created_at: datetime = Field(description="Member since.")


class RoleIn(Input):
    role: Role = Field(description="Any but owner.", examples=["analyst"])


class InvitationIn(Input):
    email: str = Field(
        min_length=3, max_length=254, description="Whom it is for.", examples=["linh@example.com"]
    )
    role: Role = Field(description="Any but owner.", examples=["marketer"])


class InvitationOut(Schema):
    id: int = Field(description="Its number.", examples=[4])
    email: str = Field(description="Whom it is for.")
    role: str = Field(description="What the person may do here.", examples=["marketer"])
    created_at: datetime = Field(description="When it was made.")
    expires_at: datetime = Field(description="It opens the door until then.")


class InvitationMade(InvitationOut):
    """A new invitation with its link, which is never shown again."""

    link: str = Field(
        description="Send it to the person: it works once.",
        examples=["https://textwell.example.com/invitation/…"],
    )
