"""The wall at the socket: whatever a sandbox's gateway row says, nobody but the carrier in the box is met.

What listens here stands for a real carrier. It must see no connection at all: not one octet, not even
one that is closed at once.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st

from providers.recorder import Recorder, handoffs, until
from textwell.core.settings import Settings
from textwell.gateways import wall
from textwell.gateways.providers import simulator as simulator_module
from textwell.gateways.providers.base import (
    Accepted,
    GatewaySpec,
    GatewayUnreachable,
    InBox,
    NotSent,
)
from textwell.gateways.providers.simulator.process import Options, running
from textwell.gateways.providers.simulator.script import BENCH
from textwell.gateways.registry import find_provider, list_providers
from textwell.gateways.wall import NO_BOX, OUTSIDE, OutsideTheBox, check_address
from textwell.runtime.connector.walled import connect_within
from textwell.smpp import Server, ServerConfig

KINDS = [one.kind for one in list_providers()]
OTHER_HOST = "127.0.0.2"  # loopback too, and not the box
Box = Callable[..., None]


class Carrier:
    """Counts who connects."""

    def __init__(self) -> None:
        self.visits = 0
        self.port = 0

    async def meet(self, _reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.visits += 1
        writer.close()


@asynccontextmanager
async def listening(host: str = "127.0.0.1", port: int = 0) -> AsyncIterator[Carrier]:
    carrier = Carrier()
    server = await asyncio.start_server(carrier.meet, host, port)
    carrier.port = server.sockets[0].getsockname()[1]
    async with server:
        yield carrier


@pytest.fixture
def box(monkeypatch: pytest.MonkeyPatch) -> Box:
    """`box(port)`: the simulated carrier of this installation listens there."""

    def place(port: int, **values: Any) -> None:
        conf = Settings.model_validate({"simulator_port": port} | values)
        for module in (wall, simulator_module):
            monkeypatch.setattr(module, "load_settings", lambda: conf)

    return place


def leading_to(kind: str, host: str, port: int, **settings: Any) -> GatewaySpec:
    """A sandbox's gateway as a row written by hand might be."""
    given: dict[str, Any] = {"host": host, "port": port, "system_id": "us", "password": "pw"}
    if kind == "simulator_http":
        given = {"url": f"http://{host}:{port}", "api_key": "key", "webhook_secret": "hook"}
    return GatewaySpec(
        7, 1, "Row", kind, "active", given | {"response_timeout_s": 1} | settings, is_sandbox=True
    )


async def open_both_ways(spec: GatewaySpec) -> list[str]:
    """What opening says: as the connector does it, and of the provider alone."""
    provider = find_provider(spec.provider)
    assert provider is not None
    said = []
    for connect in (connect_within, None):
        recorder = Recorder()
        connection = (
            provider.connect(spec, recorder)
            if connect is None
            else connect(provider, spec, recorder)
        )
        with pytest.raises(GatewayUnreachable) as caught:
            await connection.open()
        connection.submit(handoffs(1))
        await connection.close()
        said.append(str(caught.value))
        assert isinstance(recorder.answers[0][1], NotSent)
    return said


@pytest.mark.parametrize("kind", KINDS)
async def test_a_row_that_leads_elsewhere_meets_nobody(kind: str, box: Box) -> None:
    async with running(Options(BENCH, port=0)) as simulator, listening() as carrier:
        box(simulator.port)

        said = await open_both_ways(leading_to(kind, "127.0.0.1", carrier.port))

        assert (said, carrier.visits) == ([OUTSIDE, OUTSIDE], 0)


@pytest.mark.parametrize("kind", KINDS)
async def test_the_same_row_without_a_sandbox_is_connected(kind: str, box: Box) -> None:
    """The proof that the listener would see who comes."""
    async with listening() as carrier:
        box(1)
        spec = leading_to(kind, "127.0.0.1", carrier.port)
        provider = find_provider(kind)
        assert provider is not None

        connection = provider.connect(
            GatewaySpec(7, 1, "Row", kind, "active", spec.settings), Recorder()
        )
        with pytest.raises(GatewayUnreachable):
            await connection.open()
        await connection.close()

        assert carrier.visits > 0


@pytest.mark.parametrize("kind", KINDS)
async def test_the_port_of_the_box_on_another_address_is_not_the_box(kind: str, box: Box) -> None:
    async with listening(OTHER_HOST) as carrier:
        box(carrier.port)

        said = await open_both_ways(leading_to(kind, OTHER_HOST, carrier.port))

        assert (said, carrier.visits) == ([OUTSIDE, OUTSIDE], 0)


def resolving(monkeypatch: pytest.MonkeyPatch, *answers: str) -> list[str]:
    """Let the name carrier.example lead to these addresses, one a question; the last one stays."""
    asked: list[str] = []
    real = socket.getaddrinfo

    def answer(host: Any, port: Any, *args: Any, **kw: Any) -> Any:
        if host != "carrier.example":
            return real(host, port, *args, **kw)
        asked.append(answers[min(len(asked), len(answers) - 1)])
        return real(asked[-1], port, *args, **kw)

    monkeypatch.setattr(socket, "getaddrinfo", answer)
    return asked


