"""NATS stops and starts; the person is redirected all the same and no click is lost."""

import asyncio
import signal
from collections.abc import Iterator
from pathlib import Path

import nats
import pytest
from aiohttp import ClientSession

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


@pytest.fixture(autouse=True)
def _leave_running(broker: NatsServer, edge: EdgeServer) -> Iterator[None]:
    yield
    for server in (broker, edge):
        if server.process is None:
            server.start()


@pytest.fixture
async def links(stream: Bus, http: ClientSession) -> None:
    await publish_range(stream, a_range())

    async def has_it() -> bool:
        return await range_count(http) == 1

    await until(has_it)


async def open_all(http: ClientSession, ids: range) -> set[int]:
    return set(await asyncio.gather(*(open_status(http, f"/{token(i)}") for i in ids)))


async def collect(stream: Bus, expected: set[int]) -> list[int]:
    found: list[int] = []

    async def has_all() -> bool:
        found.extend(click.message_id for click in await clicks_of(stream))
        return set(found) >= expected

    await until(has_all, 20)
    return sorted(found)


async def test_clicks_made_while_nats_is_away_are_kept_and_replayed(
    links: None, broker: NatsServer, http: ClientSession, stream: Bus
) -> None:
    broker.stop()
    assert await open_all(http, range(1000, 1050)) == {302}
    assert await open_all(http, range(1050, 1100)) == {302}
    broker.start()

    assert await collect(stream, set(range(1000, 1100))) == list(range(1000, 1100))


async def test_a_killed_edge_leaves_its_spool_to_the_next_one(
    links: None, broker: NatsServer, edge: EdgeServer, http: ClientSession, stream: Bus
) -> None:
    broker.stop()
    assert await open_all(http, range(1200, 1210)) == {302}
    assert edge.process is not None
    edge.stop(signal.SIGKILL)
    broker.start()
    edge.start()

    assert await collect(stream, set(range(1200, 1210))) == list(range(1200, 1210))


async def test_the_edge_starts_and_redirects_without_nats(
    links: None, broker: NatsServer, edge: EdgeServer, http: ClientSession, stream: Bus
) -> None:
    copy = edge.data / "edge" / "links.json"

    async def has_copy() -> bool:
        return copy.exists()

    await until(has_copy)
    edge.stop()
    broker.stop()
    edge.start()

    assert await open_status(http, f"/{token(1300)}") == 302
    assert copy.stat().st_mode & 0o077 == 0  # link keys are for our own user alone
    broker.start()
    assert await collect(stream, {1300}) == [1300]


async def test_the_edge_ends_quietly_with_requests_under_way(
    links: None, edge: EdgeServer, http: ClientSession, stream: Bus
) -> None:
    opened = asyncio.gather(*(open_status(http, f"/{token(i)}") for i in range(1400, 1500)))
    assert set(await opened) == {302}
    await asyncio.to_thread(edge.stop)

    assert {click.message_id for click in await clicks_of(stream)} == set(range(1400, 1500))


async def test_an_edge_alone_on_an_empty_broker_makes_the_streams(
    tmp_path: Path,
) -> None:
    empty = NatsServer(tmp_path / "nats")
    empty.start()
    alone = EdgeServer(empty, tmp_path / "data")
    alone.start()
    try:
        bus = Bus(await nats.connect(empty.url))

        async def has_all() -> bool:
            found = {info.config.name for info in await bus.js.streams_info()}
            return found >= {"CLICK", "DLR", "MO", "KV_links"}

        await until(has_all)
        await bus.close()
    finally:
        alone.stop()
        empty.stop()
