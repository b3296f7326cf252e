"""A disk of its own that is really filled: nothing acknowledged is lost, and it goes on by itself."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from runtime.conftest import REAL
from runtime.small_disk import fill, small_disk
from textwell.core.bus import Bus, connect_bus, ensure_streams
from textwell.core.errors import BusUnavailable
from textwell.core.settings import Settings
from textwell.runtime.stores.nats import Nats

PART = 512 * 1024


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    with small_disk(tmp_path / "data", mb=128) as folder:
        yield folder


async def publish_until_refused(bus: Bus) -> int:
    """How many were acknowledged before the disk was full."""
    for number in range(200):
        try:
            await bus.publish("click", b"x" * PART, timeout_s=2)
        except BusUnavailable:
            return number
    pytest.fail("the disk was never full")


async def count_of(bus: Bus) -> int:
    info = await bus.js.stream_info("CLICK")
    return int(info.state.messages)


@pytest.mark.timeout(120)
async def test_nats_goes_on_after_its_disk_was_full_with_all_it_acknowledged(
    disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    nats = Nats(disk, REAL)
    nats.start()
    address = Settings(data=disk).nats_address()
    monkeypatch.setenv("NATS_URL", address)
    from textwell.core import settings as settings_module

    settings_module.load_settings.cache_clear()
    try:
        bus = await connect_bus(name="full-disk", timeout_s=10)
        await ensure_streams(bus)
        await bus.publish("click", b"before")
        filler = fill(disk)
        acknowledged = 1 + await publish_until_refused(bus)
        assert not nats.is_stuck()  # no room yet: starting it anew would be of no use

        filler.unlink()
        assert nats.is_stuck()
        nats.stop()
        nats.start()

        await bus.publish("click", b"after", timeout_s=30)
        # What was not acknowledged may be there all the same; it has an id for that.
        assert await count_of(bus) >= acknowledged + 1
        assert not nats.is_stuck()
        await bus.close()
    finally:
        nats.stop()
        monkeypatch.undo()
        settings_module.load_settings.cache_clear()
