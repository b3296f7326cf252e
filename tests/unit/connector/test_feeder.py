"""Whose turn it is, and that nobody is lost between the mark and the hand-off."""

import asyncio
from collections import deque
from typing import Any
from unittest.mock import AsyncMock, Mock

import pytest

from connector_parts import handoff_to, ids_of, window_of
from textwell.runtime.connector.again import Again
from textwell.runtime.connector.feeder import Feeder
from textwell.runtime.connector.handoff import HandOff
from textwell.runtime.connector.settle import Settler
from textwell.runtime.connector.window import Pending, Row, Window


class Urgent:
    """A queue in which there is one more urgent text at every look, so many times."""

    def __init__(self, count: int) -> None:
        self.windows = deque(window_of(number, lane="urgent") for number in range(1, count + 1))

    def has_higher(self, lane: str) -> bool:
        return lane != "urgent" and bool(self.windows)

    def first_lane(self) -> str | None:
        return "urgent" if self.windows else None


class ByTurns(Feeder):
    """Prepares what its queue holds, without a ledger."""

    async def _prepare(self, lane: str) -> list[Pending] | None:
        assert lane == "urgent"
        await asyncio.sleep(0.02)  # a commit and a read
        return self._pointers.windows.popleft()  # type: ignore[attr-defined,no-any-return]


def feeder_of(
    kind: type[Feeder], handoff: HandOff, again: Again, *, urgent_count: int = 0, **parts: Any
) -> Feeder:
    link = Mock(is_up=asyncio.Event())
    link.is_up.set()
    given = {"leases": Mock(), "settler": Mock()} | parts
    return kind(
        spec=Mock(segments_per_second=1e6, senders=()), link=link, pointers=Urgent(urgent_count),  # type: ignore[arg-type]
        ledger=Mock(), handoff=handoff, again=again, stopping=asyncio.Event(), **given,
    )  # fmt: skip


async def test_a_campaign_moves_on_though_there_is_an_urgent_text_at_every_look() -> None:
    sent: list[Pending] = []
    handoff, again = handoff_to(sent)
    feeder = feeder_of(ByTurns, handoff, again, urgent_count=60)

    await handoff.send(window_of(101, 102, 103, 104), give_way=feeder._give_way)

    order = ids_of(sent)
    assert order[0] == 1
    assert 101 in order
    assert len(order) < 64  # four of the campaign went before all of the urgent ones


async def test_an_urgent_text_that_was_throttled_goes_before_the_rest_of_a_window() -> None:
    sent: list[Pending] = []
    handoff, again = handoff_to(sent, ledger=Mock(withdrawn=AsyncMock(return_value={})))
    feeder = feeder_of(ByTurns, handoff, again)
    again.add(window_of(9, lane="urgent")[0])

    await handoff.send(window_of(101, 102, 103), give_way=feeder._give_way)

    assert ids_of(sent) == [9, 101, 102, 103]


def make_settler() -> Settler:
    return Settler(
        gateway_id=1, ledger=Mock(), meters=Mock(), on_batch_done=Mock(), on_settled=Mock()
    )


class Breaking(Feeder):
    """Composes one window, and no other."""

    async def _compose(self, window: Window, rows: list[Row]) -> list[Pending]:
        if rows:
            raise asyncio.CancelledError
        return window_of(window.id)


async def test_what_is_marked_and_not_composed_waits_and_is_not_unknown() -> None:
    handoff, again = handoff_to([])
    settler = Mock(wraps=make_settler())
    feeder = feeder_of(Breaking, handoff, again, settler=settler)
    first, second, third = (window_of(number)[0].window for number in (1, 2, 3))
    first.id, second.id, third.id = 1, 2, 3

    with pytest.raises(asyncio.CancelledError):
        await feeder._compose_all([], [(first, []), (second, [("row",)]), (third, [])])

    assert ids_of(again.take_due(9)[0]) == [1]
    assert [call.args[0] for call in settler.give_back.call_args_list] == [second, third]
    assert (second.open_count, third.open_count) == (0, 0)
