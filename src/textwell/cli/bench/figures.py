"""A leg's result, the table for people and the JSON line for programs."""

import os
import platform
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, Literal

import orjson
from rich.console import Console
from rich.table import Table

from textwell.cli.bench.pairs import Pairs, Spread

_PACKAGES = ("textwell", "Django", "psycopg", "nats-py", "granian", "python-liquid", "uvloop")
Verdict = Literal["reached", "enough", "MISSED"]  # the aim; the least asked; neither
_SMALL = 100  # below this, figures are printed with a digit after the point


@dataclass(frozen=True, slots=True)
class LegResult:
    """`void` says why the figures must not be used, '' if they may; `skipped` why there are none.

    `entry` is where the measured way begins, `durability` what has been made safe at its end.
    """

    leg: str
    what: str = ""
    twin: str = ""
    unit: str = ""
    pairs: Pairs | None = None
    entry: str = ""
    durability: str = ""
    count: int = 0
    void: str = ""
    skipped: str = ""
    more: dict[str, tuple[float, ...]] = field(default_factory=dict)  # further figures, same unit
    least: float = 0  # what is asked of `pairs.ours`, 0 for nothing
    aim: float = 0
    less_is_better: bool = False  # of `pairs.ours`: `least` is then the most that is allowed
    least_ratio: float = 0  # what is asked of the ratio to the twin, 0 for nothing
    aim_ratio: float = 0

    def verdicts(self) -> dict[str, Verdict]:
        """`figure` and `ratio` against what is asked, by their medians; only what is asked."""
        if self.pairs is None:
            return {}
        found: dict[str, Verdict] = {}
        if self.least:
            reached = Spread.of(self.pairs.ours).middle
            found["figure"] = judge(reached, self.least, self.aim, less=self.less_is_better)
        if self.least_ratio:
            reached = Spread.of(self.pairs.ratios).middle
            found["ratio"] = judge(reached, self.least_ratio, self.aim_ratio)
        return found


def judge(reached: float, least: float, aim: float, *, less: bool = False) -> Verdict:
    """`less`: a figure such as seconds, of which fewer are better."""
    sign = -1 if less else 1
    if reached * sign >= aim * sign:
        return "reached"
    return "enough" if reached * sign >= least * sign else "MISSED"


def machine_facts() -> dict[str, Any]:
    """The machine and the versions by which a figure can be read; load is that of this moment."""
    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "cores": len(os.sched_getaffinity(0))
        if hasattr(os, "sched_getaffinity")
        else os.cpu_count(),
        "cpu": _cpu_name(),
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
        "python": platform.python_version(),
        "load_average": [round(value, 2) for value in os.getloadavg()],
        "versions": {name: version(name) for name in _PACKAGES},
    }


def _cpu_name() -> str:
    try:
        with Path("/proc/cpuinfo").open(encoding="utf-8") as lines:
            return next(line.split(":", 1)[1].strip() for line in lines if "model name" in line)
    except (OSError, StopIteration):
        return platform.processor()


def json_line(result: LegResult, facts: dict[str, Any]) -> bytes:
    """One object and a line feed; spreads are computed, so that a reader need not."""
    row = asdict(result)
    if result.pairs is not None:
        row["ratio"] = asdict(Spread.of(result.pairs.ratios))
        row["ours"] = asdict(Spread.of(result.pairs.ours))
        row["verdicts"] = result.verdicts()
    return orjson.dumps({**row, "machine": facts}) + b"\n"


def show_spread(spread: Spread) -> str:
    """`1,234 (1,200–1,300)`."""
    digits = 2 if spread.middle < _SMALL else 0
    middle, least, most = (f"{v:,.{digits}f}" for v in (spread.middle, spread.least, spread.most))
    return f"{middle} ({least}–{most})"


def print_results(results: list[LegResult], facts: dict[str, Any]) -> None:
    """The table, then entry and durability of each leg, then what is void or skipped."""
    console = Console()
    table = Table(title="Median (least–most) of the rounds", title_justify="left")
    for name in ("leg", "unit", "Textwell", "twin", "ratio"):
        side: Literal["left", "right"] = "left" if name in {"leg", "unit"} else "right"
        table.add_column(name, justify=side, overflow="fold")
    for result in results:
        if result.pairs is not None:
            spreads = (result.pairs.ours, result.pairs.twin, result.pairs.ratios)
            cells = [show_spread(Spread.of(figures)) for figures in spreads]
            table.add_row(result.leg, result.unit, *cells, style="red" if result.void else "")
        for name, figures in result.more.items():
            table.add_row("", name, show_spread(Spread.of(figures)))
    console.print(table)
    for result in results:
        console.print(_words(result), highlight=False, markup=False, soft_wrap=True)
    load = ", ".join(f"{value:.1f}" for value in facts["load_average"])
    console.print(
        f"{facts['cores']} cores, {facts['cpu']}, Python {facts['python']}, load {load} at the start",
        highlight=False,
        markup=False,
    )


def _words(result: LegResult) -> str:
    if result.void and result.pairs is None:
        return f"{result.leg}: VOID, {result.void}"
    if result.skipped:
        return f"{result.leg}: skipped, {result.skipped}"
    lines = [
        f"{result.leg}: {result.what}; {result.count:,} a round",
        f"  twin        {result.twin}",
        f"  entry       {result.entry}",
        f"  durability  {result.durability}",
    ]
    asked = {
        "figure": ("at most" if result.less_is_better else "at least", result.least, result.aim),
        "ratio": ("ratio at least", result.least_ratio, result.aim_ratio),
    }
    for name, verdict in result.verdicts().items():
        how, least, aim = asked[name]
        lines.append(f"  asked       {how} {least:,g}, aim {aim:,g}: {verdict}")
    if result.void:
        lines.append(f"  VOID        {result.void}")
    return "\n".join(lines)
