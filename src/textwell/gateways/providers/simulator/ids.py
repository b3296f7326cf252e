"""Message ids of the carrier: unique, and scattered as real ones are, not rising."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from textwell.gateways.providers.simulator.script import IdFormat

# Odd factors and shifts by half permute 64 bits: no two counts meet.
_FIRST: Final = 0xBF58476D1CE4E5B9
_SECOND: Final = 0x94D049BB133111EB
_MASK: Final = 0xFFFFFFFFFFFFFFFF

FORMATS: Final[dict[IdFormat, Callable[[int], str]]] = {
    "hex": "{:016x}".format,
    "HEX": "{:016X}".format,
    "decimal": str,
    "padded": "{:024d}".format,
}


class Ids:
    """Scattered 64-bit numbers.

    `first` should be the time in microseconds: then a restarted carrier does not repeat itself.
    """

    def __init__(self, first: int) -> None:
        self._count = first

    def next(self) -> int:
        self._count += 1
        scattered = self._count * _FIRST & _MASK
        scattered = (scattered ^ scattered >> 32) * _SECOND & _MASK
        return scattered ^ scattered >> 32
