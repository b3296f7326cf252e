"""Bodies of approvals."""

from datetime import datetime

from ninja import Field, Schema

from textwell.api.schemas.base import Input


class DecisionIn(Input):
    is_approved: bool = Field(description="false: return it; then a reason is needed.")
    content_hash: str = Field(
        max_length=64, description="Of the content that was looked at, as `approval` gives it."
    )
    reason: str = Field("", max_length=500, description="Kept in the audit log.")


class ApprovalOut(Schema):
    state: str = Field(examples=["submitted"], description="submitted, approved, returned or void.")
    content_hash: str
    submitted_by: str = Field(examples=["user:7"])
    submitted_at: datetime
    decided_by: str
    decided_at: datetime | None
    reason: str
