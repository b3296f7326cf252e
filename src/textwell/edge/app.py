"""The hot public doors as a bare RSGI application under granian (docs/adr/0005).

`/{token}` short links · `/dlr/<gateway_id>`, `/mo/<gateway_id>` carriers · `/healthz`, `/readyz`,
`/metrics` · `/.well-known/textwell-link`, which a check of a link domain asks. One process holds
everything it needs in memory; run as many as you like.
"""

import asyncio
from collections.abc import Callable
from ipaddress import ip_address
from typing import TYPE_CHECKING

import orjson
from prometheus_client import REGISTRY, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from textwell.core.settings import load_settings
from textwell.edge.redirect import redirect
from textwell.edge.replies import reply, reply_text
from textwell.edge.service import EdgeService
from textwell.edge.stops import keep_stops_for
from textwell.edge.visits import asked_host, peer_of
from textwell.edge.webhooks import take_webhook
from textwell.links.tokens import TOKEN_LENGTH

if TYPE_CHECKING:
    from granian._granian import RSGIHTTPProtocol as HTTPProtocol
    from granian.rsgi import Scope

_ALLOWED = [("allow", "GET, HEAD")]
_ROBOTS = "User-agent: *\nDisallow: /\n"


class Edge:
    """Its service lives from the worker's first moment to its last."""

    def __init__(self) -> None:
        self._service: EdgeService | None = None

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        """Granian calls it before the first request."""
        keep_stops_for(loop)
        self._service = EdgeService(load_settings().data_dir / "edge")
        loop.run_until_complete(self._service.start())
        keep_stops_for(loop)

    def __rsgi_del__(self, loop: asyncio.AbstractEventLoop) -> None:
        """Granian calls it after the last request."""
        if self._service is not None:
            loop.run_until_complete(self._service.stop())
            self._service = None

    async def __rsgi__(self, scope: "Scope", door: "HTTPProtocol") -> None:
        """Answer one request."""
        service = self._service
        assert service is not None
        path, method = scope.path, scope.method
        head, _, rest = path[1:].partition("/")
        if rest and head in {"dlr", "mo"}:
            await take_webhook(service, scope, door, rest)
        elif method == "POST" and len(path) == TOKEN_LENGTH + 1:
            await redirect(service, scope, door, path[1:])
        elif method not in {"GET", "HEAD"}:
            reply_text(door, 405, "Method not allowed\n", _ALLOWED)
        elif path in _PLACES:
            _PLACES[path](service, scope, door)
        else:
            await redirect(service, scope, door, path[1:])


def _health(_service: EdgeService, _scope: "Scope", door: "HTTPProtocol") -> None:
    reply_text(door, 200, "ok\n")


def _ready(service: EdgeService, _scope: "Scope", door: "HTTPProtocol") -> None:
    """Ready means: it knows where links lead. The stream may be away: clicks wait in the spool."""
    body = orjson.dumps(
        {"ready": service.is_ready, "stream": service.has_bus, "ranges": len(service.links)}
    )
    reply(door, 200 if service.is_ready else 503, body, "application/json")


def _metrics(_service: EdgeService, scope: "Scope", door: "HTTPProtocol") -> None:
    # The door is public; figures of the house are for the house.
    if not _is_near(scope):
        reply_text(door, 404, "Not found\n")
        return
    reply(door, 200, generate_latest(REGISTRY), CONTENT_TYPE_LATEST)


def _robots(_service: EdgeService, _scope: "Scope", door: "HTTPProtocol") -> None:
    reply_text(door, 200, _ROBOTS)


def _proof(service: EdgeService, scope: "Scope", door: "HTTPProtocol") -> None:
    """So that a check knows that a name leads here; it says nothing that opens anything."""
    found = service.hosts.find(asked_host(scope))
    if found is None:
        reply_text(door, 404, "Not found\n")
    else:
        reply_text(door, 200, f"{found.proof}\n")


def _is_near(scope: "Scope") -> bool:
    if "x-forwarded-for" in scope.headers:
        return False
    try:
        return ip_address(peer_of(scope)).is_private
    except ValueError:
        return False


_Answer = Callable[[EdgeService, "Scope", "HTTPProtocol"], None]
_PLACES: dict[str, _Answer] = {
    "/healthz": _health,
    "/readyz": _ready,
    "/metrics": _metrics,
    "/robots.txt": _robots,
    "/.well-known/textwell-link": _proof,
}

application = Edge()
