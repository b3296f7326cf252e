"""Parts of long texts that wait for each other, each with the request that it came by; pure.

A part that waits is in memory only, so its request stays open until its text is stored. That takes a
place in the carrier's window: when many parts wait, or one for long, or the carrier falls silent
(as it does when its window is full), what is there goes on as a text of its own.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Final

from textwell.smpp.client import DeliverBatch
from textwell.smpp.long_messages import Part

Address = tuple[str, str, int]
"""Source, destination, data_coding."""
Key = tuple[Address, int, int]
"""Address, reference, number of parts."""

HOLD_S: Final = 10.0  # far below the time that a carrier waits for an answer
QUIET_S: Final = 5.0  # a phone needs some seconds for each part
MOST_HELD: Final = 8  # windows of ten are usual
_REMEMBER_S: Final = 120.0
_MOST_REMEMBERED: Final = 10_000


@dataclass(slots=True)
class LongText:
    """What has come of a long text, and which requests are to be answered for it."""

    key: Key
    begun_at: float
    parts: dict[int, bytes] = field(default_factory=dict)
    requests: list[tuple[DeliverBatch, int]] = field(default_factory=list)

    @property
    def octets(self) -> bytes:
        return b"".join(self.parts[number] for number in sorted(self.parts))


class HeldParts:
    """`now` is seconds of one clock, the owner's."""

    def __init__(self) -> None:
        self._open: OrderedDict[Key, LongText] = OrderedDict()  # by begun_at
        self._stored: OrderedDict[Key, LongText] = OrderedDict()
        self._heard_at = 0.0

    def hear(self, now: float) -> None:
        """The carrier said something."""
        self._heard_at = now

    def add(
        self, address: Address, part: Part, request: tuple[DeliverBatch, int], now: float
    ) -> LongText | None:
        """Hold one part; its text once that is whole."""
        key = (address, part.reference, part.total)
        text = self._open.setdefault(key, LongText(key, now))
        text.parts.setdefault(part.number, part.data)
        text.requests.append(request)
        return self._open.pop(key) if len(text.parts) == part.total else None

    def release(self, now: float) -> list[LongText]:
        """Texts that may wait no longer."""
        over = []
        held = sum(len(text.requests) for text in self._open.values())
        is_quiet = now - self._heard_at >= QUIET_S
        while self._open:
            text = next(iter(self._open.values()))
            if not (is_quiet or held > MOST_HELD or now - text.begun_at >= HOLD_S):
                break
            over.append(self._open.pop(text.key))
            held -= len(text.requests)
        return over

    def release_all(self) -> list[LongText]:
        """Everything that waits."""
        over = list(self._open.values())
        self._open.clear()
        return over

    def remember(self, text: LongText) -> None:
        """It is stored: parts of it that come again need only their answer."""
        self._stored[text.key] = text
        self._stored.move_to_end(text.key)
        text.requests = []
        while len(self._stored) > _MOST_REMEMBERED:
            self._stored.popitem(last=False)

    def is_stored(self, text: LongText, now: float) -> bool:
        """Whether all of its parts were stored just before."""
        known = self._stored.get(text.key)
        return (
            known is not None
            and now - known.begun_at < _REMEMBER_S
            and text.parts.items() <= known.parts.items()
        )
