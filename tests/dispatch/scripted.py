"""A carrier and a ledger that fail as a schedule says, under the real connector and real stores.

The carrier lives longer than any connector: it counts what it was handed. A death is what kill -9
leaves: nothing more is sent, recorded or given back.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any
from unittest import mock

import psycopg

from textwell.core.bus import Bus
from textwell.gateways.failures import FailureClass
from textwell.gateways.providers.base import (
    Accepted,
    Answer,
    GatewaySpec,
    Handlers,
    Handoff,
    NotSent,
    Refused,
    Rejected,
    Throttled,
    Unknown,
)
from textwell.messaging import sql
from textwell.runtime.connector.ledger import Ledger
from textwell.runtime.connector.runner import GatewayRunner

ANSWERS = (
    "accepted",
    "rejected",
    "account refused",
    "throttled",
    "not sent",
    "arrived, answer lost",
    "lost on its way",
    "late answer",
)
STEP_FAULTS = ("fine", "database away", "commit unanswered", "dies before", "dies after")
MARK_FAULTS = (*STEP_FAULTS, "not read")
SUBMIT_FAULTS = ("fine", "dies half way", "link lost half way")


@dataclass(frozen=True)
class Life:
    """What one connector meets, in order; what is beyond a list goes well."""

    answers: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()
    appends: tuple[str, ...] = ()
    submits: tuple[str, ...] = ()
    deed: str = "nothing"  # what a person does after the first hand-off
    is_nudged: bool = True  # whether the connector hears of it at once


@dataclass
class World:
    """What the carrier has, and where the present life stands."""

    handed: Counter[int] = field(default_factory=Counter)
    refused: set[int] = field(default_factory=set)
    knows_ids: bool = (
        False  # a message handed over again is answered as before, and not taken twice
    )
    keys: dict[int, int] = field(default_factory=dict)  # message id: provider_key
    life: Life = field(default_factory=Life)
    died: asyncio.Event = field(default_factory=asyncio.Event)
    first_submit: asyncio.Event = field(default_factory=asyncio.Event)
    _places: dict[str, "count[int]"] = field(default_factory=dict)
    _next_key: "count[int]" = field(default_factory=lambda: count(7_000_001, 7919))

    def begin(self, life: Life) -> None:
        self.life = life
        self.died, self.first_submit = asyncio.Event(), asyncio.Event()
        self._places = {}

    async def end(self, task: "asyncio.Task[None]") -> None:
        """Wait for a connector that was told to stop; it may still die while it leaves."""
        died = asyncio.create_task(self.died.wait())
        await asyncio.wait([task, died], return_when=asyncio.FIRST_COMPLETED)
        died.cancel()
        while not task.done():
            task.cancel()
            await asyncio.wait([task], timeout=0.05)

    def next_of(self, kind: str) -> str:
        """The next entry of the life's list of that kind."""
        entries: tuple[str, ...] = getattr(self.life, kind)
        place = next(self._places.setdefault(kind, count()))
        return entries[place] if place < len(entries) else "fine"

    def take(self, message_id: int) -> Accepted:
        self.handed[message_id] += 1 - (self.knows_ids and message_id in self.keys)
        key = self.keys.setdefault(message_id, next(self._next_key))
        return Accepted(f"id-{key}", key)


