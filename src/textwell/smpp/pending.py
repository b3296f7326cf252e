"""Requests that wait for their answers: sequence numbers, the window and its deadlines; pure.

An answer that comes after its request was given up is late, and told as such. One that comes after
even that is forgotten belongs to nothing: its message stays UNKNOWN.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from textwell.smpp.codec import HEADER, HEADER_SIZE
from textwell.smpp.events import UNKNOWN, Outcome
from textwell.smpp.recent import Recent

MAX_SEQUENCE: Final = 0x7FFFFFFF
_MAX_EXPIRED: Final = 200_000  # late answers are recognised half as far back at the least,
_EXPIRED_S: Final = 3600.0  # and for so long
_MERGE_S: Final = 0.05  # batches this close share a deadline, so that trickles stay cheap
_NEVER: Final = float("inf")
_ABSENT: Final = object()


@dataclass(frozen=True, slots=True)
class Single:
    """One request whose whole response is wanted. Times are seconds of the owner's clock."""

    token: object
    command_id: int
    deadline: float


@dataclass(slots=True)
class _Batch:
    """Bulk requests written within a moment; `begun` is the deadline of the first of them."""

    begun: float
    deadline: float
    first: int
    span: int


class Pending:
    """Requests in flight. Bulk ones cost a dict entry each and one deadline a batch."""

    __slots__ = ("_batches", "_expired", "_sequence", "bulk", "singles")

    def __init__(self, first_sequence: int = 1) -> None:
        self.bulk: dict[int, object] = {}
        self.singles: dict[int, Single] = {}
        self._batches: deque[_Batch] = deque()
        self._expired: Recent[int, object] = Recent(most=_MAX_EXPIRED, age_s=_EXPIRED_S)
        self._sequence = first_sequence - 1

    def __len__(self) -> int:
        return len(self.bulk) + len(self.singles)

    def next_sequence(self) -> int:
        """The next free number from 1 to 0x7FFFFFFF; wraps, and passes over numbers in flight."""
        sequence = self._sequence
        while True:
            sequence = sequence + 1 if sequence < MAX_SEQUENCE else 1
            if sequence not in self.bulk and sequence not in self.singles:
                self._sequence = sequence
                return sequence

    def write_batch(
        self,
        command_id: int,
        messages: Iterable[tuple[object, bytes]],
        room: int,
        deadline: float,
        out: list[bytes],
    ) -> int:
        """Append frames of at most `room` messages to `out`; how many were taken."""
        bulk, singles, sequence, taken = self.bulk, self.singles, self._sequence, 0
        pack, append, first = HEADER.pack, out.append, 0
        if room <= 0:
            return 0
        for token, body in messages:
            sequence = sequence + 1 if sequence < MAX_SEQUENCE else 1
            while sequence in bulk or sequence in singles:
                sequence = sequence + 1 if sequence < MAX_SEQUENCE else 1
            first = first or sequence
            bulk[sequence] = token
            append(pack(len(body) + HEADER_SIZE, command_id, 0, sequence))
            append(body)
            taken += 1
            if taken == room:
                break
        if taken:
            self._note_deadline(first, sequence, deadline)
        self._sequence = sequence
        return taken

    def _note_deadline(self, first: int, last: int, deadline: float) -> None:
        if deadline == _NEVER:
            return
        batch = self._batches[-1] if self._batches else None
        if batch is not None and deadline - batch.begun < _MERGE_S:
            batch.span = (last - batch.first) % MAX_SEQUENCE + 1
            batch.deadline = deadline
        else:
            span = (last - first) % MAX_SEQUENCE + 1
            self._batches.append(_Batch(deadline, deadline, first, span))

    def take_late(self, sequence: int) -> tuple[object] | None:
        """Token of a request that was given up before, in a tuple of one; None if there is none."""
        token = self._expired.pop(sequence, _ABSENT)
        return None if token is _ABSENT else (token,)

    def expire(self, now: float) -> tuple[list[Outcome], list[tuple[int, Single]]]:
        """Bulk outcomes (UNKNOWN) and singles whose time is over; they leave the window."""
        unknown: list[Outcome] = []
        if not self.bulk:
            self._batches.clear()
        while self._batches and self._batches[0].deadline <= now:
            batch = self._batches.popleft()
            for step in range(batch.span):
                sequence = (batch.first - 1 + step) % MAX_SEQUENCE + 1
                token = self.bulk.pop(sequence, _ABSENT)
                if token is not _ABSENT:
                    unknown.append((token, UNKNOWN, ""))
                    self._expired.put(sequence, token, now)
        self._expired.expire(now)
        over = [(seq, one) for seq, one in self.singles.items() if one.deadline <= now]
        for sequence, _ in over:
            del self.singles[sequence]
        return unknown, over

    def give_up_all(self) -> tuple[list[Outcome], list[Single]]:
        """Everything in flight, after the connection is lost; bulk as UNKNOWN outcomes."""
        unknown: list[Outcome] = [(token, UNKNOWN, "") for token in self.bulk.values()]
        singles = list(self.singles.values())
        self.bulk.clear()
        self.singles.clear()
        self._batches.clear()
        self._expired.clear()
        return unknown, singles
