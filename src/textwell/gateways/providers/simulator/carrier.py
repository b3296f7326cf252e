"""The carrier: takes messages from its doors, decides, and tells later what became of them.

A door gives `take` one whole message or part at a time and learns status and id at once; when the
answer is sent is the door's business. What comes later reaches the account's `receipts` and `mos`.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter, defaultdict
from typing import Final, Protocol
from zlib import crc32

import msgspec

from textwell.gateways.providers.simulator.fates import (
    RECEIPT_TICK_S,
    Fate,
    Fates,
    Network,
    Step,
    spread,
)
from textwell.gateways.providers.simulator.faults import Faults
from textwell.gateways.providers.simulator.ids import FORMATS, Ids
from textwell.gateways.providers.simulator.log import LogWriter
from textwell.gateways.providers.simulator.memory import Memory, Taken
from textwell.gateways.providers.simulator.people import Crowd
from textwell.gateways.providers.simulator.script import Script
from textwell.gateways.providers.simulator.wheel import Wheel
from textwell.smpp.commands import Status

_ARRIVED: Final = frozenset({"", "DELIVRD"})
_ONLY_SUCCESS: Final = 3  # of 5.0; 2 is failures alone
_ALWAYS: Final = 1  # registered_delivery: receipts of success and of failure


class ReceiptText(msgspec.Struct, gc=False):
    """A receipt to send: message id as given out, as receipts say it, and times in seconds."""

    msisdn: str
    sender: str
    message_id: str
    stat: str
    err: str
    taken_at: float
    done_at: float


FINAL_STATS: Final = frozenset({"DELIVRD", "UNDELIV", "EXPIRED", "REJECTD", "DELETED"})


def ack_label(receipt: ReceiptText) -> str:
    """What the log says once the receipt is acknowledged: its id, if it decides something."""
    return receipt.message_id if receipt.stat in FINAL_STATS else ""


class Account(Protocol):
    """Who is to get receipts and replies, whatever the door."""

    def receipts(self, receipts: list[ReceiptText]) -> None: ...

    def reply(self, msisdn: str, recipient: str, text: str) -> None: ...


Due = tuple[Taken, Step]


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
        self.memory = Memory()
        self._held: list[Due] = []
        self._lines: list[str] = []
        self._tick = 0

    # -- taking ----------------------------------------------------------------------------

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

    def refuses_all(self, now: float) -> int:
        """The status with which every message is refused while a fault lasts; 0 without one."""
        if self.faults.is_on("throttle", now):
            return THROTTLED
        return NO_CREDIT if self.faults.is_on("no_credit", now) else 0

    def keep(  # noqa: PLR0917 - names cost a tenth of it, and it is done for each message
        self,
        account: Account,
        msisdn: str,
        sender: str,
        ids: tuple[str, str],
        text: bytes,
        segments: int,
        fate: Fate,
        lot: int,
        *,
        taken_at: float,
        answer: str,
        asked: int,
        coding: int = 0,
        service_type: str = "",
    ) -> Taken | None:
        """A whole message is here: log it, remember it and set what follows. None if refused.

        `text` is UTF-8, `answer` "sent" or "lost", `asked` the two low bits of registered_delivery.
        """
        self._lines.append(
            f"H\t{int(taken_at * 1000)}\t+{msisdn}\t{sender}\t{ids[0]}\t{crc32(text):08x}\t{len(text)}"
            f"\t{segments}\t{fate.status}\t{answer}\n"
        )
        if fate.status:
            return None
        plan = self.crowd.plan(lot, msisdn, text) if self.crowd else None
        first, (ticks, stat, err) = self._tick, fate.end
        taken = Taken(
            account, msisdn, sender, ids[1], taken_at, asked, plan, first + ticks, stat, err,
            coding, service_type,
        )  # fmt: skip
        self.memory.young[ids[0]] = taken
        if asked or plan is not None:
            bucket = self._wheel.bucket
            for step in fate.steps:
                bucket(first + step[0]).append((taken, step))
        return taken

    def cancel(self, taken: Taken) -> None:
        """It goes no further; a receipt says so if failures were asked for."""
        now = self._wheel.now_tick()
        taken.is_canceled, taken.end_tick, taken.stat, taken.err = True, now, "DELETED", "000"
        self._wheel.bucket(now + 1).append((taken, (1, "DELETED", "000")))
        self.log.extend([f"D\t{int(time.time() * 1000)}\t+{taken.msisdn}\t{taken.receipt_id}\n"])

    def replace(self, taken: Taken, text: str, *, asked: int) -> None:
        """Another text goes in its place, and the person reads that one."""
        octets = text.encode("utf-8", "surrogatepass")
        is_due = bool(taken.asked or taken.plan)
        taken.asked = asked
        if self.crowd:
            lot = spread(self.fates.seed, taken.msisdn, len(octets))
            taken.plan = self.crowd.plan(lot, taken.msisdn, octets)
        if not is_due and (asked or taken.plan):
            step = (taken.end_tick, taken.stat, taken.err)
            self._wheel.bucket(taken.end_tick).append((taken, step))
        line = (
            f"T\t{int(time.time() * 1000)}\t+{taken.msisdn}\t{taken.receipt_id}"
            f"\t{crc32(octets):08x}\t{len(octets)}\n"
        )
        self.log.extend([line])

    @property
    def tick_s(self) -> float:
        """Seconds of a tick."""
        return self._wheel.tick_s

    def now_tick(self) -> int:
        """The tick that is running: what ends at it or before has ended."""
        return self._wheel.now_tick()

    def begin_batch(self) -> None:
        """Before the messages of one read: what follows from them counts from now."""
        self._tick = self._wheel.now_tick()

    def end_batch(self) -> None:
        """After the messages of one read: their lines go to the log."""
        self.log.extend(self._lines)
        self._lines = []
        self.memory.age()

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
        by_account: defaultdict[Account, list[ReceiptText]] = defaultdict(list)
        for taken, (_, stat, err) in due:
            if taken.is_canceled and stat != "DELETED":
                continue
            account = taken.account
            if taken.plan is not None and self.crowd and stat != "ACCEPTD":
                if stat in _ARRIVED:
                    self.crowd.act(taken.plan, account, taken.msisdn, taken.sender)
                taken.plan = None  # once, though its receipt may be doubled
            if not stat or lose or (taken.asked != _ALWAYS and not _is_asked(taken.asked, stat)):
                continue
            receipt = ReceiptText(
                taken.msisdn, taken.sender, taken.receipt_id, stat, err, taken.taken_at, done_at
            )
            by_account[account] += (receipt,) * times
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

    def log_acks(self, labels: list[str]) -> None:
        """Ids of final receipts, and numbers of replies, that the account said it has; one line."""
        said = "\t".join(filter(None, labels))
        if said:
            self.log.extend([f"A\t{int(time.time() * 1000)}\t{said}\n"])

    def log_end(self, system_id: str) -> None:
        """A bound session is over: what it was answered last may not have been read."""
        self.log.extend([f"E\t{int(time.time() * 1000)}\t{system_id}\n"])

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


def _is_asked(asked: int, stat: str) -> bool:
    """Whether registered_delivery asks for this receipt: 0 none, 1 all, 2 failures, 3 successes."""
    if asked in {0, _ALWAYS}:
        return bool(asked)
    return stat != "ACCEPTD" and (stat == "DELIVRD") == (asked == _ONLY_SUCCESS)


THROTTLED: Final = int(Status.ESME_RTHROTTLED)
NO_CREDIT: Final = 0x400  # a vendor's own, see codes
