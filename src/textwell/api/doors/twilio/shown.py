"""A message as Twilio's clients read it."""

from collections.abc import Mapping
from datetime import datetime
from email.utils import format_datetime
from typing import Any, Final
from urllib.parse import urlencode

from textwell.accounts.types import KeyHolder, Scope
from textwell.api.doors.twilio.sids import ACCOUNT, MESSAGE, SERVICE, make_sid
from textwell.core.clock import now
from textwell.core.masks import mask_msisdn
from textwell.messaging.models import Message
from textwell.messaging.states import State
from textwell.text import count_segments
from textwell.webhooks.bodies import twilio_error

VERSION: Final = "2010-04-01"
JsonObject = dict[str, Any]  # Any: JSON values

# The words that status callbacks use too (webhooks.bodies).
_STATUS: Final = {
    State.PLANNED: "queued", State.QUEUED: "queued", State.HELD: "queued", State.HANDING: "sending",
    State.SUBMITTED: "sent", State.UNKNOWN: "sent", State.DELIVERED: "delivered",
    State.UNDELIVERED: "undelivered", State.EXPIRED: "undelivered", State.REJECTED: "failed",
    State.SKIPPED: "failed", State.NOT_SENT: "failed", State.CANCELED: "canceled",
}  # fmt: skip


def account_uri(workspace_id: int) -> str:
    return f"/{VERSION}/Accounts/{make_sid(ACCOUNT, workspace_id)}"


def read_status(message: Message) -> str:
    """Twilio's word for where a message stands."""
    state = State(message.state)
    if state is State.PLANNED and message.due_at is not None and message.due_at > now():
        return "scheduled"
    return _STATUS[state]


def show_message(message: Message, *, text: str, currency: str, holder: KeyHolder) -> JsonObject:
    """The whole resource; its number is masked unless the key has contacts:numbers."""
    sid, status = make_sid(MESSAGE, message.id), read_status(message)
    uri = f"{account_uri(message.workspace_id)}/Messages/{sid}"
    is_shown = holder.allows(Scope.CONTACTS_NUMBERS)
    is_failed = status in {"failed", "undelivered"}
    return {
        "account_sid": make_sid(ACCOUNT, message.workspace_id),
        "api_version": VERSION,
        "body": text,
        "date_created": _date(message.planned_at),
        "date_sent": _date(message.handed_at),
        "date_updated": _date(message.done_at or message.handed_at or message.planned_at),
        "direction": "outbound-api",
        "error_code": twilio_error(message.reason) if is_failed else None,
        "error_message": (message.reason or message.code or None) if is_failed else None,
        "from": message.sender,
        "messaging_service_sid": make_sid(SERVICE, message.gateway_id or 0),
        "num_media": "0",
        "num_segments": str(message.segment_count or count_segments(text)[1]),
        "price": _price(message.cost_micros),
        "price_unit": currency,
        "sid": sid,
        "status": status,
        "subresource_uris": {"media": f"{uri}/Media.json"},
        "to": message.msisdn if is_shown else mask_msisdn(message.msisdn),
        "uri": f"{uri}.json",
    }


def _date(moment: datetime | None) -> str | None:
    """RFC 2822, as this version of Twilio's API writes times."""
    return None if moment is None else format_datetime(moment)


def _price(micros: int) -> str | None:
    """What it cost, as a negative amount; null until that is known."""
    if not micros:
        return None
    whole, rest = divmod(micros, 1_000_000)
    return f"-{whole}.{rest:06d}"


def show_page(
    messages: list[JsonObject],
    *,
    path: str,
    query: Mapping[str, str],
    page: int,
    has_next: bool,
    has_previous: bool,
) -> JsonObject:
    """A page of messages with the addresses of those beside it."""

    def uri(number: int, token: str) -> str:
        named = {"Page": str(number), **({"PageToken": token} if token else {})}
        return f"{path}?{urlencode({**query, **named})}"

    size = int(query["PageSize"])
    following = uri(page + 1, "PA" + messages[-1]["sid"]) if has_next else None
    before = uri(max(page - 1, 0), "PB" + messages[0]["sid"]) if has_previous else None
    return {
        "messages": messages,
        "page": page,
        "page_size": size,
        "start": page * size,
        "end": page * size + max(len(messages) - 1, 0),
        "first_page_uri": uri(0, ""),
        "next_page_uri": following,
        "previous_page_uri": before,
        "uri": uri(page, ""),
    }
