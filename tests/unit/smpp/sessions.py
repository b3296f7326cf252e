"""Sessions without sockets, and what they want to send, read back."""

from __future__ import annotations

from textwell.smpp.codec import decode, encode, encode_body
from textwell.smpp.commands import Command
from textwell.smpp.pdu import Pdu
from textwell.smpp.session import Session
from textwell.smpp.session_config import SessionConfig
from textwell.smpp.states import Side, State

HELLO = encode_body(Pdu(Command.submit_sm, fields={"short_message": b"hello"}))


def split(data: bytes) -> list[Pdu]:
    """The PDUs in what a session wants to send."""
    found = []
    while data:
        length = int.from_bytes(data[:4], "big")
        found.append(decode(data[:length]))
        data = data[length:]
    return found


def sent(session: Session) -> list[tuple[str | None, int, int]]:
    return [(pdu.command, pdu.status, pdu.sequence) for pdu in split(session.data_to_send())]


def answer(command: Command, sequence: int, status: int = 0, **fields: object) -> bytes:
    return encode(Pdu(command, status, sequence, fields))


def bound(side: Side = Side.ESME, state: State = State.BOUND_TRX, **limits: object) -> Session:
    """A session right after its bind, at time 0."""
    session = Session(side, SessionConfig(**limits), now=0)
    session.state = state
    return session
