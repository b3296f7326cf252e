"""Faults of the carrier: asked for now, or planned by count and by clock."""

from __future__ import annotations

import aiohttp

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


async def test_cleared_faults_let_half_open_connections_speak_at_once() -> None:
    recorder = Recorder()
    async with (
        running(Options(BENCH, port=0, http_port=0, speed=50)) as simulator,
        opened(simulator, recorder) as connection,
        aiohttp.ClientSession() as http,
    ):
        simulator.control.begin("half_open", 600)
        connection.submit(handoffs(3))
        async with http.post(f"http://127.0.0.1:{simulator.http_port}/clear") as reply:
            assert reply.status == 200
        await until(lambda: len(recorder.receipts) == 3)


async def test_a_fault_that_is_made_longer_is_not_cut_short_by_its_first_end() -> None:
    recorder = Recorder()
    async with running(Options(BENCH, port=0, speed=50)) as simulator:
        started = simulator.carrier.loop.time()
        async with opened(simulator, recorder) as connection:
            simulator.control.begin("half_open", 0.1)
            simulator.control.begin("half_open", 0.5)
            connection.submit(handoffs(3))
            await until(lambda: len(recorder.receipts) == 3)
        assert simulator.carrier.loop.time() - started >= 0.5
