"""A leg and its twin in pairs A B B A …, and what is said of them: median, least and most."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from statistics import median

Measure = Callable[[], float]


@dataclass(frozen=True, slots=True)
class Spread:
    """Figures of several rounds in one."""

    middle: float
    least: float
    most: float

    @classmethod
    def of(cls, figures: tuple[float, ...]) -> "Spread":
        """Raises ValueError without figures."""
        if not figures:
            raise ValueError("no figures: at least one round is needed")
        return cls(median(figures), min(figures), max(figures))


@dataclass(frozen=True, slots=True)
class Pairs:
    """What each round measured; `ours[n]` and `twin[n]` ran one right after the other."""

    ours: tuple[float, ...]
    twin: tuple[float, ...]

    @property
    def ratios(self) -> tuple[float, ...]:
        """Ours divided by the twin, round by round: load that both had falls out."""
        return tuple(a / b for a, b in zip(self.ours, self.twin, strict=True))


def order(rounds: int) -> Iterator[tuple[str, str]]:
    """Who runs first and second in each round: A B, B A, A B and so on."""
    for number in range(rounds):
        yield ("A", "B") if number % 2 == 0 else ("B", "A")


def run_pairs(ours: Measure, twin: Measure, rounds: int) -> Pairs:
    """Measure both `rounds` times in alternating order."""
    figures: dict[str, list[float]] = {"A": [], "B": []}
    measures = {"A": ours, "B": twin}
    for pair in order(rounds):
        for name in pair:
            figures[name].append(measures[name]())
    return Pairs(tuple(figures["A"]), tuple(figures["B"]))
