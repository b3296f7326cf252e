"""An SMPP gateway over real sockets to the simulated carrier, and what the parts of a long text come to."""

from __future__ import annotations

import asyncio

import pytest

from providers.recorder import Recorder, handoffs, spec_for, until
from textwell.gateways.providers.base import (
    Accepted,
    Asked,
    GatewayUnreachable,
    Handoff,
    Rejected,
    Unknown,
)
from textwell.gateways.providers.simulator.process import Options, Simulator, running
from textwell.gateways.providers.simulator.script import (
    BENCH,
    Failure,
    Operator,
    People,
    Range,
    Script,
)
from textwell.gateways.providers.smpp import PROVIDER
from textwell.gateways.providers.smpp.connection import SmppConnection
from textwell.gateways.providers.smpp.long import LongMessage
from textwell.smpp.commands import Status
from textwell.smpp.events import NOT_SENT, UNKNOWN

LONG = "Grüße aus der Bäckerei! " * 12
VIETNAMESE = "Ưu đãi cuối tuần dành riêng cho bạn, ghé tiệm nhé. " * 5


def fast(script: Script = BENCH) -> Options:
    return Options(script, port=0, speed=50)


def connect(simulator: Simulator, recorder: Recorder, **settings: object) -> SmppConnection:
    return PROVIDER.connect(spec_for(simulator, "smpp", **settings), recorder)


def all_fail(**failure: object) -> Script:
    return Script(operators=(Operator("all", failures=(Failure(1.0, **failure),)),))  # type: ignore[arg-type]


async def test_receipts_find_their_messages_by_key() -> None:
    recorder = Recorder()
    async with running(fast()) as simulator:
        connection = connect(simulator, recorder)
        await connection.open()
        connection.submit(handoffs(100))
        await until(lambda: len(recorder.receipts) == 100)
        await connection.close()
    keys = {one.provider_key for _, one in recorder.answers if isinstance(one, Accepted)}
    assert {receipt.provider_key for receipt in recorder.receipts} == keys
    assert {(r.state, r.reason, r.code) for r in recorder.receipts} == {
        ("delivered", "", "DELIVRD:000")
    }


@pytest.mark.parametrize(
    ("submit_id", "receipt_id", "id_format"),
    [
        ("hex", "decimal", "hex_submit"),
        ("decimal", "HEX", "hex_receipt"),
        ("padded", "decimal", "decimal"),
    ],
)
async def test_ids_in_another_notation_are_the_same_message(
    submit_id: str, receipt_id: str, id_format: str
) -> None:
    recorder = Recorder()
    script = Script(submit_id=submit_id, receipt_id=receipt_id)  # type: ignore[arg-type]
    async with running(fast(script)) as simulator:
        connection = connect(simulator, recorder, id_format=id_format)
        await connection.open()
        connection.submit(handoffs(1))
        await until(lambda: len(recorder.receipts) == 1)
        await connection.close()
    [(_, answer)] = recorder.answers
    assert isinstance(answer, Accepted)
    assert answer.provider_message_id != recorder.receipts[0].provider_message_id
    assert answer.provider_key == recorder.receipts[0].provider_key


@pytest.mark.parametrize("strategy", ["udh8", "udh16", "sar", "payload"])
@pytest.mark.parametrize("text", [LONG, VIETNAMESE])
async def test_a_long_message_has_one_answer_one_receipt_and_arrives_whole(
    strategy: str, text: str, tmp_path: object
) -> None:
    from pathlib import Path

    from textwell.gateways.providers.simulator.log import Handed, hash_text, read_log

    log = Path(str(tmp_path)) / "log"
    recorder = Recorder()
    async with running(Options(BENCH, port=0, speed=50, log=log)) as simulator:
        connection = connect(simulator, recorder, long_messages=strategy)
        await connection.open()
        connection.submit([Handoff(5, "+84901234567", "BAKERY", text)])
        await until(lambda: bool(recorder.receipts))
        await connection.close()
    [(message_id, answer)] = recorder.answers
    assert (message_id, type(answer)) == (5, Accepted)
    assert [r.provider_key for r in recorder.receipts] == [answer.provider_key]  # type: ignore[union-attr]
    [handed] = [entry for entry in read_log(log) if isinstance(entry, Handed)]
    assert handed.text_hash == hash_text(text)