class ScriptedConnection:
    """See `providers.base.Connection`."""

    def __init__(self, world: World, handlers: Handlers) -> None:
        self._world = world
        self._handlers = handlers
        self._is_up = False

    async def open(self) -> None:
        self._is_up = True
        self._handlers.on_link(True, "")

    async def close(self) -> None:
        self._is_up = False

    def room(self) -> int:
        return 5 if self._is_up else 0

    async def wait_for_room(self) -> None:
        await asyncio.sleep(0)

    def submit(self, messages: Sequence[Handoff]) -> None:
        world = self._world
        if world.died.is_set():
            return
        fault = world.next_of("submits")
        half = len(messages) // 2 + 1 if fault != "fine" else len(messages)
        answers = [(one.message_id, self._answer(one.message_id)) for one in messages[:half]]
        world.first_submit.set()
        if fault == "dies half way":
            world.died.set()
            return
        if fault == "link lost half way":
            answers = [(key, Unknown("link lost")) for key, _answer in answers]
            answers += [(one.message_id, NotSent("link lost")) for one in messages[half:]]
            self._is_up = False
            self._handlers.on_link(False, "link lost")
        asyncio.get_running_loop().call_soon(self._tell, answers)

    def _tell(self, answers: list[tuple[int, Answer]]) -> None:
        if not self._world.died.is_set():
            self._handlers.on_answers(answers)

    def _answer(self, message_id: int) -> Answer:
        world, answer = self._world, self._world.next_of("answers")
        if answer == "rejected" and world.knows_ids and message_id in world.keys:
            answer = "fine"
        match answer:
            case "rejected":
                self._world.refused.add(message_id)
                return Rejected("ESME_RINVDSTADR", FailureClass.INVALID_NUMBER.value)
            case "account refused":
                return Refused("HTTP 403", FailureClass.WRONG_CREDENTIALS.value)
            case "throttled":
                return Throttled(0.001)
            case "not sent":
                return NotSent("no octet left")
            case "arrived, answer lost":
                self._world.take(message_id)
                return Unknown("no answer came")
            case "lost on its way":
                return Unknown("no answer came")
            case "late answer":
                late = self._world.take(message_id)
                asyncio.get_running_loop().call_later(0.01, self._tell_late, message_id, late)
                return Unknown("no answer came")
            case _:
                return self._world.take(message_id)

    def _tell_late(self, message_id: int, answer: Answer) -> None:
        if not self._world.died.is_set():
            self._handlers.on_late_answers([(message_id, answer)])  # type: ignore[attr-defined]


class ScriptedProvider:
    """Only `connect` is asked for by a connector."""

    kind = "scripted"
    label = "Scripted"
    is_simulated = True
    fields = ()

    def __init__(self, world: World) -> None:
        self._world = world

    @property
    def is_idempotent(self) -> bool:
        return self._world.knows_ids

    def connect(self, spec: GatewaySpec, handlers: Handlers) -> ScriptedConnection:
        del spec
        return ScriptedConnection(self._world, handlers)


async def _hang() -> None:
    await asyncio.Event().wait()


def failing(method: Callable[..., Any], world: World, kind: str) -> Callable[..., Any]:
    """A method of Ledger that meets the faults of the present life."""

    async def call(self: Ledger, *args: Any, **kwargs: Any) -> Any:
        if world.died.is_set():
            await _hang()
        fault = world.next_of(kind)
        if fault == "dies before":
            world.died.set()
            await _hang()
        if fault == "database away":
            raise psycopg.OperationalError("the database is away")
        if fault == "not read":
            with mock.patch.object(
                sql, "READ_WINDOW", "SELECT pg_terminate_backend(pg_backend_pid())"
            ):
                return await method(self, *args, **kwargs)
        result = await method(self, *args, **kwargs)
        if fault == "dies after":
            world.died.set()
            await _hang()
        if fault == "commit unanswered":
            raise psycopg.OperationalError("the answer to a commit was lost")
        return result

    return call


class MortalRunner(GatewayRunner):
    """Ends as kill -9 would once it is to: nothing is finished, recorded or given back."""

    is_killed = True

    async def close_ledger(self) -> None:
        """As the end of its process would. Closing twice is safe."""
        await self._ledger.close()

    async def hang_up(self) -> None:
        """Close its sockets, as the kernel does; answers that come meanwhile go into no ledger."""
        self._link.leave()
        await self._connection.close()

    async def _drain(
        self, feeder: "asyncio.Task[None]", services: "list[asyncio.Task[None]]"
    ) -> None:
        if not self.is_killed:
            await super()._drain(feeder, services)
            return
        tasks = [feeder, *services, *([self._feeder.ahead] if self._feeder.ahead else [])]
        alive = set(tasks)
        while alive:  # on Python 3.11 wait_for may swallow a cancellation
            for task in alive:
                task.cancel()
            _done, alive = await asyncio.wait(alive, timeout=0.05)
        await self._ledger.close()


__all__ = [
    "ANSWERS",
    "MARK_FAULTS",
    "STEP_FAULTS",
    "SUBMIT_FAULTS",
    "Bus",
    "Life",
    "MortalRunner",
    "World",
]
