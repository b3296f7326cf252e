"""All that a carrier told in a day, told again in another order, changes nothing."""

import asyncio
import hashlib
import random
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
import msgspec
import pytest
from aiohttp import web
from django.apps import apps
from django.db import connection

from dispatch.conftest import Stage, in_thread, opened_stage
from edge.conftest import EdgeServer, NatsServer
from textwell.core.bus import Bus
from textwell.core.settings import load_settings
from textwell.gateways.doors import publish_gateway
from textwell.gateways.models import Gateway
from textwell.gateways.providers.simulator.script import (
    Failure,
    Operator,
    People,
    Range,
    Script,
)
from textwell.gateways.providers.simulator.signature import sign
from textwell.inbox.models import Reply
from textwell.runtime.context import RoleContext
from textwell.runtime.roles import ingest
from textwell.runtime.stores import Stores

PEOPLE = 120
DAY = Script(
    operators=(
        Operator(
            "network",
            receipt_delay=Range(0.5, 2.0),
            failures=(
                Failure(0.1, stat="REJECTD", err="503"),
                Failure(0.1, stat="EXPIRED", err="027"),
                Failure(0.1, stat="UNDELIV", err="006"),
            ),
        ),
    ),
    people=People(stop_share=0.2, question_share=0.1, reply_delay=Range(0.5, 2.0)),
)
# The log keeps whatever a carrier says, and the fold reads on in it: the only things that grow.
LOG, PLACE = "messaging_dlr", "core_cursor"


@dataclass
class Recorder:
    """Stands between the carrier and the edge, and writes down what passes."""

    edge: EdgeServer
    calls: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)

    async def pass_on(self, request: web.Request) -> web.Response:
        body = await request.read()
        headers = {
            name: value
            for name, value in request.headers.items()
            if name.lower().startswith("webhook-")
        }
        status = await self.say(request.path, headers, body)
        if status == 200:
            self.calls.append((request.path, headers, body))
        return web.Response(status=status)

    async def say(self, path: str, headers: dict[str, str], body: bytes) -> int:
        async with (
            aiohttp.ClientSession() as http,
            http.post(f"{self.edge.url}{path}", data=body, headers=headers) as answer,
        ):
            return answer.status

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[str]:
        """The address to call; when it ends, every call is answered and written down."""
        app = web.Application()
        app.router.add_post("/{path:.*}", self.pass_on)
        runner = web.AppRunner(app, shutdown_timeout=5.0)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
        await runner.cleanup()


@pytest.fixture
def edge(stores: Stores, tmp_path: Path) -> Iterator[EdgeServer]:
    """An edge at the bus of the tests."""
    port = int(load_settings().nats_address().rsplit(":", 1)[1])
    server = EdgeServer(NatsServer(tmp_path, port=port), tmp_path)
    server.start()
    yield server
    server.stop()


@asynccontextmanager
async def ingesting(bus: Bus) -> AsyncIterator[None]:
    """The role `ingest`; when it ends, whatever came to the streams is stored and folded."""
    context = RoleContext(settings=load_settings(), role="ingest", name="ingest@test")
    role = asyncio.create_task(ingest.run(context))
    yield
    while await waiting(bus):  # noqa: ASYNC110 - the stream tells nobody
        await asyncio.sleep(0.05)
    context.stop.set()
    await role


async def waiting(bus: Bus) -> int:
    return sum([await bus.pending_count(stream, "ingest") for stream in ("DLR", "MO")])


def digest() -> dict[str, str]:
    """A hash of each table's rows, whatever their order."""
    tables = {model._meta.db_table for model in apps.get_models()} - {LOG, PLACE}
    hashes = {}
    with connection.cursor() as cursor:
        for table in sorted(tables):
            cursor.execute(f"SELECT row::text FROM {table} AS row")
            rows = sorted(row for (row,) in cursor.fetchall())
            hashes[table] = hashlib.sha256("\n".join(rows).encode()).hexdigest()
    return hashes


def count_receipts() -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {LOG}")
        (count,) = cursor.fetchone()
    return int(count)


async def live_a_day(stage: Stage) -> None:
    """Everyone has a text and its receipt, and some have answered, who are answered in turn."""
    campaign = await stage.plan(PEOPLE)
    await stage.connect()
    await stage.until(stage.is_done(campaign), seconds=60)
    finals = {"delivered", "undelivered", "rejected", "expired"}
    await stage.until(lambda: stage.states(campaign).keys() == finals, seconds=60)
    await stage.until(lambda: Reply.objects.count() > PEOPLE // 10, seconds=60)


def shuffled(calls: list[tuple[str, dict[str, str], bytes]]) -> list[tuple[str, bytes]]:
    """Each event by itself, in calls of other sizes, in another order."""
    dice = random.Random(37)
    events = [(path, event) for path, _h, body in calls for event in msgspec.json.decode(body)]
    dice.shuffle(events)
    told = []
    while events:
        path, count = events[0][0], dice.randint(1, 9)
        told.append((path, msgspec.json.encode([event for _path, event in events[:count]])))
        del events[:count]
    return told


@pytest.mark.timeout(120)
async def test_a_day_that_is_told_again_changes_nothing(
    transactional_db: None, bus: Bus, edge: EdgeServer, tmp_path: Path
) -> None:
    recorder = Recorder(edge)
    async with (
        ingesting(bus),
        recorder.listening() as address,
        opened_stage(bus, tmp_path, DAY) as stage,
    ):
        await in_thread(use_webhooks, stage, address)
        await live_a_day(stage)
    before, receipts = await in_thread(digest), await in_thread(count_receipts)

    as_they_were = [await recorder.say(*call) for call in recorder.calls]
    assert set(as_they_were) == {200}
    assert await waiting(bus) == 0  # known by their ids, not stored again

    async with ingesting(bus):
        for number, (path, body) in enumerate(shuffled(recorder.calls)):
            headers = sign("hook", call_id=f"again{number}", at=int(time.time()), body=body)
            assert await recorder.say(path, headers, body) == 200
    assert await in_thread(count_receipts) == 2 * receipts
    assert await in_thread(digest) == before


def use_webhooks(stage: Stage, address: str) -> None:
    """The HTTP door, with the edge behind it."""
    stage.use_door("simulator_http", callback_url=address)
    gateway = Gateway.objects.get(id=stage.gateway.id)
    assert publish_gateway(gateway)
