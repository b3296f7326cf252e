"""A whole edge: granian with the real application, and a NATS server of its own to stop and start."""

import asyncio
import base64
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nats
import pytest
from aiohttp import ClientSession

from textwell.core.bus import Bus, ensure_streams
from textwell.core.wire import ClickItem, LinkRangeItem, decode, encode
from textwell.links.tokens import make_token
from textwell.runtime.stores.nats import free_port

KEY = bytes(range(16))
PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/17.5 Mobile/15E148 Safari/604.1"
)
BIN = Path(sys.executable).parent


def wait_for_port(port: int, timeout_s: float = 10.0) -> None:
    until = time.monotonic() + timeout_s
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 0.2).close()
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.05)
        else:
            return


@dataclass
class NatsServer:
    folder: Path
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"nats://127.0.0.1:{self.port}"

    def start(self) -> None:
        command = [BIN / "nats-server", "-a", "127.0.0.1", "-p", str(self.port), "-js"]
        self.process = subprocess.Popen(
            [*map(str, command), "-sd", str(self.folder)], stderr=subprocess.DEVNULL
        )
        wait_for_port(self.port)

    def stop(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None


@dataclass
class EdgeServer:
    nats: NatsServer
    data: Path
    target: str = "textwell.edge.app:application"
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        # No database at all: an address that nothing listens at.
        env = os.environ | {
            "NATS_URL": self.nats.url,
            "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none",
            "TEXTWELL_DATA": str(self.data),
        }
        command = [BIN / "granian", "--interface", "rsgi", "--port", str(self.port), "--no-ws"]
        self.process = subprocess.Popen(
            [*map(str, command), "--log-level", "warning", self.target],
            env=env | {"PYTHONPATH": "src:tests"},
            start_new_session=True,  # granian's worker is a process of its own: one group for both
        )
        wait_for_port(self.port)

    def stop(self, sign: int = signal.SIGTERM) -> None:
        if self.process is not None:
            if sign == signal.SIGKILL:
                os.killpg(self.process.pid, sign)
            else:
                self.process.send_signal(sign)
            self.process.wait(15)
            self.process = None


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NatsServer]:
    server = NatsServer(tmp_path_factory.mktemp("nats"))
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def edge(broker: NatsServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[EdgeServer]:
    server = EdgeServer(broker, tmp_path_factory.mktemp("data"))
    server.start()
    yield server
    server.stop()


@pytest.fixture
async def stream(broker: NatsServer) -> AsyncIterator[Bus]:
    """The bus that the edge writes to, its streams empty."""
    connected = Bus(await nats.connect(broker.url))
    await ensure_streams(connected)
    await connected.js.purge_stream("CLICK")
    yield connected
    await connected.close()


@pytest.fixture
async def http(edge: EdgeServer) -> AsyncIterator[ClientSession]:
    headers = {"User-Agent": PHONE, "Accept-Language": "en"}
    async with ClientSession(edge.url, headers=headers) as session:
        yield session


def a_range(range_id: int = 1, first: int = 1000, **values: Any) -> LinkRangeItem:
    fields: dict[str, Any] = {
        "workspace_id": 5,
        "campaign_id": 9,
        "targets": ["https://shop.example/sale?utm_source=sms", "https://shop.example/2"],
        "expires_at": None,
        "key": base64.b64encode(KEY).decode(),
    }
    return LinkRangeItem(
        id=range_id, first_message_id=first, last_message_id=first + 999, **(fields | values)
    )


async def publish_range(stream: Bus, item: LinkRangeItem) -> None:
    await (await stream.kv("links")).put(str(item.id), encode(item))


async def range_count(http: ClientSession) -> int:
    async with http.get("/readyz") as answer:
        return int(json.loads(await answer.read())["ranges"])


async def until(condition: Any, timeout_s: float = 10.0) -> None:
    """Wait until an async function answers true."""
    end = time.monotonic() + timeout_s
    while not await condition():
        assert time.monotonic() < end, "it did not come true in time"
        await asyncio.sleep(0.05)


async def open_status(http: ClientSession, path: str, **options: Any) -> int:
    async with http.get(path, allow_redirects=False, **options) as answer:
        return answer.status


async def clicks_of(stream: Bus) -> list[ClickItem]:
    """All clicks on the stream, taken off it."""
    found: list[ClickItem] = []
    while batch := await stream.pull("CLICK", "ingest", batch=50, timeout=0.3):
        for message in batch:
            found += decode(message.data, list[ClickItem])
            await message.ack()
    return found


def token(message_id: int, link_number: int = 1) -> str:
    return make_token(KEY, message_id, link_number)
