"""What was on record of a person's consent at a moment."""

from datetime import datetime

from ninja import Field, Schema

from textwell.api.schemas.contacts import ConsentEventOut
from textwell.consent.past import PastState


class ScopeOfProof(Schema):
    channel: str = Field("sms", max_length=10)
    purpose: str = Field("marketing", max_length=30)
    topic: str = Field("", max_length=40, description="The general answer if not given.")
    brand: str = Field("", max_length=40, description="The general answer if not given.")
    sender: str = Field("", max_length=21, description="The general answer if not given.")


class PastStateOut(Schema):
    channel: str
    purpose: str
    topic: str = Field(description="Empty: the general one.")
    brand: str = Field(description="Empty: the general one.")
    sender: str = Field(description="Empty: the general one.")
    is_granted: bool
    event: ConsentEventOut = Field(description="What said so.")

    @staticmethod
    def resolve_topic(state: PastState) -> str:
        return state.scope.topic

    @staticmethod
    def resolve_brand(state: PastState) -> str:
        return state.scope.brand

    @staticmethod
    def resolve_sender(state: PastState) -> str:
        return state.scope.sender


class PastConsentOut(Schema):
    at: datetime = Field(description="As asked; a moment ahead counts as now.")
    states: list[PastStateOut] = Field(description="Empty: nothing was on record.")
