"""Runs the demo: stores, carrier, roles, the scene, and somebody who watches."""

import os
import signal
import subprocess
import threading
import time
import traceback
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import click

from textwell.cli.run import companions_of
from textwell.core.logs import configure_logs
from textwell.core.settings import load_settings
from textwell.runtime.boot import leave_in_order, start_django
from textwell.runtime.forkserver import Running, start_command
from textwell.runtime.migrate import migrate
from textwell.runtime.ports import claim_ports, ports_of
from textwell.runtime.readiness import require_stores
from textwell.runtime.stores import Stores, open_stores
from textwell.runtime.stores.nats import free_port
from textwell.runtime.supervisor import Supervisor

if TYPE_CHECKING:
    from textwell.cli.demo.story import Story  # needs Django set up


CONTROL_PORT = "carrier-port"  # a file: where `textwell simulate say` finds the carrier


class Carrier:
    """The simulated carrier as a process of its own, on the same ports however often it is started."""

    def __init__(self, *, log: Path, script: str, seed: int) -> None:
        self._log = log
        self._script = script
        self._seed = seed
        self.port = free_port()
        self.http_port = free_port()
        self.process: Running | None = None

    def start(self) -> None:
        """Start it, appending to the same log."""
        command = [
            "simulate", "carrier", "--quiet", "--eager-log",
            "--port", str(self.port), "--http-port", str(self.http_port), "--script", self._script,
            "--seed", str(self._seed), "--log", str(self._log),
        ]  # fmt: skip
        self.process = start_command(command, is_silent=True)

    def kill(self) -> None:
        """Kill -9."""
        if self.process is not None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()

    def stop(self) -> None:
        if self.process is not None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.kill()


def _import_all() -> None:
    start_django("supervisor")
    from textwell.cli.demo import story  # noqa: F401 - so that it is there when it is wanted


class Play:
    """One run of the demo; `run` returns the exit code."""

    def __init__(
        self, *, people: int, rate: float, script: str, seed: int, is_headless: bool
    ) -> None:
        self._people = people
        self._rate = rate
        self._script = script
        self._seed = seed
        self._is_headless = is_headless
        self.carrier: Carrier | None = None
        self.supervisor: Supervisor | None = None
        self._settings = load_settings()
        self._folder = self._settings.data_dir / "demo"
        self.log = self._folder / f"carrier-{int(time.time())}-{os.getpid()}.log"
        self._code = 1 if is_headless else 0  # stopped before its verdict it proved nothing

    def run(self) -> int:
        """Return when the campaign is over (headless) or a person ends it."""
        configure_logs("supervisor")
        leave_in_order()
        claim_ports(self._settings.bind_host, ports_of(self._settings))
        self._folder.mkdir(parents=True, exist_ok=True)
        self.carrier = Carrier(log=self.log, script=self._script, seed=self._seed)
        self.carrier.start()
        (self._folder / CONTROL_PORT).write_text(str(self.carrier.http_port))
        try:
            self.stores = self._open_stores()
            self.supervisor = Supervisor(
                settings=self._settings,
                stores=self.stores,
                companions=companions_of(self._settings),  # for sandboxes that are made meanwhile
            )
            threading.Thread(target=self._play, name="demo", daemon=True).start()
            self.supervisor.run()
        finally:
            self.carrier.stop()
        return self._code

    def _open_stores(self) -> Stores:
        """Stores with their tables. To import takes as long as to start them: both at once."""
        with ThreadPoolExecutor(1, thread_name_prefix="import") as pool:
            imported = pool.submit(_import_all)
            stores = open_stores(self._settings)
        try:
            imported.result()
            require_stores(self._settings)
            migrate(self._settings)
        except BaseException:
            stores.close()
            raise
        return stores

    def make_story(self) -> "Story":
        """Who tells what happens; a drill tells it with faults."""
        from textwell.cli.demo.story import Story

        assert self.carrier is not None
        return Story(
            people=self._people,
            rate=self._rate,
            seed=self._seed,
            port=self.carrier.port,
            log=self.log,
            settings=self._settings,
        )

    def _play(self) -> None:
        try:
            self._code = self.make_story().tell(is_headless=self._is_headless)
        except Exception:  # noqa: BLE001 - whatever went wrong, the roles must be stopped and it said
            if self.supervisor is not None and self.supervisor.is_stopping:
                return  # its stores are going away under it
            traceback.print_exc()
            click.echo("The demo failed; see above.", err=True)
            self._code = 1
            os.kill(os.getpid(), signal.SIGTERM)
            return
        if self._is_headless:
            os.kill(os.getpid(), signal.SIGTERM)
