"""Timers: of a silent peer, of binding, of an idle session, of unbinding."""

from __future__ import annotations

import pytest

from textwell.smpp.codec import encode
from textwell.smpp.commands import Command
from textwell.smpp.errors import NotBound
from textwell.smpp.events import MustClose, StateChanged
from textwell.smpp.pdu import Pdu
from textwell.smpp.session import Session
from textwell.smpp.session_config import SessionConfig
from textwell.smpp.states import Side, State
from unit.smpp.sessions import HELLO, answer, bound, sent


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
