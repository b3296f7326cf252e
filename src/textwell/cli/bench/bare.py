"""The twin of `send`: the bare SMPP exchange with the same carrier; nothing is stored, nothing read."""

import asyncio
import time
from dataclasses import dataclass, field
from itertools import count

import uvloop

from textwell.smpp.client import Client, ClientConfig, DeliverBatch
from textwell.smpp.commands import Status
from textwell.smpp.events import Outcome
from textwell.smpp.fast import SubmitTemplate
from textwell.smpp.session_config import SessionConfig

WINDOW = 1_000
PATIENCE_S = 60.0
_TEXT = (
    "Lotus: Carmen, your {:>7} points are worth 20% off until Sunday. "
    "Choose yours: http://127.0.0.1:8001/aB3dE6gH Reply STOP to opt out."
)
_RUNS = count(1)  # a run's texts are its own, so that doubles of different runs are none


@dataclass(slots=True)
class Exchange:
    """Rates in messages a second from the first byte: to the last answer, to the last receipt."""

    wanted: int
    accepted: int = 0
    refused: int = 0
    receipts: int = 0
    is_answered: asyncio.Event = field(default_factory=asyncio.Event)
    is_over: asyncio.Event = field(default_factory=asyncio.Event)

    def take_outcomes(self, outcomes: list[Outcome]) -> None:
        good = sum(outcome[1] == Status.ESME_ROK for outcome in outcomes)
        self.accepted += good
        self.refused += len(outcomes) - good
        if self.accepted + self.refused >= self.wanted:
            self.is_answered.set()

    def take_receipts(self, batch: DeliverBatch) -> None:
        self.receipts += batch.ack()
        if self.receipts >= self.wanted:
            self.is_over.set()


@dataclass(frozen=True, slots=True)
class Rates:
    """Messages a second; `fault` says what went wrong, '' if nothing."""

    handed: float
    receipted: float
    fault: str = ""


def _bodies(people: int, run: int) -> list[tuple[object, bytes]]:
    template = SubmitTemplate(source_addr="LOTUS", source_addr_ton=5, registered_delivery=1)
    return [
        (number, template.body(b"8491%07d" % number, _TEXT.format(run).encode("ascii")))
        for number in range(people)
    ]


async def _exchange(port: int, people: int, window: int) -> Rates:
    exchange = Exchange(people)
    client = Client(
        ClientConfig("127.0.0.1", port, "bench", session=SessionConfig(window=window)),
        on_outcomes=exchange.take_outcomes,
        on_deliver=exchange.take_receipts,
    )
    bodies = _bodies(people, next(_RUNS))
    await client.connect()
    try:
        started = time.perf_counter()
        await client.submit_all(bodies)
        await asyncio.wait_for(exchange.is_answered.wait(), PATIENCE_S)
        answered_s = time.perf_counter() - started
        await asyncio.wait_for(exchange.is_over.wait(), PATIENCE_S)
        over_s = time.perf_counter() - started
    except TimeoutError:
        text = (
            f"bare exchange: {exchange.accepted} accepted, {exchange.receipts} receipts of {people}"
        )
        return Rates(1.0, 1.0, text)
    finally:
        await client.close()
    fault = f"bare exchange: {exchange.refused} refused" if exchange.refused else ""
    return Rates(people / answered_s, people / over_s, fault)


def exchange_bare(port: int, people: int, *, window: int = WINDOW) -> Rates:
    """Send `people` messages with receipts to a carrier on this machine and wait for both."""
    return uvloop.run(_exchange(port, people, window))
