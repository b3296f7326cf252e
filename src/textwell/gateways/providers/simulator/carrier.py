"""The carrier: takes messages from its doors, decides, and tells later what became of them.

A door gives `take` one whole message or part at a time and learns status and id at once; when the
answer is sent is the door's business. What comes later reaches the account's `receipts` and `mos`.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from typing import Final, Protocol
from zlib import crc32

import msgspec

from textwell.gateways.providers.simulator.fates import RECEIPT_TICK_S, Fate, Fates, Network, spread
from textwell.gateways.providers.simulator.faults import Faults
from textwell.gateways.providers.simulator.ids import FORMATS, Ids
from textwell.gateways.providers.simulator.log import LogWriter
from textwell.gateways.providers.simulator.people import Crowd, Plan
from textwell.gateways.providers.simulator.script import Script
from textwell.gateways.providers.simulator.wheel import Wheel
from textwell.smpp.commands import Status

_SLOT_S: Final = 0.1  # over which a network counts its limit


class ReceiptText(msgspec.Struct, gc=False):
    """A receipt to send: message id as given out, as receipts say it, and times in seconds."""

    msisdn: str
    sender: str
    message_id: str
    stat: str
    err: str
    taken_at: float
    done_at: float


class Account(Protocol):
    """Who is to get receipts and replies, whatever the door."""

    def receipts(self, receipts: list[ReceiptText]) -> None: ...

    def reply(self, msisdn: str, recipient: str, text: str) -> None: ...


# account, msisdn, sender, receipt's id, stat, err, time taken, what the person will do
Due = tuple[Account, str, str, str, str, str, float, Plan | None]


class Carrier:
    """One simulated carrier; lives on one loop."""

    def __init__(
        self, script: Script, *, seed: int, speed: float, log: LogWriter, crowd: Crowd | None
    ) -> None:
        self.loop = asyncio.get_running_loop()
        self.script = script
        self.log = log
        self.faults = Faults(script.faults)
        self.fates = Fates(script, seed, speed)
        self.crowd = crowd
        self.counts: Counter[str] = Counter()
        self._ids = Ids(time.time_ns() // 1000)
        self._submit_id = FORMATS[script.submit_id]
        self._receipt_id = FORMATS[script.receipt_id]
        self._same_id = script.submit_id == script.receipt_id
        self._wheel: Wheel[Due] = Wheel(self.loop, RECEIPT_TICK_S, self._send_due)
        self._held: list[Due] = []
        self._lines: list[str] = []
        self._tick = 0

    # -- taking ----------------------------------------------------------------------------

    def is_full(self, network: Network, segments: int, now: float) -> bool:
        """Whether the network's limit is passed by these segments; counts them if not."""
        limit = network.operator.limit
        if not limit:
            return False
        slot = int(now / _SLOT_S)
        if slot != network.slot:
            network.slot, network.taken = slot, 0
        if network.taken and network.taken + segments > limit * _SLOT_S:
            return True
        network.taken += segments
        return False

    def make_id(self) -> tuple[str, str]:
        """A new message id, as the answer says it and as receipts do."""
        number = self._ids.next()
        text = self._submit_id(number)
        return text, text if self._same_id else self._receipt_id(number)

    def find_fate(self, msisdn: str, length: int) -> tuple[Network, int, Fate]:
        """Network, lot and fate of a message to these digits, by its length in octets."""
        network = self.fates.network(msisdn)
        lot = spread(self.fates.seed, msisdn, length)
        return network, lot, Fates.fate(network, lot)

    def keep(
        self,
        account: Account,
        *,
        msisdn: str,
        sender: str,
        ids: tuple[str, str],
        text: bytes,
        segments: int,
        fate: Fate,
        lot: int,
        taken_at: float,
        status: int,
        is_answered: bool,
        wants_receipt: bool,
    ) -> None:
        """A whole message is here: log it and set what follows. `text` is UTF-8."""
        self._lines.append(
            f"H\t{int(taken_at * 1000)}\t+{msisdn}\t{sender}\t{ids[0]}\t{crc32(text):08x}\t{len(text)}"
            f"\t{segments}\t{status}\t{'sent' if is_answered else 'lost'}\n"
        )
        if status:
            return
        plan = self.crowd.plan(lot, msisdn, text) if self.crowd else None
        if not wants_receipt and plan is None:
            return
        bucket, first = self._wheel.bucket, self._tick
        for ticks, stat, err in fate.steps:
            bucket(first + ticks).append(
                (
                    account,
                    msisdn,
                    sender,
                    ids[1],
                    stat if wants_receipt else "",
                    err,
                    taken_at,
                    plan,
                )
            )
            plan = plan if stat == "ACCEPTD" else None

    def begin_batch(self) -> None:
        """Before the messages of one read: what follows from them counts from now."""
        self._tick = self._wheel.now_tick()

    def end_batch(self) -> None:
        """After the messages of one read: their lines go to the log."""
        self.log.extend(self._lines)
        self._lines = []

    # -- what follows ----------------------------------------------------------------------

    def _send_due(self, due: list[Due]) -> None:
        now = self.loop.time()
        if self.faults.is_on("hold_receipts", now):
            self._held += due
            self.loop.call_later(RECEIPT_TICK_S, self._release)
            return
        lose = self.faults.is_on("lose_receipts", now)
        times = 2 if self.faults.is_on("double_receipts", now) else 1
        done_at = time.time()
        by_account: dict[Account, list[ReceiptText]] = {}
        for account, msisdn, sender, message_id, stat, err, taken_at, plan in due:
            if plan is not None and self.crowd and stat in {"", "DELIVRD"}:
                self.crowd.act(plan, account, msisdn, sender)
            if not stat or lose:
                continue
            receipt = ReceiptText(msisdn, sender, message_id, stat, err, taken_at, done_at)
            by_account.setdefault(account, []).extend([receipt] * times)
        for account, receipts in by_account.items():
            account.receipts(receipts)
            self.log_receipts(receipts)

    def _release(self) -> None:
        if self._held and not self.faults.is_on("hold_receipts", self.loop.time()):
            held, self._held = self._held, []
            self._send_due(held)
        elif self._held:
            self.loop.call_later(RECEIPT_TICK_S, self._release)

    def log_receipts(self, receipts: list[ReceiptText]) -> None:
        """Receipts that are on their way now."""
        self.counts["receipts"] += len(receipts)
        at = int(time.time() * 1000)
        self.log.extend(
            [
                f"R\t{at}\t+{one.msisdn}\t{one.message_id}\t{one.stat}\t{one.err}\n"
                for one in receipts
            ]
        )

    def log_fault(self, kind: str, seconds: float) -> None:
        self.counts["faults"] += 1
        self.log.extend([f"F\t{int(time.time() * 1000)}\t{kind}\t{seconds:g}\n"])

    def state(self) -> dict[str, object]:
        """What the control door shows."""
        now = self.loop.time()
        return {
            "script": self.script.name,
            "counts": dict(self.counts),
            "receipts_due": len(self._wheel) + len(self._held),
            "faults": {k: round(u - now, 3) for k, u in self.faults.until.items() if u > now},
        }


THROTTLED: Final = int(Status.ESME_RTHROTTLED)
