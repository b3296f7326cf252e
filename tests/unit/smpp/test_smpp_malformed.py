"""Malformed octets, and reads that end anywhere."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from textwell.smpp.codec import HEADER, encode
from textwell.smpp.commands import Command, Status
from textwell.smpp.events import UNKNOWN, Malformed, MustClose, Outcomes, Requests, StateChanged
from textwell.smpp.pdu import Pdu
from textwell.smpp.states import Side, State
from unit.smpp.sessions import HELLO, answer, bound, sent, split
from unit.smpp.strategies import pdus
from wide import examples


def test_a_broken_request_is_answered_with_what_is_wrong() -> None:
    session = bound(Side.SMSC)
    frame = HEADER.pack(20, Command.submit_sm, 0, 7) + b"abcd"

    (event,) = session.receive_data(frame + encode(Pdu(Command.enquire_link, 0, 8)), now=0)

    assert isinstance(event, Malformed)
    assert str(event) == "ESME_RINVMSGLEN: service_type: no terminator before the end of the PDU"
    assert sent(session) == [
        ("submit_sm_resp", Status.ESME_RINVMSGLEN, 7),
        ("enquire_link_resp", 0, 8),
    ]


def test_a_broken_request_without_a_response_gets_a_nack() -> None:
    session = bound()

    session.receive_data(HEADER.pack(17, Command.alert_notification, 0, 7) + b"a", now=0)

    assert sent(session) == [("generic_nack", Status.ESME_RINVMSGLEN, 7)]


@pytest.mark.parametrize("command_id", [0x16, 0x99, 0x111, 0x113, 0x80000016, 0x7FFFFFFF])
def test_an_unknown_command_gets_a_nack_and_the_session_goes_on(command_id: int) -> None:
    session = bound()

    (event,) = session.receive_data(HEADER.pack(16, command_id, 0, 7), now=0)

    assert isinstance(event, Malformed)
    assert sent(session) == [("generic_nack", Status.ESME_RINVCMDID, 7)]
    assert session.state is State.BOUND_TRX


@pytest.mark.parametrize("length", [0, 15, 66 * 1024 + 1, 0xFFFFFFFF])
def test_a_length_that_cannot_be_gets_a_nack_and_ends_the_session(length: int) -> None:
    session = bound()
    session.request_batch([("a", HELLO)], now=0)
    session.data_to_send()

    events = session.receive_data(HEADER.pack(length, 4, 0, 7) + b"rest", now=0)

    assert [type(event) for event in events] == [Malformed, StateChanged, MustClose]
    assert sent(session) == [("generic_nack", Status.ESME_RINVCMDLEN, 7)]
    assert session.connection_lost()[0] == Outcomes([("a", UNKNOWN, "")])


def test_a_pdu_begun_and_not_finished_ends_the_session() -> None:
    session = bound(frame_timeout_s=5)
    session.receive_data(HEADER.pack(100, 4, 0, 7) + b"half", now=1)

    assert session.on_time(5.9) == []
    events = session.on_time(6)

    assert [type(event) for event in events] == [Malformed, StateChanged, MustClose]
    assert sent(session) == [("generic_nack", Status.ESME_RINVCMDLEN, 7)]


def test_a_header_begun_and_not_finished_ends_the_session() -> None:
    session = bound(frame_timeout_s=5)
    session.receive_data(b"\0\0", now=0)
    session.receive_data(b"\0", now=4)

    assert [type(event) for event in session.on_time(5)] == [Malformed, StateChanged, MustClose]
    assert sent(session) == [("generic_nack", Status.ESME_RINVCMDLEN, 0)]


@pytest.mark.parametrize("side", Side)
@given(data=st.lists(st.binary(max_size=80), max_size=5), state=st.sampled_from(State))
def test_no_octets_make_a_session_fail(side: Side, data: list[bytes], state: State) -> None:
    session = bound(side, state)
    for piece in data:
        session.receive_data(piece, now=0)
        split(session.data_to_send())


broken = st.builds(
    lambda command_id, status, sequence, body: (
        HEADER.pack(16 + len(body), command_id, status, sequence) + body
    ),
    st.one_of(st.sampled_from(sorted(map(int, Command))), st.integers(0, 0xFFFFFFFF)),
    st.sampled_from([0, 8]),
    st.integers(0, 3),
    st.binary(max_size=60),
)


@settings(max_examples=examples(120))
@given(frame=broken, side=st.sampled_from(Side), strict=st.booleans())
def test_every_whole_request_is_answered_or_handed_on(
    frame: bytes, side: Side, strict: bool
) -> None:
    command_id = int.from_bytes(frame[4:8], "big")
    session = bound(side, strict=strict)

    events = session.receive_data(frame, now=0)

    answers = split(session.data_to_send())
    handed_on = [event for event in events if isinstance(event, Requests)]
    if command_id < 0x80000000:
        assert len(answers) + len(handed_on) == 1
        one_way = command_id == Command.alert_notification
        assert session.owed_count == len(handed_on) * (not one_way)
    else:
        assert len(answers) == (command_id not in set(Command))


@given(st.lists(pdus(), min_size=1, max_size=3), st.data())
def test_where_a_read_ends_changes_nothing(stream: list[Pdu], data: st.DataObject) -> None:
    octets = b"".join(encode(pdu) for pdu in stream)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(octets)), max_size=6)))
    whole, pieces = bound(Side.SMSC), bound(Side.SMSC)

    whole.receive_data(octets, now=0)
    for start, end in zip([0, *cuts], [*cuts, len(octets)], strict=True):
        pieces.receive_data(octets[start:end], now=0)

    assert whole.data_to_send() == pieces.data_to_send()
    assert whole.owed_count == pieces.owed_count


def test_a_stream_cut_at_every_octet_gives_the_same_events() -> None:
    octets = (
        answer(Command.submit_sm_resp, 1, message_id="id-a")
        + encode(Pdu(Command.deliver_sm, 0, 5, {"short_message": b"x"}))
        + answer(Command.submit_sm_resp, 2, Status.ESME_RMSGQFUL)
    )
    for cut in range(len(octets) + 1):
        session = bound()
        session.request_batch([("a", HELLO), ("b", HELLO)], now=0)
        events = session.receive_data(octets[:cut], now=0) + session.receive_data(
            octets[cut:], now=0
        )
        outcomes = [o for event in events if isinstance(event, Outcomes) for o in event.outcomes]
        taken = [pdu for event in events if isinstance(event, Requests) for pdu in event.pdus]

        assert outcomes == [("a", 0, "id-a"), ("b", 0x14, "")]
        assert [pdu.message for pdu in taken] == [b"x"]
