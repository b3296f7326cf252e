import asyncio
import os
import signal
from typing import Any

import pytest

from textwell.core.bus import Bus, connect_bus, ensure_streams
from textwell.core.bus import client as bus_client
from textwell.core.errors import BusUnavailable
from textwell.core.settings import Settings
from textwell.runtime.stores import Stores
from textwell.runtime.stores.nats import Nats


@pytest.fixture
def nats_store(own: Settings, own_stores: Stores, monkeypatch: pytest.MonkeyPatch) -> Nats:
    monkeypatch.setattr(bus_client, "load_settings", lambda: own)
    [found] = [store for store in own_stores.members if isinstance(store, Nats)]
    return found


async def kill(store: Nats) -> None:
    pid = store.pid()
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    while store.pid() is not None:  # noqa: ASYNC110 - a process has no event
        await asyncio.sleep(0.01)


async def has_failed(bus: Bus, waiting: "asyncio.Task[None]") -> None:
    """Until a first try to publish has come back without a confirmation."""
    publish, failed = bus.js.publish, asyncio.Event()

    async def watched(*args: Any, **kwargs: Any) -> Any:
        try:
            return await publish(*args, **kwargs)
        except BaseException:
            failed.set()
            raise

    bus.js.publish = watched  # type: ignore[method-assign]
    await asyncio.wait_for(failed.wait(), 15)
    assert not waiting.done()


async def connected() -> Bus:
    bus = await connect_bus(name="test", timeout_s=5)
    await ensure_streams(bus)
    return bus


async def test_a_message_stored_before_a_kill_is_pulled_after_the_restart(nats_store: Nats) -> None:
    bus = await connected()
    await bus.publish("dlr.1", b"[1]")
    await kill(nats_store)
    nats_store.start()

    messages = []
    while not messages:
        messages = await bus.pull("DLR", "ingest", timeout=0.5)

    assert [message.data for message in messages] == [b"[1]"]
    await bus.close()


async def test_publishing_waits_for_the_server_to_come_back(nats_store: Nats) -> None:
    bus = await connected()
    await kill(nats_store)
    waiting = asyncio.create_task(bus.publish("mo.1", b"[2]", timeout_s=20))
    await has_failed(bus, waiting)
    nats_store.start()

    await waiting

    assert (await bus.js.stream_info("MO")).state.messages == 1
    await bus.close()


async def test_pulling_while_the_server_is_away_is_an_empty_list(nats_store: Nats) -> None:
    bus = await connected()
    await kill(nats_store)

    assert await bus.pull("CLICK", "ingest", timeout=0.2) == []
    await bus.close()


async def test_connecting_to_nobody_is_unavailable_in_time(nats_store: Nats) -> None:
    await kill(nats_store)

    with pytest.raises(BusUnavailable, match="NATS does not answer"):
        await connect_bus(name="test", timeout_s=0.5)
