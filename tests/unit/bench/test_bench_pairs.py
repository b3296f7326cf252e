import pytest

from textwell.cli.bench.pairs import Pairs, Spread, order, run_pairs


def test_rounds_alternate_a_b_b_a() -> None:
    assert list(order(3)) == [("A", "B"), ("B", "A"), ("A", "B")]


def test_a_leg_and_its_twin_run_in_the_order_of_the_rounds() -> None:
    ran: list[str] = []

    def measure(name: str, figure: float) -> float:
        ran.append(name)
        return figure

    pairs = run_pairs(lambda: measure("A", 6.0), lambda: measure("B", 2.0), 2)

    assert ran == ["A", "B", "B", "A"]
    assert pairs == Pairs((6.0, 6.0), (2.0, 2.0))


def test_ratios_are_taken_round_by_round() -> None:
    assert Pairs((10.0, 30.0), (5.0, 60.0)).ratios == (2.0, 0.5)


def test_a_spread_is_the_median_with_least_and_most() -> None:
    assert Spread.of((3.0, 1.0, 8.0)) == Spread(3.0, 1.0, 8.0)
    assert Spread.of((1.0, 2.0)).middle == 1.5


def test_no_round_has_no_spread() -> None:
    with pytest.raises(ValueError, match="at least one round"):
        Spread.of(())
