"""The log of the carrier, which judges drills and tests."""

from __future__ import annotations

from pathlib import Path

from providers.recorder import Recorder
from simulator.playing import hand_over, play
from textwell.gateways.providers.base import Accepted, Handoff, Rejected
from textwell.gateways.providers.simulator.log import (
    Acknowledged,
    Broken,
    Handed,
    hash_text,
    read_log,
    summarise,
)
from textwell.gateways.providers.simulator.process import Options, running
from textwell.gateways.providers.simulator.script import BENCH


async def test_the_log_says_what_was_handed_over_and_answered(tmp_path: Path) -> None:
    recorder = await play(tmp_path / "log", seed=3)
    summary = summarise(tmp_path / "log")
    assert summary.accepted_count == len(recorder.of(Accepted))
    assert sum(summary.refused.values()) == len(recorder.of(Rejected))
    assert summary.doubles == {}
    assert sum(summary.receipts.values()) == len(recorder.receipts)
    assert ("+84900000000", hash_text("Hello")) in summary.handed


async def test_a_message_handed_over_twice_is_a_double_in_the_log(tmp_path: Path) -> None:
    one = Handoff(1, "+84901234567", "BAKERY", "Hello")
    async with running(Options(BENCH, port=0, speed=50, log=tmp_path / "log")) as simulator:
        await hand_over(simulator, [one, one], Recorder())
    assert summarise(tmp_path / "log").doubles == {("+84901234567", hash_text("Hello")): 2}


def test_a_log_cut_in_the_middle_of_a_line_reads_up_to_there(tmp_path: Path) -> None:
    line = "H\t1795507405000\t+84901\tB\tid1\tdeadbeef\t5\t1\t0\tsent\n"
    log = tmp_path / "log"
    log.write_text(line + line[:30])
    assert list(read_log(log)) == [
        Handed(1795507405.0, "+84901", "B", "id1", "deadbeef", 5, 1, 0, True)
    ]


async def test_the_log_tells_what_was_acknowledged_and_when_a_session_ended(tmp_path: Path) -> None:
    recorder = await play(tmp_path / "log", seed=3, script=BENCH, count=20)
    entries = list(read_log(tmp_path / "log"))
    said = [name for entry in entries if isinstance(entry, Acknowledged) for name in entry.what]
    assert sorted(said) == sorted(one.provider_message_id for one in recorder.receipts)
    assert len(said) == 20
    # The carrier started, and the only session ended.
    assert sum(isinstance(entry, Broken) for entry in entries) == 2
