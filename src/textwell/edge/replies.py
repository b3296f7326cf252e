"""Answers of the public doors, as ASGI messages."""

from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any

import orjson

Scope = MutableMapping[str, Any]  # ASGI's own types: dictionaries of mixed values
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Header = tuple[bytes, bytes]

NO_STORE: Header = (b"cache-control", b"no-store")
# A target must not learn the token from the Referer header.
NO_REFERRER: Header = (b"referrer-policy", b"no-referrer")
NO_INDEX: Header = (b"x-robots-tag", b"noindex, nofollow")
NO_SNIFF: Header = (b"x-content-type-options", b"nosniff")
EMPTY: Message = {"type": "http.response.body", "body": b""}


async def reply(
    send: Send, status: int, body: bytes, kind: bytes, headers: Iterable[Header] = ()
) -> None:
    head = [
        (b"content-type", kind),
        (b"content-length", str(len(body)).encode()),
        NO_STORE,
        NO_SNIFF,
        *headers,
    ]
    await send({"type": "http.response.start", "status": status, "headers": head})
    await send({"type": "http.response.body", "body": body})


async def reply_text(send: Send, status: int, text: str, headers: Iterable[Header] = ()) -> None:
    await reply(send, status, text.encode(), b"text/plain; charset=utf-8", headers)


async def reply_problem(
    send: Send, status: int, title: str, detail: str = "", headers: Iterable[Header] = ()
) -> None:
    """RFC 9457."""
    body = orjson.dumps({"type": "about:blank", "title": title, "status": status, "detail": detail})
    await reply(send, status, body, b"application/problem+json", headers)
