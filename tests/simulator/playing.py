"""Messages handed to a running simulator over a connection of the product."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from providers.recorder import Recorder, handoffs, spec_for, until
from textwell.gateways.providers.base import Accepted, Connection, Handoff
from textwell.gateways.providers.simulator.process import Options, Simulator, running
from textwell.gateways.providers.simulator.script import DEMO, Script
from textwell.gateways.registry import find_provider


@asynccontextmanager
async def opened(
    simulator: Simulator, recorder: Recorder, kind: str = "simulator", **settings: Any
) -> AsyncIterator[Connection]:
    """A connection of that kind of gateway to the simulator."""
    provider = find_provider(kind)
    assert provider is not None
    connection = provider.connect(spec_for(simulator, kind, **settings), recorder)
    await connection.open()
    try:
        yield connection
    finally:
        await connection.close()


async def hand_over(simulator: Simulator, messages: list[Handoff], recorder: Recorder) -> None:
    async with opened(simulator, recorder) as connection:
        for first in range(0, len(messages), 100):
            connection.submit(messages[first : first + 100])
            await until(lambda: len(recorder.answers) >= min(first + 100, len(messages)))  # noqa: B023 - awaited here
        if recorder.of(Accepted):
            await until(lambda: not simulator.carrier.state()["receipts_due"])


async def play(log: Path, *, seed: int, script: Script = DEMO, count: int = 400) -> Recorder:
    recorder = Recorder()
    async with running(Options(script, port=0, seed=seed, speed=200, log=log)) as simulator:
        await hand_over(simulator, list(handoffs(count)), recorder)
    return recorder
