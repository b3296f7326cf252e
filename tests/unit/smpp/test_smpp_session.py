from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from textwell.smpp.codec import HEADER, decode, encode, encode_body
from textwell.smpp.commands import Command, Status
from textwell.smpp.errors import EncodeError, NotBound
from textwell.smpp.events import (
    UNKNOWN,
    BindAnswered,
    BindRequested,
    Event,
    Malformed,
    MustClose,
    OutbindReceived,
    OutcomeKind,
    Outcomes,
    Requests,
    Responses,
    StateChanged,
    Stray,
    outcome_kind,
)
from textwell.smpp.pdu import Pdu
from textwell.smpp.pending import MAX_SEQUENCE, Pending
from textwell.smpp.session import Session
from textwell.smpp.session_config import SessionConfig
from textwell.smpp.states import REQUESTS, Side, State, may_send
from unit.smpp.strategies import pdus

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


# -- binding -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("command", "state"),
    [
        (Command.bind_transmitter, State.BOUND_TX),
        (Command.bind_receiver, State.BOUND_RX),
        (Command.bind_transceiver, State.BOUND_TRX),
    ],
)
def test_both_sides_are_bound_after_the_bind_is_accepted(command: Command, state: State) -> None:
    esme = Session(Side.ESME, SessionConfig(), now=0)
    smsc = Session(Side.SMSC, SessionConfig(), now=0)

    esme.bind(command, now=0, system_id="me", password="pw")
    (asked,) = smsc.receive_data(esme.data_to_send(), now=0)
    assert isinstance(asked, BindRequested)
    assert smsc.answer_bind(asked.pdu, system_id="them") == [StateChanged(state)]
    events = esme.receive_data(smsc.data_to_send(), now=0)

    assert events == [StateChanged(state), BindAnswered(0, "them")]
    assert esme.state is smsc.state is state


def test_a_refused_bind_leaves_the_session_open() -> None:
    esme = Session(Side.ESME, SessionConfig(), now=0)
    esme.bind(Command.bind_transceiver, now=0, system_id="me")

    refusal = answer(Command.bind_transceiver_resp, 1, Status.ESME_RINVPASWD)

    assert esme.receive_data(refusal, now=0) == [BindAnswered(Status.ESME_RINVPASWD, "")]
    assert esme.state is State.OPEN


def test_a_bind_answered_by_generic_nack_is_refused() -> None:
    esme = Session(Side.ESME, SessionConfig(), now=0)
    esme.bind(Command.bind_transceiver, now=0, system_id="me")

    events = esme.receive_data(answer(Command.generic_nack, 1), now=0)

    assert events == [BindAnswered(Status.ESME_RBINDFAIL, "")]


def test_an_smsc_refuses_a_bind_and_stays_open() -> None:
    smsc = Session(Side.SMSC, SessionConfig(), now=0)

    assert smsc.answer_bind(Pdu(Command.bind_receiver, 0, 7), status=0xE) == []
    assert sent(smsc) == [("bind_receiver_resp", 0xE, 7)]
    assert smsc.state is State.OPEN


def test_a_second_bind_is_refused_by_the_book() -> None:
    smsc = bound(Side.SMSC)

    assert smsc.receive_data(answer(Command.bind_receiver, 3), now=0) == []
    assert sent(smsc) == [("bind_receiver_resp", Status.ESME_RALYBND, 3)]


def test_only_binds_bind() -> None:
    with pytest.raises(ValueError, match="command: unbind is no bind"):
        Session(Side.ESME, SessionConfig(), now=0).bind(Command.unbind, now=0)


def test_outbind_asks_the_esme_to_bind() -> None:
    smsc = Session(Side.SMSC, SessionConfig(), now=0)
    esme = Session(Side.ESME, SessionConfig(), now=0)

    smsc.outbind(system_id="them", password="pw", now=0)
    events = esme.receive_data(smsc.data_to_send(), now=0)
    esme.bind(Command.bind_receiver, now=0, system_id="me")
    (asked,) = smsc.receive_data(esme.data_to_send(), now=0)

    assert events == [OutbindReceived("them", "pw")]
    assert isinstance(asked, BindRequested)
    assert len(smsc.pending) == 0


# -- who may send what when ----------------------------------------------------------------


