"""Whose window is next: campaigns that are leased take turns."""

import asyncio
from collections.abc import Sequence
from unittest.mock import AsyncMock, Mock, call

import pytest
from psycopg import OperationalError

from textwell.core.wire import BatchPointer, encode
from textwell.gateways.providers.base import Handoff
from textwell.runtime.connector import pointers
from textwell.runtime.connector.again import Again
from textwell.runtime.connector.content import content_of_single
from textwell.runtime.connector.pointers import PointerQueue
from textwell.runtime.connector.window import LeasedBatch, Pending, Window

CONTENT = content_of_single(body="Hi", extra={})


def queue_of(*campaigns: int) -> PointerQueue:
    queue = PointerQueue(bus=Mock(), gateway_id=1, lease=Mock())
    for place, campaign in enumerate(campaigns):
        queue._queues["bulk"].append(LeasedBatch(place, 1, campaign, "bulk", 9, 1, CONTENT))
    return queue


def served(queue: PointerQueue, times: int) -> list[int | None]:
    batches = [queue.next("bulk") for _ in range(times)]
    return [batch.campaign_id if batch else None for batch in batches]


def test_two_campaigns_take_turns_window_by_window() -> None:
    assert served(queue_of(7, 8), 4) == [7, 8, 7, 8]


def test_one_campaign_has_all_windows_and_its_batches_go_in_order() -> None:
    queue = queue_of(7, 7)

    assert [batch.id for _ in range(3) if (batch := queue.next("bulk"))] == [0, 0, 0]


def test_an_empty_lane_has_no_next() -> None:
    assert queue_of().next("bulk") is None


async def test_what_could_not_be_leased_is_leased_when_the_database_is_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pointers, "RETRY_S", 0.0)
    batch = LeasedBatch(5, 1, None, "urgent", 1, 1, CONTENT)
    lease = AsyncMock(side_effect=[OperationalError("away"), OperationalError("away"), [batch]])
    queue = PointerQueue(bus=Mock(), gateway_id=1, lease=lease)

    assert await queue._take("urgent", [5])

    assert queue.next("urgent") is batch
    assert lease.await_args_list == [call([5])] * 3


def test_single_texts_that_wait_again_come_together_where_their_terms_are_alike() -> None:
    again = Again()
    for number, purpose in enumerate(["transactional", "care", "transactional"]):
        content = content_of_single(body="Hi", extra={"purpose": purpose})
        batch = LeasedBatch(number, 1, None, "urgent", number, number, content)
        handoff = Handoff(number, "+84901234567", "BAKERY", "Hi", 60)
        again.add(Pending(Window(number + 1, batch, 1, 0.0), handoff, 1, 1, "gsm7", 0, None))

    groups = [[one.handoff.message_id for one in group] for group in again.take_due(10)]

    assert groups == [[0, 2], [1]]


async def test_a_cancellation_that_a_broken_statement_hides_ends_the_task_and_confirms_nothing() -> (
    None
):
    begun = asyncio.Event()

    async def lease(_ids: Sequence[int]) -> list[LeasedBatch]:
        begun.set()
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError as error:
            raise OperationalError("closed in the middle") from error
        return []

    message = Mock(data=encode(BatchPointer(batch_id=5)), ack=AsyncMock())
    bus = Mock(pull=AsyncMock(return_value=[message]))
    queue = PointerQueue(bus=bus, gateway_id=1, lease=lease)
    task = asyncio.create_task(queue.run())
    await begun.wait()

    task.cancel()
    await asyncio.wait([task], timeout=5)

    assert task.done()
    message.ack.assert_not_awaited()


async def test_a_pointer_to_several_batches_is_confirmed_when_all_are_leased() -> None:
    asked: list[list[int]] = []
    confirmed = asyncio.Event()
    old = Mock(data=b'{"batch_id":4}', ack=AsyncMock())
    new = Mock(data=encode(BatchPointer(5, [7, 6])), ack=AsyncMock(side_effect=confirmed.set))

    async def lease(ids: Sequence[int]) -> list[LeasedBatch]:
        old.ack.assert_not_awaited()
        new.ack.assert_not_awaited()
        asked.append(list(ids))
        queue.close()
        return [LeasedBatch(number, 1, None, "urgent", number, number, CONTENT) for number in ids]

    bus = Mock(pull=AsyncMock(return_value=[old, new]))
    queue = PointerQueue(bus=bus, gateway_id=1, lease=lease)
    pulling = asyncio.create_task(queue._pull("urgent"))

    await asyncio.wait_for(confirmed.wait(), 5)

    pulling.cancel()
    await asyncio.wait([pulling])
    assert asked == [[4, 5, 7, 6]]
    old.ack.assert_awaited_once()
