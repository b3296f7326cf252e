"""Handlers that write down what a connection says, and specs of the two doors."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

from textwell.gateways.providers.base import Answer, GatewaySpec, Handoff, Mo, Receipt
from textwell.gateways.providers.simulator.process import Simulator


class Recorder:
    def __init__(self) -> None:
        self.answers: list[tuple[int, Answer]] = []
        self.late: list[tuple[int, Answer]] = []
        self.receipts: list[Receipt] = []
        self.mos: list[Mo] = []
        self.links: list[tuple[bool, str]] = []
        self.store_fails = 0

    def on_answers(self, answers: list[tuple[int, Answer]]) -> None:
        self.answers += answers

    def on_late_answers(self, answers: list[tuple[int, Answer]]) -> None:
        self.late += answers

    async def on_receipts(self, receipts: list[Receipt]) -> None:
        if self.store_fails:
            self.store_fails -= 1
            raise OSError("the stream is away")
        self.receipts += receipts

    async def on_mos(self, mos: list[Mo]) -> None:
        self.mos += mos

    def on_link(self, is_up: bool, reason: str) -> None:
        self.links.append((is_up, reason))

    def of(self, kind: type) -> list[int]:
        """Message ids with an answer of this kind, sorted."""
        return sorted(message_id for message_id, one in self.answers if isinstance(one, kind))


async def until(is_so: Callable[[], bool], timeout_s: float = 5.0) -> None:
    """Wait until it is so; fail after a while."""
    async with asyncio.timeout(timeout_s):
        while not is_so():  # noqa: ASYNC110 - what tests wait for has no event
            await asyncio.sleep(0.01)


def spec_for(simulator: Simulator, kind: str, **settings: Any) -> GatewaySpec:
    """A gateway that reaches this simulator by the door of its kind."""
    if kind == "simulator_http":
        given = {
            "url": f"http://127.0.0.1:{simulator.http_port}",
            "api_key": "key-of-the-test",
            "webhook_secret": "hook",
            "response_timeout_s": 1,
        }
    else:
        given = {
            "host": "127.0.0.1",
            "port": simulator.port,
            "system_id": "test",
            "password": "pw-hush",
            "response_timeout_s": 1,
        }
    return GatewaySpec(7, 1, "Test", kind, "active", given | settings, window=100)


def handoffs(count: int, *, text: str = "Hello", first: int = 1) -> Sequence[Handoff]:
    return [
        Handoff(first + n, f"+84{900000000 + n * 7919 % 99999999}", "BAKERY", text)
        for n in range(count)
    ]
