"""Receipts that never came, asked for: once each, and the carrier's word goes the way of a receipt."""

import asyncio

import pytest

from dispatch.conftest import Stage, in_thread
from textwell.core.models import Cursor
from textwell.core.wire import DlrItem, decode
from textwell.gateways.providers.smpp.connection import SmppConnection
from textwell.messaging.models import Message, Outcome
from textwell.runtime.connector import queries

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(60)]


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "LOOK_S", 0.1)
    monkeypatch.setattr(queries, "PAUSE_S", 0.001)


async def receipts(stage: Stage, count: int) -> list[DlrItem]:
    """What came to the stream, once there are so many."""
    items: list[DlrItem] = []
    async with asyncio.timeout(20):
        while len(items) < count:
            await in_thread(stage.fold)
            for message in await stage.bus.pull("DLR", "ingest", ["dlr.>"], batch=50, timeout=0.2):
                items += decode(message.data, list[DlrItem])
                await message.ack()
    return items


def queried_until(stage: Stage) -> int:
    return Cursor.objects.get(name=f"query.{stage.gateway.id}").position


async def test_lost_receipts_are_asked_for_once(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(SmppConnection, "query_after_s", 1.0)
    stage.simulator.control.begin("lose_receipts", 60)
    campaign = await stage.plan(30)
    await stage.connect()
    await stage.until(stage.is_done(campaign))

    items = await receipts(stage, 30)

    ids = await in_thread(lambda: set(Message.objects.values_list("id", flat=True)))
    assert {item.message_id for item in items} == ids
    assert {(item.state, item.code) for item in items} == {("delivered", "DELIVRD:000")}
    last = await in_thread(lambda: Outcome.objects.latest("id").id)
    await stage.until(lambda: queried_until(stage) == last)
    await asyncio.sleep(queries.LOOK_S * 3)  # looks that find nothing more to ask
    assert await stage.bus.pending_count("DLR", "ingest") == 0


async def test_nobody_is_asked_unless_the_gateway_says_so(stage: Stage) -> None:
    stage.simulator.control.begin("lose_receipts", 60)
    campaign = await stage.plan(5)
    await stage.connect()
    await stage.until(stage.is_done(campaign))
    await stage.disconnect()
    names = await in_thread(lambda: list(Cursor.objects.values_list("name", flat=True)))
    assert f"query.{stage.gateway.id}" not in names
