"""The bench's look at memory: a process's own peak, and a tree in which shared pages count once."""

import os
import subprocess
import sys
from collections.abc import Iterator

import pytest

from textwell.cli.bench.memory import PROC, TreeWatch, peak_mb, tree_mb

pytestmark = pytest.mark.skipif(
    not (PROC / "self" / "smaps_rollup").exists(),
    reason="this system does not tell memory by /proc",
)
BIG_MB = 64
# A parent that touches so much, a child that shares it by fork, a line when both are there.
_PROGRAM = f"""
import os, sys
held = bytearray(b"x" * {BIG_MB << 20})
ready, done = os.pipe()
if os.fork():
    os.read(ready, 1)
    print("ready", flush=True)
    sys.stdin.read()
    os.wait()
else:
    os.write(done, b".")
    sys.stdin.read()
"""


@pytest.fixture
def process() -> Iterator["subprocess.Popen[bytes]"]:
    with subprocess.Popen(
        [sys.executable, "-c", _PROGRAM], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as started:
        assert started.stdout is not None
        assert started.stdout.readline() == b"ready\n"
        yield started


def test_a_peak_outlives_what_made_it(process: "subprocess.Popen[bytes]") -> None:
    peak = peak_mb(process.pid)

    assert peak is not None
    assert BIG_MB < peak < 3 * BIG_MB


def test_what_a_tree_shares_counts_once(process: "subprocess.Popen[bytes]") -> None:
    size = tree_mb(process.pid)

    assert size is not None
    assert BIG_MB < size < BIG_MB * 1.9


def test_a_watch_keeps_the_most(process: "subprocess.Popen[bytes]") -> None:
    with TreeWatch(lambda: {"both": process.pid, "gone": 2**22 - 1}) as watch:
        pass

    assert list(watch.peaks_mb) == ["both"]
    assert watch.peaks_mb["both"] > BIG_MB


def test_a_process_that_is_gone_has_no_memory() -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()

    assert (peak_mb(ended.pid), tree_mb(ended.pid)) == (None, None)
    assert peak_mb(os.getpid()) is not None
