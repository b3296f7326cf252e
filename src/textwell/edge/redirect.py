"""`GET /{token}`: store the click, then send the person on; or show where these texts are stopped."""

import time
from typing import TYPE_CHECKING

from textwell.core.metrics import counter
from textwell.edge.pages import POLICY, choose_language, page
from textwell.edge.replies import NO_INDEX, NO_REFERRER, NO_STORE, reply_page, reply_text
from textwell.edge.service import EdgeService
from textwell.edge.visits import read_visit
from textwell.edge.way_out import show_way_out, take_way_out
from textwell.links.tokens import TOKEN_LENGTH

if TYPE_CHECKING:
    from granian._granian import RSGIHTTPProtocol as HTTPProtocol
    from granian.rsgi import Scope

_STUCK_ON = ".,;:!?)]}>'\"»”’…。，"  # a text around a link is often taken for a part of it

# Redirects are counted where their clicks are stored, by the batch.
_DEAD_ENDS = counter("edge_dead_ends", "Requests of links that lead nowhere (any more).", ["why"])
_MISSING = _DEAD_ENDS.labels("missing")
_EXPIRED = _DEAD_ENDS.labels("expired")


async def redirect(service: EdgeService, scope: "Scope", door: "HTTPProtocol", token: str) -> None:
    """Answer one request. The click is durable before the first octet of the answer leaves."""
    if len(token) != TOKEN_LENGTH:
        token = token.rstrip(_STUCK_ON)
    if len(token) != TOKEN_LENGTH or not (token.isascii() and token.isalnum()):
        _tell(scope, door, is_expired=False)
        return
    visit = read_visit(scope, token, time.time())
    await service.store_visit(visit)
    hit = visit.hit
    if hit is not None and hit.is_way_out:  # as long as anybody holds the text
        if scope.method == "POST":
            await take_way_out(service, scope, door, hit)
        else:
            show_way_out(service, scope, door, hit)
        return
    if scope.method == "POST":
        reply_text(door, 405, "Method not allowed\n", [("allow", "GET, HEAD")])
        return
    if hit is None or hit.is_expired(visit.at):
        _tell(scope, door, is_expired=hit is not None)
        return
    door.response_empty(302, [("location", hit.location), NO_STORE, NO_REFERRER, NO_INDEX])


def _tell(scope: "Scope", door: "HTTPProtocol", *, is_expired: bool) -> None:
    (_EXPIRED if is_expired else _MISSING).inc()
    language = choose_language(scope.headers.get("accept-language") or "")
    status = 410 if is_expired else 404
    reply_page(door, status, page(language, is_expired), language=language, policy=POLICY)
