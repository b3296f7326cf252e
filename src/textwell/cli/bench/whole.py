"""Leg `whole`: from a CSV file to the last receipt, as people do it, with the memory that each part took.

The file comes in by `textwell import-people`, a process of its own; the campaign is launched the moment it
is in, with the database's statistics as they are then, and goes out while it can.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from textwell.accounts.models import Workspace
from textwell.cli.bench.figures import LegResult
from textwell.cli.bench.memory import KB_OF_MB, TreeWatch, peak_mb
from textwell.cli.bench.pairs import run_pairs
from textwell.cli.bench.people_file import write_people_file
from textwell.cli.bench.story import OPEN_BATCHES, OPEN_RECEIPTS, TWINS, BenchStory
from textwell.consent.models import ConsentState
from textwell.contacts.models import ImportRun
from textwell.gateways.models import Gateway
from textwell.gateways.providers.simulator.log import summarise


@dataclass(frozen=True, slots=True)
class Processes:
    """Whose memory is told: single ones by their own peak, trees by what is seen of them."""

    single: Callable[[], Mapping[str, int]]
    trees: Callable[[], Mapping[str, int]]


class WholeStory(BenchStory):
    """A file imported, planned and sent, again in a workspace of its own each round."""

    def __init__(self, *, processes: Processes, **values: Any) -> None:
        super().__init__(**values)
        self._processes = processes
        self._figures: dict[str, list[float]] = defaultdict(list)
        self._texted = 0
        self._import_mb = 0.0

    def tell(self, *, is_headless: bool) -> int:
        del is_headless
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "people.csv"
            write_people_file(file, self._people)
            with TreeWatch(self._processes.trees) as watch:
                pairs = run_pairs(lambda: self._go(file), self._exchange, self._rounds)
        peaks = {**watch.peaks_mb, **self._peaks()}
        doubles = len(summarise(self._log).doubles)
        if doubles:
            self._faults.append(f"{doubles} messages twice in the carrier's log")
        memory = {f"memory at most, MB: {name}": (mb,) for name, mb in peaks.items()}
        figures = {name: tuple(values) for name, values in self._figures.items()}
        self._keep(
            LegResult(
                leg="whole",
                what="a CSV file through import (dry run, apply), plan, hand-off and receipts, "
                f"{self._texted:,} texts of it; {self._route.words}",
                twin=f"{TWINS['']}, as many messages as the file has rows",
                unit="rows/s, from the file to the last receipt folded",
                pairs=pairs,
                entry="a file on disk: scattered numbers of five countries, consent columns, 9 % of no"
                " use, a fifth of the rest without consent; `import-people` started",
                durability="people and consent committed; marked before hand-off, outcomes and receipts"
                " committed and folded",
                count=self._people,
                void="; ".join(self._faults),
                more={**figures, **memory},
            )
        )
        return 1 if self._faults else 0

    def _go(self, file: Path) -> float:
        workspace = self._make_workspace()
        gateway = self._make_gateway(workspace)
        started = time.perf_counter()
        self._import(workspace, file)
        imported = time.perf_counter()
        self._campaign(workspace, gateway)
        ended = time.perf_counter()
        self._figures["import, rows/s"].append(self._people / (imported - started))
        self._figures["whole way, s"].append(ended - started)
        return self._people / (ended - started)

    def _import(self, workspace: Workspace, file: Path) -> None:
        """Raises RuntimeError where the command failed; what it says is on standard error."""
        program = [
            sys.executable, "-m", "textwell.cli.main", "import-people", str(file),
            "--workspace", str(workspace.id),
        ]  # fmt: skip
        process = subprocess.Popen(program, stdin=subprocess.DEVNULL, stdout=sys.stderr)
        _pid, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise RuntimeError(f"import-people ended with {process.returncode}")
        if sys.platform == "linux":  # others count in other units
            self._import_mb = max(self._import_mb, usage.ru_maxrss / KB_OF_MB)
        totals = ImportRun.objects.get(workspace_id=workspace.id).totals
        if sum(totals[name] for name in ("new", "duplicate", "invalid")) != self._people:
            self._faults.append(f"the import does not add up to its rows: {totals}")

    def _campaign(self, workspace: Workspace, gateway: Gateway) -> None:
        launched = time.perf_counter()
        campaign = self._launch(workspace, gateway)
        self._wait_for_plan(campaign)
        planned_s = time.perf_counter() - launched
        handed_s = self._wait(campaign, OPEN_BATCHES)
        receipted_s = self._wait(campaign, OPEN_RECEIPTS)
        granted = ConsentState.objects.filter(workspace_id=workspace.id, is_granted=True)
        self._texted = granted.count()
        people = ImportRun.objects.get(workspace_id=workspace.id).totals["new"]
        self._judge(campaign, self._texted)
        self._figures["plan, people/s from launch (hand-off begins beside it)"].append(
            people / planned_s
        )
        self._figures["hand-off, messages/s to the last answer"].append(self._texted / handed_s)
        self._figures["hand-off, messages/s to the last receipt folded"].append(
            self._texted / receipted_s
        )

    def _peaks(self) -> dict[str, float]:
        found = {name: peak_mb(pid) for name, pid in self._processes.single().items()}
        found["import-people"] = self._import_mb or None
        return {name: mb for name, mb in found.items() if mb is not None}
