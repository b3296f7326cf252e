"""Messages in the carrier's hands: given, answered, answered late, or never."""

import asyncio
import time
from collections.abc import Callable

from textwell.gateways.failures import ACCOUNT_REFUSALS, FailureClass
from textwell.gateways.providers.base import (
    Accepted,
    Answer,
    Connection,
    NotSent,
    Refused,
    Rejected,
    Throttled,
    Unknown,
)
from textwell.runtime.connector.again import Again
from textwell.runtime.connector.health import Health
from textwell.runtime.connector.link import LinkKeeper
from textwell.runtime.connector.meters import Meters
from textwell.runtime.connector.settle import Settler
from textwell.runtime.connector.window import Pending
from textwell.smpp.recent import Recent

READ_AFTER_S = 0.002  # answers come in bursts, on a long line above all: the burst goes first
# Lost answers: one that comes after its message is forgotten changes nothing, it stays unknown.
MOST_LOST, LOST_S = 100_000, 3600.0


class Exchange:
    """Gives messages to the connection and says of each what its answer means."""

    def __init__(
        self,
        *,
        connection: Connection,
        link: LinkKeeper,
        settler: Settler,
        again: Again,
        recent: Recent[int, int],
        health: Health,
        meters: Meters,
        on_doubt_settled: Callable[[Pending], None],
    ) -> None:
        self._connection = connection
        self._link = link
        self._settler = settler
        self._again = again
        self._recent = recent  # our ids by the carrier's: its receipts find them
        self._health = health
        self._meters = meters
        self._on_doubt_settled = on_doubt_settled
        self.inflight: dict[int, Pending] = {}
        self._answers: list[tuple[int, Answer]] = []  # not read yet
        # Answers lost, by message: a late one may still name the carrier's id.
        self._lost: Recent[int, Pending] = Recent(most=MOST_LOST, age_s=LOST_S)

    def submit(self, messages: list[Pending]) -> None:
        inflight = self.inflight
        segments = 0
        for pending in messages:
            inflight[pending.handoff.message_id] = pending
            segments += pending.segment_count
        self._health.submitted += len(messages)
        self._meters.hand_off(messages=len(messages), segments=segments)
        self._connection.submit([pending.handoff for pending in messages])

    def give_up(self) -> None:
        """The connection is closed: whoever has no answer now gets none."""
        self.read_answers()
        for pending in list(self.inflight.values()):
            self._settler.unknown(pending)
        self.inflight.clear()

    def take_answers(self, answers: list[tuple[int, Answer]]) -> None:
        """Keep them for a moment: whoever waits for the room that they leave is served first.

        On a long line what is done about an answer would else be added to every round trip.
        """
        if not self._answers:
            asyncio.get_running_loop().call_later(READ_AFTER_S, self.read_answers)
        self._answers += answers

    def read_answers(self) -> None:
        """Say of each answer that came what it means. Calling twice is safe."""
        answers, self._answers = self._answers, []
        if not answers:
            return
        inflight, now = self.inflight, time.monotonic()
        accepted: list[tuple[Pending, Accepted]] = []
        for message_id, answer in answers:
            pending = inflight.pop(message_id, None)
            if pending is None:
                continue  # answered already, as when a link is lost in the middle of a batch
            if pending.window.is_doubt and isinstance(answer, Accepted | Rejected):
                self._on_doubt_settled(pending)
            if type(answer) is Accepted:
                accepted.append((pending, answer))
                self._recent.put(answer.provider_key, message_id, now)
            else:
                self._take_other(pending, answer)
        self._lost.expire(now)
        self._settler.accepted(accepted)
        self._health.accepted += len(accepted)

    def take_late_answers(self, answers: list[tuple[int, Answer]]) -> None:
        """Answers to messages that are unknown already: the carrier's id is worth having."""
        for message_id, answer in answers:
            pending = self._lost.pop(message_id)
            if pending is not None and isinstance(answer, Accepted):
                self._recent.put(answer.provider_key, message_id, time.monotonic())
                self._settler.late(pending, answer)

    def _take_other(self, pending: Pending, answer: Answer) -> None:
        match answer:
            case Rejected():
                self._health.rejected += 1
                self._settler.rejected(pending, answer)
            case Refused():
                self._link.refuse(ACCOUNT_REFUSALS[FailureClass(answer.reason)], answer.code)
                self._settler.withdrawn(pending, "held", "gateway_refused")
            case Throttled():
                self._health.throttled += 1
                self._meters.throttled.inc()
                self._wait_again(pending, answer.retry_after_s)
            case NotSent():
                self._wait_again(pending)
            case Unknown():
                self._health.unknown += not pending.window.is_doubt
                self._settler.unknown(pending)
                self._lost.put(pending.handoff.message_id, pending, time.monotonic())
            case Accepted():
                self._settler.accepted([(pending, answer)])

    def _wait_again(self, pending: Pending, delay_s: float = 0.0) -> None:
        if self._link.is_refused.is_set():
            self._settler.withdrawn(pending, "held", "gateway_refused")
        else:
            self._again.add(pending, delay_s)
