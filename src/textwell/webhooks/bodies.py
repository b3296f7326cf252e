"""What is sent for a happening, in each form. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from urllib.parse import quote

import orjson

from textwell.webhooks.signing import sign_standard, sign_twilio
from textwell.webhooks.types import EventKind, Form

USER_AGENT: Final = "Textwell-Webhooks/1"

# Twilio's words for a message's state (docs of the Message resource, "Message status values").
TWILIO_STATUS: Final = {
    EventKind.MESSAGE_SUBMITTED: "sent",
    EventKind.MESSAGE_DELIVERED: "delivered",
    EventKind.MESSAGE_UNDELIVERED: "undelivered",
    EventKind.MESSAGE_EXPIRED: "undelivered",
    EventKind.MESSAGE_REJECTED: "failed",
    EventKind.MESSAGE_SKIPPED: "failed",
    EventKind.MESSAGE_UNKNOWN: "sent",
    EventKind.MESSAGE_NOT_SENT: "failed",
}
# Kannel's dlr-mask (user guide, "Delivery reports"): the bit that a state is told by.
KANNEL_BIT: Final = {
    EventKind.MESSAGE_DELIVERED: 1,
    EventKind.MESSAGE_UNDELIVERED: 2,
    EventKind.MESSAGE_EXPIRED: 2,
    EventKind.MESSAGE_SUBMITTED: 8,
    EventKind.MESSAGE_REJECTED: 16,
    EventKind.MESSAGE_SKIPPED: 16,
    EventKind.MESSAGE_NOT_SENT: 16,
}


def event_id(workspace_id: int, happening_id: int) -> str:
    """The receiver's key for doing it once; the same at every try."""
    return f"evt_{workspace_id}_{happening_id}"


@dataclass(frozen=True, slots=True)
class Told:
    """A happening and where it goes. `secrets`: the one in use first."""

    form: Form
    url: str
    secrets: tuple[str, ...]
    happening_id: int
    workspace_id: int
    kind: str
    data: Mapping[str, Any]  # Any: JSON values
    at: datetime
    wants: int = 0
    is_sandbox: bool = False  # the body says so; a live one is as it always was

    @property
    def event_id(self) -> str:
        return event_id(self.workspace_id, self.happening_id)


@dataclass(frozen=True, slots=True)
class Call:
    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes


def build_call(told: Told, *, at: datetime) -> Call | None:
    """The request; None: this receiver does not want to hear this."""
    if told.form is Form.TWILIO:
        return _twilio(told)
    if told.form is Form.KANNEL:
        return _kannel(told)
    return _standard(told, at)


def _standard(told: Told, at: datetime) -> Call:
    event: dict[str, Any] = {"type": told.kind, "timestamp": told.at.isoformat(), "data": told.data}
    if told.is_sandbox:
        event["sandbox"] = True
    body = orjson.dumps(event).decode()
    headers = sign_standard(told.secrets, event_id=told.event_id, at=at, body=body)
    headers |= {"content-type": "application/json", "user-agent": USER_AGENT}
    return Call("POST", told.url, headers, body.encode())


def twilio_sid(mark: str, number: int) -> str:
    """`SM` or `AC` and 32 hex digits, as Twilio's clients expect: the id, padded."""
    return f"{mark}{number:032x}"


def _twilio(told: Told) -> Call | None:
    status = TWILIO_STATUS.get(EventKind(told.kind))
    if status is None:
        return None
    sid = twilio_sid("SM", int(told.data["message_id"]))
    fields = {
        "AccountSid": twilio_sid("AC", told.workspace_id),
        "ApiVersion": "2010-04-01",
        "From": str(told.data.get("sender", "")),
        "MessageSid": sid,
        "MessageStatus": status,
        "SmsSid": sid,
        "SmsStatus": status,
        "To": str(told.data.get("to", "")),
    }
    if status in {"failed", "undelivered"}:
        fields["ErrorCode"] = str(twilio_error(str(told.data.get("reason", ""))))
    if told.is_sandbox:
        fields["Sandbox"] = "true"
    body = "&".join(f"{name}={quote(value, safe='')}" for name, value in fields.items())
    headers = {
        "content-type": "application/x-www-form-urlencoded; charset=utf-8",
        "user-agent": USER_AGENT,
        "x-twilio-signature": sign_twilio(told.secrets[0], url=told.url, fields=fields),
    }
    return Call("POST", told.url, headers, body.encode())


# Twilio's error dictionary, by our failure classes; what has no better word is 30008, "unknown error".
_TWILIO_ERRORS: Final = {
    "absent_subscriber": 30003, "handset_off": 30003, "handset_busy": 30003, "memory_full": 30003,
    "invalid_number": 30005, "unallocated_number": 30005, "blocked_by_person": 30004,
    "service_barred": 30004, "spam_filtered": 30007, "blocked_by_carrier": 30007,
    "text_not_allowed": 30007, "opted_out": 21610, "suppressed": 21610, "no_consent": 21610,
    "opted_out_at_carrier": 21610, "expired": 30036,
}  # fmt: skip


def twilio_error(reason: str) -> int:
    return _TWILIO_ERRORS.get(reason, 30008)


_KANNEL_MARK: Final = re.compile(r"%(?![0-9A-Fa-f]{2})([A-Za-z%])")


def _kannel(told: Told) -> Call | None:
    bit = KANNEL_BIT.get(EventKind(told.kind), 0)
    if not bit & told.wants:
        return None
    data = told.data
    values = {
        "d": str(bit), "p": str(data.get("to", "")), "P": str(data.get("sender", "")),
        "A": str(data.get("code", "")), "I": str(data.get("message_id", "")),
        "F": str(data.get("message_id", "")), "i": str(data.get("gateway_id") or ""),
        "T": str(int(told.at.timestamp())), "t": f"{told.at:%Y-%m-%d %H:%M:%S}", "%": "%",
    }  # fmt: skip

    def put(found: re.Match[str]) -> str:
        value = values.get(found[1])
        return found[0] if value is None else quote(value, safe="")

    # In one go: what was put in is not looked at again. An escaped octet such as %2B is none of them.
    url = _KANNEL_MARK.sub(put, told.url)
    return Call("GET", url, {"user-agent": USER_AGENT}, b"")
