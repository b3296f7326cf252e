"""What a session tells its owner, in batches: everything that one read brought."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Final

from textwell.smpp.commands import THROTTLING, Status, status_name
from textwell.smpp.pdu import Pdu
from textwell.smpp.states import State

# Outcome of one message: (token of the caller, status, message_id). `status` is the ESME_* number
# of the answer, or one of the two below zero. A plain tuple, because a million of them an hour
# are made and thrown away.
Outcome = tuple[object, int, str]

UNKNOWN: Final = -1
"""Octets were written, no answer came (connection lost or response timeout): never guess."""
NOT_SENT: Final = -2
"""No octet was written: sending again is safe."""


class OutcomeKind(Enum):
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    THROTTLED = "throttled"
    UNKNOWN = "unknown"
    NOT_SENT = "not_sent"


def outcome_kind(status: int) -> OutcomeKind:
    """The kind that a status of an Outcome belongs to."""
    if status == Status.ESME_ROK:
        return OutcomeKind.ACCEPTED
    if status == UNKNOWN:
        return OutcomeKind.UNKNOWN
    if status == NOT_SENT:
        return OutcomeKind.NOT_SENT
    return OutcomeKind.THROTTLED if status in THROTTLING else OutcomeKind.REJECTED


@dataclass(frozen=True, slots=True)
class Outcomes:
    """Answers to requests of ours. `late`: their tokens were given as UNKNOWN before (timeout)."""

    outcomes: list[Outcome]
    late: bool = False


@dataclass(frozen=True, slots=True)
class Responses:
    """Whole responses to single requests made with `Session.request`, with their tokens.

    None in place of a response: none came (timeout or connection lost); the outcome is unknown.
    """

    responses: list[tuple[object, Pdu | None]]


@dataclass(frozen=True, slots=True)
class Requests:
    """Requests of the peer, in order of arrival, to be answered with `Session.answer`."""

    pdus: list[Pdu]


@dataclass(frozen=True, slots=True)
class StateChanged:
    state: State


@dataclass(frozen=True, slots=True)
class BindRequested:
    """SMSC side: answer with `Session.answer_bind`."""

    pdu: Pdu


@dataclass(frozen=True, slots=True)
class BindAnswered:
    """ESME side: status 0 means bound; `system_id` is the SMSC's."""

    status: int
    system_id: str


@dataclass(frozen=True, slots=True)
class OutbindReceived:
    """ESME side: the SMSC asks to be bound to."""

    system_id: str
    password: str


@dataclass(frozen=True, slots=True)
class Malformed:
    """Octets that were no PDU by the book; the peer was answered where an answer exists."""

    status: int
    fact: str
    head: bytes

    def __str__(self) -> str:
        return f"{status_name(self.status)}: {self.fact}"


@dataclass(frozen=True, slots=True)
class Stray:
    """A response that answers nothing we asked, or a generic_nack for nothing we sent."""

    pdu: Pdu


@dataclass(frozen=True, slots=True)
class MustClose:
    """Write what is left and close the connection; `reason` is for people."""

    reason: str


Event = (
    Outcomes
    | Responses
    | Requests
    | StateChanged
    | BindRequested
    | BindAnswered
    | OutbindReceived
    | Malformed
    | Stray
    | MustClose
)
