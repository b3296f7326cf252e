"""What becomes of a message, drawn once: tables that a hash of the number points into.

A draw for each message would cost more than everything else that is done for it.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Final
from zlib import crc32

from textwell.gateways.providers.simulator.script import Failure, Operator, Range, Script

SIZE: Final = 1 << 15
ANSWER_TICK_S: Final = 0.005
RECEIPT_TICK_S: Final = 0.05
_MASK: Final = SIZE - 1
_MOST_HEADS: Final = 100_000  # remembered starts of numbers
_BURST_S: Final = (
    0.1  # what a network takes at once is a tenth of its second, one segment at the least
)
_SPREAD: Final = 0x9E3779B97F4A7C15  # 2**64 over the golden ratio: neighbours end far apart

# One receipt to come: ticks after the answer, stat, err. Without stat: delivered, receipt lost.
Step = tuple[int, str, str]
NEVER: Final = 1 << 62


@dataclass(frozen=True, slots=True)
class Fate:
    """`end` is the truth, which a query tells also where the receipt is lost."""

    status: int
    answer_ticks: int
    steps: tuple[Step, ...]
    end: Step = (NEVER, "", "")


class Network:
    """An operator at work: its table, and its token bucket of segments."""

    __slots__ = ("_at", "_room", "_tokens", "fates", "operator")

    def __init__(self, operator: Operator, fates: list[Fate]) -> None:
        self.operator = operator
        self.fates = fates
        self._room = self._tokens = max(1.0, operator.limit * _BURST_S)
        self._at = 0.0

    def is_full(self, segments: int, now: float) -> bool:
        """Whether the limit is passed by these segments at loop time `now`; counts them if not.

        A message of more segments than the bucket holds goes when the bucket is full, and those
        after it wait for what it took.
        """
        limit = self.operator.limit
        if not limit:
            return False
        self._tokens = min(self._room, self._tokens + (now - self._at) * limit)
        self._at = now
        # Rounding must not refuse who comes exactly on time.
        if self._tokens + 1e-6 < min(segments, self._room):
            return True
        self._tokens -= segments
        return False


def spread(seed: int, msisdn: str, length: int) -> int:
    """64 bits that look drawn by lot, the same for the same seed, number and length of text."""
    return crc32(msisdn.encode(), seed + length) * _SPREAD & 0xFFFFFFFFFFFFFFFF


class Fates:
    """Networks by prefix, and the fate of each message there."""

    def __init__(self, script: Script, seed: int, speed: float) -> None:
        self.seed = seed
        self._by_prefix: dict[str, Network] = {}
        self._cache: dict[str, Network] = {}
        self._head = max(len(p) for operator in script.operators for p in operator.prefixes)
        for number, operator in enumerate(script.operators):
            table = _draw_table(operator, random.Random(f"{seed}/{number}"), speed)  # noqa: S311
            network = Network(operator, table)
            for prefix in operator.prefixes:
                self._by_prefix[prefix] = network

    def network(self, msisdn: str) -> Network:
        """The network of a number (digits)."""
        head = msisdn[: self._head]
        found = self._cache.get(head)
        if found is None:
            lengths = range(len(head), -1, -1)
            found = next(self._by_prefix[head[:n]] for n in lengths if head[:n] in self._by_prefix)
            if len(self._cache) >= _MOST_HEADS:
                self._cache.clear()
            self._cache[head] = found
        return found

    @staticmethod
    def fate(network: Network, lot: int) -> Fate:
        return network.fates[lot >> 20 & _MASK]


def _draw_table(operator: Operator, rng: random.Random, speed: float) -> list[Fate]:
    outcomes: list[Failure | None] = []
    for failure in operator.failures:
        outcomes += [failure] * round(failure.share * SIZE)
    outcomes += [None] * (SIZE - len(outcomes))
    rng.shuffle(outcomes)
    return [_draw(operator, failure, rng, speed) for failure in outcomes]


def _draw(operator: Operator, failure: Failure | None, rng: random.Random, speed: float) -> Fate:
    answer_ticks = round(_pick(operator.latency, rng) / ANSWER_TICK_S)
    if failure and failure.status:
        return Fate(failure.status, answer_ticks, ())
    stat, err = (failure.stat, failure.err) if failure else ("DELIVRD", "000")
    is_late = rng.random() < operator.late_share
    ticks = _ticks(operator.late_delay if is_late else operator.receipt_delay, rng, speed)
    end = (ticks, stat, err)
    if rng.random() < operator.lost_share:
        return Fate(0, answer_ticks, ((ticks, "", ""),) if stat == "DELIVRD" else (), end)
    steps = [end]
    if rng.random() < operator.early_share:
        other = max(1, ticks // 2) if rng.random() < 0.5 else ticks + 2  # noqa: PLR2004 - half are disordered
        steps.append((other, "ACCEPTD", "000"))
    if rng.random() < operator.doubled_share:
        steps.append((ticks + 1 + _ticks(operator.receipt_delay, rng, speed), stat, err))
    return Fate(0, answer_ticks, tuple(sorted(steps)), end)


def _pick(span: Range, rng: random.Random) -> float:
    return rng.uniform(span.low, span.high)


def _ticks(span: Range, rng: random.Random, speed: float) -> int:
    return max(1, round(_pick(span, rng) / speed / RECEIPT_TICK_S))
