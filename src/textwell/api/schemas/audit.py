"""Bodies of the audit log."""

from datetime import datetime
from typing import Any

from ninja import Field, Query, Schema

from textwell.accounts.types import AuditFilter
from textwell.api.paging import Paging
from textwell.api.schemas.base import Moment


class AuditPaging(Paging):
    """Which entries, and where the page begins."""

    actor: str = Field("", max_length=120, description="Who did it, such as user:7.")
    action: str = Field("", max_length=80, description="The beginning of what was done.")
    subject: str = Field("", max_length=80, description="On what, such as campaign:12.")
    since: Moment | None = Field(None, description="From then on.")
    until: Moment | None = Field(None, description="Until then.")

    def which(self) -> AuditFilter:
        return AuditFilter(self.actor, self.action, self.subject, self.since, self.until)


AuditQuery = Query[AuditPaging]


class AuditOut(Schema):
    """Who changed what, and why. Numbers of people are masked, whatever the key may."""

    id: int
    at: datetime
    actor: str
    action: str = Field(description="What was done.", examples=["campaigns.launched"])
    subject: str = Field(description="On what; empty: the workspace.", examples=["campaign:12"])
    reason: str
    before: dict[str, Any] = Field(description="What was changed, as it was; empty: nothing.")
    after: dict[str, Any] = Field(description="What was changed, as it is since; empty: nothing.")
