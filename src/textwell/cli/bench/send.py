"""Leg `send`: the whole way through every role, started as the demo starts them."""

from typing import TYPE_CHECKING

from textwell.cli.bench.bare import WINDOW
from textwell.cli.bench.figures import LegResult
from textwell.cli.demo.play import Play

if TYPE_CHECKING:
    from textwell.cli.demo.story import Story  # needs Django set up


class BenchPlay(Play):
    """The demo's play with the carrier's quick script and without a limit of its rate."""

    def __init__(self, *, people: int, rounds: int) -> None:
        super().__init__(people=people, rate=1e6, script="bench", seed=1, is_headless=True)
        self._rounds = rounds
        self.results: list[LegResult] = []

    def make_story(self) -> "Story":
        from textwell.cli.bench.story import BenchStory

        assert self.carrier is not None
        return BenchStory(
            people=self._people,
            rate=self._rate,
            seed=self._seed,
            port=self.carrier.port,
            log=self.log,
            settings=self._settings,
            rounds=self._rounds,
            window=WINDOW,
            keep=self.results.append,
        )


def run_send(people: int, rounds: int) -> LegResult:
    """Everything starts, sends and stops; a run that failed is void, not missing."""
    play = BenchPlay(people=people, rounds=rounds)
    play.run()
    if play.results:
        return play.results[0]
    return LegResult(leg="send", void="the run failed, see above")
