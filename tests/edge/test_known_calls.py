"""Calls that are said again, without a server."""

import asyncio
from itertools import count

import pytest

from textwell.edge.known_calls import KnownCalls


class Store:
    """Stores when it is let to, or fails."""

    def __init__(self) -> None:
        self.taken = count()
        self.may_end = asyncio.Event()
        self.is_broken = False

    async def __call__(self) -> None:
        next(self.taken)
        await self.may_end.wait()
        if self.is_broken:
            raise ConnectionError


async def test_a_repeat_waits_for_the_call_that_is_under_way() -> None:
    calls, store = KnownCalls(), Store()
    first = asyncio.ensure_future(calls.once("a", store))
    again = asyncio.ensure_future(calls.once("a", store))
    other = asyncio.ensure_future(calls.once("b", store))
    await asyncio.sleep(0)
    assert not again.done()

    store.may_end.set()

    assert await asyncio.gather(first, again, other) == [True, False, True]
    assert next(store.taken) == 2


async def test_a_repeat_takes_over_from_a_call_that_failed() -> None:
    """Answered as stored, it would be lost: its sender says it no more."""
    calls, broken, sound = KnownCalls(), Store(), Store()
    broken.is_broken = True
    first = asyncio.ensure_future(calls.once("a", broken))
    await asyncio.sleep(0)
    again = asyncio.ensure_future(calls.once("a", sound))
    await asyncio.sleep(0)

    broken.may_end.set()
    sound.may_end.set()

    with pytest.raises(ConnectionError):
        await first
    assert await again is True
    assert await calls.once("a", sound) is False


async def test_memory_of_calls_is_bounded() -> None:
    calls, store = KnownCalls(most=4), Store()
    store.may_end.set()

    firsts = [await calls.once(str(number), store) for number in range(6)]

    assert firsts == [True] * 6
    assert await calls.once("5", store) is False
    assert await calls.once("0", store) is True
