"""Faults of the carrier: asked for now, or planned by count and by clock."""

from __future__ import annotations

from providers.recorder import Recorder, handoffs, until
from simulator.playing import opened
from textwell.gateways.providers.simulator.process import Options, running
from textwell.gateways.providers.simulator.script import BENCH, PlannedFault, Script


async def test_doubled_and_held_receipts() -> None:
    recorder = Recorder()
    async with running(Options(BENCH, port=0, speed=50)) as simulator:
        simulator.control.begin("hold_receipts", 0.4)
        simulator.control.begin("double_receipts", 60)
        started = simulator.carrier.loop.time()
        async with opened(simulator, recorder) as connection:
            connection.submit(handoffs(3))
            await until(lambda: len(recorder.receipts) == 6)
            assert simulator.carrier.loop.time() - started > 0.4


async def test_planned_faults_begin_by_count_and_by_clock() -> None:
    faults = (
        PlannedFault("drop_connections", every_messages=50),
        PlannedFault("lose_receipts", seconds=9, at_s=0.0),
    )
    recorder = Recorder()
    async with running(Options(Script(faults=faults), port=0, speed=50)) as simulator:
        async with opened(simulator, recorder) as connection:
            connection.submit(handoffs(60))
            await until(lambda: simulator.carrier.counts["faults"] == 2)
            await until(lambda: recorder.links[-1][0] is False)
        assert "lose_receipts" in simulator.carrier.faults.until
