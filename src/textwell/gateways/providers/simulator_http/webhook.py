"""Receipts and texts that come by webhook."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import msgspec

from textwell.gateways.failures import FailureClass
from textwell.gateways.providers.base import (
    Mo,
    Receipt,
    ReceiptState,
    WebhookRequest,
    WebhookResult,
)
from textwell.gateways.providers.simulator.signature import ID, TOLERANCE_S, Verdict, judge
from textwell.smpp.message_ids import id_key

_STATES: Final = {
    "DELIVRD": ReceiptState.DELIVERED,
    "UNDELIV": ReceiptState.UNDELIVERED,
    "EXPIRED": ReceiptState.EXPIRED,
    "REJECTD": ReceiptState.REJECTED,
    "ACCEPTD": ReceiptState.ACCEPTED,
}
_WHY: Final = {
    Verdict.FORGED: b"",  # the edge says it in the same words for all
    Verdict.STALE: b"Its timestamp is more than %d s from our clock." % TOLERANCE_S,
}
_FINE: Final = frozenset({ReceiptState.DELIVERED, ReceiptState.ACCEPTED})


class Event(msgspec.Struct, frozen=True, gc=False):
    """One thing that the carrier tells: `kind` dlr or mo."""

    kind: str
    id: str
    at: float
    to: str = ""
    sender: str = msgspec.field(name="from", default="")
    stat: str = ""
    err: str = ""
    text: str = ""


def read_webhook(
    secret: str, request: WebhookRequest, *, now: float, classify: Callable[[str], FailureClass]
) -> WebhookResult:
    """See `Provider.read_webhook`."""
    verdict = judge(secret, request.headers, request.body, now=now)
    if verdict is not Verdict.GENUINE:
        return WebhookResult(status=403, body=_WHY[verdict], is_genuine=False)
    try:
        events = msgspec.json.decode(request.body, type=list[Event])
    except msgspec.MsgspecError as error:
        return WebhookResult(status=400, body=str(error).encode())
    result = WebhookResult(body=b"ok", call_id=request.headers[ID])
    for event in events:
        if event.kind == "dlr":
            result.receipts.append(_read_receipt(event, now, classify))
        elif event.kind == "mo":
            result.mos.append(Mo(event.id, event.sender, event.to, event.text, now))
    return result


def _read_receipt(event: Event, now: float, classify: Callable[[str], FailureClass]) -> Receipt:
    state = _STATES.get(event.stat, ReceiptState.UNKNOWN)
    code = f"{event.stat}:{event.err}"[:40]
    reason = "" if state in _FINE else classify(code).value
    return Receipt(event.id, id_key(event.id), state.value, reason, code, event.at, now)
