"""Workspaces' own link domains at a real edge: whose links are answered where, and the check."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession, web

from certificates import Authority, server_side
from edge.conftest import (
    EdgeServer,
    NatsServer,
    a_range,
    clicks_of,
    open_status,
    publish_range,
    range_count,
    token,
    until,
)
from textwell.core.bus import Bus
from textwell.core.settings import load_settings
from textwell.core.wire import LinkHostItem, encode
from textwell.links.host_check import PROOF_PATH, HostFound, check_host
from textwell.links.tokens import make_token
from textwell.runtime.stores.nats import free_port

PROOF = "proof-of-workspace-5"
OTHER_KEY = bytes(16)


@pytest.fixture
async def hosts(stream: Bus, http: ClientSession, edge: EdgeServer) -> None:
    """go.five.example and localhost are of workspace 5, go.six.example of 6; both have links."""
    await publish_range(stream, a_range())
    await publish_range(stream, a_range(3, 5000, workspace_id=6, key="AAAAAAAAAAAAAAAAAAAAAA=="))
    await put_host(stream, LinkHostItem(1, 5, "go.five.example", PROOF))
    await put_host(stream, LinkHostItem(2, 6, "go.six.example", "proof-of-6"))
    await put_host(stream, LinkHostItem(3, 5, f"localhost:{edge.port}", PROOF))

    async def knows_all() -> bool:
        told = await open_status(http, PROOF_PATH, headers={"Host": f"localhost:{edge.port}"})
        return told == 200 and await range_count(http) >= 2

    await until(knows_all)


async def put_host(stream: Bus, item: LinkHostItem) -> None:
    await (await stream.kv("hosts")).put(str(item.id), encode(item))


@pytest.mark.parametrize(
    ("asked", "mine", "others"),
    [
        ("go.five.example", 302, 404),
        ("GO.five.example.:443", 302, 404),
        ("go.six.example", 404, 302),
        ("links.of.the.installation", 302, 302),
    ],
)
async def test_a_workspaces_name_answers_its_own_links_alone(
    hosts: None, http: ClientSession, asked: str, mine: int, others: int
) -> None:
    headers = {"Host": asked}

    assert await open_status(http, f"/{token(1234)}", headers=headers) == mine
    theirs = make_token(OTHER_KEY, 5001, 1)
    assert await open_status(http, f"/{theirs}", headers=headers) == others


async def test_a_link_at_anothers_name_is_no_click(
    hosts: None, http: ClientSession, stream: Bus
) -> None:
    await open_status(http, f"/{token(1234)}", headers={"Host": "go.six.example"})
    await open_status(http, f"/{token(1235)}", headers={"Host": "go.five.example"})

    assert [click.message_id for click in await clicks_of(stream)] == [1235]


async def test_the_proof_is_said_at_known_names_only(hosts: None, http: ClientSession) -> None:
    async with http.get(PROOF_PATH, headers={"Host": "go.five.example"}) as answer:
        assert (answer.status, await answer.text()) == (200, f"{PROOF}\n")
    assert await open_status(http, PROOF_PATH, headers={"Host": "go.seven.example"}) == 404


async def test_a_name_that_was_given_up_is_forgotten(
    hosts: None, http: ClientSession, stream: Bus
) -> None:
    await (await stream.kv("hosts")).delete("2")

    async def is_gone() -> bool:
        return await open_status(http, PROOF_PATH, headers={"Host": "go.six.example"}) == 404

    await until(is_gone)


async def test_names_are_known_after_a_start_without_the_broker(
    hosts: None, broker: NatsServer, tmp_path: Path
) -> None:
    """From the copy on disk, as links are."""
    (tmp_path / "edge").mkdir()
    item = LinkHostItem(9, 5, "go.nine.example", "nine")
    (tmp_path / "edge" / "hosts.json").write_bytes(b"[" + encode(item) + b"]")
    alone = EdgeServer(NatsServer(tmp_path / "nats"), tmp_path)
    alone.start()
    try:
        async with ClientSession(alone.url) as session:
            assert (
                await open_status(session, PROOF_PATH, headers={"Host": "go.nine.example"}) == 200
            )
    finally:
        alone.stop()


@pytest.fixture
def inside(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in development: calls to private addresses are allowed."""
    monkeypatch.setattr(load_settings(), "webhook_private_targets", True)


async def look(host: str) -> HostFound:
    return await asyncio.to_thread(check_host, host, PROOF)


async def test_an_edge_that_is_reached_without_tls_is_good_with_a_warning(
    hosts: None, inside: None, edge: EdgeServer
) -> None:
    found = await look(f"localhost:{edge.port}")

    assert (found.is_good, found.problem, found.scheme) == (True, "http_only", "http")


async def test_a_private_address_is_refused(edge: EdgeServer) -> None:
    assert await look(f"localhost:{edge.port}") == HostFound(False, "private")


async def test_a_name_without_a_record_does_not_resolve(inside: None) -> None:
    assert await look("go.shop.invalid") == HostFound(False, "unresolved")


async def test_a_closed_port_and_a_foreign_server_are_told_apart(
    inside: None, edge: EdgeServer
) -> None:
    closed = await look(f"localhost:{free_port()}")
    foreign = await asyncio.to_thread(check_host, f"localhost:{edge.port}", "another proof")

    assert (closed.is_good, closed.problem) == (False, "refused")
    assert foreign == HostFound(False, "wrong_server", {"status": "200"})


async def test_a_name_that_leads_away_says_both_addresses(
    inside: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(load_settings(), "link_url", "https://127.0.0.9/")

    found = await look(f"localhost:{free_port()}")

    assert found.problem == "elsewhere"
    assert found.facts["expected"] == "127.0.0.9"
    assert "127.0.0.1" in found.facts["found"]


@pytest.fixture
async def tls(
    tmp_path: Path, edge: EdgeServer
) -> Any:  # an async generator of a port and a CA file
    """A proxy that speaks TLS in front, as an operator has; it answers for itself."""
    authority = Authority()
    context = server_side(authority.issue("localhost").write(tmp_path))
    ca = tmp_path / "ca.pem"
    ca.write_text(authority.certificate)
    door = web.Application()

    async def say(_request: web.Request) -> web.Response:
        return web.Response(text=f"{PROOF}\n")

    door.router.add_get(PROOF_PATH, say)
    runner = web.AppRunner(door)
    await runner.setup()
    site = web.TCPSite(runner, "localhost", 0, ssl_context=context)
    await site.start()
    yield runner.addresses[0][1], ca
    await runner.cleanup()


async def test_a_certificate_that_is_trusted_is_good(
    tls: tuple[int, Path], inside: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(tls[1]))

    assert await look(f"localhost:{tls[0]}") == HostFound(True)


async def test_a_certificate_that_is_not_trusted_is_said(
    tls: tuple[int, Path], inside: None
) -> None:
    found = await look(f"localhost:{tls[0]}")

    assert (found.is_good, found.problem) == (False, "certificate")
    assert found.facts["why"] in {
        "unable to get local issuer certificate",
        "self-signed certificate in certificate chain",
    }
