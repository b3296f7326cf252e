"""Answers that do not come, or come strangely."""

from __future__ import annotations

import pytest

from textwell.smpp.codec import HEADER, decode
from textwell.smpp.commands import Command, Status
from textwell.smpp.events import (
    UNKNOWN,
    Malformed,
    OutcomeKind,
    Outcomes,
    Responses,
    StateChanged,
    Stray,
    outcome_kind,
)
from textwell.smpp.pdu import Pdu
from textwell.smpp.states import State
from unit.smpp.sessions import HELLO, answer, bound


def test_what_is_not_answered_in_time_is_unknown_and_its_late_answer_is_told() -> None:
    session = bound(response_timeout_s=5)
    session.request_batch([("a", HELLO)], now=0)

    assert session.on_time(4.9) == []
    assert session.on_time(5.0) == [Outcomes([("a", UNKNOWN, "")])]
    assert session.room == 100
    late = session.receive_data(answer(Command.submit_sm_resp, 1, message_id="x"), now=9)
    assert late == [Outcomes([("a", 0, "x")], late=True)]
    again = session.receive_data(answer(Command.submit_sm_resp, 1, message_id="x"), now=9)
    assert [type(event) for event in again] == [Stray]


def test_all_in_flight_is_unknown_when_the_connection_is_lost() -> None:
    session = bound()
    session.request_batch([("a", HELLO), ("b", HELLO)], now=0)
    session.request(Pdu(Command.query_sm), "q", now=0)

    assert session.connection_lost() == [
        Outcomes([("a", UNKNOWN, ""), ("b", UNKNOWN, "")]),
        Responses([("q", None)]),
        StateChanged(State.CLOSED),
    ]
    assert session.connection_lost() == []
    assert session.receive_data(answer(Command.submit_sm_resp, 1), now=0) == []


def test_a_single_request_gets_its_whole_answer() -> None:
    session = bound(response_timeout_s=5)
    session.request(Pdu(Command.query_sm), "q", now=0)
    session.request(Pdu(Command.cancel_sm), "c", now=0)

    data = answer(Command.query_sm_resp, 1, message_id="x", message_state=2)
    (event,) = session.receive_data(data, now=1)

    assert isinstance(event, Responses)
    assert event.responses == [("q", decode(data))]
    assert session.on_time(5) == [Responses([("c", None)])]


@pytest.mark.parametrize(
    "data",
    [
        answer(Command.submit_sm_resp, 77),
        answer(Command.data_sm_resp, 1),
        answer(Command.generic_nack, 0, Status.ESME_RINVCMDLEN),
        answer(Command.unbind_resp, 5),
    ],
)
def test_an_answer_to_nothing_is_told_and_changes_nothing(data: bytes) -> None:
    session = bound()
    session.request_batch([("a", HELLO)], now=0)

    assert [type(event) for event in session.receive_data(data, now=0)] == [Stray]
    assert len(session.pending) == 1


@pytest.mark.parametrize(
    ("body", "status", "message_id"),
    [(b"abc", 0, ""), (b"abc", 0x45, ""), (b"", 0, ""), (b"abc\0\x14\0\0\0", 0, "abc")],
)
def test_a_broken_answer_still_tells_its_status(body: bytes, status: int, message_id: str) -> None:
    session = bound()
    session.request_batch([("a", HELLO)], now=0)
    frame = HEADER.pack(16 + len(body), Command.submit_sm_resp, status, 1) + body

    events = session.receive_data(frame, now=0)

    assert events[-1] == Outcomes([("a", status, message_id)])


def test_a_broken_answer_to_a_single_request_ends_it() -> None:
    session = bound()
    session.request(Pdu(Command.query_sm), "q", now=0)

    events = session.receive_data(HEADER.pack(17, Command.query_sm_resp, 0, 1) + b"x", now=0)

    assert isinstance(events[0], Malformed)
    assert events[1] == Responses([("q", Pdu(Command.query_sm_resp, 0, 1))])


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (0, OutcomeKind.ACCEPTED),
        (0x58, OutcomeKind.THROTTLED),
        (0x14, OutcomeKind.THROTTLED),
        (0x0B, OutcomeKind.REJECTED),
        (-1, OutcomeKind.UNKNOWN),
        (-2, OutcomeKind.NOT_SENT),
    ],
)
def test_every_status_is_of_one_kind(status: int, kind: OutcomeKind) -> None:
    assert outcome_kind(status) is kind
