"""When the fold goes how far: at once under light load, in passes that let logs meet under load."""

from textwell.messaging.fold import Bounds
from textwell.runtime.ingest.folding import Pace

NONE = Bounds(0, 0)


def test_nothing_new_is_no_pass() -> None:
    assert Pace().until(at=10, high=Bounds(7, 3), folded=Bounds(7, 3)) is None


def test_a_few_rows_are_folded_at_once() -> None:
    assert Pace().until(at=10, high=Bounds(3_000, 1_000), folded=NONE) == Bounds(3_000, 1_000)


def test_under_load_outcomes_wait_a_second_for_their_receipts() -> None:
    pace = Pace()
    assert pace.until(at=10, high=Bounds(9_000, 0), folded=NONE) == NONE
    assert pace.until(at=11, high=Bounds(20_000, 9_000), folded=NONE) is None

    assert pace.until(at=12, high=Bounds(30_000, 20_000), folded=NONE) == Bounds(20_000, 20_000)


def test_a_fold_never_goes_back_behind_what_is_folded() -> None:
    pace = Pace()
    pace.until(at=10, high=Bounds(100, 0), folded=NONE)

    until = pace.until(at=11, high=Bounds(50_000, 0), folded=Bounds(200, 0))

    assert until == Bounds(200, 0)


def test_what_is_left_when_a_busy_time_ends_is_folded_whole() -> None:
    pace = Pace()
    high = Bounds(50_000, 50_000)
    pace.until(at=10, high=high, folded=NONE)

    assert pace.until(at=12, high=high, folded=NONE) == high
