"""Requests of the peer that are still to be answered, and the octets of answers; pure.

A request that the owner leaves open for too long falls out and is never answered then: its peer
gave it up long before and says it again, so that nothing is taken for done that was not stored.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from typing import Any, Final

from textwell.smpp.codec import HEADER, HEADER_SIZE, encode
from textwell.smpp.commands import RESPONSE_BIT, Command
from textwell.smpp.errors import EncodeError
from textwell.smpp.pdu import Pdu
from textwell.smpp.recent import Recent

_MAX_MESSAGE_ID: Final = 64
_MAX_OWED: Final = 1_000_000  # unanswered requests remembered; a peer's window is far below
_MAX_MORE: Final = 10_000  # of those, all with sequence numbers that were open already
_OWED_S: Final = 3600.0  # and so long at least; a peer waits for a minute or two
_WITH_MESSAGE_ID: Final = frozenset(
    {
        int(Command.submit_sm),
        int(Command.submit_multi),
        int(Command.deliver_sm),
        int(Command.data_sm),
    }
)
_ONE_WAY: Final = frozenset({int(Command.alert_notification)})


class Owed:
    """Open requests by sequence number; `now` is seconds of the owner's clock."""

    __slots__ = ("_added_at", "_more", "_more_count", "_open")

    def __init__(self) -> None:
        # sequence → command id
        self._open: Recent[int, int] = Recent(most=_MAX_OWED, age_s=_OWED_S)
        # A peer counts wrongly: what came under a number that was open, in order.
        self._more: dict[int, deque[int]] = {}
        self._more_count = 0
        self._added_at = 0.0

    def __len__(self) -> int:
        return len(self._open) + self._more_count

    def add(self, command_id: int, sequence: int, now: float) -> None:
        """Remember a request; those without a response are passed over.

        Of two under one number each gets its own answer, in the order in which they came.
        """
        if command_id in _ONE_WAY:
            return
        self._added_at = now
        if sequence not in self._open:
            self._open.put(sequence, command_id, now)
        elif self._more_count < _MAX_MORE:
            self._more.setdefault(sequence, deque()).append(command_id)
            self._more_count += 1

    def expire(self, now: float) -> None:
        """Forget what was left open for hours."""
        self._open.expire(now)
        if self._more:
            self._more = {s: more for s, more in self._more.items() if s in self._open}
            self._more_count = sum(map(len, self._more.values()))

    def _take(self, sequence: int) -> int | None:
        """The oldest open command of the number, which is open no more."""
        command_id = self._open.pop(sequence)
        if self._more and sequence in self._more:
            more = self._more[sequence]
            self._open.put(sequence, more.popleft(), self._added_at)
            self._more_count -= 1
            if not more:
                del self._more[sequence]
        return command_id

    def write(self, answers: Iterable[tuple[int, int, str]], out: list[bytes]) -> int:
        """Append answers by (sequence, status, message_id) to `out`; how many were open."""
        count, take = 0, self._take
        for sequence, status, message_id in answers:
            command_id = take(sequence)
            if command_id is None:
                continue
            body = b"" if status else _positive_body(command_id, message_id)
            head = HEADER.pack(HEADER_SIZE + len(body), command_id | RESPONSE_BIT, status, sequence)
            out.append(head + body)
            count += 1
        return count

    def write_one(
        self, sequence: int, status: int, fields: dict[str, Any], tlvs: dict[str, Any]
    ) -> bytes:
        """Octets of one answer with parameters; none if the request is not open."""
        command_id = self._open.get(sequence)
        if command_id is None:
            return b""
        octets = encode(Pdu(command_id | RESPONSE_BIT, status, sequence, fields, tlvs))
        self._take(sequence)
        return octets

    def forget(self, sequences: Iterable[int]) -> None:
        """Never answer these."""
        for sequence in sequences:
            self._take(sequence)

    def clear(self) -> None:
        self._open.clear()
        self._more.clear()
        self._more_count = 0


def _positive_body(command_id: int, message_id: str) -> bytes:
    if command_id not in _WITH_MESSAGE_ID:
        return b""
    if command_id == Command.deliver_sm:
        return b"\0"
    if len(message_id) > _MAX_MESSAGE_ID or "\0" in message_id or not message_id.isascii():
        raise EncodeError("message_id", f"at most {_MAX_MESSAGE_ID} ASCII characters without NUL")
    body = message_id.encode("latin-1") + b"\0"
    return body + b"\0" if command_id == Command.submit_multi else body