@pytest.mark.parametrize("side", Side)
@pytest.mark.parametrize("state", [State.OPEN, State.BOUND_TX, State.BOUND_RX, State.BOUND_TRX])
@pytest.mark.parametrize("command_id", sorted(REQUESTS))
def test_a_request_in_the_wrong_state_is_refused_at_both_ends(
    side: Side, state: State, command_id: int
) -> None:
    other = Side.SMSC if side is Side.ESME else Side.ESME
    fields = {"dest_address": [{"dl_name": "x"}]} if command_id == Command.submit_multi else {}
    pdu = Pdu(command_id, 0, 1, fields)
    sender, receiver = bound(side, state), bound(other, state)
    if may_send(side, state, command_id):
        assert sender.request(pdu, None, now=0) == 1
        return

    with pytest.raises(NotBound, match="may not be sent"):
        sender.request(pdu, None, now=0)
    assert sender.data_to_send() == b""
    assert not any(isinstance(e, Requests) for e in receiver.receive_data(encode(pdu), now=0))
    ((_, status, sequence),) = sent(receiver)
    assert status in {Status.ESME_RINVBNDSTS, Status.ESME_RALYBND}
    assert sequence == 1


# -- the window ----------------------------------------------------------------------------


def test_outcomes_come_with_their_tokens_in_one_batch() -> None:
    session = bound()
    assert session.request_batch([("a", HELLO), ("b", HELLO), ("c", HELLO)], now=0) == 3

    events = session.receive_data(
        answer(Command.submit_sm_resp, 2, message_id="id-b")
        + answer(Command.submit_sm_resp, 1, Status.ESME_RTHROTTLED)
        + answer(Command.generic_nack, 3, Status.ESME_RINVCMDID),
        now=0,
    )

    assert events == [Outcomes([("b", 0, "id-b"), ("a", 0x58, ""), ("c", 3, "")])]
    assert len(session.pending) == 0


def test_no_more_is_taken_than_the_window_holds() -> None:
    session = bound(window=2)

    assert session.request_batch([(n, HELLO) for n in range(5)], now=0) == 2
    assert session.room == 0
    assert session.request_batch([(9, HELLO)], now=0) == 0
    assert [sequence for _, _, sequence in sent(session)] == [1, 2]

    session.receive_data(answer(Command.submit_sm_resp, 1), now=0)
    assert session.room == 1


@pytest.mark.parametrize("window", [0, 10_001])
def test_a_window_outside_of_its_limits_is_refused(window: int) -> None:
    with pytest.raises(ValueError, match="window: "):
        SessionConfig(window=window)


def test_a_max_pdu_below_a_header_is_refused() -> None:
    with pytest.raises(ValueError, match="max_pdu: 15 is below"):
        SessionConfig(max_pdu=15)


@pytest.mark.parametrize(
    ("side", "state", "room"),
    [
        (Side.ESME, State.OPEN, 0),
        (Side.ESME, State.BOUND_RX, 0),
        (Side.ESME, State.BOUND_TX, 100),
        (Side.SMSC, State.BOUND_RX, 100),
        (Side.SMSC, State.BOUND_TX, 0),
    ],
)
def test_there_is_room_only_where_messages_may_travel(side: Side, state: State, room: int) -> None:
    assert bound(side, state).room == room


def test_sequence_numbers_wrap_and_pass_over_those_in_flight() -> None:
    pending = Pending(MAX_SEQUENCE - 1)
    out: list[bytes] = []
    pending.write_batch(4, [(n, b"") for n in range(3)], 10, 5.0, out)
    assert list(pending.bulk) == [MAX_SEQUENCE - 1, MAX_SEQUENCE, 1]

    pending._sequence = MAX_SEQUENCE
    pending.write_batch(4, [("next", b"")], 10, 5.0, out)

    assert list(pending.bulk)[-1] == 2
    assert pending.next_sequence() == 3


def test_a_batch_over_the_wrap_expires_whole() -> None:
    pending = Pending(MAX_SEQUENCE)
    pending.write_batch(4, [("a", b""), ("b", b"")], 10, 5.0, [])

    assert pending.expire(5.0) == ([("a", UNKNOWN, ""), ("b", UNKNOWN, "")], [])


@given(st.lists(st.tuples(st.floats(0, 2), st.integers(1, 5)), max_size=20))
def test_every_batch_expires_once_and_not_much_too_late(batches: list) -> None:
    pending, now, latest = Pending(), 0.0, 0.0
    expected = 0
    for pause, count in batches:
        now += pause
        latest = now + 1.0
        pending.write_batch(4, [(expected + n, b"") for n in range(count)], 99, latest, [])
        expected += count
        gone, _ = pending.expire(now)
        assert len(gone) + len(pending) <= expected
    rest, _ = pending.expire(latest)
    assert len(pending) == 0
    assert {token for token, _, _ in rest} <= set(range(expected))


# -- answers that do not come, or come strangely -------------------------------------------


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


# -- the peer's requests -------------------------------------------------------------------


