"""The simulated carrier as a process: both doors, the control door, the log; until SIGTERM."""

from __future__ import annotations

import asyncio
import signal
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from aiohttp import web

from textwell.gateways.providers.simulator.browsers import Browsers
from textwell.gateways.providers.simulator.carrier import Account, Carrier
from textwell.gateways.providers.simulator.control import Control
from textwell.gateways.providers.simulator.http_door import HttpDoor
from textwell.gateways.providers.simulator.log import LogWriter, hash_text
from textwell.gateways.providers.simulator.people import Crowd, Reply, Visit
from textwell.gateways.providers.simulator.script import Script
from textwell.gateways.providers.simulator.smpp_door import SmppDoor

_HOUSEKEEPING_S: Final = 0.05


@dataclass(frozen=True, slots=True)
class Options:
    """`http_port` None: no HTTP and no control door. Port 0: any free one. `speed` 2 halves waits."""

    script: Script
    host: str = "127.0.0.1"
    port: int = 2775
    http_port: int | None = None
    seed: int = 1
    speed: float = 1.0
    log: Path | None = None
    is_log_eager: bool = False


class Simulator:
    """A running carrier: for tests in the same loop, for `run` in a process of its own."""

    def __init__(self, options: Options) -> None:
        self.options = options
        loop = asyncio.get_running_loop()
        self.log = LogWriter(options.log, is_eager=options.is_log_eager)
        script = options.script
        crowd = None
        if script.people is not None:
            crowd = Crowd(
                script.people,
                speed=options.speed,
                call_later=loop.call_later,
                visit=self._visit,
                say=self._say,
            )
        self.carrier = Carrier(
            script, seed=options.seed, speed=options.speed, log=self.log, crowd=crowd
        )
        self._browsers = Browsers(self.log, self.carrier.counts)
        self.smpp = SmppDoor(self.carrier, host=options.host, port=options.port)
        self.http = HttpDoor(self.carrier)
        self.control = Control(self.carrier, self.smpp, flush=self.log.flush, say=self._hear)
        self._runner: web.AppRunner | None = None
        self._keeper: asyncio.Task[None] | None = None

    @property
    def port(self) -> int:
        return self.smpp.port

    @property
    def http_port(self) -> int:
        """The HTTP port that is listened on."""
        assert self._runner is not None
        port: int = self._runner.addresses[0][1]
        return port

    async def start(self) -> None:
        """Open the doors. Raises OSError if a port is taken."""
        self.log.start(self.carrier.loop)
        self.log.extend([f"S\t{int(time.time() * 1000)}\n"])
        await self.smpp.start()
        if self.options.http_port is not None:
            app = web.Application(client_max_size=8 << 20)
            app.add_routes([*self.http.routes(), *self.control.routes()])
            self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
            await self._runner.setup()
            await web.TCPSite(self._runner, self.options.host, self.options.http_port).start()
        self._keeper = self.carrier.loop.create_task(self._keep())

    async def stop(self) -> None:
        """Close the doors and write the rest of the log."""
        if self._keeper is not None:
            self._keeper.cancel()
        await self.smpp.stop()
        await self.http.close()
        await self._browsers.close()
        if self._runner is not None:
            await self._runner.cleanup()
        self.log.close()

    def _visit(self, msisdn: str, visit: Visit) -> None:
        self._browsers.visit(msisdn, visit)

    def _say(self, account: Account, msisdn: str, recipient: str, reply: Reply) -> None:
        self.carrier.counts[f"replies_{reply.intent}"] += 1
        at = int(time.time() * 1000)
        self.log.extend(
            [f"M\t{at}\t+{msisdn}\t{recipient}\t{reply.intent}\t{hash_text(reply.text)}\n"]
        )
        account.reply(msisdn, recipient, reply.text)

    def _hear(self, msisdn: str, recipient: str, reply: Reply) -> bool:
        """A person writes who was not written to."""
        account = self.smpp.first_account
        if account is not None:
            self._say(account, msisdn, recipient, reply)
        return account is not None

    async def _keep(self) -> None:
        """Faults by count and by clock, and parts that never became whole."""
        timed = sorted(
            (fault for fault in self.options.script.faults if fault.at_s is not None),
            key=lambda fault: fault.at_s or 0.0,
        )
        began: float | None = None
        while True:
            await asyncio.sleep(_HOUSEKEEPING_S)
            now = self.carrier.loop.time()
            if began is None and self.smpp.sessions:
                began = now
            self.control.begin_due()
            while timed and began is not None and now - began >= (timed[0].at_s or 0.0):
                fault = timed.pop(0)
                self.control.begin(fault.kind, fault.seconds)
            self.smpp.drop_parts()


@asynccontextmanager
async def running(options: Options) -> AsyncIterator[Simulator]:
    """A carrier for the length of a block."""
    simulator = Simulator(options)
    await simulator.start()
    try:
        yield simulator
    finally:
        await simulator.stop()


async def run(options: Options, *, quiet: bool = False) -> None:
    """Serve until SIGTERM or SIGINT, saying once a second what happened unless `quiet`."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    async with running(options) as simulator:
        print(f"carrier: SMPP on {options.host}:{simulator.port}", flush=True)  # noqa: T201 - its face
        if options.http_port is not None:
            print(f"carrier: HTTP on {options.host}:{simulator.http_port}", flush=True)  # noqa: T201
        while not stop.is_set():
            try:
                await asyncio.wait_for(stop.wait(), 1.0)
            except TimeoutError:
                if not quiet:
                    _print_counts(simulator)


def _print_counts(simulator: Simulator) -> None:
    counts = " ".join(f"{name}={count}" for name, count in sorted(simulator.carrier.counts.items()))
    print(f"carrier: {counts or 'nothing yet'}", flush=True)  # noqa: T201 - its face