@pytest.mark.parametrize("kind", KINDS)
async def test_a_name_is_judged_by_where_it_leads(
    kind: str, box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = resolving(monkeypatch, OTHER_HOST)
    async with listening(OTHER_HOST) as carrier:
        box(carrier.port)

        said = await open_both_ways(leading_to(kind, "carrier.example", carrier.port))

        assert (said, carrier.visits) == ([OUTSIDE, OUTSIDE], 0)
        assert (
            asked
        )  # of the provider alone; the connector does not even ask where another kind leads


async def test_a_name_that_leads_elsewhere_the_second_time_leads_nowhere_else(
    box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    """DNS rebinding: what is connected to is the address that was checked, not the name again."""
    asked = resolving(monkeypatch, "127.0.0.1", OTHER_HOST)
    async with (
        running(Options(BENCH, port=0)) as simulator,
        listening(OTHER_HOST, simulator.port) as carrier,
    ):
        box(simulator.port)
        provider = find_provider("simulator")
        assert provider is not None
        spec = leading_to("simulator", "carrier.example", simulator.port)

        connection = provider.connect(spec, Recorder())
        await connection.open()
        await connection.close()
        with pytest.raises(GatewayUnreachable):
            await connection.open()

        assert (asked, carrier.visits) == (["127.0.0.1", OTHER_HOST], 0)


async def test_a_redirect_is_another_socket_and_is_asked_for_again(box: Box) -> None:
    async with listening() as carrier:

        async def send_away(_request: web.Request) -> web.Response:
            raise web.HTTPTemporaryRedirect(f"http://127.0.0.1:{carrier.port}/v1/account")

        app = web.Application()
        app.router.add_post("/v1/account", send_away)
        runner = web.AppRunner(app)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        port = runner.addresses[0][1]
        box(port)

        connection = find_provider("simulator_http").connect(  # type: ignore[union-attr]  # it is there
            leading_to("simulator_http", "127.0.0.1", port), Recorder()
        )
        with pytest.raises(GatewayUnreachable) as caught:
            await connection.open()
        await runner.cleanup()

        assert (str(caught.value), carrier.visits) == (OUTSIDE, 0)


async def test_a_tunnel_at_the_port_of_the_box_gets_a_bind_and_never_a_text(box: Box) -> None:
    """What answers there under another name than the simulator's is left before anything is sent."""
    seen: list[object] = []
    server = Server(
        ServerConfig(host="127.0.0.1", port=0, system_id="REALSMSC"),
        authenticate=lambda _bind: 0,
        on_requests=lambda _session, requests: seen.append(requests),
    )
    await server.start()
    box(server.port)
    recorder = Recorder()
    spec = leading_to("simulator", "127.0.0.1", server.port)
    connection = find_provider("simulator").connect(spec, recorder)  # type: ignore[union-attr]  # same

    with pytest.raises(GatewayUnreachable) as caught:
        await connection.open()
    connection.submit(handoffs(1))
    await connection.close()
    await server.stop()

    assert (str(caught.value), seen, recorder.of(NotSent)) == (OUTSIDE, [], [1])


async def test_the_box_itself_is_reached_and_delivers(box: Box) -> None:
    async with running(Options(BENCH, port=0, speed=20)) as simulator:
        box(simulator.port)
        recorder = Recorder()
        provider = find_provider("simulator")
        assert provider is not None

        connection = connect_within(provider, leading_to("simulator", "127.0.0.1", 0), recorder)
        await connection.open()
        connection.submit(handoffs(3))
        await until(lambda: len(recorder.receipts) == 3)
        await connection.close()

        assert recorder.of(Accepted) == [1, 2, 3]


async def test_without_its_carrier_a_sandbox_connects_to_nobody(box: Box) -> None:
    async with listening() as carrier:
        box(carrier.port, simulator=False)

        said = await open_both_ways(leading_to("simulator", "127.0.0.1", carrier.port))

        assert (said, carrier.visits) == ([NO_BOX, NO_BOX], 0)


def test_every_provider_is_the_simulator_or_is_refused_in_a_sandbox() -> None:
    inside = {one.kind for one in list_providers() if isinstance(one, InBox)}

    assert inside == {"simulator"}
    assert all(one.is_simulated for one in list_providers() if one.kind in inside)


@pytest.fixture(scope="module")
def port_of_the_box() -> Iterator[int]:
    with pytest.MonkeyPatch.context() as patch:
        conf = Settings.model_validate({"simulator_port": 9_637})
        patch.setattr(wall, "load_settings", lambda: conf)
        yield conf.simulator_port


@given(
    host=st.one_of(
        st.ip_addresses().map(str), st.sampled_from(["127.0.0.1", "::1", "::ffff:127.0.0.1"])
    ),
    port=st.one_of(st.integers(0, 65_535), st.just(9_637)),
    rest=st.sampled_from([(), (0, 0)]),
)
def test_one_address_and_no_other_is_the_box(
    host: str, port: int, rest: tuple[int, ...], port_of_the_box: int
) -> None:
    try:
        check_address((host, port, *rest))
    except OutsideTheBox:
        is_let_through = False
    else:
        is_let_through = True

    assert is_let_through == ((host, port) == ("127.0.0.1", port_of_the_box))
