"""Gateways that do not work: told in words, tried seldom, and nobody's text is lost meanwhile."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from certificates import Authority, server_side
from dispatch.conftest import Stage, in_thread, serving
from textwell.accounts.models import AuditEntry
from textwell.gateways.actions import resume_gateway, update_gateway
from textwell.gateways.models import Gateway, GatewayHealth
from textwell.gateways.providers.simulator.process import Options, running
from textwell.gateways.providers.simulator.script import Script
from textwell.runtime.connector import link
from textwell.runtime.stores.nats import free_port
from textwell.smpp import Server, ServerConfig
from unit.smpp.loopback import accept_all

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(60)]

Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


class Peer:
    """A TCP server that is no carrier; counts who comes."""

    def __init__(self, talk: Talk) -> None:
        self._talk = talk
        self.visits = 0
        self.port = 0

    async def _meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.visits += 1
        try:
            await self._talk(reader, writer)
        finally:
            writer.close()

    @asynccontextmanager
    async def listening(self) -> AsyncIterator["Peer"]:
        server = await asyncio.start_server(self._meet, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        async with server:
            yield self


async def say_nothing(reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
    while await reader.read(4096):
        pass


async def say_garbage(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read(1)
    writer.write(b"HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain\r\n\r\nWhat?\r\n" * 20)
    await writer.drain()


async def point_at(stage: Stage, port: int) -> None:
    await change(stage, port=port)


async def change(stage: Stage, **settings: object) -> None:
    """What a person does on the gateway's page."""
    await in_thread(
        update_gateway,
        workspace_id=stage.workspace.id,
        gateway_id=stage.gateway.id,
        settings=settings,
        actor="user:1",
    )


async def problem(stage: Stage, words: str) -> None:
    """Wait until the gateway's page says this."""
    told = GatewayHealth.objects.filter(gateway_id=stage.gateway.id, last_error__contains=words)
    await stage.until(told.exists, seconds=25)


async def waiting(stage: Stage, campaign: Any) -> int:
    states = await in_thread(stage.states, campaign)
    assert set(states) <= {"planned", "queued"}
    return sum(states.values())


async def sent_after_mending(stage: Stage, campaign: Any) -> None:
    await point_at(stage, stage.simulator.port)
    await stage.until(stage.is_done(campaign), seconds=30)
    log = await stage.handed()
    assert (log.accepted_count, log.doubles) == (20, {})
    assert await in_thread(stage.states, campaign) == {"submitted": 20}


async def test_a_closed_port_is_told_and_messages_wait_for_its_mending(stage: Stage) -> None:
    port = free_port()
    await point_at(stage, port)
    campaign = await stage.plan(20)
    async with serving(stage):
        await problem(stage, f"Nobody listens at 127.0.0.1, port {port}.")
        assert await waiting(stage, campaign) == 20

        await sent_after_mending(stage, campaign)


@pytest.mark.parametrize(
    "talk", [say_nothing, say_garbage], ids=["a black hole", "a server of another kind"]
)
async def test_who_is_no_carrier_is_told_and_messages_wait_for_its_mending(
    stage: Stage, talk: Talk
) -> None:
    async with Peer(talk).listening() as peer:
        await point_at(stage, peer.port)
        campaign = await stage.plan(20)
        async with serving(stage):
            await problem(stage, "does not answer as an SMPP carrier does")
            assert await waiting(stage, campaign) == 20

            await sent_after_mending(stage, campaign)


async def test_a_refused_password_breaks_the_gateway_until_it_is_corrected(stage: Stage) -> None:
    script = Script(name="strict", accounts={"textwell": "right"})
    async with running(Options(script, port=0)) as strict:
        await point_at(stage, strict.port)
        campaign = await stage.plan(20)
        gateway = Gateway.objects.filter(id=stage.gateway.id)
        async with serving(stage):
            await stage.until(lambda: gateway.filter(state="broken").exists())
            await problem(stage, "The carrier refuses the password (ESME_RINVPASWD).")
            assert await waiting(stage, campaign) == 20
            audit = AuditEntry.objects.filter(action="gateway.broken")
            assert "password" in await in_thread(lambda: audit.get().reason)

            await sent_after_mending(stage, campaign)
        assert await in_thread(lambda: gateway.get().state) == "active"


async def test_a_broken_gateway_is_resumed_when_the_carrier_lets_us_in_again(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The carrier erred: nobody touched our settings, and seldom tries find out that it is over."""
    monkeypatch.setattr(link, "REFUSED_DELAY_S", 1.5)
    accounts = {"textwell": "right"}
    async with running(Options(Script(name="strict", accounts=accounts), port=0)) as strict:
        await point_at(stage, strict.port)
        gateway = Gateway.objects.filter(id=stage.gateway.id)
        async with serving(stage):
            await stage.until(lambda: gateway.filter(state="broken").exists())
            accounts.clear()
            await stage.until(lambda: gateway.filter(state="active").exists())
            bound = GatewayHealth.objects.filter(gateway_id=stage.gateway.id, is_bound=True)
            await stage.until(bound.exists)
    mended = AuditEntry.objects.filter(action="gateway.mended")
    assert await in_thread(mended.count) == 1


async def test_resuming_a_broken_gateway_tries_it_at_once(stage: Stage) -> None:
    accounts = {"textwell": "right"}
    async with running(Options(Script(name="strict", accounts=accounts), port=0)) as strict:
        await point_at(stage, strict.port)
        gateway = Gateway.objects.filter(id=stage.gateway.id)
        async with serving(stage):
            await stage.until(lambda: gateway.filter(state="broken").exists())
            accounts.clear()
            await in_thread(
                resume_gateway,
                workspace_id=stage.workspace.id,
                gateway_id=stage.gateway.id,
                actor="user:1",
            )
            bound = GatewayHealth.objects.filter(gateway_id=stage.gateway.id, is_bound=True)
            await stage.until(bound.exists, seconds=10)


CA, STRANGER = Authority(), Authority("Another CA")
CLIENT = CA.issue("client.example")


@pytest.mark.parametrize(
    ("trusted", "carrier", "told"),
    [
        (STRANGER, ("127.0.0.1", ""), "is not signed by an authority that we trust."),
        (CA, ("smsc.example", ""), "is for another name."),
        (CA, ("127.0.0.1", CA.certificate), "client certificate"),
    ],
    ids=["the wrong CA", "the wrong name", "no client certificate"],
)
async def test_tls_that_fails_is_told_and_messages_wait_for_its_mending(
    stage: Stage, tmp_path: Path, trusted: Authority, carrier: tuple[str, str], told: str
) -> None:
    name, client_ca = carrier
    tls = server_side(CA.issue(name).write(tmp_path), client_ca=client_ca)
    server = Server(ServerConfig(tls=tls), authenticate=lambda _: 0, on_requests=accept_all)
    await server.start()
    try:
        await change(stage, port=server.port, tls=True, tls_ca=trusted.certificate)
        campaign = await stage.plan(20)
        async with serving(stage):
            await problem(stage, told)
            assert await waiting(stage, campaign) == 20

            await change(
                stage,
                tls_ca=CA.certificate,
                tls_server_name=name,
                tls_client_certificate=CLIENT.certificate,
                tls_client_key=CLIENT.key,
            )
            await stage.until(stage.is_done(campaign), seconds=30)
            assert await in_thread(stage.states, campaign) == {"submitted": 20}
    finally:
        await server.stop()
