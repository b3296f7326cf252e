"""What becomes of messages: by the seed, the operator's shares and its limit."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest

from providers.recorder import Recorder, handoffs
from simulator.playing import hand_over, play
from textwell.gateways.providers.base import Accepted, Rejected, Throttled
from textwell.gateways.providers.simulator.fates import Fates, Network
from textwell.gateways.providers.simulator.ids import Ids
from textwell.gateways.providers.simulator.log import Acknowledged, Handed, Sent, read_log
from textwell.gateways.providers.simulator.process import Options, running
from textwell.gateways.providers.simulator.script import Operator, Script


def fates(log: Path) -> Counter[tuple[str, ...]]:
    """All that the seed decides, without times and ids."""
    found: Counter[tuple[str, ...]] = Counter()
    for entry in read_log(log):
        if isinstance(entry, Handed):
            found["handed", entry.msisdn, str(entry.status)] += 1
        elif isinstance(entry, Sent):
            found["receipt", entry.msisdn, entry.stat, entry.err] += 1
    return found


async def test_the_same_seed_gives_the_same_people_and_failures(tmp_path: Path) -> None:
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        await play(tmp_path / name, seed=seed)
    assert fates(tmp_path / "a") == fates(tmp_path / "b")
    assert fates(tmp_path / "a") != fates(tmp_path / "c")


async def test_the_demo_fails_a_few_in_a_hundred_for_many_reasons(tmp_path: Path) -> None:
    recorder = await play(tmp_path / "log", seed=1, count=3000)
    failed = {r.provider_message_id: r.reason for r in recorder.receipts if r.reason}
    assert 0.02 < (len(failed) + len(recorder.of(Rejected))) / 3000 < 0.05
    assert len(set(failed.values())) >= 6
    unknown = sum(reason == "unknown" for reason in failed.values())
    assert unknown <= 30  # at most 1 % of the traffic
    answered = {r.provider_message_id for r in recorder.receipts}
    assert 0 < len(recorder.of(Accepted)) - len(answered) < 90  # lost receipts


async def test_a_networks_limit_throttles_what_is_above_it() -> None:
    script = Script(operators=(Operator("slow", limit=100),))
    recorder = Recorder()
    async with running(Options(script, port=0, speed=50)) as simulator:
        await hand_over(simulator, list(handoffs(100)), recorder)
    assert 5 <= len(recorder.of(Accepted)) <= 30  # ten in each tenth of a second
    assert len(recorder.of(Throttled)) + len(recorder.of(Accepted)) == 100


@pytest.mark.parametrize(
    ("limit", "asked_each_s", "seconds", "taken"),
    [(2, 50, 5, 11), (1, 50, 5, 6), (9, 200, 3, 27), (100, 1000, 2, 210), (2, 2, 5, 11)],
)
def test_a_limit_lets_through_what_it_says(
    limit: int, asked_each_s: int, seconds: int, taken: int
) -> None:
    network = Network(Operator("slow", limit=limit), [])
    times = [1000 + n / asked_each_s for n in range(seconds * asked_each_s + 1)]
    assert sum(not network.is_full(1, at) for at in times) == taken


def test_a_long_message_goes_and_those_after_it_wait() -> None:
    network = Network(Operator("slow", limit=2), [])
    assert not network.is_full(5, 1000.0)
    assert network.is_full(1, 1002.4)
    assert not network.is_full(1, 1002.6)


def test_the_longest_prefix_wins_whatever_its_length() -> None:
    operators = (Operator("rest"), Operator("short", ("8490",)), Operator("ported", ("849012345",)))
    fates = Fates(Script(operators=operators), 1, 1.0)
    numbers = ("84901234567", "84901299999", "33612345678", "8490")
    assert [fates.network(one).operator.name for one in numbers] == [
        "ported",
        "short",
        "rest",
        "short",
    ]


async def test_an_intermediate_receipt_decides_nothing(tmp_path: Path) -> None:
    script = Script(operators=(Operator("early", early_share=1.0),))
    recorder = await play(tmp_path / "log", seed=3, script=script, count=20)
    assert len(recorder.receipts) == 40
    entries = [entry for entry in read_log(tmp_path / "log") if isinstance(entry, Acknowledged)]
    assert sum(len(entry.what) for entry in entries) == 20


def test_message_ids_are_unique_and_do_not_rise() -> None:
    ids = Ids(1_795_507_405_000_000)
    numbers = [ids.next() for _ in range(100_000)]
    assert len(set(numbers)) == 100_000
    rises = sum(a < b for a, b in pairwise(numbers))
    assert 40_000 < rises < 60_000
