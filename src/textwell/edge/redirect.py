"""`GET /{token}`: store the click, then send the person on."""

import time

from textwell.core.metrics import counter
from textwell.core.wire import ClickItem
from textwell.edge.directory import Hit
from textwell.edge.pages import POLICY, choose_language, page
from textwell.edge.replies import (
    EMPTY,
    NO_INDEX,
    NO_REFERRER,
    NO_STORE,
    Scope,
    Send,
    reply,
)
from textwell.edge.service import EdgeService

# What tells people from programs; nothing else of a request is kept.
_KEPT_HEADERS = {
    name.encode(): name
    for name in (
        "accept",
        "accept-language",
        "purpose",
        "sec-purpose",
        "x-purpose",
        "x-moz",
        "sec-fetch-mode",
        "sec-fetch-dest",
        "sec-fetch-user",
        "x-requested-with",
    )
}
# What a proxy in front of us knows about the place; from anyone else it would be a guess.
_PROXY_HEADERS = {b"cf-ipcountry": "cf-ipcountry", b"x-country-code": "x-country-code"}
_LONGEST_HEADER = 200
_LONGEST_AGENT = 1000
_STUCK_ON = ".,;:!?)]}>'\"»”’…。，"  # a text around a link is often taken for a part of it
_LOOPBACK = ("127.", "::1")

# Redirects are counted where their clicks are stored, by the batch.
_DEAD_ENDS = counter("edge_dead_ends", "Requests of links that lead nowhere (any more).", ["why"])
_MISSING = _DEAD_ENDS.labels("missing")
_EXPIRED = _DEAD_ENDS.labels("expired")


async def redirect(service: EdgeService, scope: Scope, send: Send, token: str) -> None:
    """Answer one request. The click is durable before the first octet of the answer leaves."""
    hit = service.links.find(token) or service.links.find(token.rstrip(_STUCK_ON))
    if hit is None:
        _MISSING.inc()
        await _tell(scope, send, is_expired=False)
        return
    at = time.time()
    expires_at = hit.range.expires_at
    if expires_at is not None and at >= expires_at:
        _EXPIRED.inc()
        await _tell(scope, send, is_expired=True)
        return
    await service.store_click(_click_of(scope, token, hit, at))
    headers = [
        (b"location", hit.location),
        (b"content-length", b"0"),
        NO_STORE,
        NO_REFERRER,
        NO_INDEX,
    ]
    await send({"type": "http.response.start", "status": 302, "headers": headers})
    await send(EMPTY)


def _click_of(scope: Scope, token: str, hit: Hit, at: float) -> ClickItem:
    agent = forwarded = ""
    kept: dict[str, str] = {}
    ip: str = scope["client"][0] if scope.get("client") else ""
    # A reverse proxy on this machine says whom it speaks for; anyone else could say anything.
    has_proxy = ip.startswith(_LOOPBACK)
    for name, value in scope["headers"]:
        if name == b"user-agent":
            agent = value[:_LONGEST_AGENT].decode("utf-8", "replace")
        elif name in _KEPT_HEADERS:
            kept[_KEPT_HEADERS[name]] = value[:_LONGEST_HEADER].decode("latin-1")
        elif has_proxy and name == b"x-forwarded-for":
            forwarded = value.decode("latin-1")
        elif has_proxy and name in _PROXY_HEADERS:
            kept[_PROXY_HEADERS[name]] = value[:2].decode("latin-1")
    found = hit.range
    return ClickItem(
        token=token,
        workspace_id=found.workspace_id,
        message_id=hit.message_id,
        link_number=hit.link_number,
        campaign_id=found.campaign_id,
        at=at,
        method=scope["method"],
        user_agent=agent,
        ip=forwarded.rsplit(",", 1)[-1].strip() or ip,
        headers=kept,
    )


async def _tell(scope: Scope, send: Send, *, is_expired: bool) -> None:
    wished = next((v for n, v in scope["headers"] if n == b"accept-language"), b"")
    language = choose_language(wished.decode("latin-1"))
    headers = [
        (b"content-language", language.encode()),
        (b"content-security-policy", POLICY.encode()),
        (b"vary", b"accept-language"),
        NO_REFERRER,
        NO_INDEX,
    ]
    body = page(language, is_expired)
    kind = b"text/html; charset=utf-8"
    await reply(send, 410 if is_expired else 404, body, kind, headers)