async def test_more_parts_than_window_wait_in_order_and_all_are_answered() -> None:
    recorder = Recorder()
    async with running(fast()) as simulator:
        connection = connect(simulator, recorder)
        await connection.open()
        connection.submit(handoffs(100, text=LONG))
        assert connection.room() == 0
        await until(lambda: len(recorder.answers) == 100)
        await connection.close()
    assert recorder.of(Accepted) == list(range(1, 101))


async def test_a_dropped_connection_makes_what_is_in_flight_unknown_and_tells() -> None:
    recorder = Recorder()
    slow = Script(operators=(Operator("slow", latency=Range(5.0, 5.0)),))
    async with running(fast(slow)) as simulator:
        connection = connect(simulator, recorder)
        await connection.open()
        connection.submit(handoffs(10))
        await until(lambda: simulator.carrier.counts["submits"] == 10)
        simulator.smpp.drop_connections()
        await until(lambda: len(recorder.answers) == 10)
        assert recorder.of(Unknown) == list(range(1, 11))
        assert [is_up for is_up, _ in recorder.links] == [True, False]
        await connection.open()
        assert connection.room() == 100
        await connection.close()


async def test_a_half_open_connection_is_found_out() -> None:
    recorder = Recorder()
    async with running(fast()) as simulator:
        connection = connect(simulator, recorder, enquire_link_s=1, response_timeout_s=1)
        await connection.open()
        simulator.control.begin("half_open", 30)
        connection.submit(handoffs(3))
        await until(lambda: recorder.links[-1][0] is False, 8)
        assert recorder.of(Unknown) == [1, 2, 3]
        await connection.close()


async def test_an_answer_after_the_timeout_comes_as_a_late_one() -> None:
    recorder = Recorder()
    slow = Script(operators=(Operator("slow", latency=Range(1.5, 1.5)),))
    async with running(fast(slow)) as simulator:
        connection = connect(simulator, recorder)
        await connection.open()
        connection.submit(handoffs(1))
        await until(lambda: bool(recorder.late))
        await connection.close()
    assert recorder.of(Unknown) == [1]
    assert [(n, type(one)) for n, one in recorder.late] == [(1, Accepted)]


async def test_what_could_not_be_stored_is_left_to_the_carrier_and_comes_again() -> None:
    recorder = Recorder()
    recorder.store_fails = 1
    async with running(fast()) as simulator:
        connection = connect(simulator, recorder)
        await connection.open()
        connection.submit(handoffs(1))
        await until(lambda: bool(recorder.receipts))
        await connection.close()
    assert recorder.store_fails == 0
    assert len(recorder.receipts) == 1


@pytest.mark.parametrize("bind", ["trx", "tx+rx"])
async def test_replies_arrive_whole_by_either_way_to_bind(bind: str) -> None:
    recorder = Recorder()
    script = Script(people=People(question_share=1.0, reply_delay=Range(0.1, 0.2)))
    async with running(fast(script)) as simulator:
        connection = connect(simulator, recorder, bind=bind)
        await connection.open()
        connection.submit(handoffs(60))
        await until(lambda: len(recorder.mos) == 60)
        await connection.close()
    assert {mo.recipient for mo in recorder.mos} == {"BAKERY"}
    assert {mo.msisdn for mo in recorder.mos} == {one.msisdn for one in handoffs(60)}
    # The longest question takes two segments of Unicode.
    assert any(len(mo.text) > 70 and mo.text.endswith("nhé?") for mo in recorder.mos)


async def test_receipts_that_wait_while_nobody_is_bound_come_after_the_next_bind() -> None:
    recorder = Recorder()
    async with running(Options(BENCH, port=0, speed=5)) as simulator:
        connection = connect(simulator, recorder)
        await connection.open()
        connection.submit(handoffs(5))
        await until(lambda: len(recorder.answers) == 5)
        await connection.close()
        await until(lambda: simulator.carrier.counts["receipts"] == 5)
        assert recorder.receipts == []
        await connection.open()
        await until(lambda: len(recorder.receipts) == 5)
        await connection.close()


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        (Handoff(1, "+84901234567", "A sender far too long to be one", "Hi"), "sender_not_allowed"),
        (Handoff(1, "+849012345678901234567", "BAKERY", "Hi"), "invalid_number"),
        (Handoff(1, "+84901234567", "BAKERY", "x" * 40_000), "too_long"),
    ],
)
async def test_what_cannot_be_written_is_rejected_alone(message: Handoff, reason: str) -> None:
    recorder = Recorder()
    async with running(fast()) as simulator:
        connection = connect(simulator, recorder)
        await connection.open()
        connection.submit([message, Handoff(2, "+84901234567", "BAKERY", "Hi")])
        await connection.close()
    assert [(n, one.reason) for n, one in recorder.answers if isinstance(one, Rejected)] == [
        (1, reason)
    ]
    assert recorder.of(Accepted) == [2]