def test_requests_of_one_read_come_in_one_batch_and_are_answered_in_any_order() -> None:
    session = bound()
    first = Pdu(Command.deliver_sm, 0, 10, {"short_message": b"a"})
    second = Pdu(Command.data_sm, 0, 11, {})

    (event,) = session.receive_data(encode(first) + encode(second), now=0)

    assert isinstance(event, Requests)
    assert [pdu.sequence for pdu in event.pdus] == [10, 11]
    assert session.answer([(11, 0, "x"), (10, 0, ""), (10, 0, ""), (99, 0, "")]) == 2
    assert [(p.command, p.fields) for p in split(session.data_to_send())] == [
        ("data_sm_resp", {"message_id": "x"}),
        ("deliver_sm_resp", {"message_id": ""}),
    ]


def test_every_kind_of_request_gets_an_answer_of_its_form() -> None:
    session = bound(Side.SMSC)
    multi = Pdu(Command.submit_multi, 0, 2, {"dest_address": [{"dl_name": "x"}]})
    for pdu in (Pdu(Command.submit_sm, 0, 1), multi, Pdu(Command.cancel_sm, 0, 3)):
        session.receive_data(encode(pdu), now=0)
    session.receive_data(encode(Pdu(Command.query_sm, 0, 4)), now=0)

    session.answer([(1, 0, "a"), (2, 0, "b"), (3, 0, "")])
    assert session.answer_with(4, message_id="a", message_state=2, tlvs={"congestion_state": 1})
    assert not session.answer_with(4, message_id="a")

    answers = split(session.data_to_send())
    assert [pdu.command for pdu in answers] == [
        "submit_sm_resp",
        "submit_multi_resp",
        "cancel_sm_resp",
        "query_sm_resp",
    ]
    assert answers[1].fields == {"message_id": "b", "unsuccess_sme": []}
    assert answers[3].tlvs == {"congestion_state": 1}


@pytest.mark.parametrize("message_id", ["x" * 65, "a\0", "é"])
def test_a_message_id_that_is_none_is_refused(message_id: str) -> None:
    session = bound(Side.SMSC)
    session.receive_data(encode(Pdu(Command.submit_sm, 0, 1)), now=0)

    with pytest.raises(EncodeError, match="message_id: at most 64"):
        session.answer([(1, 0, message_id)])


def test_what_is_forgotten_is_never_answered() -> None:
    session = bound(Side.SMSC)
    session.receive_data(encode(Pdu(Command.submit_sm, 0, 1)), now=0)
    assert session.owed_count == 1

    session.forget([1])

    assert session.answer([(1, 0, "x")]) == 0
    assert session.data_to_send() == b""


def test_alert_notification_needs_no_answer() -> None:
    session = bound()

    (event,) = session.receive_data(encode(Pdu(Command.alert_notification, 0, 4)), now=0)

    assert isinstance(event, Requests)
    assert session.owed_count == 0


def test_events_keep_the_order_of_the_pdus() -> None:
    session = bound()
    session.request_batch([("a", HELLO), ("b", HELLO)], now=0)
    data = (
        answer(Command.submit_sm_resp, 1)
        + encode(Pdu(Command.deliver_sm, 0, 1))
        + answer(Command.unbind, 2)
        + answer(Command.submit_sm_resp, 2)
    )

    events = session.receive_data(data, now=0)

    kinds = [Outcomes, Requests, StateChanged, MustClose]
    assert [type(event) for event in events] == kinds
    assert session.receive_data(answer(Command.submit_sm_resp, 2), now=0) == []


# -- malformed octets ----------------------------------------------------------------------


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


@settings(max_examples=300)
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


# -- time ----------------------------------------------------------------------------------


def test_a_silent_peer_is_asked_and_its_answer_keeps_the_session() -> None:
    session = bound(enquire_link_s=30, response_timeout_s=10)

    assert session.on_time(29) == []
    assert session.data_to_send() == b""
    assert session.on_time(30) == []
    assert sent(session) == [("enquire_link", 0, 1)]
    assert session.receive_data(answer(Command.enquire_link_resp, 1), now=31) == []
    assert session.on_time(45) == []


def test_a_peer_that_does_not_answer_enquire_link_is_left() -> None:
    session = bound(enquire_link_s=30, response_timeout_s=10)
    session.on_time(30)
    session.on_time(35)
    assert sent(session) == [("enquire_link", 0, 1)]

    events = session.on_time(40)

    assert events == [
        StateChanged(State.UNBOUND),
        MustClose("no answer to enquire_link in time"),
    ]


