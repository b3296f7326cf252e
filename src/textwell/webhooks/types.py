"""Values of webhooks that cross the border."""

from dataclasses import dataclass
from enum import StrEnum


class EventKind(StrEnum):
    """What an endpoint may ask for; the words stand in `type` of the body."""

    MESSAGE_SUBMITTED = "message.submitted"  # the carrier took it
    MESSAGE_DELIVERED = "message.delivered"
    MESSAGE_UNDELIVERED = "message.undelivered"
    MESSAGE_REJECTED = "message.rejected"
    MESSAGE_EXPIRED = "message.expired"
    MESSAGE_SKIPPED = (
        "message.skipped"  # judged at hand-off; those left out by the plan are in reports
    )
    MESSAGE_UNKNOWN = "message.unknown"  # handed over, answer lost
    MESSAGE_NOT_SENT = "message.not_sent"  # was unknown, and a person found that it never left
    LINK_CLICKED = "link.clicked"  # by a person; previews and scanners are not told
    REPLY_RECEIVED = "reply.received"
    REPLY_ANSWERED = "reply.answered"  # by a colleague or a program, in the inbox
    CONTACT_OPTED_IN = "contact.opted_in"
    CONTACT_OPTED_OUT = "contact.opted_out"
    CAMPAIGN_FINISHED = "campaign.finished"
    CONSENT_ROOT = "consent.root"  # the signed root of a day of the consent ledger
    CODES_LOW = "programme.codes_low"  # incentive codes of a programme that people join run out
    TEST = "test"


class Form(StrEnum):
    """How an endpoint is spoken to."""

    STANDARD = "standard"  # JSON, signed by the Standard Webhooks specification
    TWILIO = "twilio"  # form fields, signed as Twilio signs; only messages sent through that API
    KANNEL = "kannel"  # GET of the message's dlr-url; only messages sent through that API


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try of a delivery. `status` 0: there was no answer, `error` says why."""

    delivery_id: int
    endpoint_id: int
    status: int
    error: str
    duration_ms: int
    retry_after_s: float | None = None

    @property
    def is_success(self) -> bool:
        return 200 <= self.status < 300  # noqa: PLR2004 - RFC 9110: successful

    @property
    def is_gone(self) -> bool:
        """410: the receiver wants no more (Standard Webhooks, section "Webhook delivery")."""
        return self.status == 410  # noqa: PLR2004
