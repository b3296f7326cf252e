"""Binds, and which request may be sent in which state."""

from __future__ import annotations

import pytest

from textwell.smpp.codec import encode
from textwell.smpp.commands import Command, Status
from textwell.smpp.errors import NotBound
from textwell.smpp.events import (
    BindAnswered,
    BindRequested,
    OutbindReceived,
    Requests,
    StateChanged,
)
from textwell.smpp.pdu import Pdu
from textwell.smpp.session import Session
from textwell.smpp.session_config import SessionConfig
from textwell.smpp.states import REQUESTS, Side, State, may_send
from unit.smpp.sessions import answer, bound, sent, split


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


def test_a_second_bind_is_refused_while_the_first_is_being_judged() -> None:
    smsc = Session(Side.SMSC, SessionConfig(), now=0)
    first, second = (answer(Command.bind_receiver, number) for number in (1, 2))

    (asked,) = smsc.receive_data(first + second, now=0)

    assert isinstance(asked, BindRequested)
    assert sent(smsc) == [("bind_receiver_resp", Status.ESME_RALYBND, 2)]
    smsc.answer_bind(asked.pdu, status=Status.ESME_RINVPASWD)
    assert len(smsc.receive_data(answer(Command.bind_receiver, 3), now=0)) == 1


@pytest.mark.parametrize(("version", "tlvs"), [(0x33, {}), (0x34, {"sc_interface_version": 0x34})])
def test_only_who_binds_as_3_4_is_sent_a_tlv(version: int, tlvs: dict[str, int]) -> None:
    smsc = Session(Side.SMSC, SessionConfig(), now=0)
    fields = {"system_id": "me", "interface_version": version}
    (asked,) = smsc.receive_data(encode(Pdu(Command.bind_receiver, 0, 1, fields)), now=0)
    assert isinstance(asked, BindRequested)

    smsc.answer_bind(asked.pdu, system_id="us")

    (told,) = split(smsc.data_to_send())
    assert (told.fields["system_id"], told.tlvs) == ("us", tlvs)


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
