"""The contract's rate is kept in every second, and nearly all of it is used."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from textwell.runtime.connector.rate import SegmentRate, take_all
from wide import examples


class Clock:
    def __init__(self) -> None:
        self.at = 100.0

    def __call__(self) -> float:
        return self.at


def run(rate: float, seconds: float, sizes: list[int]) -> list[tuple[float, int]]:
    clock = Clock()
    bucket = SegmentRate(rate, clock=clock)
    taken: list[tuple[float, int]] = []
    while clock.at < 100 + seconds:
        size = sizes[len(taken) % len(sizes)]
        wait = bucket.take(size)
        if wait:
            clock.at += wait + 1e-9
        else:
            taken.append((clock.at, size))
    return taken


def worst_second(taken: list[tuple[float, int]]) -> int:
    worst = start = total = 0
    for end, (at, size) in enumerate(taken):
        total += size
        while taken[start][0] <= at - 1:
            total -= taken[start][1]
            start += 1
        worst = max(worst, total)
        assert end >= start
    return worst


@given(st.sampled_from([1, 3, 10, 100, 999, 5_000]))
@settings(max_examples=examples(20), deadline=None)
def test_no_second_exceeds_the_rate_and_nearly_all_of_it_is_used(rate: int) -> None:
    taken = run(rate, 5, [1])

    assert worst_second(taken) <= rate
    assert len(taken) >= 0.99 * rate * 5 - 1


def test_long_texts_count_by_their_segments() -> None:
    taken = run(100, 5, [3])

    assert worst_second(taken) <= 102
    assert sum(size for _at, size in taken) >= 0.98 * 500


def test_a_message_takes_from_all_its_buckets_or_from_none() -> None:
    clock = Clock()
    gateway, sender = SegmentRate(100, clock=clock), SegmentRate(1, clock=clock)
    assert take_all([gateway, sender], 1) == 0
    clock.at += 0.05

    assert take_all([gateway, sender], 1) > 0.9
    assert gateway.take(1) == 0


def test_some_are_taken_in_order_and_the_next_one_says_how_long_it_waits() -> None:
    at = 0.0
    rate = SegmentRate(1_000, clock=lambda: at)  # a burst of 5, 996 a second

    taken = rate.take_some([1, 2, 1, 3, 1])

    assert taken == (3, pytest.approx(2 / 996))
    assert rate.take_some([1]) == (1, 0.0)


def test_taking_none_waits_for_nothing() -> None:
    assert SegmentRate(10).take_some([]) == (0, 0.0)
