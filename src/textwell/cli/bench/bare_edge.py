"""The twin of `redirect`: a fixed 302 as bare ASGI; nothing is looked up, nothing is stored."""

from textwell.edge.replies import EMPTY, Receive, Scope, Send

_START = {
    "type": "http.response.start",
    "status": 302,
    "headers": [(b"location", b"https://shop.lotus.example/weekend"), (b"content-length", b"0")],
}


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer every request the same."""
    if scope["type"] == "lifespan":
        await _live(receive, send)
        return
    await send(_START)
    await send(EMPTY)


async def _live(receive: Receive, send: Send) -> None:
    while True:
        kind = (await receive())["type"]
        await send({"type": f"{kind}.complete"})
        if kind == "lifespan.shutdown":
            return
