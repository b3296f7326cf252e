"""Parts of a long reply are answered with their text, once that is stored."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field
from typing import cast

import pytest

from textwell.gateways.providers.base import Handlers, Mo
from textwell.gateways.providers.smpp import PROVIDER
from textwell.gateways.providers.smpp.incoming import Reader
from textwell.gateways.providers.smpp.intake import Intake
from textwell.gateways.providers.smpp.parts import HOLD_S, MOST_HELD, QUIET_S, HeldParts
from textwell.gateways.providers.smpp.settings import SmppSettings
from textwell.smpp.client import DeliverBatch
from textwell.smpp.long_messages import Part
from textwell.smpp.pdu import Pdu

FIRST, SECOND = b"STOP please, I do not ", b"want this any more"
WHOLE = (FIRST + SECOND).decode()
ADDRESS = ("84901234567", "8085", 0)


@dataclass
class Carrier:
    """Sends parts, keeps the answers, and stands for the store behind the intake."""

    answers: list[tuple[int, int]] = field(default_factory=list)
    stored: list[str] = field(default_factory=list)
    failures: int = 0
    told: asyncio.Event = field(default_factory=asyncio.Event)

    def answer(self, answers: Iterable[tuple[int, int, str]]) -> int:
        said = [(sequence, status) for sequence, status, _ in answers]
        self.answers += said
        if said:
            self.told.set()
        return len(said)

    async def on_mos(self, mos: list[Mo]) -> None:
        if self.failures:
            self.failures -= 1
            raise OSError("no stream")
        self.stored += [mo.text for mo in mos]

    def send(self, *parts: tuple[int, int, bytes]) -> DeliverBatch:
        pdus = [deliver(*part) for part in parts]
        return DeliverBatch(pdus, self)  # type: ignore[arg-type] # answers as a Connection does

    async def wait_answer(self) -> list[tuple[int, int]]:
        await asyncio.wait_for(self.told.wait(), 10)
        self.told.clear()
        said, self.answers = self.answers, []
        return sorted(said)


def deliver(sequence: int, number: int, data: bytes) -> Pdu:
    source, destination, coding = ADDRESS
    fields = {
        "source_addr": source,
        "destination_addr": destination,
        "esm_class": 0x40,
        "data_coding": coding,
        "short_message": bytes((5, 0, 3, 7, 2, number)) + data,
    }
    return Pdu(5, 0, sequence, fields, {})


@pytest.fixture
def carrier() -> Carrier:
    return Carrier()


@pytest.fixture
async def intake(carrier: Carrier) -> AsyncIterator[Intake]:
    reader = Reader(SmppSettings.read({"host": "x", "system_id": "x"}), PROVIDER.classify)
    intake = Intake(reader, cast("Handlers", carrier))
    intake.start()
    yield intake
    await intake.stop()


async def test_a_failed_store_refuses_all_parts_and_all_of_them_make_the_text(
    carrier: Carrier, intake: Intake
) -> None:
    carrier.failures = 1
    intake.take(carrier.send((1, 1, FIRST)))
    intake.take(carrier.send((2, 2, SECOND)))
    refused = await carrier.wait_answer()
    assert [sequence for sequence, status in refused if status] == [1, 2]
    intake.take(carrier.send((3, 2, SECOND), (4, 1, FIRST)))
    assert await carrier.wait_answer() == [(3, 0), (4, 0)]
    assert carrier.stored == [WHOLE]


async def test_a_stop_hands_on_the_part_that_waits(carrier: Carrier, intake: Intake) -> None:
    intake.take(carrier.send((1, 1, FIRST)))
    assert carrier.answers == []
    await intake.stop()
    assert (carrier.stored, carrier.answers) == ([FIRST.decode()], [(1, 0)])


async def test_a_part_alone_is_not_answered_so_that_a_crash_loses_nothing(
    carrier: Carrier, intake: Intake
) -> None:
    whole = Pdu(5, 0, 9, deliver(9, 1, b"").fields | {"esm_class": 0, "short_message": b"Hi"}, {})
    batch = carrier.send((1, 1, FIRST))
    batch.pdus.append(whole)
    intake.take(batch)
    assert await carrier.wait_answer() == [(9, 0)]
    assert carrier.stored == ["Hi"]


async def test_a_part_that_comes_twice_is_answered_and_stored_once(
    carrier: Carrier, intake: Intake
) -> None:
    intake.take(carrier.send((1, 1, FIRST), (2, 1, FIRST), (3, 2, SECOND)))
    assert await carrier.wait_answer() == [(1, 0), (2, 0), (3, 0)]
    intake.take(carrier.send((4, 1, FIRST)))
    await intake.stop()
    assert carrier.answers == [(4, 0)]
    assert carrier.stored == [WHOLE]


def hold(held: HeldParts, reference: int, now: float) -> None:
    held.hear(now)
    request = (DeliverBatch([], None), reference)  # type: ignore[arg-type] # never answered here
    assert held.add(ADDRESS, Part(reference, 2, 1, FIRST), request, now) is None


def test_a_part_waits_for_its_time_or_until_the_carrier_is_silent() -> None:
    held = HeldParts()
    hold(held, 1, 100.0)
    assert held.release(100.0 + QUIET_S - 0.1) == []
    held.hear(100.0 + HOLD_S - 0.1)
    assert held.release(100.0 + HOLD_S - 0.1) == []
    assert [text.octets for text in held.release(100.0 + HOLD_S)] == [FIRST]
    hold(held, 2, 200.0)
    assert [text.octets for text in held.release(200.0 + QUIET_S)] == [FIRST]


def test_many_parts_leave_the_carrier_its_window() -> None:
    held = HeldParts()
    for reference in range(MOST_HELD + 2):
        hold(held, reference, 100.0)
    assert [text.key[1] for text in held.release(100.0)] == [0, 1]
