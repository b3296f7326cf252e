"""Legs `send`, `send-20ms`, `kannel` and `smpplib`: over a simulated carrier that is started for each."""

import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from textwell.cli.bench.bare import WINDOW
from textwell.cli.bench.delay import delayed
from textwell.cli.bench.figures import LegResult
from textwell.cli.bench.kannel import has_kannel
from textwell.cli.bench.peer import has_smpplib, run_exchange
from textwell.cli.demo.play import Carrier, Play

if TYPE_CHECKING:
    from textwell.cli.demo.story import Story  # needs Django set up

FAR_WINDOW = 100
START_S = 20.0


@dataclass(frozen=True, slots=True)
class Route:
    """The link of a leg, and what the leg is asked to reach in messages/s."""

    leg: str
    window: int
    least: float
    aim: float
    round_trip_s: float = 0.0
    peer: str = ""  # 'kannel': the twin is another product, not the exchange alone

    @property
    def words(self) -> str:
        """What is particular of it, for people."""
        if not self.round_trip_s:
            return f"one bind, window {self.window:,}"
        bound = self.window / self.round_trip_s
        return (
            f"one bind, window {self.window:,}, {self.round_trip_s * 1000:.0f} ms to the carrier and"
            f" back (bound {bound:,.0f}/s)"
        )


NEAR = Route("send", WINDOW, least=15_000, aim=30_000)
KANNEL = Route("kannel", WINDOW, least=0, aim=0, peer="kannel")
FAR = Route("send-20ms", FAR_WINDOW, least=4_500, aim=4_900, round_trip_s=0.02)


class BenchPlay(Play):
    """The demo's play with the carrier's quick script and without a limit of its rate."""

    def __init__(self, *, people: int, rounds: int, route: Route) -> None:
        super().__init__(people=people, rate=1e6, script="bench", seed=1, is_headless=True)
        self._rounds = rounds
        self._route = route
        self.links = ExitStack()
        self.results: list[LegResult] = []

    def make_story(self) -> "Story":
        from textwell.cli.bench.story import BenchStory

        assert self.carrier is not None
        port = self.carrier.port
        if self._route.round_trip_s:
            port = self.links.enter_context(delayed(port, self._route.round_trip_s))
        return BenchStory(
            people=self._people,
            rate=self._rate,
            seed=self._seed,
            port=port,
            log=self.log,
            settings=self._settings,
            rounds=self._rounds,
            route=self._route,
            keep=self.results.append,
        )


def run_send(people: int, rounds: int, route: Route = NEAR) -> LegResult:
    """Everything starts, sends and stops; a run that failed is void, not missing."""
    play = BenchPlay(people=people, rounds=rounds, route=route)
    with play.links:
        play.run()
    if play.results:
        return play.results[0]
    return LegResult(leg=route.leg, void="the run failed, see above")


def run_kannel(people: int, rounds: int) -> LegResult:
    """The whole way, and Kannel with its spool."""
    if not has_kannel():
        return LegResult(
            leg="kannel", skipped="not installed: bearerbox and smsbox are not on the path"
        )
    return run_send(people, rounds, KANNEL)


@contextmanager
def _carrier() -> Iterator[int]:
    """The port of a simulated carrier, listening, for as long as the block lasts."""
    with TemporaryDirectory() as folder:
        carrier = Carrier(log=Path(folder) / "carrier.log", script="bench", seed=1)
        carrier.start()
        try:
            until = time.monotonic() + START_S
            while time.monotonic() < until:
                try:
                    socket.create_connection(("127.0.0.1", carrier.port), 1).close()
                    break
                except OSError:
                    time.sleep(0.1)
            yield carrier.port
        finally:
            carrier.stop()


def run_smpplib(people: int, rounds: int) -> LegResult:
    """The SMPP exchange alone, our client and smpplib."""
    if not has_smpplib():
        return LegResult(leg="smpplib", skipped="not installed: pip install smpplib")
    with _carrier() as port:
        return run_exchange(port, people, rounds)
