"""`/dlr/<gateway_id>` and `/mo/<gateway_id>`: what carriers tell us over HTTP.

The gateway's provider reads the call and says whether it is genuine; here it is brought to the
stream. The carrier gets its answer only after the stream has stored what it told.
"""

import time
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from textwell.core.metrics import counter
from textwell.edge.replies import reply, reply_problem
from textwell.edge.service import EdgeService, StreamAway
from textwell.gateways.providers.base import WebhookRequest, WebhookResult
from textwell.gateways.registry import find_provider
from textwell.gateways.stream import dlr_item, mo_item

if TYPE_CHECKING:
    from granian._granian import RSGIHTTPProtocol as HTTPProtocol
    from granian.rsgi import Scope

LARGEST_BODY = 2 << 20  # octets; 500 events of the wordiest provider are below a quarter of it
_ID_DIGITS = 18

_CALLS = counter("edge_webhooks", "Calls of carriers, by outcome.", ["outcome"])
_RECEIPTS = counter("edge_receipts_stored", "Receipts from webhooks that the stream has stored.")


@dataclass(frozen=True, slots=True)
class Refusal(Exception):
    status: int
    title: str
    detail: str


async def take_webhook(
    service: EdgeService, scope: "Scope", door: "HTTPProtocol", gateway: str
) -> None:
    """Answer one call of a carrier."""
    try:
        result = _read(service, gateway, scope, await _body_of(scope, door))
        is_new = await _take(service, int(gateway), result)
    except Refusal as refusal:
        _CALLS.labels(str(refusal.status)).inc()
        reply_problem(door, refusal.status, refusal.title, refusal.detail)
    except StreamAway:
        _CALLS.labels("503").inc()
        detail = "The stream does not store now. Send it again in a few seconds: twice is safe."
        reply_problem(door, 503, "Not stored", detail, [("retry-after", "5")])
    else:
        _CALLS.labels(str(result.status) if is_new else "repeated").inc()
        _answer(door, result)


def _read(service: EdgeService, gateway: str, scope: "Scope", body: bytes) -> WebhookResult:
    is_id = gateway.isdecimal() and len(gateway) <= _ID_DIGITS
    known = service.doors.find(int(gateway)) if is_id else None
    provider = find_provider(known.provider) if known is not None else None
    if known is None or provider is None:
        raise Refusal(404, "No such gateway", "Check the address that the gateway's page shows.")
    if not known.webhook_secret:
        raise Refusal(403, "No secret set", "Set a webhook secret on the gateway's page first.")
    request = WebhookRequest(
        method=scope.method,
        query=scope.query_string,
        headers=dict(scope.headers.items()),
        body=body,
    )
    return provider.read_webhook(known.id, known.webhook_secret, request, now=time.time())


async def _take(service: EdgeService, gateway_id: int, result: WebhookResult) -> bool:
    """Whether it is stored now; False: a call with its id was before, so the answer is the same."""
    if not result.is_genuine:
        if result.status >= 400 and result.body:  # noqa: PLR2004 - the provider's own refusal
            return True
        raise Refusal(403, "Not genuine", "The secret or signature is not this gateway's.")
    if not result.call_id:
        await _store(service, gateway_id, result)
        return True
    key = f"{gateway_id}:{result.call_id}"
    return await service.calls.once(key, partial(_store, service, gateway_id, result))


async def _store(service: EdgeService, gateway_id: int, result: WebhookResult) -> None:
    if result.receipts:
        await service.store_inbound(
            f"dlr.{gateway_id}",
            [dlr_item(gateway_id, receipt) for receipt in result.receipts],
        )
        _RECEIPTS.inc(len(result.receipts))
    if result.mos:
        await service.store_inbound(
            f"mo.{gateway_id}",
            [mo_item(gateway_id, mo) for mo in result.mos],
        )


async def _body_of(scope: "Scope", door: "HTTPProtocol") -> bytes:
    if scope.method not in {"GET", "POST"}:
        raise Refusal(405, "Method not allowed", "Use POST (or GET where the provider does).")
    told = scope.headers.get("content-length")
    if told is not None and told.isdecimal() and int(told) <= LARGEST_BODY:
        return await door()  # the server takes no more than was told
    parts: list[bytes] = []
    size = 0
    async for part in door:
        size += len(part)
        if size > LARGEST_BODY:
            detail = f"A body has at most {LARGEST_BODY} octets. Send fewer events at once."
            raise Refusal(413, "Too large", detail)
        parts.append(part)
    return b"".join(parts)


def _answer(door: "HTTPProtocol", result: WebhookResult) -> None:
    body, status = result.body, result.status
    is_error = status >= 400  # noqa: PLR2004 - HTTP's border between success and error
    if body.startswith((b"{", b"[")):
        reply(door, status, body, f"application/{'problem+json' if is_error else 'json'}")
    elif is_error:
        detail = body.decode("utf-8", "replace") or "See docs/developer/webhooks.md."
        reply_problem(door, status, "The webhook was refused", detail)
    else:
        reply(door, status, body, "text/plain; charset=utf-8")
