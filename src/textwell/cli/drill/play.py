"""The demo's play with faults in it, and people who write STOP meanwhile."""

import threading
import time
from typing import TYPE_CHECKING

import click

from textwell.cli.demo.play import Play
from textwell.cli.drill.faults import Faults

if TYPE_CHECKING:
    from textwell.campaigns.models import Campaign
    from textwell.cli.demo.story import Story  # needs Django set up
    from textwell.cli.drill.stops import Stops

STOPS_PER_FAULT = 20


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
            begin=lambda campaign: self._begin(faults, campaign),
        )

    def _begin(self, faults: Faults, campaign: "Campaign") -> threading.Thread:
        from textwell.cli.drill.stops import Stops

        assert self.carrier is not None
        planned = faults.plan(self._fault_count, seed=self._seed)
        stops = Stops(campaign, http_port=self.carrier.http_port)
        thread = threading.Thread(target=self._run, args=(faults, planned, stops), daemon=True)
        thread.start()
        return thread

    def _run(self, faults: Faults, planned: list[str], stops: "Stops") -> None:
        for number, name in enumerate(planned, start=1):
            time.sleep(self._every_s)
            stops.say(STOPS_PER_FAULT)
            click.echo(f"fault {number:>2} of {len(planned)}: {name}")
            faults.do(name)
