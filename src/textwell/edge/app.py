"""The hot public doors as a bare ASGI callable: `granian --interface asgi textwell.edge.app:application`.

`/{token}` short links · `/dlr/<gateway_id>`, `/mo/<gateway_id>` carriers · `/healthz`, `/readyz`,
`/metrics`. One process holds everything it needs in memory; run as many as you like.
"""

from ipaddress import ip_address

import orjson
from prometheus_client import REGISTRY, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from textwell.core.settings import load_settings
from textwell.edge.redirect import redirect
from textwell.edge.replies import Receive, Scope, Send, reply, reply_text
from textwell.edge.service import EdgeService
from textwell.edge.webhooks import take_webhook
from textwell.links.tokens import TOKEN_LENGTH

_ALLOWED = [(b"allow", b"GET, HEAD")]
_LINK_PATH = 1 + TOKEN_LENGTH
_ROBOTS = "User-agent: *\nDisallow: /\n"


class Edge:
    """The ASGI application; its service lives from lifespan start-up to shut-down."""

    def __init__(self) -> None:
        self.service: EdgeService | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        kind = scope["type"]
        if kind == "http":
            path: str = scope["path"]
            service = self.service
            # The one hot way first: a short link.
            is_link = len(path) == _LINK_PATH and scope["method"] == "GET" and path[1:].isalnum()
            if is_link and service is not None and path not in _PLACES:
                await redirect(service, scope, send, path[1:])
            else:
                await self._answer(scope, receive, send)
        elif kind == "lifespan":
            await self._live(receive, send)
        else:
            await send({"type": "websocket.close", "code": 1000})

    async def _live(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                await self._service()
                await send({"type": "lifespan.startup.complete"})
            elif message["type"] == "lifespan.shutdown":
                if self.service is not None:
                    await self.service.stop()
                    self.service = None
                await send({"type": "lifespan.shutdown.complete"})
                return

    async def _service(self) -> EdgeService:
        if self.service is None:
            self.service = EdgeService(load_settings().data_dir / "edge")
            await self.service.start()
        return self.service

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        service = self.service or await self._service()
        path: str = scope["path"]
        head, _, rest = path[1:].partition("/")
        if rest and head in {"dlr", "mo"}:
            await take_webhook(service, scope, receive, send, rest)
        elif scope["method"] not in {"GET", "HEAD"}:
            await reply_text(send, 405, "Method not allowed\n", _ALLOWED)
        elif path in _PLACES:
            await _PLACES[path](service, scope, send)
        else:
            await redirect(service, scope, send, path[1:])


async def _health(_service: EdgeService, _scope: Scope, send: Send) -> None:
    await reply_text(send, 200, "ok\n")


async def _ready(service: EdgeService, _scope: Scope, send: Send) -> None:
    """Ready means: it knows where links lead. The stream may be away: clicks wait in the spool."""
    body = orjson.dumps(
        {"ready": service.is_ready, "stream": service.has_bus, "ranges": len(service.links)}
    )
    await reply(send, 200 if service.is_ready else 503, body, b"application/json")


async def _metrics(_service: EdgeService, scope: Scope, send: Send) -> None:
    # The door is public; figures of the house are for the house.
    if not _is_near(scope):
        await reply_text(send, 404, "Not found\n")
        return
    await reply(send, 200, generate_latest(REGISTRY), CONTENT_TYPE_LATEST.encode())


async def _robots(_service: EdgeService, _scope: Scope, send: Send) -> None:
    await reply_text(send, 200, _ROBOTS)


def _is_near(scope: Scope) -> bool:
    if any(name == b"x-forwarded-for" for name, _ in scope["headers"]):
        return False
    try:
        return ip_address(scope["client"][0]).is_private
    except (KeyError, TypeError, ValueError):
        return False


_PLACES = {
    "/healthz": _health,
    "/readyz": _ready,
    "/metrics": _metrics,
    "/robots.txt": _robots,
}

application = Edge()
