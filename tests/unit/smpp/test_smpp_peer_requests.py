"""The peer's requests and what they are answered with."""

from __future__ import annotations

import pytest

from textwell.smpp.codec import encode
from textwell.smpp.commands import Command
from textwell.smpp.errors import EncodeError
from textwell.smpp.events import MustClose, Outcomes, Requests, StateChanged
from textwell.smpp.pdu import Pdu
from textwell.smpp.states import Side
from unit.smpp.sessions import HELLO, answer, bound, split


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


def test_requests_under_one_number_are_each_answered_in_the_order_in_which_they_came() -> None:
    session = bound(Side.SMSC)
    multi = Pdu(Command.submit_multi, 0, 7, {"dest_address": [{"dl_name": "x"}]})
    frames = (
        encode(Pdu(Command.submit_sm, 0, 7)) + encode(multi) + encode(Pdu(Command.data_sm, 0, 7))
    )
    session.receive_data(frames, now=0)
    assert session.owed_count == 3

    assert session.answer([(7, 0, "a"), (7, 0, "b"), (7, 8, ""), (7, 0, "d")]) == 3

    answers = split(session.data_to_send())
    assert [(pdu.command, pdu.status, pdu.sequence) for pdu in answers] == [
        ("submit_sm_resp", 0, 7), ("submit_multi_resp", 0, 7), ("data_sm_resp", 8, 7),
    ]  # fmt: skip
    assert session.owed_count == 0


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
