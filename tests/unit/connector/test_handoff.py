"""A window on its way in parts: what is asked in between, and that nothing of what is left is lost."""

import asyncio
from unittest.mock import AsyncMock, Mock

import pytest

from textwell.gateways.providers.base import Handoff
from textwell.runtime.connector import handoff as handoff_module
from textwell.runtime.connector.again import Again
from textwell.runtime.connector.content import content_of_single
from textwell.runtime.connector.handoff import HandOff
from textwell.runtime.connector.window import LeasedBatch, Pending, Window


def window_of(*ids: int, marked_at: float = float("inf")) -> list[Pending]:
    content = content_of_single(body="Hi", extra={})
    batch = LeasedBatch(1, 1, 7, "bulk", max(ids), max(ids) + 1, content)
    window = Window(1, batch, len(ids), marked_at)
    handoffs = [Handoff(number, "+84901234567", "BAKERY", "Hi", 60) for number in ids]
    return [Pending(window, handoff, 1, 1, "gsm7", 0, None) for handoff in handoffs]


def handoff_to(sent: list[Pending], *, ledger: Mock | None = None) -> tuple[HandOff, Again]:
    """One over a link with room for two, and what waits to be sent again."""
    again, link = Again(), Mock(is_up=asyncio.Event())
    link.is_up.set()
    handoff = HandOff(
        spec=Mock(segments_per_second=1e6, senders=()),
        connection=Mock(room=Mock(return_value=2)),
        link=link,
        ledger=ledger or Mock(),
        settler=Mock(),
        again=again,
        submit=sent.extend,
        stopping=asyncio.Event(),
    )
    return handoff, again


async def test_what_is_left_when_a_window_that_gives_way_is_cancelled_waits_to_be_sent_again() -> (
    None
):
    sent: list[Pending] = []
    handoff, again = handoff_to(sent)
    give_way = AsyncMock(side_effect=[None, asyncio.CancelledError])

    with pytest.raises(asyncio.CancelledError):
        await handoff.send(window_of(1, 2, 3, 4, 5), give_way=give_way)

    assert [one.handoff.message_id for one in sent] == [1, 2]
    assert [one.handoff.message_id for group in again.take_due(9) for one in group] == [3, 4, 5]


async def test_all_that_is_left_of_a_stale_window_is_asked_about_at_once() -> None:
    asked: list[list[int]] = []
    sent: list[Pending] = []

    async def withdrawn(ids: list[int], _content: object) -> dict[int, str]:
        asked.append(ids)
        return {3: "suppressed"}

    handoff, _again = handoff_to(sent, ledger=Mock(withdrawn=withdrawn))

    await handoff.send(window_of(1, 2, 3, 4, 5, marked_at=float("-inf")))

    assert asked == [[1, 2, 3, 4, 5]]
    assert [one.handoff.message_id for one in sent] == [1, 2, 4, 5]


async def test_what_waits_for_long_is_asked_about_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handoff_module, "STALE_S", -1.0)
    withdrawn = AsyncMock(return_value={})
    handoff, _again = handoff_to([], ledger=Mock(withdrawn=withdrawn))

    await handoff.send(window_of(1, 2, 3, 4, 5, marked_at=0.0))

    assert [each.args[0] for each in withdrawn.await_args_list] == [[1, 2, 3, 4, 5], [3, 4, 5], [5]]
