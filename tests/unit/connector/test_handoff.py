"""A window on its way in parts: what is asked in between, and that nothing of what is left is lost."""

import asyncio
from unittest.mock import AsyncMock, Mock

import pytest

from connector_parts import handoff_to, ids_of, window_of
from textwell.runtime.connector import handoff as handoff_module
from textwell.runtime.connector.window import Pending


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


async def test_what_is_urgent_is_sent_again_first_and_alone_where_only_that_is_asked_for() -> None:
    sent: list[Pending] = []
    handoff, again = handoff_to(sent, ledger=Mock(withdrawn=AsyncMock(return_value={})))
    for one in window_of(1, 2) + window_of(8, lane="urgent") + window_of(9, lane="care"):
        again.add(one)

    await handoff.send_again(99, above="bulk")
    assert ids_of(sent) == [8, 9]
    again.add(window_of(7, lane="urgent")[0])
    await handoff.send_again(99)
    assert ids_of(sent) == [8, 9, 7, 1, 2]


def batch_of(number: int, *ids: int) -> list[Pending]:
    found = window_of(*ids)
    for each in found:
        each.window.batch.campaign_id = each.window.batch.id = number
    return found


async def test_what_was_taken_to_be_sent_again_is_not_lost_while_the_ledger_is_asked() -> None:
    withdrawn = AsyncMock(side_effect=[{1: "suppressed"}, asyncio.CancelledError])
    handoff, again = handoff_to([], ledger=Mock(withdrawn=withdrawn))
    for one in batch_of(1, 1) + batch_of(2, 2, 3):
        again.add(one)

    with pytest.raises(asyncio.CancelledError):
        await handoff.send_again(99)

    assert ids_of(again.take_due(9)[0]) == [2, 3]


async def test_who_is_kept_back_is_settled_once_though_the_next_question_is_cancelled() -> None:
    settler = Mock()

    async def withdrawn(ids: list[int], _content: object) -> dict[int, str]:
        if 1 not in ids:
            raise asyncio.CancelledError
        handoff.unrevoke([1], "suppressed")  # a lift meanwhile: the ledger is asked once more
        return {1: "suppressed"}

    handoff, again = handoff_to([], ledger=Mock(withdrawn=withdrawn), settler=settler)
    handoff.unrevoke([1], "suppressed")

    with pytest.raises(asyncio.CancelledError):
        await handoff.send(window_of(1, 2, 3))

    assert settler.withdrawn.call_count == 1
    assert ids_of(again.take_due(9)[0]) == [2, 3]


@pytest.mark.parametrize(("agreed_at", "count"), [(50, 1), (900, 1), (None, 0)])
async def test_a_stop_that_a_new_consent_ended_holds_nothing_for_as_long_as_it_is_known(
    monkeypatch: pytest.MonkeyPatch, agreed_at: int | None, count: int
) -> None:
    """What is known of others is older, so that it would be forgotten sooner than the STOP."""
    clock = Mock(return_value=-500.0)
    monkeypatch.setattr(handoff_module, "time", Mock(monotonic=clock, time=lambda: 0.0))
    sent: list[Pending] = []
    handoff, _again = handoff_to(sent, ledger=Mock(withdrawn=AsyncMock(return_value={})))
    handoff.revoke([9], "opted_out")
    handoff.unrevoke([9], "opted_out")
    clock.return_value = 1.0
    handoff.hear_stop(["+84901234567"])
    clock.return_value = 20.0
    handoff.revoke([1], "opted_out")
    clock.return_value = float(agreed_at or 50)
    handoff.revoke([8], "opted_out")  # what is over its time goes
    handoff.unrevoke([1] if agreed_at else [9], "opted_out")
    clock.return_value = 1000.0

    await handoff.send(window_of(1))

    assert len(sent) == count


async def test_a_number_that_is_free_again_has_not_agreed_anew() -> None:
    sent: list[Pending] = []
    handoff, _again = handoff_to(sent, ledger=Mock(withdrawn=AsyncMock(return_value={})))
    handoff.hear_stop(["+84901234567"])
    handoff.revoke([1], "suppressed")
    handoff.unrevoke([1], "suppressed")

    await handoff.send(window_of(1))

    assert sent == []
