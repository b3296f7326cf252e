"""Geometry of charts: numbers in, SVG attributes out. Pure; templates draw, no script needed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 1000, 300
BAR_WIDTH = 1000


@dataclass(frozen=True, slots=True)
class Slice:
    """One term of a stacked bar: x and width in thousandths of it."""

    name: str
    count: int
    x: float
    width: float


def stack(counts: Mapping[str, int]) -> list[Slice]:
    """Slices of a bar in the given order, empty ones left out. What is there is at least visible."""
    total = sum(counts.values())
    if not total:
        return []
    slices, x = [], 0.0
    for name, count in counts.items():
        if not count:
            continue
        width = BAR_WIDTH * count / total
        slices.append(Slice(name, count, round(x, 2), round(max(width, 1.5), 2)))
        x += width
    return slices


def share(part: float, whole: float) -> float:
    """Width in thousandths, 0 without a whole."""
    return round(min(BAR_WIDTH * part / whole, BAR_WIDTH), 1) if whole else 0.0


@dataclass(frozen=True, slots=True)
class Line:
    """A series as path data of an SVG of WIDTH × HEIGHT."""

    name: str
    path: str
    area: str


@dataclass(frozen=True, slots=True)
class LineChart:
    lines: tuple[Line, ...]
    top: int  # the value at the upper edge
    grid: tuple[
        int, ...
    ]  # heights of grid lines; whole, since templates write fractions in the language


def round_up(value: int) -> int:
    """The next round number (1, 2, 2.5 or 5 times a power of ten), at least 5 (a chart needs whole steps)."""
    step = 1
    while True:
        for factor in (1, 2, 2.5, 5):
            candidate = factor * step
            if candidate >= max(value, 5) and candidate == int(candidate):
                return int(candidate)
        step *= 10


def line_chart(series: Mapping[str, Sequence[int]]) -> LineChart:
    """Lines over equal steps of time; all series have the same length."""
    top = round_up(max((max(values, default=0) for values in series.values()), default=0))
    lines = tuple(_line(name, values, top) for name, values in series.items() if values)
    return LineChart(lines, top, tuple(HEIGHT * n // 4 for n in range(5)))


def _line(name: str, values: Sequence[int], top: int) -> Line:
    step = WIDTH / max(len(values) - 1, 1)
    points = [f"{n * step:.1f} {HEIGHT - HEIGHT * v / top:.1f}" for n, v in enumerate(values)]
    path = "M" + "L".join(points)
    last_x = (len(values) - 1) * step
    return Line(name, path, f"{path}L{last_x:.1f} {HEIGHT}L0 {HEIGHT}Z")


def cumulate(values: Sequence[int]) -> list[int]:
    sums, total = [], 0
    for value in values:
        total += value
        sums.append(total)
    return sums
