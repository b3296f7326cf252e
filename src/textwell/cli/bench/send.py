"""Legs `send`, `send-20ms`, `whole`, `api`, `kannel`, `smpplib`: a simulated carrier for each."""

import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

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
TREES = ("postgres", "web", "edge")  # several processes that share memory


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
WHOLE = Route("whole", WINDOW, least=0, aim=0)
API = Route("api", WINDOW, least=500, aim=1_000)
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

        return BenchStory(**self._story_values())

    def _story_values(self) -> dict[str, Any]:
        assert self.carrier is not None
        port = self.carrier.port
        if self._route.round_trip_s:
            port = self.links.enter_context(delayed(port, self._route.round_trip_s))
        return {
            "people": self._people,
            "rate": self._rate,
            "seed": self._seed,
            "port": port,
            "log": self.log,
            "settings": self._settings,
            "rounds": self._rounds,
            "route": self._route,
            "keep": self.results.append,
        }

    def measure(self) -> LegResult:
        """Everything starts, sends and stops; a run that failed is void, not missing."""
        with self.links:
            self.run()
        if self.results:
            return self.results[0]
        return LegResult(leg=self._route.leg, void="the run failed, see above")


class WholePlay(BenchPlay):
    """From a file of people on, with the memory of every process."""

    def make_story(self) -> "Story":
        from textwell.cli.bench.whole import Processes, WholeStory

        processes = Processes(single=self._single, trees=self._trees)
        return WholeStory(processes=processes, **self._story_values())

    def _processes(self) -> dict[str, int]:
        """Roles, stores and the carrier, as they run now."""
        assert self.supervisor is not None
        found = {name: child.pid for name, child in self.supervisor.children.items()}
        found |= {store.name: store.pid() for store in self.stores.members}
        if self.carrier is not None and self.carrier.process is not None:
            found["simulated carrier"] = self.carrier.process.pid
        return {name: pid for name, pid in found.items() if pid is not None}

    def _single(self) -> dict[str, int]:
        return {name: pid for name, pid in self._processes().items() if name not in TREES}

    def _trees(self) -> dict[str, int]:
        return {name: pid for name, pid in self._processes().items() if name in TREES}


class ApiPlay(BenchPlay):
    """Single texts by the API beside a campaign."""

    def make_story(self) -> "Story":
        from textwell.cli.bench.api_load import ApiStory

        return ApiStory(**self._story_values())


def run_send(people: int, rounds: int, route: Route = NEAR) -> LegResult:
    """Planned messages, to the last answer and receipt."""
    return BenchPlay(people=people, rounds=rounds, route=route).measure()


def run_whole(people: int, rounds: int) -> LegResult:
    """A file of so many rows, to the last receipt."""
    return WholePlay(people=people, rounds=rounds, route=WHOLE).measure()


def run_api(people: int, rounds: int) -> LegResult:
    """Calls beside a campaign to so many people."""
    return ApiPlay(people=people, rounds=rounds, route=API).measure()


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
