"""What comes while a group is worked on is the next group."""

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import chain

import pytest

from textwell.api.quick.room import Room


class Work:
    """Notes its groups; the first waits until it may go on."""

    def __init__(self) -> None:
        self.groups: list[list[int]] = []
        self.has_begun = threading.Event()
        self.may_end = threading.Event()

    def __call__(self, items: Sequence[int]) -> None:
        self.groups.append(list(items))
        if len(self.groups) == 1:
            self.has_begun.set()
            assert self.may_end.wait(10)


def _gather(room: Room[int], work: Work, items: range) -> None:
    """The first item is worked on while the others come."""
    with ThreadPoolExecutor(len(items)) as pool:
        first, *rest = items
        done = [pool.submit(room.do, first)]
        assert work.has_begun.wait(10)
        done += [pool.submit(room.do, item) for item in rest]
        while len(room._waiting) < len(rest):
            pass
        work.may_end.set()
        for each in done:
            each.result(10)


def test_what_comes_while_one_is_worked_on_is_one_group() -> None:
    work = Work()

    _gather(Room(work, most=64), work, range(9))

    assert [sorted(group) for group in work.groups] == [[0], [1, 2, 3, 4, 5, 6, 7, 8]]


def test_a_group_has_at_most_as_many_as_it_may() -> None:
    work = Work()

    _gather(Room(work, most=3), work, range(8))

    assert [len(group) for group in work.groups] == [1, 3, 3, 1]
    assert sorted(chain(*work.groups)) == list(range(8))


def test_one_alone_is_done_at_once_and_so_is_the_next() -> None:
    groups: list[list[int]] = []
    room: Room[int] = Room(lambda items: groups.append(list(items)), most=64)

    room.do(1)
    room.do(2)

    assert groups == [[1], [2]]


def test_a_fault_is_raised_once_and_holds_up_nobody() -> None:
    def work(items: Sequence[int]) -> None:
        if 1 in items:
            raise RuntimeError("broken")

    room: Room[int] = Room(work, most=64)

    with pytest.raises(RuntimeError):
        room.do(1)
    room.do(2)


def test_who_waits_too_long_is_told_so_and_is_never_worked_on() -> None:
    work = Work()
    room = Room(work, most=64, patience_s=0.01)

    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(room.do, 0)
        assert work.has_begun.wait(10)
        was_in_time = room.do(1)
        work.may_end.set()

        assert (first.result(10), was_in_time, room.do(2)) == (True, False, True)
    assert work.groups == [[0], [2]]


def test_who_loses_patience_as_it_is_told_to_lead_leads() -> None:
    """Nobody else would, and all that come after would wait in vain."""
    room: Room[int] = Room(lambda _items: None, most=2, patience_s=0.000_2)

    with ThreadPoolExecutor(8) as pool:
        seen = list(pool.map(room.do, range(2_000)))

    assert len(seen) == 2_000
    assert (room.do(1), room._waiting, room._is_led) == (True, [], False)


def test_after_several_at_once_the_next_waits_for_those_just_answered(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    waited: list[float] = []
    monkeypatch.setattr("textwell.api.quick.room.time.sleep", waited.append)
    work = Work()
    room = Room(work, most=64, linger_s=0.5)

    _gather(room, work, range(4))
    room.do(4)
    room.do(5)

    assert [len(group) for group in work.groups] == [1, 3, 1, 1]
    assert waited == [0.5]
