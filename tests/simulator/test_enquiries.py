"""The simulator as any SMPP 3.4 client meets it: what it is asked about messages it took."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from providers.recorder import until
from textwell.gateways.providers.simulator.log import Handed, hash_text, read_log
from textwell.gateways.providers.simulator.memory import Memory, Taken
from textwell.gateways.providers.simulator.process import Options, Simulator, running
from textwell.gateways.providers.simulator.script import Failure, Operator, Range, Script
from textwell.smpp import Client, ClientConfig, Command, MessageState, Pdu, Receipt, Status
from textwell.smpp.client import DeliverBatch
from textwell.smpp.receipts import receipt_of

SLOW = Operator("slow", ("849",), receipt_delay=Range(30.0, 30.0))
FAST = Operator("fast", ("1",), receipt_delay=Range(0.0, 0.0))
FAILING = Operator(
    "failing",
    ("2",),
    receipt_delay=Range(0.0, 0.0),
    lost_share=0.5,
    failures=(Failure(0.5, err="027"),),
)
SCRIPT = Script(operators=(SLOW, FAST, FAILING, Operator("rest")))


class Esme:
    """A plain client and the receipts it got."""

    def __init__(self, client: Client, receipts: list[Receipt]) -> None:
        self.client = client
        self.receipts = receipts

    async def submit(self, to: str, **fields: Any) -> str:
        fields = {"source_addr": "BAKERY", "short_message": b"Hello", **fields}
        answer = await self.ask(Command.submit_sm, destination_addr=to, **fields)
        assert answer.status == Status.ESME_ROK
        return str(answer.fields["message_id"])

    async def ask(
        self, command: Command, *, tlvs: dict[str, Any] | None = None, **fields: Any
    ) -> Pdu:
        answer = await self.client.request(Pdu(command, fields=fields, tlvs=tlvs or {}))
        assert answer is not None
        return answer

    async def query(self, message_id: str, source_addr: str = "BAKERY") -> Pdu:
        return await self.ask(Command.query_sm, message_id=message_id, source_addr=source_addr)


@asynccontextmanager
async def binding(simulator: Simulator, system_id: str = "one") -> AsyncIterator[Esme]:
    receipts: list[Receipt] = []

    def take(batch: DeliverBatch) -> None:
        found = [receipt_of(pdu) for pdu in batch.pdus]
        receipts.extend(receipt for receipt in found if receipt is not None)
        batch.ack()

    client = Client(ClientConfig("127.0.0.1", simulator.port, system_id, "x"), on_deliver=take)
    await client.connect()
    yield Esme(client, receipts)
    await client.close()


async def test_a_query_tells_first_on_its_way_and_then_the_end() -> None:
    async with running(Options(SCRIPT, port=0)) as simulator, binding(simulator) as esme:
        slow = await esme.submit("84901234567", registered_delivery=1)
        fast = await esme.submit("12025550101", registered_delivery=1)
        await until(lambda: len(esme.receipts) == 1)

        on_its_way, ended = await esme.query(slow), await esme.query(fast)

    assert on_its_way.fields == {
        "message_id": slow,
        "final_date": "",
        "message_state": MessageState.ENROUTE,
        "error_code": 0,
    }
    assert ended.fields["message_state"] == MessageState.DELIVERED
    assert re.fullmatch(r"\d{13}00\+", ended.fields["final_date"])


async def test_a_query_knows_the_end_whose_receipt_was_lost_or_never_asked_for() -> None:
    async with running(Options(SCRIPT, port=0)) as simulator, binding(simulator) as esme:
        ids = [await esme.submit(f"2{n:010d}", registered_delivery=n % 2) for n in range(20)]
        tick = simulator.carrier.now_tick() + 2
        await until(lambda: simulator.carrier.now_tick() >= tick)
        answers = [(await esme.query(one)).fields for one in ids]

    states = {(one["message_state"], one["error_code"]) for one in answers}
    assert states == {(MessageState.DELIVERED, 0), (MessageState.UNDELIVERABLE, 27)}
    assert len(esme.receipts) < 10


async def test_nobody_asks_about_a_message_that_is_not_theirs() -> None:
    async with (
        running(Options(SCRIPT, port=0)) as simulator,
        binding(simulator) as esme,
        binding(simulator, "two") as other,
    ):
        message_id = await esme.submit("84901234567")
        assert (await other.query(message_id)).status == Status.ESME_RINVMSGID
        assert (await esme.query("ffff")).status == Status.ESME_RINVMSGID
        assert (await esme.query(message_id, "CAFE")).status == Status.ESME_RQUERYFAIL


async def test_every_part_of_a_long_message_has_the_end_of_the_whole() -> None:
    def part(number: int) -> dict[str, Any]:
        header = bytes((5, 0, 3, 7, 2, number))
        return {"esm_class": 0x40, "short_message": header + b"bread", "registered_delivery": 1}

    async with running(Options(SCRIPT, port=0)) as simulator, binding(simulator) as esme:
        first = await esme.submit("12025550101", **part(1))
        assert (await esme.query(first)).fields["message_state"] == MessageState.ENROUTE
        second = await esme.submit("12025550101", **part(2))
        await until(lambda: len(esme.receipts) == 1)
        states = [(await esme.query(one)).fields["message_state"] for one in (first, second)]
    assert states == [MessageState.DELIVERED] * 2


async def test_what_is_canceled_never_arrives_and_a_receipt_says_so(tmp_path: Path) -> None:
    log = tmp_path / "log"
    async with running(Options(SCRIPT, port=0, log=log)) as simulator, binding(simulator) as esme:
        message_id = await esme.submit("84901234567", registered_delivery=1)
        wanted: dict[str, Any] = {"message_id": message_id, "source_addr": "BAKERY"}
        wrong = await esme.ask(Command.cancel_sm, **wanted, destination_addr="84900000000")
        assert wrong.status == Status.ESME_RCANCELFAIL

        assert (await esme.ask(Command.cancel_sm, **wanted)).status == Status.ESME_ROK

        await until(lambda: len(esme.receipts) == 1)
        answer = await esme.query(message_id)
        again = await esme.ask(Command.cancel_sm, **wanted)
    assert esme.receipts[0].stat == "DELETED"
    assert answer.fields["message_state"] == MessageState.DELETED
    assert again.status == Status.ESME_RCANCELFAIL
    lines = [line.split("\t") for line in log.read_text().splitlines()]
    assert [line[2:] for line in lines if line[0] == "D"] == [["+84901234567", message_id]]


async def test_without_an_id_all_that_waits_for_a_number_is_canceled() -> None:
    async with running(Options(SCRIPT, port=0)) as simulator, binding(simulator) as esme:
        mine = [await esme.submit("84901234567", service_type=kind) for kind in ("A", "B", "A")]
        other = await esme.submit("84907654321", service_type="A")
        where: dict[str, Any] = {
            "source_addr": "BAKERY",
            "destination_addr": "84901234567",
            "service_type": "A",
        }
        assert (await esme.ask(Command.cancel_sm, **where)).status == Status.ESME_ROK
        states = [(await esme.query(one)).fields["message_state"] for one in [*mine, other]]
    gone, still = MessageState.DELETED, MessageState.ENROUTE
    assert states == [gone, still, gone, still]


async def test_a_text_is_replaced_while_it_is_on_its_way(tmp_path: Path) -> None:
    log = tmp_path / "log"
    async with running(Options(SCRIPT, port=0, log=log)) as simulator, binding(simulator) as esme:
        slow, fast = await esme.submit("84901234567"), await esme.submit("12025550101")
        tick = simulator.carrier.now_tick() + 2
        await until(lambda: simulator.carrier.now_tick() >= tick)
        new: dict[str, Any] = {
            "source_addr": "BAKERY",
            "short_message": b"Closed",
            "registered_delivery": 1,
        }
        done = await esme.ask(Command.replace_sm, message_id=slow, **new)
        late = await esme.ask(Command.replace_sm, message_id=fast, **new)
        unknown = await esme.ask(Command.replace_sm, message_id="ffff", **new)
    assert [done.status, late.status, unknown.status] == [
        Status.ESME_ROK,
        Status.ESME_RREPLACEFAIL,
        Status.ESME_RINVMSGID,
    ]
    lines = [line.split("\t") for line in log.read_text().splitlines()]
    assert [line[2:] for line in lines if line[0] == "T"] == [
        ["+84901234567", slow, hash_text("Closed"), "6"]
    ]


def _taken(number: int, account: Any) -> Taken:
    return Taken(account, str(number), "B", "id", 0.0, 1, None, 0, "DELIVRD", "000")


@pytest.mark.parametrize(("count", "kept", "first"), [(9, 9, True), (20, 10, False)])
def test_what_is_remembered_is_bounded(count: int, kept: int, first: bool) -> None:
    memory = Memory(generation=10)
    remember: Callable[[int], None] = lambda n: memory.young.update({str(n): _taken(n, None)})  # noqa: E731
    for number in range(count):
        remember(number)
        memory.age()
    assert len(memory) == kept
    assert bool(memory.find("0")) is first
    assert [one.msisdn for one in memory.find(str(count - 1))] == [str(count - 1)]


async def test_data_sm_is_delivered_like_submit_sm(tmp_path: Path) -> None:
    log = tmp_path / "log"
    async with running(Options(SCRIPT, port=0, log=log)) as simulator, binding(simulator) as esme:
        answer = await esme.ask(
            Command.data_sm,
            source_addr="BAKERY",
            destination_addr="12025550101",
            registered_delivery=1,
            tlvs={"message_payload": b"Hello"},
        )
        await until(lambda: len(esme.receipts) == 1)
        state = (await esme.query(answer.fields["message_id"])).fields["message_state"]
    assert esme.receipts[0].id == answer.fields["message_id"]
    assert state == MessageState.DELIVERED
    assert [one.text_hash for one in handed(log)] == [hash_text("Hello")]


async def test_each_destination_of_submit_multi_has_its_own_fate_and_receipt(
    tmp_path: Path,
) -> None:
    refusing = Operator("refusing", ("3",), failures=(Failure(1.0, status=0x0B),))
    script = Script(operators=(FAST, SLOW, refusing, Operator("rest")))
    log = tmp_path / "log"
    async with running(Options(script, port=0, log=log)) as simulator, binding(simulator) as esme:
        answer = await esme.ask(
            Command.submit_multi,
            source_addr="BAKERY",
            registered_delivery=1,
            short_message=b"Hello",
            dest_address=places("12025550101", "12025550102", "33612345678", "84901234567"),
        )
        await until(lambda: len(esme.receipts) == 2)
        message_id = answer.fields["message_id"]
        both = (await esme.query(message_id)).fields["message_state"]
        only = {"source_addr": "BAKERY", "message_id": message_id}
        to: dict[str, Any] = {"destination_addr": "84901234567", **only}
        assert (await esme.ask(Command.cancel_sm, **to)).status == Status.ESME_ROK
        await until(lambda: len(esme.receipts) == 3)
    assert answer.fields["unsuccess_sme"] == [
        {
            "dest_addr_ton": 1,
            "dest_addr_npi": 1,
            "destination_addr": "33612345678",
            "error_status_code": 0x0B,
        }
    ]
    assert both == MessageState.ENROUTE
    assert {one.id for one in esme.receipts} == {message_id}
    assert [one.stat for one in esme.receipts] == ["DELIVRD", "DELIVRD", "DELETED"]
    assert [one.status for one in handed(log)] == [0, 0, 0x0B, 0]


async def test_submit_multi_that_nobody_takes_is_refused() -> None:
    refusing = Operator("refusing", ("",), failures=(Failure(1.0, status=0x0B),))
    async with (
        running(Options(Script(operators=(refusing,)), port=0)) as simulator,
        binding(simulator) as esme,
    ):
        fields: dict[str, Any] = {"source_addr": "B", "short_message": b"Hi"}
        refused = await esme.ask(Command.submit_multi, dest_address=places("1", "2"), **fields)
        listed = [{"dest_flag": 2, "dl_name": "friends"}]
        no_list = await esme.ask(Command.submit_multi, dest_address=listed, **fields)
    assert (refused.status, no_list.status) == (0x0B, Status.ESME_RINVDLNAME)


@pytest.mark.parametrize(
    ("registered_delivery", "stats"),
    [(0, set()), (1, {"DELIVRD", "UNDELIV"}), (2, {"UNDELIV"})],
)
async def test_receipts_come_as_they_were_asked_for(
    registered_delivery: int, stats: set[str]
) -> None:
    half = Operator("half", receipt_delay=Range(0, 0), failures=(Failure(0.5, err="027"),))
    async with (
        running(Options(Script(operators=(half,)), port=0)) as simulator,
        binding(simulator) as esme,
    ):
        for number in range(20):
            await esme.submit(f"1202555{number:04d}", registered_delivery=registered_delivery)
        await until(lambda: not simulator.carrier.state()["receipts_due"])
        await esme.query("last")  # what was sent before its answer is here now
    assert {one.stat for one in esme.receipts} == stats


@pytest.mark.parametrize(
    ("octets", "coding", "segments"),
    [
        (b"a" * 160, 0, 1),
        (b"a" * 161, 0, 2),
        (b"a" * 400, 0, 3),
        (b"a" * 152 + b"\x1b\x65" + b"a" * 152, 0, 3),  # the euro is not cut in two
        ("я".encode("utf-16-be") * 70, 8, 1),
        ("я".encode("utf-16-be") * 200, 8, 3),
        (bytes(141), 4, 2),
    ],
)
async def test_a_payload_counts_as_the_segments_that_a_phone_gets(
    tmp_path: Path, octets: bytes, coding: int, segments: int
) -> None:
    log = tmp_path / "log"
    async with running(Options(SCRIPT, port=0, log=log)) as simulator, binding(simulator) as esme:
        await esme.submit(
            "84901234567",
            short_message=b"",
            data_coding=coding,
            tlvs={"message_payload": octets},
        )
    assert [one.segment_count for one in handed(log)] == [segments]


@pytest.mark.parametrize(
    ("octets", "tlvs"),
    [
        (b"\x7f\x00", {}),  # a header longer than what there is
        (b"\x05\x00\x03\x01\x02", {}),
        (b"Hello", {"sar_msg_ref_num": [1, 1], "sar_total_segments": [2, 2]}),
    ],
)
async def test_a_header_that_contradicts_itself_is_taken_as_text(
    tmp_path: Path, octets: bytes, tlvs: dict[str, Any]
) -> None:
    log = tmp_path / "log"
    async with running(Options(SCRIPT, port=0, log=log)) as simulator, binding(simulator) as esme:
        answer = await esme.ask(
            Command.submit_sm,
            destination_addr="849",
            esm_class=0x40,
            short_message=octets,
            tlvs=tlvs,
        )
    assert answer.status == Status.ESME_ROK
    assert [one.segment_count for one in handed(log)] == [1]


def handed(log: Path) -> list[Handed]:
    return [entry for entry in read_log(log) if isinstance(entry, Handed)]


def places(*numbers: str) -> list[dict[str, Any]]:
    return [
        {"dest_flag": 1, "dest_addr_ton": 1, "dest_addr_npi": 1, "destination_addr": number}
        for number in numbers
    ]
