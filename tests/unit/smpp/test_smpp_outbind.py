"""An SMSC that asks the client to bind, over real sockets."""

from __future__ import annotations

import contextlib
import re
from collections.abc import AsyncIterator

import pytest

from textwell.runtime.stores.nats import free_port
from textwell.smpp import (
    Client,
    Command,
    ConnectionFailed,
    OutbindListener,
    SmppError,
    State,
    Status,
)
from unit.smpp.loopback import (
    client_of,
    serving,
    until,
)


@contextlib.asynccontextmanager
async def listening(client: Client, troubles: list[SmppError]) -> AsyncIterator[OutbindListener]:
    listener = OutbindListener(
        client,
        host="127.0.0.1",
        port=0,
        accept=lambda system_id, password: (system_id, password) == ("smsc", "pw"),
        on_trouble=troubles.append,
    )
    await listener.start()
    try:
        yield listener
    finally:
        listener.stop()


async def test_an_outbind_makes_the_client_bind_over_that_connection() -> None:
    troubles: list[SmppError] = []
    async with (
        serving() as server,
        client_of(1, connect=False, bind=Command.bind_receiver) as client,
        listening(client, troubles) as listener,
    ):
        session = await server.outbind(
            host="127.0.0.1", port=listener.port, system_id="smsc", password="pw"
        )
        assert await client.wait_bound(5)
        assert session.state is State.BOUND_RX
        assert session.system_id == "me"

    assert troubles == []


async def test_an_outbind_of_a_stranger_is_cut_off() -> None:
    async with (
        serving() as server,
        client_of(1, connect=False) as client,
        listening(client, []) as listener,
    ):
        session = await server.outbind(
            host="127.0.0.1", port=listener.port, system_id="smsc", password="no"
        )
        await until(lambda: session.state is State.CLOSED)
        assert not client.is_bound


async def test_an_outbind_whose_bind_is_refused_is_trouble() -> None:
    troubles: list[SmppError] = []
    async with (
        serving(authenticate=lambda _: Status.ESME_RBINDFAIL) as server,
        client_of(1, connect=False) as client,
        listening(client, troubles) as listener,
    ):
        await server.outbind(host="127.0.0.1", port=listener.port, system_id="smsc", password="pw")
        await until(lambda: troubles)

    assert str(troubles[0]) == "bind refused: ESME_RBINDFAIL"


async def test_an_outbind_to_nobody_is_a_failed_connection() -> None:
    async with serving() as server:
        with pytest.raises(ConnectionFailed):
            await server.outbind(host="127.0.0.1", port=1, system_id="smsc")


@pytest.mark.parametrize("host", ["a..b", "x" * 64, "127.0.0.1"])
async def test_an_outbind_to_nowhere_says_so(host: str) -> None:
    async with serving() as server:
        with pytest.raises(ConnectionFailed, match=re.escape(host)):
            await server.outbind(host=host, port=free_port(), system_id="smsc", timeout_s=5)
