"""Leg `start`: from the start of the demo's process to the first message in the carrier's log."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from textwell.cli.bench.figures import LegResult
from textwell.cli.bench.pairs import run_pairs
from textwell.gateways.providers.simulator.log import Handed, read_log
from textwell.runtime.boot import PARENT_VARIABLE
from textwell.runtime.ports import free_ports

PEOPLE = 20_000  # as `make run` has them
PATIENCE_S = 120.0
LEAVE_S = 60.0
LOOK_S = 0.02
_STORES = """
from textwell.core.settings import load_settings
from textwell.runtime.stores import open_stores
stores = open_stores(load_settings())
print("ready", flush=True)
stores.close()
"""
_OWN_STORES = ("DATABASE_URL", "NATS_URL")  # the leg is about those in the box


def run_start(people: int, rounds: int) -> LegResult:
    """Starts and stops everything, twice a round; nothing need run already."""
    faults: list[str] = []
    pairs = run_pairs(lambda: _first_hand_off(people, faults), lambda: _stores(faults), rounds)
    return LegResult(
        leg="start",
        what=f"`textwell demo` (what `make run` runs) with {people:,} people, an empty data folder",
        twin="the stores in the box alone, from an empty data folder until both answer",
        unit="s, less is better",
        pairs=pairs,
        entry="the process's start; until the first line of a hand-off in the carrier's log",
        durability="as always: people, plan and mark committed before the first hand-off",
        count=people,
        least=20,
        aim=8,
        less_is_better=True,
        void="; ".join(faults),
    )


def _first_hand_off(people: int, faults: list[str]) -> float:
    program = ["-m", "textwell.cli.main", "demo", "--headless", "--people", str(people)]
    with tempfile.TemporaryDirectory() as folder:
        started = time.time()
        with _running(program, Path(folder)) as process:
            until = time.monotonic() + PATIENCE_S
            while time.monotonic() < until and process.poll() is None:
                first = next(_handed(Path(folder) / "demo"), None)
                if first is not None:
                    return first.at - started
                time.sleep(LOOK_S)
    faults.append(f"no hand-off within {PATIENCE_S:.0f} s")
    return PATIENCE_S


def _handed(folder: Path) -> Iterator[Handed]:
    for log in folder.glob("carrier-*.log"):
        yield from (entry for entry in read_log(log) if isinstance(entry, Handed))


def _stores(faults: list[str]) -> float:
    with tempfile.TemporaryDirectory() as folder:
        started = time.perf_counter()
        with _running(["-c", _STORES], Path(folder), stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            if b"ready\n" not in iter(process.stdout.readline, b""):  # log lines may come first
                faults.append("the stores did not start")
            return time.perf_counter() - started


@contextmanager
def _running(
    arguments: list[str], folder: Path, stdout: int = subprocess.DEVNULL
) -> Iterator["subprocess.Popen[bytes]"]:
    """A fresh process with ports and data of its own; it and all it started are gone afterwards."""
    own = {
        "TEXTWELL_DATA": str(folder),
        **free_ports(),
        PARENT_VARIABLE: str(os.getpid()),
    }
    inherited = {name: value for name, value in os.environ.items() if name not in _OWN_STORES}
    process = subprocess.Popen(
        [sys.executable, *arguments],
        env=inherited | own,
        stdin=subprocess.DEVNULL,
        stdout=stdout,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(LEAVE_S)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        if process.stdout is not None:
            process.stdout.close()