@pytest.mark.parametrize(
    ("statuses", "verdict"),
    [
        ((0, 0, 0), (0, "c")),
        ((0, Status.ESME_RINVDSTADR, 0), (Status.ESME_RINVDSTADR, "")),
        ((0, UNKNOWN, 0), (UNKNOWN, "")),
        ((0, NOT_SENT, NOT_SENT), (UNKNOWN, "")),
        ((NOT_SENT,) * 3, (NOT_SENT, "")),
        ((Status.ESME_RTHROTTLED,) * 3, (Status.ESME_RTHROTTLED, "")),
        ((Status.ESME_RTHROTTLED, UNKNOWN, NOT_SENT), (UNKNOWN, "")),
    ],
)
def test_parts_make_one_verdict(statuses: tuple[int, ...], verdict: tuple[int, str]) -> None:
    message = LongMessage(1, [b"a", b"b", b"c"])
    settled = [message.settle(place, status, "abc"[place]) for place, status in enumerate(statuses)]
    assert settled == [False, False, True]
    assert message.verdict() == verdict


@pytest.mark.parametrize(
    ("statuses", "is_begun"),
    [
        ((0, 0x400), True),
        ((0x400, UNKNOWN), True),
        ((0x400, 0x400), False),
        ((0x400, NOT_SENT), False),
    ],
)
def test_a_message_may_wait_for_credit_only_if_no_part_of_it_left(
    statuses: tuple[int, ...], is_begun: bool
) -> None:
    message = LongMessage(1, [b"a", b"b"])
    for place, status in enumerate(statuses):
        message.settle(place, status, "")
    assert message.is_begun is is_begun


def test_throttled_parts_of_a_message_begun_are_said_again() -> None:
    message = LongMessage(1, [b"a", b"b"])
    message.settle(0, 0, "a")
    message.settle(1, Status.ESME_RTHROTTLED, "")
    assert message.places_to_repeat() == [1]
    assert message.settle(1, 0, "b")
    assert message.verdict() == (0, "b")


@pytest.mark.parametrize(
    ("script", "sender", "expected"),
    [
        (Script(), "BAKERY", ("delivered", "", "DELIVRD:000")),
        (all_fail(stat="UNDELIV", err="027"), "12345", ("undelivered", "handset_off", "UNDELIV:027")),
        (all_fail(stat="EXPIRED", err="027"), "+84901234567", ("expired", "handset_off", "EXPIRED:027")),
        (Script(operators=(Operator("slow", receipt_delay=Range(900.0, 900.0)),)), "BAKERY", None),
    ],
    ids=["delivered", "undelivered", "expired", "on its way"],
)  # fmt: skip
async def test_a_receipt_that_never_came_can_be_asked_for(
    script: Script, sender: str, expected: tuple[str, str, str] | None
) -> None:
    recorder = Recorder()
    async with running(fast(script)) as simulator:
        simulator.control.begin("lose_receipts", 60)
        connection = connect(simulator, recorder)
        await connection.open()
        connection.submit([Handoff(5, "+84900000001", sender, "Hello")])
        await until(lambda: len(recorder.answers) == 1)
        ((_, answer),) = recorder.answers
        assert isinstance(answer, Accepted)
        asked = Asked(5, answer.provider_message_id, answer.provider_key, sender)
        receipt = await connection.query(asked)
        async with asyncio.timeout(5):
            while receipt is None and expected is not None:
                receipt = await connection.query(asked)
        strange = await connection.query(Asked(6, "not-its-id", 0, sender))
        await connection.close()
    assert strange is None
    found = receipt and (receipt.state, receipt.reason, receipt.code)
    assert found == expected
    if receipt is not None:
        assert (receipt.message_id, receipt.provider_key) == (5, answer.provider_key)
        assert receipt.done_at is not None
        assert abs(receipt.done_at - receipt.received_at) < 60
    with pytest.raises(GatewayUnreachable):
        await connection.query(asked)
