"""The demo's play with faults in it, and one more question to the ledger: were opt-outs honoured?"""

import threading
import time
from typing import TYPE_CHECKING

import click

from textwell.cli.demo.play import Play
from textwell.cli.drill.faults import Faults

if TYPE_CHECKING:
    from textwell.cli.demo.story import Story  # needs Django set up


class DrillPlay(Play):
    """Always headless; the script is the demo's."""

    def __init__(
        self,
        *,
        people: int,
        rate: float,
        seed: int,
        fault_count: int,
        every_s: float,
        patience_s: float,
    ) -> None:
        super().__init__(people=people, rate=rate, script="demo", seed=seed, is_headless=True)
        self._fault_count = fault_count
        self._every_s = every_s
        self._patience_s = patience_s

    def make_story(self) -> "Story":
        from textwell.cli.drill.story import DrillStory

        assert self.supervisor is not None
        assert self.carrier is not None
        faults = Faults(supervisor=self.supervisor, stores=self.stores, carrier=self.carrier)
        return DrillStory(
            people=self._people,
            rate=self._rate,
            seed=self._seed,
            port=self.carrier.port,
            log=self.log,
            settings=self._settings,
            patience_s=self._patience_s,
            begin=lambda: self._begin(faults),
        )

    def _begin(self, faults: Faults) -> threading.Thread:
        planned = faults.plan(self._fault_count, seed=self._seed)
        thread = threading.Thread(target=self._run, args=(faults, planned), daemon=True)
        thread.start()
        return thread

    def _run(self, faults: Faults, planned: list[str]) -> None:
        for number, name in enumerate(planned, start=1):
            time.sleep(self._every_s)
            click.echo(f"fault {number:>2} of {len(planned)}: {name}")
            faults.do(name)
