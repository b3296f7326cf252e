"""Runs the demo: stores, carrier, roles, the scene, and somebody who watches."""

import os
import signal
import subprocess
import sys
import threading
import time
import traceback

import click

from textwell.core.logs import configure_logs
from textwell.core.settings import load_settings
from textwell.runtime.boot import PARENT_VARIABLE, start_django
from textwell.runtime.migrate import migrate
from textwell.runtime.stores import open_stores
from textwell.runtime.stores.nats import free_port
from textwell.runtime.supervisor import Supervisor


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
        self._settings = load_settings()
        self._folder = self._settings.data_dir / "demo"
        self._port = free_port()
        self._log = self._folder / f"carrier-{int(time.time())}-{os.getpid()}.log"
        self._code = 0
        self._began = time.monotonic()

    def run(self) -> int:
        """Return when the campaign is over (headless) or a person ends it."""
        configure_logs("supervisor")
        self._folder.mkdir(parents=True, exist_ok=True)
        stores = open_stores(self._settings)
        try:
            start_django("supervisor")
            migrate(self._settings)
        except BaseException:
            stores.close()
            raise
        carrier = self._start_carrier()
        threading.Thread(target=self._play, name="demo", daemon=True).start()
        try:
            Supervisor(settings=self._settings, stores=stores).run()
        finally:
            carrier.terminate()
            carrier.wait(10)
        return self._code

    def _start_carrier(self) -> "subprocess.Popen[bytes]":
        program = [
            sys.executable, "-m", "textwell.cli.main", "simulate", "carrier", "--quiet",
            "--port", str(self._port), "--script", self._script, "--seed", str(self._seed),
            "--log", str(self._log),
        ]  # fmt: skip
        environment = os.environ | {PARENT_VARIABLE: str(os.getpid())}
        return subprocess.Popen(
            program,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )

    def _play(self) -> None:
        from textwell.cli.demo.story import Story

        try:
            story = Story(
                people=self._people,
                rate=self._rate,
                seed=self._seed,
                port=self._port,
                log=self._log,
                settings=self._settings,
                began=self._began,
            )
            self._code = story.tell(is_headless=self._is_headless)
        except Exception:  # noqa: BLE001 - whatever went wrong, the roles must be stopped and it said
            traceback.print_exc()
            click.echo("The demo failed; see above.", err=True)
            self._code = 1
            os.kill(os.getpid(), signal.SIGTERM)
            return
        if self._is_headless:
            os.kill(os.getpid(), signal.SIGTERM)
