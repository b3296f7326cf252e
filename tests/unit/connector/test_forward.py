"""Group commit to the stream: what comes together goes together, and each waiter hears of its own."""

import asyncio

from textwell.runtime.connector.forward import MAX_ITEMS, Forwarder


class Stream:
    def __init__(self) -> None:
        self.published: list[list[int]] = []
        self.is_away = False

    async def publish(self, items: list[int]) -> None:
        if self.is_away:
            raise ConnectionError("away")
        self.published.append(items)


async def test_what_comes_together_shares_one_append() -> None:
    stream = Stream()
    forwarder = Forwarder(stream.publish)

    await asyncio.gather(*(forwarder.store([n]) for n in range(3)))

    assert stream.published == [[0, 1, 2]]


async def test_what_comes_while_more_is_gathered_goes_along() -> None:
    stream = Stream()
    forwarder = Forwarder(stream.publish)
    first = asyncio.create_task(forwarder.store([1]))
    await asyncio.sleep(0)
    second = asyncio.create_task(forwarder.store([2]))

    await asyncio.gather(first, second)
    await forwarder.store([3])

    assert stream.published == [[1, 2], [3]]


async def test_many_at_once_go_in_appends_of_a_bounded_size() -> None:
    stream = Stream()

    await Forwarder(stream.publish).store(range(MAX_ITEMS + 1))

    assert [len(items) for items in stream.published] == [MAX_ITEMS, 1]


async def test_a_stream_that_is_away_is_told_to_every_waiter() -> None:
    stream = Stream()
    stream.is_away = True
    forwarder = Forwarder(stream.publish)

    results = await asyncio.gather(
        forwarder.store([1]), forwarder.store([2]), return_exceptions=True
    )

    assert [str(result) for result in results] == ["away", "away"]
    stream.is_away = False
    await forwarder.store([3])
    assert stream.published == [[3]]
