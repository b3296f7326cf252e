"""What the simulator says to clients of older versions of the protocol."""

from __future__ import annotations

import pytest

from providers.recorder import Recorder, handoffs, until
from simulator.playing import opened
from textwell.gateways.providers.simulator import smpp_door
from textwell.gateways.providers.simulator.carrier import ReceiptText
from textwell.gateways.providers.simulator.deliveries import build_receipt
from textwell.gateways.providers.simulator.process import Options, running
from textwell.gateways.providers.simulator.script import BENCH


@pytest.mark.parametrize(("version", "with_tlvs"), [("3.3", False), ("3.4", True)])
async def test_receipts_for_a_client_of_3_3_bear_no_tlv(
    version: str, with_tlvs: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    built: list[bool] = []

    def spy(receipt: ReceiptText, *, with_tlvs: bool) -> bytes:
        built.append(with_tlvs)
        return build_receipt(receipt, with_tlvs=with_tlvs)

    monkeypatch.setattr(smpp_door, "build_receipt", spy)
    recorder = Recorder()
    async with (
        running(Options(BENCH, port=0, speed=50)) as simulator,
        opened(simulator, recorder, "smpp", interface_version=version) as connection,
    ):
        connection.submit(list(handoffs(3)))
        await until(lambda: len(recorder.receipts) == 3)

    assert built == [with_tlvs] * 3
