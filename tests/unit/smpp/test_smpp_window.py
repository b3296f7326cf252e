"""The window: what fits, which numbers it takes, and that each token comes back once."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from textwell.smpp.codec import encode
from textwell.smpp.commands import Command, Status
from textwell.smpp.events import UNKNOWN, Event, Outcomes
from textwell.smpp.pdu import Pdu
from textwell.smpp.pending import MAX_SEQUENCE, Pending
from textwell.smpp.session_config import SessionConfig
from textwell.smpp.states import Side, State
from unit.smpp.sessions import HELLO, answer, bound, sent, split


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
