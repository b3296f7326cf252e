import asyncio
from typing import Any

import pytest
from django.db import transaction
from nats.js.errors import KeyNotFoundError
from nats.js.kv import KeyValue

from textwell.core.bus import (
    Bus,
    Msg,
    ensure_streams,
    kv_delete_after_commit,
    kv_put_after_commit,
    publish_after_commit,
    publish_core_after_commit,
    publish_sync,
)
from textwell.core.errors import BusUnavailable


async def find_value(bucket: KeyValue, key: str) -> bytes | None:
    try:
        return (await bucket.get(key)).value
    except KeyNotFoundError:
        return None


async def wait_for_value(bucket: KeyValue, key: str, wanted: bytes | None) -> bytes | None:
    """The value once it is the wanted one, or what it is after three seconds."""
    for _ in range(150):
        value = await find_value(bucket, key)
        if value == wanted:
            break
        await asyncio.sleep(0.02)
    return value


async def test_a_published_message_is_pulled_once_it_is_stored(bus: Bus) -> None:
    await bus.publish("dlr.7", b"[]")

    messages = await bus.pull("DLR", "ingest", timeout=2)

    assert [(each.subject, each.data) for each in messages] == [("dlr.7", b"[]")]


async def test_one_id_is_stored_once(bus: Bus) -> None:
    await bus.publish("mo.1", b"[1]", msg_id="same")
    await bus.publish("mo.1", b"[1]", msg_id="same")

    assert (await bus.js.stream_info("MO")).state.messages == 1


async def test_many_are_stored_in_order_for_one_confirmation(bus: Bus) -> None:
    many = [("submit.990001.urgent", str(number).encode()) for number in range(20)]

    await bus.publish_together(many)

    messages = await bus.pull("SUBMIT", "t-many", ["submit.990001.urgent"], batch=50, timeout=2)
    assert [message.data for message in messages] == [payload for _subject, payload in many]


async def test_many_of_which_the_last_is_not_confirmed_are_stored_once(
    bus: Bus, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish = bus.js.publish
    lost = [True]

    async def lose_the_first(*args: Any, **values: Any) -> Any:
        stored = await publish(*args, **values)
        if lost.pop() if lost else False:
            raise TimeoutError
        return stored

    monkeypatch.setattr(bus.js, "publish", lose_the_first)

    await bus.publish_together([("submit.990002.care", b"1"), ("submit.990002.care", b"2")])

    messages = await bus.pull("SUBMIT", "t-lost", ["submit.990002.care"], batch=50, timeout=2)
    assert [message.data for message in messages] == [b"1", b"2"]


async def test_an_acknowledged_message_leaves_the_stream(bus: Bus) -> None:
    await bus.publish("click", b"[]")
    [message] = await bus.pull("CLICK", "ingest", timeout=2)
    held = await bus.pending_count("CLICK", "ingest")
    await message.ack_sync()

    assert (held, await bus.pending_count("CLICK", "ingest")) == (1, 0)
    assert (await bus.js.stream_info("CLICK")).state.messages == 0


async def test_nothing_to_pull_is_an_empty_list(bus: Bus) -> None:
    assert await bus.pull("EVENT", "ingest", timeout=0.1) == []


async def test_each_lane_of_a_gateway_has_a_consumer_of_its_own(bus: Bus) -> None:
    await bus.publish("submit.3.bulk", b"{}")
    await bus.publish("submit.3.urgent", b"{}")

    urgent = await bus.pull("SUBMIT", "submit-3-urgent", ["submit.3.urgent"], timeout=2)

    assert [each.subject for each in urgent] == ["submit.3.urgent"]


async def test_making_the_streams_again_changes_nothing(bus: Bus) -> None:
    await bus.publish("dlr.1", b"[]")

    await ensure_streams(bus)

    assert (await bus.js.stream_info("DLR")).state.messages == 1


async def test_an_invalid_subject_is_refused_at_once(bus: Bus) -> None:
    with pytest.raises(ValueError, match="dlr 7"):
        await bus.publish("dlr 7", b"[]")


async def test_a_subject_without_a_stream_is_unavailable_after_the_time_limit(bus: Bus) -> None:
    with pytest.raises(BusUnavailable, match="nowhere: not stored"):
        await bus.publish("nowhere", b"", timeout_s=0.2)


async def test_a_core_message_reaches_a_listener(bus: Bus) -> None:
    heard: asyncio.Queue[bytes] = asyncio.Queue()

    async def hear(message: Msg) -> None:
        await heard.put(message.data)

    await bus.subscribe_core("control.gateways", hear)
    await bus.client.flush()
    bus.publish_nowait_core("control.gateways", b"7")

    assert await asyncio.wait_for(heard.get(), 2) == b"7"


@pytest.mark.django_db(transaction=True)
async def test_a_nudge_is_published_only_after_commit(bus: Bus) -> None:
    with transaction.atomic():
        publish_after_commit("event.1", b"[]")
        before = await bus.pull("EVENT", "ingest", timeout=0.2)

    after = await bus.pull("EVENT", "ingest", timeout=3)

    assert (before, [each.data for each in after]) == ([], [b"[]"])


@pytest.mark.django_db(transaction=True)
async def test_a_core_nudge_reaches_a_listener_after_commit(bus: Bus) -> None:
    heard: asyncio.Queue[str] = asyncio.Queue()

    async def hear(message: Msg) -> None:
        await heard.put(message.subject)

    await bus.subscribe_core("control.>", hear)
    await bus.client.flush()
    with transaction.atomic():
        publish_core_after_commit("control.stop.4", b"stop")

    assert await asyncio.wait_for(heard.get(), 3) == "control.stop.4"


@pytest.mark.django_db(transaction=True)
async def test_a_bucket_holds_what_was_put_until_it_is_deleted(bus: Bus) -> None:
    kv_put_after_commit("links", "5", b"{}")
    links = await bus.kv("links")
    value = await wait_for_value(links, "5", b"{}")

    kv_delete_after_commit("links", "5")

    assert (value, await wait_for_value(links, "5", None)) == (b"{}", None)


async def test_synchronous_code_waits_for_the_stream(bus: Bus) -> None:
    await asyncio.to_thread(publish_sync, "mo.2", b"[2]", msg_id="x")

    assert (await bus.js.stream_info("MO")).state.messages == 1
