"""A client and a server on loopback, for the tests of sockets."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from typing import Any

from textwell.smpp import (
    BackoffConfig,
    Client,
    ClientConfig,
    Outcome,
    Pdu,
    Server,
    ServerConfig,
    ServerSession,
    SessionConfig,
    SubmitTemplate,
)
from textwell.smpp.server import Answer

TEMPLATE = SubmitTemplate(source_addr="ACME", source_addr_ton=5)
QUICK = SessionConfig(response_timeout_s=0.3, enquire_link_s=None)
AGAIN_AT_ONCE = BackoffConfig(first_s=0.01, cap_s=0.02)


def messages(count: int, start: int = 0) -> list[tuple[object, bytes]]:
    return [(n, TEMPLATE.body(b"%d" % n, b"hello")) for n in range(start, start + count)]


def accept_all(session: ServerSession, pdus: list[Pdu]) -> list[Answer]:
    return [(pdu.sequence, 0, f"id-{pdu.fields.get('destination_addr')}") for pdu in pdus]


class Outcomes(list[Outcome]):
    """A handler of outcomes that can be waited for."""

    def __init__(self) -> None:
        super().__init__()
        self._more = asyncio.Event()

    def __call__(self, outcomes: list[Outcome]) -> None:
        self += outcomes
        self._more.set()

    async def until(self, count: int, timeout_s: float = 20) -> None:
        async with asyncio.timeout(timeout_s):
            while len(self) < count:
                self._more.clear()
                await self._more.wait()


@contextlib.asynccontextmanager
async def serving(
    on_requests: Callable[..., Any] = accept_all,
    *,
    authenticate: Callable[[Pdu], Any] = lambda _: 0,
    **settings: Any,
) -> AsyncIterator[Server]:
    handlers = {name: settings.pop(name) for name in list(settings) if name.startswith("on_")}
    server = Server(
        ServerConfig(**settings), authenticate=authenticate, on_requests=on_requests, **handlers
    )
    await server.start()
    try:
        yield server
    finally:
        await server.stop()


@contextlib.asynccontextmanager
async def client_of(port: int, *, connect: bool = True, **settings: Any) -> AsyncIterator[Client]:
    handlers = {name: settings.pop(name) for name in list(settings) if name.startswith("on_")}
    settings = {"reconnect": False, "reconnect_backoff": AGAIN_AT_ONCE, **settings}
    client = Client(ClientConfig("127.0.0.1", port, "me", "secret", **settings), **handlers)
    if connect:
        await client.connect()
    try:
        yield client
    finally:
        await client.close()


async def until(condition: Callable[[], object], timeout_s: float = 20) -> None:
    async with asyncio.timeout(timeout_s):
        while not condition():  # noqa: ASYNC110 - the ends under test offer no event for it
            await asyncio.sleep(0.005)


async def bound_session(server: Server) -> ServerSession:
    (session,) = server.sessions
    return session