def test_a_peer_that_speaks_but_ignores_enquire_link_is_kept() -> None:
    session = bound(enquire_link_s=30, response_timeout_s=10)
    session.on_time(30)
    session.receive_data(encode(Pdu(Command.deliver_sm, 0, 1)), now=35)

    assert session.on_time(40) == []


@pytest.mark.parametrize("side", Side)
def test_a_session_that_is_not_bound_in_time_is_closed(side: Side) -> None:
    session = Session(side, SessionConfig(bind_timeout_s=5), now=0)

    assert session.on_time(4.9) == []
    assert session.on_time(5) == [StateChanged(State.UNBOUND), MustClose("not bound in time")]


def test_a_bind_without_an_answer_closes_the_session() -> None:
    session = Session(Side.ESME, SessionConfig(bind_timeout_s=5), now=0)
    session.bind(Command.bind_receiver, now=0, system_id="me")

    assert session.on_time(5)[-1] == MustClose("no answer to the bind in time")


def test_an_idle_session_unbinds() -> None:
    session = bound(inactivity_s=60, enquire_link_s=None)
    session.request_batch([("a", HELLO)], now=10)
    session.receive_data(answer(Command.submit_sm_resp, 1), now=20)
    session.data_to_send()

    assert session.on_time(79) == []
    assert session.data_to_send() == b""
    session.on_time(80)
    assert sent(session) == [("unbind", 0, 2)]


def test_unbind_ends_with_its_answer() -> None:
    session = bound()
    session.unbind(now=0)
    session.unbind(now=0)
    assert sent(session) == [("unbind", 0, 1)]
    assert session.room == 0
    with pytest.raises(NotBound):
        session.request(Pdu(Command.query_sm), None, now=0)

    events = session.receive_data(answer(Command.unbind_resp, 1), now=1)

    assert events == [StateChanged(State.UNBOUND), MustClose("unbound")]


def test_unbind_ends_without_an_answer_too() -> None:
    session = bound(response_timeout_s=10)
    session.unbind(now=0)

    assert session.on_time(10)[-1] == MustClose("no answer to unbind in time")


def test_timers_that_are_off_never_act() -> None:
    session = bound(
        response_timeout_s=None,
        enquire_link_s=None,
        bind_timeout_s=None,
        inactivity_s=None,
        frame_timeout_s=None,
    )
    session.request_batch([("a", HELLO)], now=0)
    session.receive_data(b"\0", now=0)

    assert session.on_time(1e9) == []
    assert session.config.shortest_timer_s() == 60.0


# -- all together --------------------------------------------------------------------------


class Window(RuleBasedStateMachine):
    """However sending, answering, losing answers and time mix: each token comes back once."""

    def __init__(self) -> None:
        super().__init__()
        self.session = bound(window=7, response_timeout_s=10, first_sequence=MAX_SEQUENCE - 20)
        self.now = 0.0
        self.given: list[int] = []
        self.settled: list[object] = []
        self.open: list[int] = []

    def collect(self, events: list[Event]) -> None:
        for event in events:
            if isinstance(event, Outcomes) and not event.late:
                self.settled += [token for token, _, _ in event.outcomes]

    @rule(count=st.integers(1, 10))
    def submit(self, count: int) -> None:
        tokens = range(len(self.given), len(self.given) + count)
        taken = self.session.request_batch([(token, HELLO) for token in tokens], now=self.now)
        self.given += tokens[:taken]
        self.open += [
            pdu.sequence
            for pdu in split(self.session.data_to_send())
            if pdu.command_id == Command.submit_sm
        ]

    @precondition(lambda self: self.open)
    @rule(data=st.data(), status=st.sampled_from([0, 0x58, 0x0B]))
    def answer(self, data: st.DataObject, status: int) -> None:
        sequence = self.open.pop(data.draw(st.integers(0, len(self.open) - 1)))
        self.collect(
            self.session.receive_data(
                answer(Command.submit_sm_resp, sequence, status), now=self.now
            )
        )

    @rule(seconds=st.floats(0, 6))
    def wait(self, seconds: float) -> None:
        self.now += seconds
        self.collect(self.session.on_time(self.now))
        self.session.receive_data(encode(Pdu(Command.enquire_link, 0, 1)), now=self.now)
        self.session.data_to_send()

    @invariant()
    def nothing_is_lost_or_doubled(self) -> None:
        assert len(self.session.pending) <= 7
        assert len(self.settled) == len(set(self.settled))
        assert set(self.settled) | set(self.session.pending.bulk.values()) == set(self.given)

    def teardown(self) -> None:
        self.collect(self.session.connection_lost())
        assert sorted(self.settled) == self.given


TestWindow = Window.TestCase
